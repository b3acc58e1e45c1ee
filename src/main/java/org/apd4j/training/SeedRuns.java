package org.apd4j.training;

import java.util.AbstractList;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import org.apd4j.Summarized;
import org.apd4j.Summary;
import org.apd4j.math.internal.Workers;
import org.jspecify.annotations.Nullable;

/**
 * A group of runs that differ in their seed and train in parallel, one per core; the last one has all cores. The runs are independent of each other,
 * and each gives the same numbers as it does alone. A group that is stopped, by {@link #stop} or by an interrupt, keeps its state, and {@link #train()} continues.
 *
 * <pre>{@code
 * var runs = SeedRuns.of("TMS 5-2", 10, seed -> Apd.decompose(Tms.of(TmsConfig.paper5to2(), seed).train(), ApdConfig.paperTms5to2()));
 * runs.train();
 * }</pre>
 *
 * @param <R> the type of the runs
 */
public final class SeedRuns<R extends Run<R>> implements Summarized {

    private final String title;
    private final long[] seeds;
    private final LongFunction<R> maker;
    private final List<String> names;
    /** By index of the seed; null while a run has not been made. */
    private final List<@Nullable R> runs = new ArrayList<>();
    private final Set<Thread> atWork = ConcurrentHashMap.newKeySet();
    /** Shares the threads that there are where the group is first trained; runs keep their part of them. */
    private Workers.@Nullable Jobs jobs;
    private final TrainingGuard training = new TrainingGuard();
    private volatile boolean stopRequested;

    private SeedRuns(String title, long[] seeds, List<String> names, LongFunction<R> maker) {
        this.title = Objects.requireNonNull(title);
        this.seeds = seeds.clone();
        this.names = List.copyOf(names);
        this.maker = Objects.requireNonNull(maker);
        for (int i = 0; i < seeds.length; i++) {
            runs.add(null); // made later
        }
    }

    /**
     * Returns a group for the seeds 0 … {@code count − 1}. Its runs are made when {@link #train()} needs them.
     *
     * @param title the name of the group
     * @param maker a function from a seed to an untrained run; it may train first what the run needs, such as its target
     * @throws IllegalArgumentException if {@code count} is less than 1
     */
    public static <R extends Run<R>> SeedRuns<R> of(String title, int count, LongFunction<R> maker) {
        if (count < 1) {
            throw new IllegalArgumentException("count is " + count + "; it must be at least 1");
        }
        return named(title, LongStream.range(0, count).mapToObj(seed -> "seed " + seed).toList(), maker);
    }

    /**
     * Returns a group of runs that differ in more than their seed.
     *
     * @param title the name of the group
     * @param names the names of the runs within the group: at least one, all different
     * @param maker a function from an index into {@code names} to an untrained run
     * @throws IllegalArgumentException if there are no names, or two are the same
     */
    public static <R extends Run<R>> SeedRuns<R> named(String title, List<String> names, LongFunction<R> maker) {
        if (names.isEmpty() || Set.copyOf(names).size() < names.size()) {
            throw new IllegalArgumentException("run names of '" + title + "' are " + names
                    + "; a group needs at least one, and all must be different");
        }
        return new SeedRuns<>(title, LongStream.range(0, names.size()).toArray(), names, maker);
    }

    /**
     * Returns a group of the same runs, none of which has been made yet, whose making is wrapped, for example to load a run from disk instead.
     *
     * @param way a function from a run's name and this group's maker of it to the run
     */
    public SeedRuns<R> made(BiFunction<String, Supplier<R>, R> way) {
        Objects.requireNonNull(way, "way");
        return new SeedRuns<>(title, LongStream.range(0, seeds.length).toArray(), names,
                i -> way.apply(names.get((int) i), () -> maker.apply(seeds[(int) i])));
    }

    /**
     * Makes all runs and trains them to their ends; skips finished ones. Returns early if it is stopped.
     *
     * @return this group
     * @throws RuntimeException      the exception of the first run, in the order of the seeds, that failed; the others are trained nevertheless
     * @throws IllegalStateException if the group is already being trained by another call, which does not stop within a few seconds
     */
    public SeedRuns<R> train() {
        training.enter(title, () -> runs().stream().filter(Run::isFinished).count() + " of " + seeds.length + " runs done");
        try {
            stopRequested = false;
            if (!isFinished()) {
                trainAll();
            }
        } finally {
            training.leave();
        }
        return this;
    }

