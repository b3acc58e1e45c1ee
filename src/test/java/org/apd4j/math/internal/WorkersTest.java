package org.apd4j.math.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class WorkersTest {

    private static final List<Workers> ALL = List.of(Workers.one(), Workers.all(), Workers.of(2), Workers.of(4));

    @Test
    void threadsAreDaemonsAndBelongToNoCallersGroup() throws InterruptedException {
        ThreadGroup callers = new ThreadGroup("a program that another one runs");
        Thread program = new Thread(callers, () -> {
            Workers.of(3).forEach(100, i -> { });
            Workers.all().forEach(100, i -> { });
        });
        program.start();
        program.join();
        assertEquals(0, callers.activeCount());
        List<Thread> workers = Thread.getAllStackTraces().keySet().stream().filter(thread -> thread.getName().startsWith("apd4j-worker")).toList();
        assertTrue(workers.size() >= 2);
        assertTrue(workers.stream().allMatch(Thread::isDaemon));
    }

    @Test
    void everyPartRunsOnce() {
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
    void rowsAreDividedIndependentlyOfTheNumberOfThreads() {
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
    void partsRunInParallel() throws InterruptedException {
        CountDownLatch both = new CountDownLatch(2);
        Set<Thread> threads = ConcurrentHashMap.newKeySet();
        Workers.of(2).forEach(2, i -> {
            threads.add(Thread.currentThread());
            meet(both);
        });
        assertEquals(2, threads.size());
    }

    @Test
    void parallelLoopsCanBeNested() {
        AtomicInteger done = new AtomicInteger();
        Workers workers = Workers.of(3);
        workers.forEach(20, i -> workers.forEach(20, j -> done.incrementAndGet()));
        assertEquals(400, done.get());
    }

    @Test
    void anExceptionReachesTheCallerAfterAllPartsHaveEnded() {
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

    @Test
    void callerGetsTheFirstExceptionAndALaterOneIsSuppressedInIt() {
        Thread caller = Thread.currentThread();
        CountDownLatch both = new CountDownLatch(2);
        AtomicReference<Thread> failed = new AtomicReference<>();
        var caught = assertThrows(IllegalStateException.class, () -> Workers.of(2).forEach(2, i -> {
            meet(both);
            if (Thread.currentThread() != caller) {
                failed.set(Thread.currentThread());
                throw new IllegalStateException("first");
            }
            while (failed.get() == null || failed.get().getState() != Thread.State.WAITING) { // it waits for work once it is done with its part
                Thread.yield();
            }
            throw new IllegalStateException("second");
        }));
        assertEquals("first", caught.getMessage());
        assertEquals(List.of("second"), Stream.of(caught.getSuppressed()).map(Throwable::getMessage).toList());
    }

    @Test
    void exceptionThatTwoPartsThrowIsNotSuppressedInItself() {
        CountDownLatch both = new CountDownLatch(2);
        var shared = new IllegalStateException("shared");
        var caught = assertThrows(IllegalStateException.class, () -> Workers.of(2).forEach(2, i -> {
            meet(both);
            throw shared;
        }));
        assertSame(shared, caught);
        assertEquals(0, caught.getSuppressed().length);
    }

    private static void throwUnchecked(Throwable thrown) {
        if (thrown instanceof RuntimeException e) {
            throw e;
        }
        throw (Error) thrown;
    }

    @Test
    void anInterruptOfTheCallerIsPreserved() {
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

    @Test
    void aloneRunsEverythingOnTheCallersThread() {
        assertEquals(Workers.availableThreads(), Workers.all().threads());
        assertEquals("done", Workers.alone(() -> {
            assertSame(Workers.one(), Workers.all());
            Workers.alone(() -> 1);
            assertSame(Workers.one(), Workers.all(), "the inner job has ended, the outer one has not");
            return "done";
        }));
        assertEquals(Workers.availableThreads(), Workers.all().threads());
        assertThrows(IllegalStateException.class, () -> Workers.alone(() -> {
            throw new IllegalStateException();
        }));
        assertEquals(Workers.availableThreads(), Workers.all().threads());
    }

    @Test
    void jobsShareTheThreadsAndTheLastOneHasThemAll() {
        Workers four = Workers.of(4);
        var jobs = new Workers.Jobs(four);
        jobs.plan(5);
        List<Integer> shares = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            shares.add(jobs.run(() -> Workers.all().share()));
        }
        assertEquals(List.of(1, 1, 1, 2, 4), shares);
        jobs.plan(2);
        assertEquals(2, jobs.run(() -> {
            var inner = new Workers.Jobs();
            inner.plan(1);
            return inner.run(() -> Workers.all().share());
        }), "a job's own jobs share what it has");
        assertEquals(4, four.share());
    }

    @Test
    void theLastJobIsDividedAmongThreadsThatAreFreeAndEarlierOnesAreNot() {
        var jobs = new Workers.Jobs(Workers.of(2));
        jobs.plan(2);
        assertEquals(Set.of(Thread.currentThread()), threadsOf(jobs));
        assertEquals(2, threadsOf(jobs).size());
    }

    /** Returns the threads on which the two parts of a task ran, each of which waits for the other where both can run at the same time. */
    private static Set<Thread> threadsOf(Workers.Jobs jobs) {
        Set<Thread> threads = ConcurrentHashMap.newKeySet();
        return jobs.run(() -> {
            int share = Workers.all().share();
            var both = new CountDownLatch(share);
            Workers.all().forEach(2, part -> {
                threads.add(Thread.currentThread());
                both.countDown();
                try {
                    both.await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            });
            return threads;
        });
    }

    @Test
    void longJobsAreAllDoneAndTheFirstFailureIsThrown() {
        Set<Integer> done = ConcurrentHashMap.newKeySet();
        Workers.together(7, i -> {
            assertSame(Workers.one(), Workers.all());
            done.add(i);
        });
        assertEquals(Set.of(0, 1, 2, 3, 4, 5, 6), done);
        Workers.together(0, done::add);
        assertThrows(IllegalStateException.class, () -> Workers.together(3, i -> {
            throw new IllegalStateException();
        }));
        assertEquals(Workers.availableThreads(), Workers.all().share());
    }

    @Test
    void jobsThatNeverBeginKeepNoThreadsFromTheOthers() {
        var jobs = new Workers.Jobs(Workers.of(4));
        jobs.plan(8);
        assertEquals(1, jobs.run(() -> Workers.all().share()));
        jobs.giveUp();
        assertEquals(4, jobs.run(() -> Workers.all().share()));
    }

    @Test
    void anInterruptReachesLongJobsAndNoFurtherOneBegins() throws InterruptedException {
        var begun = new CountDownLatch(1);
        AtomicInteger calls = new AtomicInteger();
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        var caller = new Thread(() -> {
            try {
                Workers.together(50, i -> {
                    calls.incrementAndGet();
                    begun.countDown();
                    try {
                        new CountDownLatch(1).await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt(); // as training does: it stops, and the flag stays set
                    }
                });
            } catch (CancellationException e) {
                thrown.set(e);
            }
        });
        caller.start();
        begun.await();
        caller.interrupt();
        caller.join();
        assertTrue(thrown.get() instanceof CancellationException, "thrown: " + thrown.get());
        assertTrue(calls.get() <= Workers.availableThreads(), calls + " jobs");
    }

    @Test
    void thereIsOneThreadForEveryCoreUnlessTheEnvironmentAllowsFewer() {
        assertEquals(8, Workers.threads(null, 8));
        assertEquals(8, Workers.threads(" ", 8));
        assertEquals(1, Workers.threads("1", 8));
        assertEquals(3, Workers.threads(" 3 ", 8));
        assertEquals(8, Workers.threads("9", 8));
        for (String wrong : List.of("0", "-1", "two", "1.5", "99999999999")) {
            var refused = assertThrows(IllegalArgumentException.class, () -> Workers.threads(wrong, 8));
            assertEquals("APD_THREADS is '" + wrong + "'; it must be a whole number of at least 1", refused.getMessage());
        }
    }

    @Test
    void smallWorkIsDoneByTheCallerInOrder() {
        Thread caller = Thread.currentThread();
        for (long multiplications : new long[] {0, 1, 2000}) {
            List<Integer> order = new ArrayList<>();
            Workers.of(4).forEach(500, multiplications, i -> order.add(Thread.currentThread() == caller ? i : -1));
            assertEquals(IntStream.range(0, 500).boxed().toList(), order);
        }
    }

    @Test
    void neighbouringItemsAreGroupedUntilTheyAreLargeEnough() {
        Thread[] threads = new Thread[5];
        CountDownLatch both = new CountDownLatch(2);
        // of a million multiplications two items at 500,000 each: 0 and 1, 2 and 3, 4
        Workers.of(2).forEach(5, 500_000, i -> {
            threads[i] = Thread.currentThread();
            if (i == 0 || i == 2) {
                meet(both);
            }
        });
        assertSame(threads[0], threads[1]);
        assertSame(threads[2], threads[3]);
        assertNotSame(threads[0], threads[2]);
    }

    private static void meet(CountDownLatch latch) {
        latch.countDown();
        try {
            assertTrue(latch.await(15, TimeUnit.MINUTES));
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void rangesHaveAMillionMultiplicationsOrSixteenRows() {
        assertEquals(List.of(100, 200, 250), ends(250, 10_000));
        assertEquals(List.of(16, 32, 40), ends(40, 1_000_000));
        assertEquals(List.of(16, 17), ends(17, Long.MAX_VALUE));
        assertEquals(List.of(1000), ends(1000, 0));
        assertEquals(List.of(), ends(0, 10));
    }

    private static List<Integer> ends(int rows, long multiplications) {
        List<Integer> ends = new ArrayList<>();
        Workers.one().forRows(rows, multiplications, (first, last) -> ends.add(last));
        return ends;
    }
}
