package org.apd4j.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;

class WorkersTest {

    private static final List<Workers> ALL = List.of(Workers.one(), Workers.all(), Workers.of(2), Workers.of(4));

    @Test
    void everyPartIsDoneOnce() {
        for (Workers workers : ALL) {
            for (int parts : new int[] {0, 1, 2, 3, 100, 1000}) {
                AtomicIntegerArray done = new AtomicIntegerArray(parts);
                workers.forEach(parts, done::incrementAndGet);
                AtomicIntegerArray doneTogether = new AtomicIntegerArray(parts);
                workers.forEach(parts, 30_000, doneTogether::incrementAndGet);
                for (int i = 0; i < parts; i++) {
                    assertEquals(1, done.get(i));
                    assertEquals(1, doneTogether.get(i));
                }
            }
        }
    }

    @Test
    void rowsAreCutWithoutGapsAtPlacesThatDoNotDependOnTheThreads() {
        for (int rows : new int[] {0, 1, 15, 16, 17, 1000}) {
            for (long cost : new long[] {0, 1, 3000, Long.MAX_VALUE}) {
                List<List<Integer>> cuts = new ArrayList<>();
                for (Workers workers : ALL) {
                    List<int[]> ranges = Collections.synchronizedList(new ArrayList<>());
                    workers.forRows(rows, cost, (first, last) -> ranges.add(new int[] {first, last}));
                    ranges.sort((a, b) -> Integer.compare(a[0], b[0]));
                    int next = 0;
                    List<Integer> flat = new ArrayList<>();
                    for (int[] range : ranges) {
                        assertEquals(next, range[0]);
                        assertTrue(range[1] > range[0]);
                        next = range[1];
                        flat.add(next);
                    }
                    assertEquals(rows, next);
                    cuts.add(flat);
                }
                cuts.forEach(cut -> assertEquals(cuts.get(0), cut));
            }
        }
    }

    @Test
    void partsAreDoneSideBySide() throws InterruptedException {
        CountDownLatch both = new CountDownLatch(2);
        Set<Thread> threads = ConcurrentHashMap.newKeySet();
        Workers.of(2).forEach(2, i -> {
            threads.add(Thread.currentThread());
            both.countDown();
            try {
                assertTrue(both.await(10, TimeUnit.SECONDS));
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        assertEquals(2, threads.size());
    }

    @Test
    void aPartMayHavePartsOfItsOwn() {
        AtomicInteger done = new AtomicInteger();
        Workers workers = Workers.of(3);
        workers.forEach(20, i -> workers.forEach(20, j -> done.incrementAndGet()));
        assertEquals(400, done.get());
    }

    @Test
    void whatAPartThrowsReachesTheCallerWhenNothingRunsAnyMoreAndTheThreadsGoOn() {
        for (Workers workers : ALL) {
            for (Throwable thrown : List.of(new IllegalStateException("part 3"), new AssertionError("part 3"))) {
                AtomicInteger running = new AtomicInteger();
                Throwable caught = assertThrows(Throwable.class, () -> workers.forEach(50, i -> {
                    running.incrementAndGet();
                    try {
                        if (i == 3) {
                            throwUnchecked(thrown);
                        }
                    } finally {
                        running.decrementAndGet();
                    }
                }));
                assertSame(thrown, caught);
                assertEquals(0, running.get());
                AtomicInteger after = new AtomicInteger();
                workers.forEach(10, i -> after.incrementAndGet());
                assertEquals(10, after.get());
            }
        }
    }

    private static void throwUnchecked(Throwable thrown) {
        if (thrown instanceof RuntimeException e) {
            throw e;
        }
        throw (Error) thrown;
    }

    @Test
    void anInterruptOfTheCallerIsKeptAndDisturbsNothing() {
        Thread.currentThread().interrupt();
        int[] done = new int[64];
        Workers.of(2).forEach(64, i -> done[i] = i);
        assertTrue(Thread.interrupted(), "the interrupt is still there");
        int[] wanted = new int[64];
        for (int i = 0; i < 64; i++) {
            wanted[i] = i;
        }
        assertArrayEquals(wanted, done);
    }
}
