package org.apd4j.notebook;

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
    void aRunHasOneDisplayThatChangesAboutTwiceASecond() {
        var listener = new ProgressBoard("run", 1, screen, clock::get).listener("run");
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
    void theLastDisplayIsAStaticSummaryOfAFewKilobytes() {
        var listener = new ProgressBoard("run", 1, screen, clock::get).listener("run");
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
    void aRunThatGoesOnGetsADisplayOfItsOwn() {
        var listener = new ProgressBoard("run", 1, screen, clock::get).listener("run");
        listener.on(at("run", Phase.STARTED, 0));
        listener.on(at("run", Phase.STOPPED, 300));
        assertTrue(last().html().contains("train()"));
        listener.on(at("run", Phase.STARTED, 300));
        assertTrue(last().fresh());
        assertNotEquals(shown.get(0).id(), last().id());
    }

    @Test
    void severalRunsShareADisplayWithALineEach() throws InterruptedException {
        var board = new ProgressBoard("ten seeds", 10, screen, clock::get);
        var threads = new ArrayList<Thread>();
        for (int s = 0; s < 10; s++) {
            String name = "seed " + (s == 9 ? 10 : s);
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
        assertEquals("ten seeds: 10 of 10 runs done", last().text());
        assertTrue(last().html().indexOf("seed 2") < last().html().indexOf("seed 10"), "in the order of their numbers");
    }

    @Test
    void reportsOfEveryPhaseCanBeShownBeforeThereIsALoss() {
        for (Phase phase : Phase.values()) {
            for (int runs : new int[] {1, 2}) {
                var progress = new Progress("run & run", phase, 0, 0, 0, Double.NaN, history);
                new ProgressBoard("title", runs, screen, clock::get).listener("run & run").on(progress);
                assertTrue(last().html().contains("run &amp; run"), last().html());
            }
        }
        assertThrows(IllegalArgumentException.class, () -> new ProgressBoard("none", 0, screen, clock::get));
    }
}
