package org.apd4j.decomposition;

import org.apd4j.training.Schedule;

/**
 * The settings of training that all methods have. The settings of a method are a record; its components are stored in run files, compared between
 * runs, and included in fingerprints.
 *
 * <pre>{@code
 * DecompositionSettings settings = ApdConfig.paperTms5to2();
 * System.out.println(settings.steps() + " steps of " + settings.batch() + " samples");
 * }</pre>
 */
public interface DecompositionSettings {

    /** Returns the number of samples per step, at least 1. */
    int batch();

    /** Returns the number of steps of the run, at least 1. */
    int steps();

    /** Returns the learning rate before its schedule, above 0. */
    double learningRate();

    /** Returns the schedule of the learning rate. */
    Schedule schedule();
}
