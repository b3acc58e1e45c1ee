package org.apd4j.notebook.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.spencerpark.jupyter.kernel.display.DisplayData;
import io.github.spencerpark.jupyter.kernel.display.mime.MIMEType;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.apd4j.training.LossHistory;
import org.apd4j.training.Phase;
import org.apd4j.training.Progress;
import org.junit.jupiter.api.Test;

class ProgressBoardTest {

    private record Shown(boolean fresh, String id, String html, String text) {
    }

    private final List<Shown> shown = new ArrayList<>();
    private final AtomicLong clock = new AtomicLong();
    private final LossHistory history = new LossHistory(List.of("total", "faith<fulness"));
    private final Screen screen = new Screen() {
        @Override
        public void show(DisplayData data) {
            shown.add(shown(true, data));
        }

        @Override
        public void update(DisplayData data) {
            shown.add(shown(false, data));
        }

        private Shown shown(boolean anew, DisplayData data) {
            return new Shown(anew, data.getDisplayId(), (String) data.getData(MIMEType.TEXT_HTML), (String) data.getData(MIMEType.TEXT_PLAIN));
        }
    };

    private Progress at(String run, Phase phase, int step) {
        return new Progress(run, phase, step, 1000, step / 100.0, 100, history);
    }

    private Shown last() {
        return shown.get(shown.size() - 1);
    }

    @Test
    void aRunHasOneDisplayThatIsUpdatedTwiceASecond() {
        var listener = new ProgressBoard("run", List.of("run"), screen, clock::get).listener("run");
        listener.on(at("run", Phase.STARTED, 0));
        for (int i = 1; i <= 1000; i++) {
            clock.addAndGet(10_000_000);
            history.record(i, 1.0 / i, 2.0 / i);
            listener.on(at("run", Phase.RUNNING, i));
        }
        listener.on(at("run", Phase.FINISHED, 1000));
        assertTrue(shown.size() >= 20 && shown.size() <= 28, shown.size() + " updates in ten seconds");
        assertEquals(1, shown.stream().filter(Shown::fresh).count());
        assertEquals(1, shown.stream().map(Shown::id).distinct().count());
        assertTrue(shown.get(5).html().contains("role=\"progressbar\"") && shown.get(5).html().contains("<svg"));
        assertTrue(shown.get(5).html().contains("faith&lt;fulness") && !shown.get(5).html().contains("faith<"));
    }

    @Test
    void aShownResultSaysSoAndManyOfThemAreDisplayedTogether() {
        new ProgressBoard("run", List.of("run"), screen, clock::get).listener("run").on(at("run", Phase.SHOWN, 1000));
        assertTrue(last().html().contains("1,000 of 1,000 steps, not trained here: the committed result is shown, which was trained in 10 s"), last().html());
        assertFalse(last().html().contains("progressbar"), last().html());
        shown.clear();
        List<String> names = IntStream.range(0, 50).mapToObj(i -> "seed " + i).toList();
        var board = new ProgressBoard("group", names, screen, clock::get);
        board.open();
        names.forEach(name -> board.listener(name).on(at(name, Phase.SHOWN, 1000)));
        assertEquals(2, shown.size());
        assertTrue(last().text().startsWith("group: 50 of 50 runs done, 50 shown"), last().text());
    }

    @Test
    void theLastDisplayIsAStaticSummaryOfAFewKilobytes() {
        var listener = new ProgressBoard("run", List.of("run"), screen, clock::get).listener("run");
        for (int i = 0; i < 100_000; i++) {
            history.record(i, 1 + Math.sin(i), i % 7 == 0 ? Double.NaN : 1e-3);
        }
        listener.on(at("run", Phase.FINISHED, 1000));
        assertTrue(last().html().length() < 20_000, last().html().length() + " characters");
        assertFalse(last().html().contains("<svg") || last().html().contains("progressbar"), "nothing that a viewer may remove");
        assertTrue(last().html().contains("<img ") && last().html().contains("1,000 steps in 10 s"), last().html());
        assertEquals(1, last().text().lines().count());
    }

    @Test
    void continuedRunGetsADisplayOfItsOwn() {
        var listener = new ProgressBoard("run", List.of("run"), screen, clock::get).listener("run");
        listener.on(at("run", Phase.STARTED, 0));
        listener.on(at("run", Phase.STOPPED, 300));
        assertTrue(last().html().contains("train()"));
        listener.on(at("run", Phase.STARTED, 300));
        assertTrue(last().fresh());
        assertNotEquals(shown.get(0).id(), last().id());
    }

