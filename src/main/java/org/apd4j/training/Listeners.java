package org.apd4j.training;

import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Where a run finds its listener when its caller names none. A plain program trains in silence until it asks for something,
 * say for lines of text:
 *
 * <pre>{@code
 * Listeners.useByDefault(run -> new TextProgress(System.out));
 * }</pre>
 *
 * A notebook's start puts its live display here. One setting for the whole program.
 */
public final class Listeners {

    /** Makes the listeners of runs that belong together. */
    @FunctionalInterface
    public interface GroupFactory {

        /**
         * @param title what the runs have in common, for people ("TMS 5-2, ten seeds")
         * @param runs  what tells them apart ("seed 0", "seed 1", …), all different, 1 or more
         * @return one of {@code runs} → its listener, called once for each, from any thread
         */
        Function<String, ProgressListener> group(String title, List<String> runs);
    }

    private static final ProgressListener SILENT = progress -> { };

    private static volatile Function<String, ProgressListener> single = run -> SILENT;
    private static volatile GroupFactory groups = (title, runs) -> single;
    private static volatile Consumer<Run<?>> companion = run -> { };

    /** Who is told of everything on this thread, in the place of the defaults. */
    private static final ThreadLocal<ProgressListener> INSTEAD = new ThreadLocal<>();

    private Listeners() {
    }

    /** Calls something whose runs all get this listener on this thread: what it does is part of something that is reported already. */
    static <T> T to(ProgressListener listener, Supplier<T> job) {
        ProgressListener before = instead(listener);
        try {
            return job.get();
        } finally {
            instead(before);
        }
    }

    /** From now on runs that are made on this thread get this listener, or with null the default; returns what was here before. */
    static ProgressListener instead(ProgressListener listener) {
        ProgressListener before = INSTEAD.get();
        INSTEAD.set(listener);
        return before;
    }

    /** As at the start of the program. */
    static void forget() {
        single = run -> SILENT;
        groups = (title, runs) -> single;
        companion = run -> { };
    }

    /** A listener that hears nothing. */
    static ProgressListener silent() {
        return SILENT;
    }

    /** From now on runs without a listener of their own get this factory's: run name → listener. */
    public static void useByDefault(Function<String, ProgressListener> factory) {
        single = Objects.requireNonNull(factory, "factory");
    }

    /** From now on groups of runs (several seeds, a sweep) get their listeners here; until then each run gets its own. */
    public static void useForGroups(GroupFactory factory) {
        groups = Objects.requireNonNull(factory, "factory");
    }

    /**
     * From now on every run is shown to this before its first step in this program, whoever listens to it: it may {@link Run#listenToo listen too}.
     * It is called on the thread that trains.
     */
    public static void accompany(Consumer<Run<?>> companion) {
        Listeners.companion = Objects.requireNonNull(companion, "companion");
    }

    /** A run is about to do its first step here. */
    static void meet(Run<?> run) {
        companion.accept(run);
    }

    /** The default listener for a run of this name; a silent one unless {@link #useByDefault} was called. */
    public static ProgressListener forRun(String name) {
        Objects.requireNonNull(name, "name");
        ProgressListener instead = INSTEAD.get();
        return instead != null ? instead : Objects.requireNonNullElse(single.apply(name), SILENT);
    }

    /**
     * The default listeners for runs that belong together: one of {@code runs} → its listener.
     *
     * @param runs what tells them apart
     * @throws IllegalArgumentException if there are none, or two are the same
     */
    public static Function<String, ProgressListener> forGroup(String title, List<String> runs) {
        if (runs.isEmpty() || Set.copyOf(runs).size() < runs.size()) {
            throw new IllegalArgumentException("the runs of a group are 1 or more, all different, not " + runs);
        }
        Function<String, ProgressListener> group = groups.group(Objects.requireNonNull(title, "title"), List.copyOf(runs));
        return name -> Objects.requireNonNullElse(group.apply(name), SILENT);
    }
}
