package org.apd4j.training;

import java.util.Objects;
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
         * @param runs  how many there will be, 1 or more
         * @return run name → listener, called once for each run, from any thread
         */
        Function<String, ProgressListener> group(String title, int runs);
    }

    private static final ProgressListener SILENT = progress -> { };

    private static volatile Function<String, ProgressListener> single = run -> SILENT;
    private static volatile GroupFactory groups = (title, runs) -> single;

    private static final ThreadLocal<Boolean> SILENTLY = ThreadLocal.withInitial(() -> false);

    private Listeners() {
    }

    /** Calls something whose runs get silent listeners on this thread: what it does is part of something that is reported already. */
    static <T> T silently(Supplier<T> job) {
        boolean before = SILENTLY.get();
        SILENTLY.set(true);
        try {
            return job.get();
        } finally {
            SILENTLY.set(before);
        }
    }

    /** From now on runs without a listener of their own get this factory's: run name → listener. */
    public static void useByDefault(Function<String, ProgressListener> factory) {
        single = Objects.requireNonNull(factory, "factory");
    }

    /** From now on groups of runs (several seeds, a sweep) get their listeners here; until then each run gets its own. */
    public static void useForGroups(GroupFactory factory) {
        groups = Objects.requireNonNull(factory, "factory");
    }

    /** The default listener for a run of this name; a silent one unless {@link #useByDefault} was called. */
    public static ProgressListener forRun(String name) {
        Objects.requireNonNull(name, "name");
        return SILENTLY.get() ? SILENT : Objects.requireNonNullElse(single.apply(name), SILENT);
    }

    /**
     * The default listeners for runs that belong together: run name → listener.
     *
     * @throws IllegalArgumentException if {@code runs} is less than 1
     */
    public static Function<String, ProgressListener> forGroup(String title, int runs) {
        if (runs < 1) {
            throw new IllegalArgumentException("runs is " + runs + ", it must be 1 or more");
        }
        Function<String, ProgressListener> group = groups.group(Objects.requireNonNull(title, "title"), runs);
        return name -> Objects.requireNonNullElse(group.apply(name), SILENT);
    }
}