    @Test
    void severalRunsShareADisplayWithALineEach() throws InterruptedException {
        List<String> names = IntStream.range(0, 10).mapToObj(seed -> "seed " + seed).toList();
        var board = new ProgressBoard("ten seeds", names, screen, clock::get);
        board.open();
        assertEquals("ten seeds: 0 of 10 runs done", last().text());
        names.forEach(name -> assertTrue(last().html().contains(name), "every run has a line from the beginning"));
        var threads = new ArrayList<Thread>();
        for (int s = 0; s < 10; s++) {
            String name = names.get(s);
            var listener = board.listener(name);
            var thread = new Thread(() -> {
                listener.on(at(name, Phase.STARTED, 0));
                listener.on(at(name, Phase.RUNNING, 500));
                listener.on(at(name, Phase.FINISHED, 1000));
            });
            threads.add(thread);
            thread.start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertEquals(1, shown.stream().map(Shown::id).distinct().count());
        assertEquals("ten seeds: 10 of 10 runs done in 0.0 s", last().text());
        assertTrue(!last().html().contains("progressbar"), "when all are finished, one line says so");
    }

    @Test
    void severalRunsShowTheRemainingTimeOfAll() {
        var board = new ProgressBoard("two seeds", List.of("a", "b"), screen, clock::get);
        board.open();
        board.listener("a").on(at("a", Phase.FINISHED, 1000));
        clock.addAndGet(10_000_000_000L);
        board.listener("b").on(at("target of b", Phase.PREPARING, 500));
        assertTrue(last().html().contains("first: target of b"), last().html());
        clock.addAndGet(10_000_000_000L);
        board.listener("b").on(at("b", Phase.STARTED, 0));
        board.listener("b").on(at("b", Phase.RUNNING, 400));
        clock.addAndGet(1_000_000_000L);
        board.listener("b").on(at("b", Phase.RUNNING, 420));
        assertEquals("two seeds: 1 of 2 runs done (71 %), 21 s elapsed, about 29 s left", last().text(),
                "what was done before the board was opened says nothing about the speed");
    }

    @Test
    void progressScopeHasABarAndItsOwnUnit() {
        var listener = new ProgressBoard("scrubbing", List.of("scrubbing"), screen, clock::get).listener("scrubbing");
        var none = new LossHistory(List.of());
        listener.on(new Progress("scrubbing", Phase.STARTED, 2000, 10_000, 1, 2000, none, "samples"));
        clock.addAndGet(500_000_000);
        listener.on(new Progress("scrubbing", Phase.RUNNING, 3000, 10_000, 1.5, 2000, none, "samples"));
        assertTrue(last().html().contains("3,000 of 10,000 samples (30 %)") && last().html().contains("progressbar"), last().html());
        assertTrue(last().html().contains("2000 samples/s · 1.5 s elapsed · 3.5 s left"), last().html());
        listener.on(new Progress("scrubbing", Phase.FINISHED, 10_000, 10_000, 5, 2000, none, "samples"));
        assertTrue(last().html().contains("10,000 samples in 5.0 s (2000 samples/s)"), last().html());
        assertFalse(last().html().contains("progressbar"));
    }

    @Test
    void callForPartOfTheRunShowsItsRemainingTimeAndEndsAsDone() {
        var listener = new ProgressBoard("run", List.of("run"), screen, clock::get).listener("run");
        listener.on(part(Phase.STARTED, 0));
        clock.addAndGet(500_000_000);
        listener.on(part(Phase.RUNNING, 400));
        assertTrue(last().html().contains("400 of 20,000 steps (2 %), to step 2,400") && last().html().contains("20 s left"), last().html());
        listener.on(part(Phase.STOPPED, 400));
        assertTrue(last().html().contains("stopped at 400 of 20,000 steps") && last().html().contains("--jp-warn-color1"), last().html());
        listener.on(part(Phase.STOPPED, 2_400));
        assertTrue(last().html().contains("2,400 of 20,000 steps, as requested, after 24 s; <code>train()</code> continues"), last().html());
        assertTrue(last().html().contains("--jp-success-color1") && !last().html().contains("stopped"), last().html());
    }

    private Progress part(Phase phase, int step) {
        return new Progress("run", phase, step, 20_000, 2_400, step / 100.0, 100, history, Progress.STEPS);
    }

    @Test
    void theLossOfTheLastStepIsShownThoughTheHistoryDoesNotKeepIt() {
        for (int i = 0; i <= LossHistory.CAPACITY + 1; i++) {
            history.record(i, i, i);
        }
        new ProgressBoard("run", List.of("run"), screen, clock::get).listener("run").on(at("run", Phase.FINISHED, 1000));
        assertTrue(last().html().contains("last step") && last().html().contains(">2001<"), last().html());
        assertTrue(last().text().endsWith("total 2001, faith<fulness 2001"), last().text());
    }

    @Test
    void namesAreEscaped() {
        String evil = "<script>\"&'";
        var losses = new LossHistory(List.of(evil));
        losses.record(0, 1);
        for (Phase phase : Phase.values()) {
            var progress = new Progress(evil, phase, 500, 1000, 5, 100, losses, evil);
            for (List<String> runs : List.of(List.of(evil), List.of(evil, "other"))) {
                clock.addAndGet(1_000_000_000);
                new ProgressBoard(evil, runs, screen, clock::get).listener(evil).on(progress);
                assertFalse(last().html().contains("<script") || last().html().contains("\"&'"), phase + ": " + last().html());
                assertTrue(last().html().contains("&lt;script&gt;"), phase + ": " + last().html());
            }
        }
    }

    @Test
    void reportsOfEveryPhaseCanBeShownBeforeThereIsALoss() {
        for (Phase phase : Phase.values()) {
            for (List<String> runs : List.of(List.of("run & run"), List.of("run & run", "other"))) {
                var progress = new Progress("run & run", phase, 0, 0, 0, Double.NaN, history);
                new ProgressBoard("title", runs, screen, clock::get).listener("run & run").on(progress);
                assertTrue(last().html().contains("run &amp; run"), last().html());
            }
        }
        assertThrows(IllegalArgumentException.class, () -> new ProgressBoard("none", List.of(), screen, clock::get));
    }
}
