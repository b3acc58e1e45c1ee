package org.apd4j.training;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.function.LongFunction;
import java.util.stream.LongStream;
import org.apd4j.kernel.Workers;

/**
 * The same run for several seeds, side by side: one seed a core at a time. The runs are independent, and each gives the same numbers
 * as on its own. Stopped, by {@link #stop} or by an interrupt, the group keeps what was learned, and {@link #train()} goes on.
 *
 * <pre>{@code
 * var runs = SeedRuns.of("TMS 5-2", 10, seed -> Apd.decompose(Tms.of(TmsConfig.paper5to2(), seed).train(), ApdConfig.paperTms5to2()));
 * runs.train();
 * }</pre>
 *
 * @param <R> the kind of run
 */
public final class SeedRuns<R extends Run<R>> {

    private final String title;
    private final long[] seeds;
    private final LongFunction<R> maker;
    private final List<R> runs = new ArrayList<>();
    private final Set<Thread> atWork = ConcurrentHashMap.newKeySet();
    private volatile boolean stopRequested;

    private SeedRuns(String title, long[] seeds, LongFunction<R> maker) {
        this.title = Objects.requireNonNull(title);
        this.seeds = seeds.clone();
        this.maker = Objects.requireNonNull(maker);
        for (int i = 0; i < seeds.length; i++) {
            runs.add(null);
        }
    }

    /**
     * Runs for the seeds 0 … {@code count − 1}; nothing has been made or trained yet.
     *
     * @param title for people
     * @param maker seed → a run that has not begun to train; it may train what the run needs first, a target say
     */
    public static <R extends Run<R>> SeedRuns<R> of(String title, int count, LongFunction<R> maker) {
        if (count < 1) {
            throw new IllegalArgumentException("count is " + count + "; it must be at least 1 seed");
        }
        return new SeedRuns<>(title, LongStream.range(0, count).toArray(), maker);
    }

    /**
     * Makes and trains all runs to their ends; of finished ones, nothing. Returns early when it is stopped.
     *
     * @throws RuntimeException what the first of the runs that failed threw, after the others have ended
     */
    public SeedRuns<R> train() {
        stopRequested = false;
        if (isFinished()) {
            return this;
        }
        Function<String, ProgressListener> listeners = Listeners.forGroup(title, seeds.length);
        ExecutorService threads = Executors.newFixedThreadPool(Math.min(seeds.length, Workers.all().threads()), job -> {
            Thread thread = new Thread(job, "apd4j-seeds");
            thread.setDaemon(true);
            return thread;
        });
        try {
            List<Future<R>> jobs = new ArrayList<>();
            for (int i = 0; i < seeds.length; i++) {
                int index = i;
                jobs.add(threads.submit(() -> Workers.alone(() -> Listeners.silently(() -> train(index, listeners)))));
            }
            await(jobs);
        } finally {
            threads.shutdown();
        }
        return this;
    }

    private R train(int index, Function<String, ProgressListener> listeners) {
        Thread.interrupted(); // an order to the run before, on the same thread
        atWork.add(Thread.currentThread());
        try {
            return makeAndTrain(index, listeners);
        } finally {
            atWork.remove(Thread.currentThread());
        }
    }

    private R makeAndTrain(int index, Function<String, ProgressListener> listeners) {
        R run = run(index);
        if (run == null && !stopRequested) {
            run = maker.apply(seeds[index]);
            if (stopRequested) {
                return null; // what the run was made of may be half done: made again next time
            }
            synchronized (runs) {
                runs.set(index, run);
            }
        }
        if (run != null && !run.isFinished() && !stopRequested) {
            run.listen(listeners.apply(run.name()));
            run.train();
        }
        return run;
    }

    private void await(List<Future<R>> jobs) {
        boolean interrupted = false;
        Throwable failure = null;
        for (Future<R> job : jobs) {
            while (true) {
                try {
                    job.get();
                    break;
                } catch (InterruptedException e) {
                    interrupted = true;
                    stop();
                } catch (ExecutionException e) {
                    failure = failure == null ? e.getCause() : failure;
                    break;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        if (failure instanceof RuntimeException e) {
            throw e;
        }
        if (failure instanceof Error e) {
            throw e;
        }
    }

    /** Asks all runs to stop after the step that they are doing. Returns at once. */
    public void stop() {
        stopRequested = true;
        atWork.forEach(Thread::interrupt); // reaches what makers train, too
    }

    private R run(int index) {
        synchronized (runs) {
            return runs.get(index);
        }
    }

    /** The runs that exist so far, by seed. */
    public List<R> runs() {
        synchronized (runs) {
            return runs.stream().filter(Objects::nonNull).toList();
        }
    }

    /** Whether all runs are finished. */
    public boolean isFinished() {
        List<R> made = runs();
        return made.size() == seeds.length && made.stream().allMatch(Run::isFinished);
    }

    /** The title. */
    public String title() {
        return title;
    }
}
