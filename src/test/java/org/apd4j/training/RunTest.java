package org.apd4j.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

class RunTest {

    /** A run that only counts. */
    private static final class Counting extends Run<Counting> {

        Counting(int steps) {
            super("counting", steps, List.of("loss"));
        }

        @Override
        protected double[] trainStep(int step) {
            return new double[] {1.0 / (step + 1)};
        }

        @Override
        protected Counting self() {
            return this;
        }

        int seen() {
            return betweenSteps(this::step);
        }
    }

    @Test
    void callbackIsCalledEveryFewStepsAndAfterTheLastOne() {
        List<Integer> seen = new ArrayList<>();
        new Counting(10).every(4, run -> seen.add(run.seen())).train();
        assertEquals(List.of(4, 8, 10), seen);
    }

    @Test
    void stepsOfCallbacksDoNotDependOnHowTrainingIsSplit() {
        List<Integer> seen = new ArrayList<>();
        Counting run = new Counting(10).every(4, now -> seen.add(now.step()));
        run.train(3);
        run.train(3);
        run.train();
        assertEquals(List.of(4, 8, 10), seen);
    }

    @Test
    void severalCallbacksAreCalled() {
        List<String> seen = new ArrayList<>();
        new Counting(3).every(2, run -> seen.add("a" + run.step())).every(3, run -> seen.add("b" + run.step())).train();
        assertEquals(List.of("a2", "a3", "b3"), seen);
    }

    @Test
    void exceptionOfACallbackEndsTheCallAndTheRunContinuesFromThere() {
        Counting run = new Counting(6).every(2, now -> {
            if (now.step() == 4) {
                throw new IllegalStateException("seen enough");
            }
        });
        assertEquals("seen enough", assertThrows(IllegalStateException.class, run::train).getMessage());
        assertEquals(4, run.step());
        assertEquals(6, run.train().step());
    }

    @Test
    void callbackMayStopTheRun() {
        Counting run = new Counting(100).every(5, now -> now.stop());
        assertEquals(5, run.train().step());
    }

    @Test
    void trainingWaitsForAStoppingCall() throws InterruptedException {
        var inStep = new CountDownLatch(1);
        var mayEnd = new CountDownLatch(1);
        Counting run = new Counting(10).every(3, now -> {
            if (now.step() == 3) {
                inStep.countDown();
                awaitUninterruptibly(mayEnd);
            }
        });
        Thread first = new Thread(run::train);
        first.start();
        inStep.await();
        first.interrupt(); // what a notebook's stop button does
        Thread second = new Thread(run::train);
        second.start();
        while (second.getState() != Thread.State.TIMED_WAITING) {
            Thread.onSpinWait();
        }
        assertEquals(3, run.step(), "the first call still holds the run");
        mayEnd.countDown();
        first.join();
        second.join();
        assertEquals(10, run.step());
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        while (latch.getCount() > 0) {
            Thread.onSpinWait();
        }
    }

    @Test
    void trainingARunTwiceAtOnceIsRefused() {
        Counting run = new Counting(10).every(4, Run::train);
        assertEquals("counting is already being trained, at step 4 of 10; stop it before training it here",
                assertThrows(IllegalStateException.class, run::train).getMessage());
        assertEquals(4, run.step());
    }

    @Test
    void measurementCancelledInACallbackStopsTheRun() {
        List<Phase> phases = new ArrayList<>();
        Counting run = new Counting(10).listen(progress -> phases.add(progress.phase())).every(4, now -> {
            throw new CancellationException("stopped");
        });
        assertThrows(CancellationException.class, run::train);
        assertEquals(List.of(Phase.STARTED, Phase.STOPPED), phases);
    }

    @Test
    void callForPartOfTheRunReportsItsGoalAndHasReachedItAtTheEnd() {
        List<Progress> reports = new ArrayList<>();
        Counting run = new Counting(20_000).listen(reports::add);
        run.train(2_400);
        Progress last = reports.get(reports.size() - 1);
        assertEquals(List.of(2_400, 20_000, 2_400), List.of(last.step(), last.steps(), last.goal()));
        assertTrue(last.hasReachedGoal());
        assertEquals(Phase.STOPPED, last.phase());
        run.train(600);
        assertEquals(3_000, reports.get(reports.size() - 1).goal());
        run.train();
        assertEquals(20_000, reports.get(reports.size() - 1).goal());
        assertFalse(reports.get(reports.size() - 1).hasReachedGoal(), "it is finished");
    }

