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
public final class SeedRuns<R extends Run<R>> implements Summarized {

    private final String title;
    private final long[] seeds;
    private final LongFunction<R> maker;
    private final List<String> names;
    private final List<R> runs = new ArrayList<>();
    private final Set<Thread> atWork = ConcurrentHashMap.newKeySet();
    private final TrainingGuard training = new TrainingGuard();
    private volatile boolean stopRequested;

    private SeedRuns(String title, long[] seeds, List<String> names, LongFunction<R> maker) {
        this.title = Objects.requireNonNull(title);
        this.seeds = seeds.clone();
        this.names = List.copyOf(names);
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
        return named(title, LongStream.range(0, count).mapToObj(seed -> "seed " + seed).toList(), maker);
    }

    /**
     * The same for runs that differ in more than their seed.
     *
     * @param names what tells them apart, for people; all different, 1 or more
     * @param maker the place in {@code names}, from 0 → a run
     */
    public static <R extends Run<R>> SeedRuns<R> named(String title, List<String> names, LongFunction<R> maker) {
        if (names.isEmpty() || Set.copyOf(names).size() < names.size()) {
            throw new IllegalArgumentException("the runs of '" + title + "' need names that are all different, not " + names);
        }
        return new SeedRuns<>(title, LongStream.range(0, names.size()).toArray(), names, maker);
    }

    /**
     * A group of the same runs, none of which is made yet, that are each made in another way: to be kept on disk, for example.
     *
     * @param way hears a run's name and how this group makes it
     */
    public SeedRuns<R> made(BiFunction<String, Supplier<R>, R> way) {
        Objects.requireNonNull(way, "way");
        return new SeedRuns<>(title, LongStream.range(0, seeds.length).toArray(), names,
                i -> way.apply(names.get((int) i), () -> maker.apply(seeds[(int) i])));
    }

    /**
     * Makes and trains all runs to their ends; of finished ones, nothing. Returns early when it is stopped.
     *
     * @throws RuntimeException      what the first of the runs that failed threw, after the others have ended
     * @throws IllegalStateException if the group is being trained and does not stop within {@value OneAtATime#SECONDS_TO_WIND_DOWN} seconds
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
        ExecutorService threads = Executors.newFixedThreadPool(Math.min(seeds.length, Workers.all().threads()), job -> {
            Thread thread = new Thread(job, "apd4j-seeds");
            thread.setDaemon(true);
            return thread;
        });
        try {
            List<Future<R>> jobs = new ArrayList<>();
            for (int i = 0; i < seeds.length; i++) {
                int index = i;
                jobs.add(threads.submit(() -> Workers.alone(() -> train(index, listeners.apply(names.get(index))))));
            }
            await(jobs);
        } finally {
            threads.shutdown();
        }
    }

    private R train(int index, ProgressListener listener) {
        Thread.interrupted(); // an order to the run before, on the same thread
        atWork.add(Thread.currentThread());
        try {
            return makeAndTrain(index, listener);
        } finally {
            atWork.remove(Thread.currentThread());
        }
    }

    private R makeAndTrain(int index, ProgressListener listener) {
        R run = run(index);
        if (run == null && !stopRequested) {
            var preparation = new Preparation(listener);
            run = Listeners.to(preparation, () -> maker.apply(seeds[index]));
            if (stopRequested) {
                preparation.stopped();
                return null; // what the run was made of may be half done: made again next time
            }
            synchronized (runs) {
                runs.set(index, run);
            }
        }
        if (run != null && run.isFinished()) {
            listener.on(run.report(Phase.FINISHED)); // before this call: a display of the group is whole
        } else if (run != null && !stopRequested) {
            run.listen(listener);
            Listeners.to(Listeners.silent(), run::train);
        }
        return run;
    }

    /** Hears of what a run needs first, which may come to its end before the run itself has begun. */
    private static final class Preparation implements ProgressListener {
        private final ProgressListener listener;
        private Progress last;

        Preparation(ProgressListener listener) {
            this.listener = listener;
        }

        @Override
        public void on(Progress part) {
            last = part;
            listener.on(new Progress(part.run(), Phase.PREPARING, part.step(), part.steps(), part.goal(), part.seconds(), part.stepsPerSecond(),
                    part.history(), part.unit()));
        }

        void stopped() {
            if (last != null) {
                listener.on(new Progress(last.run(), Phase.STOPPED, 0, last.steps(), last.seconds(), Double.NaN, last.history(), last.unit()));
            }
        }
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

    /** Returns the runs that exist so far, by seed; {@link #planned} says how many there will be. */
    public List<R> runs() {
        synchronized (runs) {
            return new Made<>(runs.stream().filter(Objects::nonNull).toList(), seeds.length);
        }
    }

    /**
     * Returns how many runs are planned where these come from: what {@link #runs} returned has as many as its group has seeds, any other list as many
     * as it holds. A table of a group that was stopped early says with it what is missing.
     *
     * <pre>{@code
     * System.out.println(SeedRuns.planned(List.of(run)) + " run is planned");
     * }</pre>
     */
    public static int planned(List<? extends Run<?>> runs) {
        return runs instanceof Made<?> made ? made.planned : runs.size();
    }

    /** The runs of a group that exist, and how many there will be. */
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

    /** Whether all runs are finished. */
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
        entries.put("training", String.format(Locale.ROOT, "%.1f s on one core each", made.stream().mapToDouble(Run::seconds).sum()
                / Math.max(1, made.size())));
        return new Summary(title, entries);
    }

    /** The title. */
    public String title() {
        return title;
    }

    @Override
    public String toString() {
        return summary().line();
    }
}
