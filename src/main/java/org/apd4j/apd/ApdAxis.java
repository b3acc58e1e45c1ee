package org.apd4j.apd;

import org.apd4j.decomposition.Selection;
import org.apd4j.sweep.SweepAxis;

/**
 * Settings of APD as axes of a {@link org.apd4j.sweep.Sweep}.
 *
 * <pre>{@code
 * var rows = ApdAxis.of("minimality", (c, value) -> c.minimality = value, 1, 10);
 * var sweep = Sweep.of(Apd.METHOD, target.trained(), ApdConfig.paperTms5to2(), rows, ApdAxis.batchTopK(0.211, 0.3), 1);
 * }</pre>
 */
public final class ApdAxis {

    private ApdAxis() {
    }

    /** Puts a value into settings that are being changed. */
    @FunctionalInterface
    public interface Change {
        /** Assigns the value to a field. */
        void apply(ApdConfig.Fields fields, double value);
    }

    /** Returns an axis for any setting. */
    public static SweepAxis<ApdConfig> of(String name, Change change, double... values) {
        return SweepAxis.ofFields(name, ApdConfig::with, change::apply, values);
    }

    /** Returns an axis for the coefficient of the simplicity loss. */
    public static SweepAxis<ApdConfig> simplicity(double... values) {
        return of("simplicity", (fields, value) -> fields.simplicity = value, values);
    }

    /** Returns an axis for k of the batch top-k. */
    public static SweepAxis<ApdConfig> batchTopK(double... values) {
        return of("k", (fields, value) -> fields.sparsity = Selection.batchTopK(value), values);
    }
}
