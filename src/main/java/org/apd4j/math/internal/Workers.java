package org.apd4j.math.internal;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import java.util.function.Supplier;

/**
 * Runs the independent parts of a step on several threads: the caller's and some that wait for work.
 *
 * <pre>{@code
 * double[] roots = new double[100];
 * Workers.all().forEach(roots.length, i -> roots[i] = Math.sqrt(i));
 * }</pre>
 *
 * <p>Which thread takes which part is left to chance. Callers cut their work into parts by its size alone, and combine what the
 * parts computed in a fixed order: then results do not depend on the number of threads.
 */
public final class Workers {

    /** Environment variable that limits the number of threads ({@value}), for machines that are shared. */
    public static final String THREADS_VARIABLE = "APD_THREADS";

    private static final Workers ONE = new Workers(1);
    private static final ThreadLocal<Boolean> ALONE = ThreadLocal.withInitial(() -> false);
    /** Tries before a waiting thread goes to sleep: about as long as the pause between two parallel parts of a step. */
    private static final int SPINS = 20_000;
    /** Multiplications that are worth handing to another thread; found by trying on the smaller experiments. */
    private static final long WORTHWHILE = 1_000_000;

    private final int threads;
    private final ConcurrentLinkedQueue<Job> queue = new ConcurrentLinkedQueue<>();
    /** As many permits as there are invitations in the queue. */
    private final Semaphore invitations = new Semaphore(0);

    private Workers(int threads) {
        this.threads = threads;
        for (int i = 1; i < threads; i++) {
            Thread thread = new Thread(topmostGroup(), this::work, "apd4j-worker-" + i);
            thread.setDaemon(true);
            thread.start();
        }
    }

    /**
     * Where threads live that belong to no caller. Programs that run others, such as Maven's {@code exec:java}, wait at the end for all
     * threads in the group of the one that they run, daemons too; these serve whoever comes and never end.
     */
    private static ThreadGroup topmostGroup() {
        ThreadGroup group = Thread.currentThread().getThreadGroup();
        while (group.getParent() != null) {
            group = group.getParent();
        }
        return group;
    }

    private static final class Shared {
        private static final Workers ALL = new Workers(availableThreads());
    }

    /**
     * As many threads as the machine has cores, or as {@value #THREADS_VARIABLE} allows; shared by all runs. Inside of {@link #alone},
     * the caller's thread alone.
     */
    public static Workers all() {
        return ALONE.get() ? ONE : Shared.ALL;
    }

    /** Calls something that is one of several independent jobs: it keeps to the thread that it is called on. */
    public static <T> T alone(Supplier<T> job) {
        boolean before = ALONE.get();
        ALONE.set(true);
        try {
            return job.get();
        } finally {
            ALONE.set(before);
        }
    }

    /** The caller's thread alone. */
    public static Workers one() {
        return ONE;
    }

    /** So many threads, whatever the machine has: for tests. */
    public static Workers of(int threads) {
        return new Workers(threads);
    }

    /** The number of threads of {@link #all}. */
    public static int availableThreads() {
        return threads(System.getenv(THREADS_VARIABLE), Runtime.getRuntime().availableProcessors());
    }

    public static int threads(String limit, int cores) {
        if (limit == null || limit.isBlank()) {
            return cores;
        }
        try {
            int threads = Integer.parseInt(limit.strip());
            if (threads >= 1) {
                return Math.min(threads, cores);
            }
        } catch (NumberFormatException e) {
            // said below, as for a number out of range
        }
        throw new IllegalArgumentException(THREADS_VARIABLE + " is '" + limit + "'; it must be a whole number of at least 1");
    }

    /** The number of threads, the caller's included. */
    public int threads() {
        return threads;
    }

    /**
     * Calls {@code part} with every number of 0 … {@code parts − 1}, each once, and returns when all are done.
     *
     * @throws RuntimeException the first thing that a part threw, after all that had begun have ended
     */
    public void forEach(int parts, IntConsumer part) {
        if (threads == 1 || parts <= 1) {
            for (int i = 0; i < parts; i++) {
                part.accept(i);
            }
            return;
        }
        Job job = new Job(parts, part);
        int helpers = Math.min(threads, parts) - 1;
        for (int i = 0; i < helpers; i++) {
            queue.add(job);
        }
        invitations.release(helpers);
        job.work();
        job.await();
    }

    /**
     * The same for items of which each is too small to be worth a hand-over: neighbours are done together, as many as it takes for
     * about {@value #WORTHWHILE} multiplications.
     *
     * @param multiplications of one item, about
     */
    public void forEach(int items, long multiplications, IntConsumer item) {
        int together = (int) Math.min(items, Math.max(1, WORTHWHILE / Math.max(1, multiplications)));
        if (threads == 1 || together >= items) {
            for (int i = 0; i < items; i++) {
                item.accept(i);
            }
            return;
        }
        forEach((items + together - 1) / together, part -> {
            for (int i = part * together; i < Math.min(items, (part + 1) * together); i++) {
                item.accept(i);
            }
        });
    }

    /** Takes a range of rows. */
    @FunctionalInterface
    public interface RowRange {
        /** Rows {@code first … last − 1}. */
        void accept(int first, int last);
    }

    /**
     * Cuts rows into ranges that are worth a hand-over each. Where the cuts are depends on the two numbers only.
     *
     * @param multiplications of one row, about
     */
    public void forRows(int rows, long multiplications, RowRange body) {
        int together = (int) Math.min(Math.max(rows, 1), Math.max(16, WORTHWHILE / Math.max(1, multiplications)));
        int parts = (rows + together - 1) / together;
        forEach(parts, part -> body.accept(part * together, Math.min(rows, (part + 1) * together)));
    }

    private void work() {
        while (true) {
            boolean invited = false;
            for (int spin = 0; !invited && spin < SPINS; spin++) {
                Thread.onSpinWait();
                invited = invitations.availablePermits() > 0 && invitations.tryAcquire();
            }
            if (!invited) {
                invitations.acquireUninterruptibly();
            }
            queue.remove().work();
        }
    }

    private static final class Job {
        private final int parts;
        private final IntConsumer part;
        private final AtomicInteger next = new AtomicInteger();
        private final AtomicInteger done = new AtomicInteger();
        private volatile Throwable failure;

        Job(int parts, IntConsumer part) {
            this.parts = parts;
            this.part = part;
        }

        void work() {
            for (int i = next.getAndIncrement(); i < parts; i = next.getAndIncrement()) {
                try {
                    if (failure == null) {
                        part.accept(i);
                    }
                } catch (Throwable e) {
                    failure = e;
                } finally {
                    done.incrementAndGet();
                }
            }
        }

        void await() {
            for (int spin = 0; done.get() < parts; spin++) {
                if (spin < SPINS) {
                    Thread.onSpinWait();
                } else {
                    Thread.yield();
                }
            }
            if (failure instanceof RuntimeException e) {
                throw e;
            }
            if (failure instanceof Error e) {
                throw e;
            }
        }
    }
}
