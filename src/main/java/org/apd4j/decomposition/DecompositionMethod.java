package org.apd4j.decomposition;

import java.util.Map;
import org.apd4j.io.ArrayFile;
import org.apd4j.math.internal.Workers;
import org.apd4j.network.Network;
import org.apd4j.targets.Target;

/**
 * A method of decomposition: its name, the kind of its settings, and how it begins. Runs of all methods are trained, saved, loaded, kept, swept
 * and shown by the same code; a run file names its method, and the method is found among the services of this type.
 *
 * <pre>{@code
 * DecompositionRun<ApdConfig> run = DecompositionRun.begin(Apd.METHOD, target.target(), ApdConfig.paperTms5to2(), 0);
 * }</pre>
 *
 * @param <S> its settings, a record
 */
public interface DecompositionMethod<S extends Record & DecompositionSettings> {

    /** Returns its name for people and for files, "APD". */
    String name();

    /** Returns the class of its settings. */
    Class<S> settings();

    /** Returns, for every interface among the settings' components, its kinds of record by the names that files have for them. */
    default Map<Class<?>, Map<String, Class<?>>> kinds() {
        return Map.of();
    }

    /**
     * Returns the objective of a new run, at its initial values.
     *
     * @throws IllegalArgumentException if the settings ask for something that the target cannot have
     * @throws IllegalStateException    if the settings are too large for this process's heap; the message says what they need
     */
    Objective begin(Target target, S settings, long seed, Workers workers);

    /**
     * Returns the settings in the one form in which runs have them: what says the same of this network is equal. The settings as they are by default.
     *
     * @throws IllegalArgumentException if the settings ask for something that the network does not have
     */
    default S canonical(Network network, S settings) {
        return settings;
    }

    /**
     * Returns the shapes of the blocks of numbers that a run trains, as files have them, by the names by which the objective gives them to the
     * optimizer.
     */
    Map<String, int[]> blocks(Network network, S settings);

    /** Brings the description in a file of earlier days up to date, before the settings are read; nothing by default. */
    default void bringUpToDate(ArrayFile file) {
    }

    /** Returns the settings as a text from which earlier versions of this library made names of files. */
    default String formerText(S settings) {
        return settings.toString();
    }

    /** Returns a run's name for people; names of runs that differ should differ. */
    default String runName(Target target, S settings, long seed) {
        return target.name() + ", " + name() + ", seed " + seed;
    }

    /** Returns the settings in a few named words, for a run's card. */
    default Map<String, String> describe(S settings) {
        return Map.of();
    }
}
