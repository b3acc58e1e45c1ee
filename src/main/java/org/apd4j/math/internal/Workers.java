package org.apd4j.math.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntConsumer;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A group of threads, the caller's among them, that share the independent parts of a task.
 *
 * <pre>{@code
 * double[] roots = new double[100];
 * Workers.all().forEach(roots.length, i -> roots[i] = Math.sqrt(i));
 * }</pre>
 *
 * <p>Which thread takes which part is not determined. Results do not depend on the number of threads as long as callers divide their work by its
 * size alone and combine the results of the parts in a fixed order.
 */
public final class Workers {

    /** Name of the environment variable that limits the number of threads ({@value}), for machines that are shared. */
    public static final String THREADS_VARIABLE = "APD_THREADS";

    private static final Workers ONE = new Workers(1);
    /** The group for what the current thread does; the shared one unless it does one of several jobs. */
    private static final ThreadLocal<@Nullable Workers> OWN = new ThreadLocal<>();
    /** Attempts before a waiting thread goes to sleep; they take about as long as the pause between two parallel sections of a step. */
    private static final int SPINS = 20_000;
    /** Number of multiplications that are worth handing to another thread, measured on the smaller experiments. */
    private static final long WORTHWHILE = 1_000_000;

    private final int threads;
    private final ConcurrentLinkedQueue<Job> queue;
    /** Holds one permit for each entry of the queue. */
    private final Semaphore invitations;
    /** Returns how many of the threads are for the next task. */
    private final IntSupplier share;

    private Workers(int threads) {
        this.threads = threads;
        this.queue = new ConcurrentLinkedQueue<>();
        this.invitations = new Semaphore(0);
        this.share = () -> threads;
        for (int i = 1; i < threads; i++) {
            Thread thread = new Thread(topmostGroup(), this::work, "apd4j-worker-" + i);
            thread.setDaemon(true);
            thread.start();
        }
    }

    /** Creates a part of a group, for one of several jobs. */
    private Workers(Workers whole, IntSupplier jobs) {
        this.threads = whole.threads;
        this.queue = whole.queue;
        this.invitations = whole.invitations;
        this.share = () -> Math.max(1, whole.share() / jobs.getAsInt());
    }

    /**
     * Returns the root thread group. Programs that run others, such as Maven's {@code exec:java}, wait for all threads in the group of the
     * program that they run, daemons included; the threads of this class never end, so they must not be in a caller's group.
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
     * Returns the shared group, with one thread per core or as many as {@value #THREADS_VARIABLE} allows. Within {@link #alone}, returns
     * {@link #one}, and within one of several {@link Jobs}, the share of that job.
     */
    public static Workers all() {
        Workers own = OWN.get();
        return own == null ? Shared.ALL : own;
    }

    /** Runs a job on the caller's thread alone, for one of many small jobs that run at the same time, and returns its result. */
    public static <T> T alone(Supplier<T> job) {
        return with(ONE, job);
    }

    private static <T> T with(Workers group, Supplier<T> job) {
        Workers before = OWN.get();
        OWN.set(group);
        try {
            return job.get();
        } finally {
            OWN.set(before);
        }
    }

    /**
     * Jobs that run at the same time, each on a thread of its own, and share the threads of a group for what can be divided: while there are as many
     * jobs as threads each has its own thread alone, and the last one has all. Results do not depend on it.
     *
     * <pre>{@code
     * var jobs = new Workers.Jobs();
     * jobs.plan(2);
     * new Thread(() -> jobs.run(() -> mlpRun.train())).start();
     * jobs.run(() -> apd.train());
     * }</pre>
     */
    public static final class Jobs {

        private final Workers whole;
        private final Workers group;
        private final AtomicInteger waiting = new AtomicInteger();
        private final AtomicInteger running = new AtomicInteger();

        /** Plans no jobs yet. They will share the threads of {@link Workers#all}. */
        public Jobs() {
            this(all());
        }

        Jobs(Workers whole) {
            this.whole = whole;
            this.group = new Workers(whole, () -> Math.max(1, waiting.get() + running.get()));
        }

        /** Returns the number of threads that the jobs share. */
        public int threads() {
            return whole.share();
        }

        /** Plans further jobs, each of which must be {@linkplain #run run} once. */
        public void plan(int count) {
            waiting.addAndGet(count);
        }

        /** Gives up the jobs that have not begun. */
        public void giveUp() {
            waiting.set(0);
        }

        /** Runs one of the jobs on the caller's thread and returns its result. */
        public <T> T run(Supplier<T> job) {
            waiting.updateAndGet(count -> Math.max(0, count - 1));
            running.incrementAndGet();
            try {
                return with(group, job);
            } finally {
                running.decrementAndGet();
            }
        }
    }

