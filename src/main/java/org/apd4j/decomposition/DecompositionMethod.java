package org.apd4j.decomposition;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apd4j.io.ArrayFile;
import org.apd4j.math.internal.Workers;
import org.apd4j.network.Network;
import org.apd4j.targets.Target;

/**
 * A method of decomposition: its name, its settings, and the objective that it trains. Runs of all methods are trained, saved, loaded, kept,
 * swept and displayed by the same code. A run file names its method, which is then found as a {@linkplain java.util.ServiceLoader service} of this
 * type.
 *
 * <pre>{@code
 * DecompositionRun<ApdConfig> run = DecompositionRun.begin(Apd.METHOD, target.trained(), ApdConfig.paperTms5to2(), 0);
 * }</pre>
 *
 * @param <S> the type of its settings, a record
 */
public interface DecompositionMethod<S extends Record & DecompositionSettings> {

    /** Returns the method's name for display and for files, such as "APD". */
    String name();

    /** Returns the class of the settings. */
    Class<S> settings();

    /** Returns, for every interface that is the type of a setting, the records that implement it, by their names in files. Empty by default. */
    default Map<Class<?>, Map<String, Class<?>>> kinds() {
        return Map.of();
    }

    /**
     * Returns the objective of a new run, at its initial values.
     *
     * @param seed    the seed of the initial values
     * @param workers the threads to use; their number does not change the results
     * @throws IllegalArgumentException if the settings do not fit the target
     * @throws IllegalStateException    if the Java heap is too small for these settings; the message says how large it must be
     */
    Objective begin(Target target, S settings, long seed, Workers workers);

    /**
     * Returns the settings in a canonical form, in which settings that mean the same for a network are equal. By default, the settings themselves.
     *
     * @throws IllegalArgumentException if the settings do not fit the network
     */
    default S canonical(Network network, S settings) {
        return settings;
    }

    /**
     * Returns the names of the losses that the settings switch on, as {@link Objective#losses} has them, if they are known before a run is made;
     * otherwise an empty list, as by default.
     */
    default List<String> losses(S settings) {
        return List.of();
    }

    /**
     * Returns the shapes of the trained arrays as they are in files, by the names under which the objective registers them with the optimizer.
     */
    Map<String, int[]> blocks(Network network, S settings);

    /**
     * Returns the importance of components, if it follows from the settings alone, so that the settings and the factors of the components are all that
     * a decomposition consists of. Empty by default.
     */
    default Optional<Importance> importance(S settings) {
        return Optional.empty();
    }

    /** Converts the description in an older file to the current form, before the settings are read. By default, does nothing. */
    default void bringUpToDate(ArrayFile file) {
    }

    /** Returns the text of the settings from which earlier versions of this library derived file names. */
    default String formerText(S settings) {
        return settings.toString();
    }

    /** Returns the name of a run for display. Different runs should have different names. */
    default String runName(Target target, S settings, long seed) {
        return target.name() + ", " + name() + ", seed " + seed;
    }

    /** Returns settings to start from for a target, with their reasons; empty, as by default, if the method has no rules for that. */
    default Optional<Suggestion<S>> suggest(Target target) {
        return Optional.empty();
    }

    /** Returns what moves the problems of a decomposition with these settings; empty, as by default, if no more can be said than without them. */
    default Optional<Remedies> remedies(S settings) {
        return Optional.empty();
    }

    /** Returns the main settings as names and texts, for a run's summary. Empty by default. */
    default Map<String, String> describe(S settings) {
        return Map.of();
    }
}