    @Test
    void stoppedCallHasNotReachedItsGoal() {
        List<Progress> reports = new ArrayList<>();
        new Counting(100).listen(reports::add).every(5, now -> now.stop()).train(50);
        Progress last = reports.get(reports.size() - 1);
        assertEquals(List.of(5, 50), List.of(last.step(), last.goal()));
        assertFalse(last.hasReachedGoal());
    }

    @Test
    void theRunAndItsHistoryAgreeOnTheLastValueOfALossAtEveryStep() {
        Counting run = new Counting(3 * LossHistory.CAPACITY);
        run.every(1, now -> assertEquals(now.loss("loss"), now.history().last("loss"), "step " + now.step())).train();
        assertEquals(1.0 / run.steps(), run.history().last("loss"));
    }

    @Test
    void theLongestRunGoesOnToItsEnd() {
        Counting run = new Counting(Integer.MAX_VALUE);
        run.train(3);
        run.every(1, now -> now.stop());
        assertEquals(4, run.train().step());
        assertEquals("counting", run.name());
        assertEquals("counting: 4 of 2,147,483,647 steps, loss 2.500e-01", run.toString());
    }

    @Test
    void aRunSaysWhetherItIsTrainedNow() {
        List<Boolean> inside = new ArrayList<>();
        Counting run = new Counting(1).every(1, now -> inside.add(now.isTraining()));
        assertFalse(run.isTraining());
        run.train();
        assertEquals(List.of(true), inside);
        assertFalse(run.isTraining());
    }

    @Test
    void whoIsInterruptedWhileWaitingForTheCallBeforeIsToldAndStaysInterrupted() throws InterruptedException {
        var inside = new CountDownLatch(1);
        var mayEnd = new CountDownLatch(1);
        Counting run = new Counting(1).every(1, now -> {
            inside.countDown();
            awaitUninterruptibly(mayEnd);
        });
        Thread first = new Thread(run::train);
        first.start();
        inside.await();
        List<Object> told = new ArrayList<>();
        Thread second = new Thread(() -> {
            told.add(assertThrows(IllegalStateException.class, run::train).getMessage());
            told.add(Thread.currentThread().isInterrupted());
        });
        second.start();
        while (second.getState() != Thread.State.TIMED_WAITING) {
            Thread.onSpinWait();
        }
        second.interrupt();
        second.join();
        mayEnd.countDown();
        first.join();
        assertEquals(List.of("interrupted while waiting for counting to stop", true), told);
    }

    @Test
    void secondsAreThoseOfAllCallsAndSpeedsAreStepsBySeconds() {
        List<Progress> reports = new ArrayList<>();
        long start = System.nanoTime();
        Counting run = new Counting(10_000).listen(reports::add);
        double before = 0;
        for (int call = 0; call < 3; call++) {
            run.train(1_000);
            assertTrue(run.seconds() > before && run.seconds() <= (System.nanoTime() - start) / 1e9, before + " → " + run.seconds());
            before = run.seconds();
        }
        for (int i = 0; i < reports.size(); i++) {
            Progress now = reports.get(i);
            if (now.phase() == Phase.STARTED) {
                assertTrue(Double.isNaN(now.stepsPerSecond()), now.toString());
            } else {
                Progress last = reports.get(i - 1);
                assertEquals((now.step() - last.step()) / (now.seconds() - last.seconds()), now.stepsPerSecond());
            }
        }
    }

    @Test
    void aRunReportsEveryHalfSecondOfItsTraining() {
        List<Progress> reports = new ArrayList<>();
        Counting run = new Counting(3_000).listen(reports::add).every(1, now -> {
            LockSupport.parkNanos(1_000_000);
            if (reports.size() == 3) {
                now.stop();
            }
        }).train();
        assertEquals(List.of(Phase.STARTED, Phase.RUNNING, Phase.RUNNING, Phase.STOPPED),
                reports.stream().map(Progress::phase).toList(), run.toString());
        for (int i = 1; i <= 2; i++) {
            double between = reports.get(i).seconds() - reports.get(i - 1).seconds();
            assertTrue(between >= Run.SECONDS_BETWEEN_REPORTS, "after " + between + " s");
        }
    }

