package org.apd4j.spd;

import org.apd4j.sweep.SweepAxis;

/**
 * Settings of SPD as axes of a {@link org.apd4j.sweep.Sweep}.
 *
 * <pre>{@code
 * var rows = SpdAxis.importanceMinimality(1e-3, 3e-3, 1e-2);
 * var sweep = Sweep.of(Spd.METHOD, target.trained(), SpdConfig.paperTms5to2(), rows, SpdAxis.power(1, 2), 1);
 * }</pre>
 */
public final class SpdAxis {

    private SpdAxis() {
    }

    /** Puts a value into settings that are being changed. */
    @FunctionalInterface
    public interface Change {
        /** Assigns the value to a field. */
        void apply(SpdConfig.Fields fields, double value);
    }

    /** Returns an axis for any setting. */
    public static SweepAxis<SpdConfig> of(String name, Change change, double... values) {
        return SweepAxis.ofFields(name, SpdConfig::with, change::apply, values);
    }

    /** Returns an axis for the coefficient of importance minimality. */
    public static SweepAxis<SpdConfig> importanceMinimality(double... values) {
        return of("importance minimality", (fields, value) -> fields.importanceMinimality = value, values);
    }

    /** Returns an axis for the power p of importance minimality. */
    public static SweepAxis<SpdConfig> power(double... values) {
        return of("p", (fields, value) -> fields.power = value, values);
    }
}
