package org.apd4j.decomposition;

import org.apd4j.training.Schedule;

/**
 * What the settings of every method say of its training. A method's settings are a record: its components are what a run file holds, what two
 * runs are compared by, and what a fingerprint is taken of.
 *
 * <pre>{@code
 * DecompositionSettings settings = ApdConfig.paperTms5to2();
 * System.out.println(settings.steps() + " steps of " + settings.batch() + " samples");
 * }</pre>
 */
public interface DecompositionSettings {

    /** Returns the number of samples a step, at least 1. */
    int batch();

    /** Returns the number of steps of the run, at least 1. */
    int steps();

    /** Returns the learning rate before its schedule, above 0. */
    double learningRate();

    /** Returns the schedule of the learning rate. */
    Schedule schedule();
}