    @Test
    void callbackEveryZeroStepsIsRejected() {
        assertEquals("steps is 0; it must be at least 1",
                assertThrows(IllegalArgumentException.class, () -> new Counting(1).every(0, run -> { })).getMessage());
    }

    private static ProgressListener throwingAt(Phase phase, RuntimeException what) {
        return progress -> {
            if (progress.phase() == phase) {
                throw what;
            }
        };
    }

    @Test
    void exceptionOfAListenerAtTheEndDoesNotSkipTheOthers() {
        List<Phase> heard = new ArrayList<>();
        var first = new IllegalStateException("first");
        var second = new IllegalStateException("second");
        Counting run = new Counting(3).listen(throwingAt(Phase.FINISHED, first)).addListener(throwingAt(Phase.FINISHED, second))
                .addListener(progress -> heard.add(progress.phase()));
        assertSame(first, assertThrows(IllegalStateException.class, run::train));
        assertEquals(List.of(second), List.of(first.getSuppressed()));
        assertEquals(List.of(Phase.STARTED, Phase.FINISHED), heard);
        assertEquals(3, run.step());
    }

    @Test
    void exceptionOfAListenerDoesNotReplaceTheFailureItIsToldOf() {
        List<Phase> heard = new ArrayList<>();
        var failure = new IllegalArgumentException("the true one");
        var unheard = new IllegalStateException("of the listener");
        Counting run = new Counting(3).listen(throwingAt(Phase.FAILED, unheard)).addListener(progress -> heard.add(progress.phase()))
                .every(2, now -> {
            throw failure;
        });
        assertSame(failure, assertThrows(IllegalArgumentException.class, run::train));
        assertEquals(List.of(unheard), List.of(failure.getSuppressed()));
        assertEquals(List.of(Phase.STARTED, Phase.FAILED), heard);
    }

    @Test
    void exceptionOfAListenerAtTheBeginningEndsTheCallAfterAllOthersAreCalled() {
        List<Phase> heard = new ArrayList<>();
        Counting run = new Counting(3).listen(throwingAt(Phase.STARTED, new IllegalStateException("no")))
                .addListener(progress -> heard.add(progress.phase()));
        assertThrows(IllegalStateException.class, run::train);
        assertEquals(List.of(Phase.STARTED, Phase.FAILED), heard);
    }

    @Test
    void exceptionOfACallbackDoesNotSkipTheOthers() {
        List<Integer> seen = new ArrayList<>();
        Counting run = new Counting(3).every(3, now -> {
            throw new IllegalStateException("seen");
        }).every(3, now -> seen.add(now.step()));
        assertThrows(IllegalStateException.class, run::train);
        assertEquals(List.of(3), seen);
    }

    @Test
    void callThatWaitsForAnEndlessStepNamesTheUserCode() throws InterruptedException {
        var inSampler = new CountDownLatch(1);
        var mayEnd = new CountDownLatch(1);
        var slow = new Run<Counting>("slow", 10, List.of("loss")) {
            @Override
            protected double[] trainStep(int step) {
                callUserCode("the sampler Endless", () -> {
                    inSampler.countDown();
                    awaitUninterruptibly(mayEnd);
                });
                return new double[] {0};
            }

            @Override
            protected Counting self() {
                return null;
            }
        };
        Thread first = new Thread(() -> slow.train(1));
        long start = System.nanoTime();
        first.start();
        inSampler.await();
        slow.stop();
        String told = assertThrows(IllegalStateException.class, slow::train).getMessage();
        double elapsed = (System.nanoTime() - start) / 1e9;
        mayEnd.countDown();
        first.join();
        double seconds = Double.parseDouble(told.replaceFirst(".*not returned for ", "").replaceFirst(" s;.*", ""));
        assertTrue(seconds >= TrainingGuard.SECONDS_TO_WIND_DOWN && seconds <= elapsed + 0.1, told + " after " + elapsed);
        assertTrue(told.matches("slow is already being trained, at step 0 of 10, where the sampler Endless has not returned for \\d+\\.\\d s; "
                + "stop it before training it here"), told);
        slow.train(1);
        assertEquals(2, slow.step());
    }
}