    /**
     * Does long jobs at the same time, each on one thread {@linkplain #alone alone}, and returns when all have ended: calls {@code job} once with each of
     * 0 … {@code count − 1}. Once a call has thrown an exception, or the caller is interrupted, no further calls begin; an interrupt reaches those that
     * have begun.
     *
     * @throws RuntimeException      the first exception that a call threw; those of calls that ran at the same time are suppressed in it
     * @throws CancellationException if the caller is interrupted before all calls have begun
     */
    public static void together(int count, IntConsumer job) {
        var all = new Job(count, i -> {
            if (Thread.currentThread().isInterrupted()) {
                throw new CancellationException("interrupted before all jobs had begun");
            }
            alone(() -> {
                job.accept(i);
                return i;
            });
        });
        List<Thread> others = new ArrayList<>();
        for (int i = 1; i < Math.min(count, all().share()); i++) {
            var thread = new Thread(all::work, "apd4j-job-" + i);
            thread.setDaemon(true);
            thread.start();
            others.add(thread);
        }
        all.work();
        boolean isInterrupted = Thread.currentThread().isInterrupted();
        for (int i = 0; i < others.size();) {
            try {
                others.get(i).join();
                i++;
            } catch (InterruptedException e) {
                isInterrupted = true;
                others.forEach(Thread::interrupt);
            }
        }
        if (isInterrupted) {
            Thread.currentThread().interrupt();
        }
        all.await();
    }

    /** Returns a group that consists of the caller's thread alone. */
    public static Workers one() {
        return ONE;
    }

    /** Returns a new group of the given number of threads, whatever the number of cores; for tests. */
    public static Workers of(int threads) {
        return new Workers(threads);
    }

    /**
     * Returns the number of threads of the shared group.
     *
     * @throws IllegalArgumentException if {@value #THREADS_VARIABLE} is not a positive integer
     */
    public static int availableThreads() {
        return threads(System.getenv(THREADS_VARIABLE), Runtime.getRuntime().availableProcessors());
    }

    /**
     * Returns the number of threads for a machine.
     *
     * @param limit the value of {@value #THREADS_VARIABLE}, null if it is not set
     * @throws IllegalArgumentException if the limit is not a positive integer
     */
    static int threads(@Nullable String limit, int cores) {
        if (limit == null || limit.isBlank()) {
            return cores;
        }
        try {
            int threads = Integer.parseInt(limit.strip());
            if (threads >= 1) {
                return Math.min(threads, cores);
            }
        } catch (NumberFormatException e) {
            // reported below, like a number out of range
        }
        throw new IllegalArgumentException(THREADS_VARIABLE + " is '" + limit + "'; it must be a whole number of at least 1");
    }

    /** Returns the largest number of threads that a task is divided among, including the caller's. */
    public int threads() {
        return threads;
    }

    /** Returns the number of threads that a task would be divided among now, including the caller's: fewer than all for one of several {@link Jobs}. */
    public int share() {
        return share.getAsInt();
    }

    /**
     * Calls {@code part} once with each of 0 … {@code parts − 1} and returns when all calls have ended. Once a call has thrown an exception, no
     * further calls begin.
     *
     * @throws RuntimeException the first exception that a call threw; those of calls that ran at the same time are suppressed in it
     */
    public void forEach(int parts, IntConsumer part) {
        int own = share();
        if (own == 1 || parts <= 1) {
            for (int i = 0; i < parts; i++) {
                part.accept(i);
            }
            return;
        }
        Job job = new Job(parts, part);
        int helpers = Math.min(own, parts) - 1;
        for (int i = 0; i < helpers; i++) {
            queue.add(job);
        }
        invitations.release(helpers);
        job.work();
        job.await();
    }

    /**
     * Calls {@code item} once with each of 0 … {@code items − 1}, for items that are too small to be handed over one by one: consecutive items
     * are grouped to about {@value #WORTHWHILE} multiplications.
     *
     * @param multiplications the approximate number of multiplications of one item
     */
    public void forEach(int items, long multiplications, IntConsumer item) {
        int together = (int) Math.min(items, Math.max(1, WORTHWHILE / Math.max(1, multiplications)));
        if (share() == 1 || together >= items) {
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

    /** A task that is given a range of rows. */
    @FunctionalInterface
    public interface RowRange {
        /** Processes rows {@code first … last − 1}. */
        void accept(int first, int last);
    }

    /**
     * Divides rows into ranges that are each worth handing over, and processes them. The division depends on the arguments alone, not on the
     * number of threads.
     *
     * @param multiplications the approximate number of multiplications of one row
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
        private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

        Job(int parts, IntConsumer part) {
            this.parts = parts;
            this.part = part;
        }

        void work() {
            for (int i = next.getAndIncrement(); i < parts; i = next.getAndIncrement()) {
                try {
                    if (failure.get() == null) {
                        part.accept(i);
                    }
                } catch (Throwable e) {
                    keep(e);
                } finally {
                    done.incrementAndGet();
                }
            }
        }

        private void keep(Throwable thrown) {
            if (!failure.compareAndSet(null, thrown)) {
                Throwable first = failure.get();
                if (first != null && first != thrown) { // nothing can be suppressed in itself
                    first.addSuppressed(thrown);
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
            Throwable first = failure.get();
            if (first instanceof RuntimeException e) {
                throw e;
            }
            if (first instanceof Error e) {
                throw e;
            }
        }
    }
}
