package org.apd4j.training;

import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The default listeners, which runs get that have none of their own. They are settings of the whole program. In a plain program, runs report nothing
 * until it sets a default, for example lines of text:
 *
 * <pre>{@code
 * Listeners.useByDefault(run -> new TextProgress(System.out));
 * }</pre>
 *
 * <p>In a notebook, the kernel sets the live display.
 */
public final class Listeners {

    /** A factory of the listeners of a group of runs. */
    @FunctionalInterface
    public interface GroupFactory {

        /**
         * Returns the listeners of a group.
         *
         * @param title the name of the group ("TMS 5-2, ten seeds")
         * @param runs  the names of the runs within the group ("seed 0", "seed 1", …): at least one, all different
         * @return a function from a name to its listener, which is called once for each name, on any thread
         */
        Function<String, ProgressListener> group(String title, List<String> runs);
    }

    private static final ProgressListener SILENT = progress -> { };

    private static volatile Function<String, ProgressListener> single = run -> SILENT;
    private static volatile GroupFactory groups = (title, runs) -> single;
    private static volatile Consumer<Run<?>> firstStep = run -> { };

    /** The listener that replaces the defaults on a thread. */
    private static final ThreadLocal<@Nullable ProgressListener> OVERRIDE = new ThreadLocal<>();

    private Listeners() {
    }

    /** Runs a job during which all runs created on this thread get the given listener, and returns its result. */
    static <T extends @Nullable Object> T overriding(ProgressListener listener, Supplier<T> job) {
        @Nullable ProgressListener before = override(listener);
        try {
            return job.get();
        } finally {
            override(before);
        }
    }

    /**
     * Sets the listener of all runs that are created on this thread from now on, and returns the previous one.
     *
     * @param listener the listener, or null to return to the defaults
     */
    static @Nullable ProgressListener override(@Nullable ProgressListener listener) {
        @Nullable ProgressListener before = OVERRIDE.get();
        OVERRIDE.set(listener);
        return before;
    }

    /** Restores the settings that a program starts with. */
    static void reset() {
        single = run -> SILENT;
        groups = (title, runs) -> single;
        firstStep = run -> { };
    }

    /** Returns a listener that ignores all reports. */
    static ProgressListener silent() {
        return SILENT;
    }

    /** Sets the factory of default listeners, a function from the name of a run to its listener. It takes effect for runs created from now on. */
    public static void useByDefault(Function<String, ProgressListener> factory) {
        single = Objects.requireNonNull(factory, "factory");
    }

    /** Sets the factory of listeners for groups of runs, such as several seeds or a sweep. Without it, each run gets its own default. */
    public static void useForGroups(GroupFactory factory) {
        groups = Objects.requireNonNull(factory, "factory");
    }

    /**
     * Sets a callback that is given every run before its first step in this program, on the thread that trains. It may {@linkplain Run#addListener
     * add a listener}.
     */
    public static void onFirstStep(Consumer<Run<?>> callback) {
        firstStep = Objects.requireNonNull(callback, "callback");
    }

    /** Passes a run that is about to do its first step to the callback. */
    static void beforeFirstStep(Run<?> run) {
        firstStep.accept(run);
    }

    /** Returns the default listener of a run of the given name, which ignores all reports unless {@link #useByDefault} has been called. */
    public static ProgressListener forRun(String name) {
        Objects.requireNonNull(name, "name");
        @Nullable ProgressListener override = OVERRIDE.get();
        return override != null ? override : Objects.requireNonNullElse(single.apply(name), SILENT);
    }

    /**
     * Returns the default listeners of a group of runs, as a function from a name to its listener.
     *
     * @param title the name of the group
     * @param runs  the names of the runs within the group
     * @throws IllegalArgumentException if there are no names, or two are the same
     */
    public static Function<String, ProgressListener> forGroup(String title, List<String> runs) {
        if (runs.isEmpty() || Set.copyOf(runs).size() < runs.size()) {
            throw new IllegalArgumentException("run names are " + runs + "; a group needs at least one, and all must be different");
        }
        Function<String, ProgressListener> group = groups.group(Objects.requireNonNull(title, "title"), List.copyOf(runs));
        return name -> Objects.requireNonNullElse(group.apply(name), SILENT);
    }
}
