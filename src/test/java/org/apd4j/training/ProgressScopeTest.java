package org.apd4j.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ProgressScopeTest {

    private final List<Progress> reports = new ArrayList<>();
    private final AtomicLong clock = new AtomicLong();

    @BeforeEach
    void listen() {
        Listeners.useByDefault(name -> reports::add);
    }

    @AfterEach
    void listenNoMore() {
        Thread.interrupted();
        Listeners.reset();
    }

    /** Work of 1000 samples that takes so long for each. */
    private void work(int samples, double secondsForEach) {
        try (ProgressScope work = new ProgressScope("counting", "samples", 1000, clock::get)) {
            for (int i = 1; i <= samples; i++) {
                clock.addAndGet((long) (1e9 * secondsForEach));
                work.done(i);
            }
        }
    }

    private List<Phase> phases() {
        return reports.stream().map(Progress::phase).toList();
    }

    @Test
    void scopeThatEndsWithinASecondReportsNothing() {
        work(1000, 0.00099);
        assertEquals(List.of(), reports);
    }

    @Test
    void longerWorkReportsAfterASecondAndThenTwiceASecond() {
        work(1000, 0.004);
        assertEquals(List.of(Phase.STARTED, Phase.RUNNING, Phase.RUNNING, Phase.RUNNING, Phase.RUNNING, Phase.RUNNING, Phase.RUNNING,
                Phase.FINISHED), phases());
        assertEquals(List.of(1.0, 1.5, 2.0, 2.5, 3.0, 3.5, 4.0, 4.0), reports.stream().map(Progress::seconds).toList());
        assertEquals("counting: 750 of 1000 samples (75 %), 250 samples/s, 3.0 s so far, 1.0 s left", TextProgress.line(reports.get(4)));
        assertEquals("counting: 1000 samples done in 4.0 s", TextProgress.line(reports.get(7)));
    }

    @Test
    void scopeClosedBeforeItsLastStepHasFailed() {
        work(500, 0.004);
        assertEquals(Phase.FAILED, reports.get(reports.size() - 1).phase());
    }

    @Test
    void interruptCancelsAScopeWithASentence() {
        Thread worker = Thread.currentThread();
        Listeners.useByDefault(name -> progress -> {
            reports.add(progress);
            worker.interrupt();
        });
        var stopped = assertThrows(CancellationException.class, () -> work(1000, 0.004));
        assertEquals("counting was stopped after 251 of 1000 samples; the next call starts from the beginning", stopped.getMessage());
        assertEquals(List.of(Phase.STARTED, Phase.CANCELLED), phases());
        assertTrue(Thread.currentThread().isInterrupted(), "whoever called it is interrupted too");
    }

    @Test
    void scopeWithinAScopeReportsNothing() {
        try (ProgressScope outer = new ProgressScope("outer", "parts", 2, clock::get)) {
            work(1000, 0.004);
            outer.done(1);
            outer.done(2);
        }
        assertEquals(List.of("outer"), reports.stream().map(Progress::run).distinct().toList());
        work(1000, 0.004);
        assertEquals("counting", reports.get(reports.size() - 1).run());
    }
}
