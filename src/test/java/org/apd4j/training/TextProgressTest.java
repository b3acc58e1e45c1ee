package org.apd4j.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class TextProgressTest {

    private final LossHistory history = new LossHistory(List.of("total", "minimality"));

    private Progress at(Phase phase, int step, double seconds) {
        return new Progress("TMS 5-2, seed 0", phase, step, 20000, seconds, 800, history);
    }

    @Test
    void linesShowTheProgressOfTheRun() {
        assertEquals("TMS 5-2, seed 0: starts, 20000 steps", TextProgress.line(at(Phase.STARTED, 0, 0)));
        history.record(0, 2.714, 3.14e-4);
        assertEquals("TMS 5-2, seed 0: step 4000 of 20000 (20 %), 800 steps/s, 5.0 s so far, 20 s left; total 2.71, minimality 3.1e-4",
                TextProgress.line(at(Phase.RUNNING, 4000, 5)));
        assertTrue(TextProgress.line(at(Phase.STARTED, 4000, 5)).startsWith("TMS 5-2, seed 0: continues at step 4000 of 20000; total"));
        assertTrue(TextProgress.line(at(Phase.STOPPED, 4000, 65))
                .contains("stopped at step 4000 of 20000 (20 %) after 1 min 05 s; train() continues"));
        assertTrue(TextProgress.line(at(Phase.FINISHED, 20000, 25)).contains("20000 steps done in 25 s; total"));
        assertTrue(TextProgress.line(at(Phase.FAILED, 7, 0.1)).contains("failed at step 7 of 20000 (0 %) after 0.1 s"));
    }

    @Test
    void aNoticeStandsAtTheEndOfTheLine() {
        var progress = new Progress("run", Phase.STARTED, 0, 10, 10, 0, Double.NaN, history, Progress.STEPS, "nothing is learned; lower the rate");
        assertEquals("run: starts, 10 steps; note: nothing is learned; lower the rate", TextProgress.line(progress));
    }

    @Test
    void callForPartOfTheRunShowsItsRemainingTimeAndEndsAsRequested() {
        assertEquals("run: step 400 of 20000 (2 %), to step 2400, 100 steps/s, 4.0 s so far, 20 s left", part(Phase.RUNNING, 400));
        assertEquals("run: step 2400 of 20000 (12 %) after 24 s, as requested; train() continues from there", part(Phase.STOPPED, 2400));
        assertEquals("run: stopped at step 400 of 20000 (2 %) after 4.0 s; train() continues from there", part(Phase.STOPPED, 400));
        assertEquals("run: starts, 20000 steps, to step 2400", part(Phase.STARTED, 0));
    }

    @Test
    void aShownResultSaysThatItWasNotTrainedHere() {
        assertEquals("TMS 5-2, seed 0: step 20000 of 20000 (100 %), not trained here: a result is shown; it was trained in 25 s",
                TextProgress.line(at(Phase.SHOWN, 20000, 25)));
        assertEquals("run: step 2400 of 20000 (12 %), not trained here: a result is shown; it was trained in 24 s", part(Phase.SHOWN, 2400));
    }

    private String part(Phase phase, int step) {
        return TextProgress.line(new Progress("run", phase, step, 20_000, 2_400, step / 100.0, 100, history, Progress.STEPS));
    }

    @Test
    void thereIsALineEveryTwoSecondsAndAlwaysAFirstAndALast() {
        var out = new StringBuilder();
        var clock = new AtomicLong();
        var progress = new TextProgress(out, clock::get);
        progress.on(at(Phase.STARTED, 0, 0));
        for (int half = 1; half <= 20; half++) {
            clock.addAndGet(500_000_000);
            progress.on(at(Phase.RUNNING, half * 100, half / 2.0));
        }
        progress.on(at(Phase.FINISHED, 20000, 10));
        assertEquals(1 + 5 + 1, out.toString().lines().count());
    }

    @Test
    void linesAreTheSameInEveryLocaleAndPlainAscii() {
        history.record(0, 0.0123, Double.NaN);
        String line = TextProgress.line(at(Phase.RUNNING, 1, 1.5));
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
            assertEquals(line, TextProgress.line(at(Phase.RUNNING, 1, 1.5)));
        } finally {
            Locale.setDefault(before);
        }
        assertTrue(line.chars().allMatch(c -> c < 128) && line.endsWith("total 0.012, minimality NaN"), line);
    }

    @Test
    void unknownSpeedsAndTimesAreOmitted() {
        var progress = new Progress("run", Phase.RUNNING, 0, 10, 0, Double.NaN, history);
        assertEquals("run: step 0 of 10 (0 %), 0.0 s so far", TextProgress.line(progress));
        assertEquals("?", TextProgress.duration(Double.NaN));
        assertEquals("1 h 01 min", TextProgress.duration(3661));
        assertEquals(100, TextProgress.percent(new Progress("run", Phase.FINISHED, 0, 0, 0, 0, history)));
    }

    @Test
    void outputErrorsAreReported() {
        Appendable broken = new Appendable() {
            @Override
            public Appendable append(CharSequence text) throws IOException {
                throw new IOException("disk full");
            }

            @Override
            public Appendable append(CharSequence text, int start, int end) throws IOException {
                throw new IOException("disk full");
            }

            @Override
            public Appendable append(char c) throws IOException {
                throw new IOException("disk full");
            }
        };
        assertThrows(UncheckedIOException.class, () -> new TextProgress(broken).on(at(Phase.STARTED, 0, 0)));
    }

    @Test
    void runsWithoutAListenerAreSilentUntilOneIsSet() {
        Listeners.forRun("quiet").on(at(Phase.STARTED, 0, 0));
        var out = new StringBuilder();
        try {
            Listeners.useByDefault(run -> new TextProgress(out));
            Listeners.forRun("loud").on(at(Phase.STARTED, 0, 0));
            Listeners.forGroup("seeds", List.of("seed 0", "seed 1")).apply("seed 0").on(at(Phase.STARTED, 0, 0));
            assertEquals(2, out.toString().lines().count());
        } finally {
            Listeners.useByDefault(run -> null);
        }
        Listeners.forRun("quiet again").on(at(Phase.STARTED, 0, 0));
        assertThrows(IllegalArgumentException.class, () -> Listeners.forGroup("none", List.of()));
    }

    @Test
    void aLongHistoryIsThinnedOutAndKeepsItsBeginningAndOrder() {
        var longOne = new LossHistory(List.of("total"));
        int steps = 200_000;
        for (int step = 0; step < steps; step++) {
            longOne.record(step, step);
        }
        assertTrue(longOne.size() <= LossHistory.CAPACITY && longOne.size() > LossHistory.CAPACITY / 4, "kept " + longOne.size());
        int[] kept = longOne.steps();
        assertEquals(0, kept[0]);
        assertTrue(kept[kept.length - 1] > steps * 0.99);
        for (int i = 1; i < kept.length; i++) {
            assertEquals(kept[1], kept[i] - kept[i - 1]);
            assertEquals(kept[i], longOne.values("total")[i]);
        }
    }
}