    private void trainAll() {
        Function<String, ProgressListener> listeners = Listeners.forGroup(title, names);
        Workers.Jobs all = jobs;
        if (all == null) {
            all = new Workers.Jobs();
            jobs = all;
        }
        Workers.Jobs shared = all;
        ExecutorService threads = Executors.newFixedThreadPool(Math.min(seeds.length, shared.threads()), job -> {
            Thread thread = new Thread(job, "apd4j-seeds");
            thread.setDaemon(true);
            return thread;
        });
        try {
            shared.plan(seeds.length);
            List<Future<?>> submitted = new ArrayList<>();
            for (int i = 0; i < seeds.length; i++) {
                int index = i;
                submitted.add(threads.submit(() -> shared.run(() -> train(index, listeners.apply(names.get(index))))));
            }
            await(submitted);
        } finally {
            shared.giveUp();
            threads.shutdown();
        }
    }

    private @Nullable R train(int index, ProgressListener listener) {
        Thread.interrupted(); // clears an interrupt that was meant for the previous run on this thread
        atWork.add(Thread.currentThread());
        try {
            return makeAndTrain(index, listener);
        } finally {
            atWork.remove(Thread.currentThread());
        }
    }

    private @Nullable R makeAndTrain(int index, ProgressListener listener) {
        @Nullable R run = run(index);
        if (run == null && !stopRequested) {
            var preparation = new Preparation(listener);
            run = Listeners.overriding(preparation, () -> maker.apply(seeds[index]));
            if (stopRequested) {
                preparation.stopped();
                return null; // its target may be trained only in part: the next call makes the run again
            }
            synchronized (runs) {
                runs.set(index, run);
            }
        }
        if (run != null && run.isFinished()) {
            listener.on(run.report(Phase.FINISHED)); // in an earlier call; reported so that a display of the group is complete
            run.train(); // does nothing but record the result, if results are recorded
        } else if (run != null && !stopRequested) {
            run.listen(listener);
            Listeners.overriding(Listeners.silent(), run::train);
        }
        return run;
    }

    /** Reports the training of what a run needs first, such as its target, as the preparation of the run. */
    private static final class Preparation implements ProgressListener {
        private final ProgressListener listener;
        private @Nullable Progress last;

        Preparation(ProgressListener listener) {
            this.listener = listener;
        }

        @Override
        public void on(Progress part) {
            last = part;
            listener.on(new Progress(part.run(), Phase.PREPARING, part.step(), part.steps(), part.goal(), part.seconds(), part.stepsPerSecond(),
                    part.history(), part.unit(), part.notice()));
        }

        void stopped() {
            if (last != null) {
                listener.on(new Progress(last.run(), Phase.STOPPED, 0, last.steps(), last.seconds(), Double.NaN, last.history(), last.unit()));
            }
        }
    }

    private void await(List<Future<?>> jobs) {
        boolean interrupted = false;
        @Nullable Throwable failure = null;
        for (Future<?> job : jobs) {
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

    /** Asks all runs to stop after their current steps, and returns at once. */
    public void stop() {
        stopRequested = true;
        atWork.forEach(Thread::interrupt); // also stops training within makers
    }

    private @Nullable R run(int index) {
        synchronized (runs) {
            return runs.get(index);
        }
    }

    /** Returns the runs that have been made so far, in the order of the seeds; {@link #planned} tells how many there will be. */
    public List<R> runs() {
        synchronized (runs) {
            return new Made<>(runs.stream().filter(Objects::nonNull).toList(), seeds.length);
        }
    }

    /**
     * Returns the planned number of runs: the number of seeds of the group for a list from {@link #runs}, the length of any other list. With it, a
     * table of a group that was stopped early can tell how many runs are missing.
     *
     * <pre>{@code
     * System.out.println(SeedRuns.planned(List.of(run)) + " run is planned");
     * }</pre>
     */
    public static int planned(List<? extends Run<?>> runs) {
        return runs instanceof Made<?> made ? made.planned : runs.size();
    }

    /** The runs of a group that have been made, with the planned number of runs. */
    private static final class Made<R> extends AbstractList<R> {
        private final List<R> made;
        private final int planned;

        Made(List<R> made, int planned) {
            this.made = made;
            this.planned = planned;
        }

        @Override
        public R get(int index) {
            return made.get(index);
        }

        @Override
        public int size() {
            return made.size();
        }
    }

    /** Returns whether all runs are finished. */
    public boolean isFinished() {
        List<R> made = runs();
        return made.size() == seeds.length && made.stream().allMatch(Run::isFinished);
    }

    @Override
    public Summary summary() {
        List<R> made = runs();
        Map<String, String> entries = new LinkedHashMap<>();
        entries.put("seeds", Integer.toString(seeds.length));
        entries.put("trained", made.stream().filter(Run::isFinished).count() + " to the end");
        entries.put("training", String.format(Locale.ROOT, "%.1f s a run, on average", made.stream().mapToDouble(Run::seconds).sum()
                / Math.max(1, made.size())));
        return new Summary(title, entries);
    }

    /** Returns the name of the group. */
    public String title() {
        return title;
    }

    @Override
    public String toString() {
        return summary().line();
    }
}
