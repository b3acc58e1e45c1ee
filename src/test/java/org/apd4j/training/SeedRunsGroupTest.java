package org.apd4j.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Groups of runs whose steps do nothing but count. */
class SeedRunsGroupTest {

    private static final class Counting extends Run<Counting> {
        private final long seed;

        Counting(long seed, int steps) {
            super("counting " + seed, steps, List.of("loss"));
            this.seed = seed;
        }

        @Override
        protected double[] trainStep(int step) {
            return new double[] {seed};
        }

        @Override
        protected Counting self() {
            return this;
        }
    }

    private static List<Long> seeds(SeedRuns<Counting> group) {
        return group.runs().stream().map(run -> run.seed).toList();
    }

    @Test
    void everyRunIsCreatedOnceAndTrainedToTheEnd() {
        List<Long> made = Collections.synchronizedList(new ArrayList<>());
        SeedRuns<Counting> group = SeedRuns.of("group", 5, seed -> {
            made.add(seed);
            return new Counting(seed, 3);
        });
        assertFalse(group.isFinished());
        group.train();
        assertTrue(group.isFinished());
        assertEquals(List.of(0L, 1L, 2L, 3L, 4L), made.stream().sorted().toList());
        assertEquals(List.of(0L, 1L, 2L, 3L, 4L), seeds(group));
        group.runs().forEach(run -> assertEquals(3, run.step()));
    }

    @Test
    void theSummaryCountsTheFinishedRuns() {
        SeedRuns<Counting> group = SeedRuns.of("five seeds", 5, seed -> new Counting(seed, 3));
        assertEquals("five seeds", group.summary().title());
        assertEquals("5", group.summary().entries().get("seeds"));
        assertEquals("0 to the end", group.summary().entries().get("trained"));
        assertEquals("0.0 s a run, on average", group.summary().entries().get("training"));
        group.train();
        assertEquals("5 to the end", group.summary().entries().get("trained"));
        assertEquals("five seeds", group.title());
    }

    @Test
    void secondsOfAGroupAreTheMeanOfThoseOfTheRunsThatExist() {
        SeedRuns<Counting> group = SeedRuns.of("group", 3, seed -> {
            Counting run = new Counting(seed, 1);
            run.resumeAt(1, 2 + seed, new double[1]);
            return run;
        });
        assertEquals("3.0 s a run, on average", group.train().summary().entries().get("training"));
    }

    @Test
    void aRunThatIsFinishedWhenItIsMadeIsHeardOf() {
        List<Phase> heard = Collections.synchronizedList(new ArrayList<>());
        Listeners.useForGroups((title, runs) -> run -> progress -> heard.add(progress.phase()));
        try {
            SeedRuns.named("group", List.of("a"), seed -> new Counting(seed, 2).listen(progress -> { }).train()).train();
            assertEquals(List.of(Phase.FINISHED), heard);
        } finally {
            Listeners.reset();
        }
    }

    @Test
    void groupWithAWrappedMakerPassesItNameAndMakerOfEachRun() {
        List<String> asked = Collections.synchronizedList(new ArrayList<>());
        SeedRuns<Counting> group = SeedRuns.named("group", List.of("a", "b", "c"), seed -> new Counting(seed, 2)).made((name, maker) -> {
            asked.add(name);
            return maker.get();
        });
        assertNotNull(group);
        assertEquals(List.of(0L, 1L, 2L), seeds(group.train()));
        assertEquals(List.of("a", "b", "c"), asked.stream().sorted().toList());
    }

    @Test
    void aGroupNeedsASeedAndNamesThatDiffer() {
        assertEquals("count is 0; it must be at least 1",
                assertThrows(IllegalArgumentException.class, () -> SeedRuns.of("group", 0, seed -> new Counting(seed, 1))).getMessage());
        for (List<String> names : List.of(List.<String>of(), List.of("a", "a"))) {
            assertEquals("run names of 'group' are " + names + "; a group needs at least one, and all must be different",
                    assertThrows(IllegalArgumentException.class, () -> SeedRuns.named("group", names, seed -> new Counting(seed, 1))).getMessage());
        }
    }

    @Test
    void interruptOfTheCallerStopsTheRunsAndRemainsSetAndTheGroupContinues() throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(1);
        SeedRuns<Counting> group = SeedRuns.of("group", 2, seed -> {
            Counting run = new Counting(seed, 1_000_000_000);
            return run.every(1, now -> begun.countDown());
        });
        boolean[] interrupted = new boolean[1];
        Thread caller = new Thread(() -> {
            group.train();
            interrupted[0] = Thread.currentThread().isInterrupted();
        });
        caller.start();
        begun.await();
        caller.interrupt();
        caller.join();
        assertTrue(interrupted[0], "the interrupt is still there");
        assertFalse(group.isFinished());
        assertTrue(group.runs().stream().mapToInt(Run::step).max().orElse(0) > 0);
    }
}
