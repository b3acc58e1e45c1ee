package org.apd4j.measures.internal;

import org.apd4j.data.SparseFeatures;
import org.apd4j.decomposition.Components;
import org.apd4j.targets.Target;

/** Checks of what a measure needs from its target and its arguments, with one message for all measures. */
public final class Requirements {

    private Requirements() {
    }

    /**
     * Returns the target's data as sparse features.
     *
     * @param measure name of the measure, with its article, for the message
     * @throws IllegalArgumentException if the data are not sparse features
     */
    public static SparseFeatures sparseFeatures(Target target, String measure) {
        if (target.data() instanceof SparseFeatures features) {
            return features;
        }
        throw new IllegalArgumentException(measure + " is measured on sparse features; the data of '" + target.name() + "' is " + target.data());
    }

    /**
     * Checks that a target has one output for each feature.
     *
     * @param measure name of the measure, with its article, for the message
     * @throws IllegalArgumentException if it has more or fewer outputs than features
     */
    public static void outputPerFeature(Target target, String measure) {
        int features = target.network().inputs();
        if (target.network().outputs() != features) {
            throw new IllegalArgumentException(measure + " needs an output for every feature; '" + target.name() + "' has " + features
                    + " features and " + target.network().outputs() + " outputs");
        }
    }

    /**
     * Checks that a number of samples, points or ablations is large enough.
     *
     * @param name name of the argument, for the message
     * @throws IllegalArgumentException if {@code value} is below {@code least}
     */
    public static void atLeast(int least, int value, String name) {
        if (value < least) {
            throw new IllegalArgumentException(name + " is " + value + "; it must be at least " + least);
        }
    }

    /**
     * Checks that a target has a feature.
     *
     * @throws IllegalArgumentException if it has no feature of that number
     */
    public static void feature(Target target, int feature) {
        if (feature < 0 || feature >= target.network().inputs()) {
            throw new IllegalArgumentException("'" + target.name() + "' has no feature " + feature + "; its features are 0 … "
                    + (target.network().inputs() - 1));
        }
    }

    /**
     * Checks that components span all matrices.
     *
     * @param measure name of the measure that needs it, in the plural, for the message
     * @throws IllegalArgumentException if each matrix has components of its own
     */
    public static void sharedComponents(Components components, String measure) {
        if (!components.isShared()) {
            throw new IllegalArgumentException(measure + " need components that span all matrices; here each matrix has its own");
        }
    }
}
