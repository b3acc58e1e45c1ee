package org.apd4j.sweep;

import java.util.Arrays;
import java.util.List;
import org.apd4j.apd.ApdConfig;
import org.apd4j.decomposition.Selection;

/**
 * A setting of a decomposition, and the values to try.
 *
 * <pre>{@code
 * SweepAxis simplicity = SweepAxis.simplicity(0.1, 1, 10);
 * SweepAxis rank = SweepAxis.of("rank", (fields, value) -> fields.rank = (int) value, 1, 2, 5);
 * Sensitivity.of(TmsExperiment.fiveToTwo(Profile.QUICK), simplicity, rank, 2).train();
 * }</pre>
 *
 * @param name   for people
 * @param values the values, in the order of a figure
 * @param change how a value goes into a configuration
 */
public record SweepAxis(String name, List<Double> values, Change change) {

    /** Puts a value into a configuration. */
    @FunctionalInterface
    public interface Change {
        void apply(ApdConfig.Fields fields, double value);
    }

    /** @throws IllegalArgumentException if there is no value */
    public SweepAxis {
        values = List.copyOf(values);
        if (values.isEmpty()) {
            throw new IllegalArgumentException("'" + name + "' has no values; it must have at least one");
        }
    }

    /** Any setting: {@code SweepAxis.of("minimality", (c, value) -> c.minimality = value, 1, 10)}. */
    public static SweepAxis of(String name, Change change, double... values) {
        return new SweepAxis(name, Arrays.stream(values).boxed().toList(), change);
    }

    /** The coefficient of the simplicity loss. */
    public static SweepAxis simplicity(double... values) {
        return of("simplicity", (fields, value) -> fields.simplicity = value, values);
    }

    /** k of the batch top-k. */
    public static SweepAxis batchTopK(double... values) {
        return of("k", (fields, value) -> fields.sparsity = Selection.batchTopK(value), values);
    }

    /** The configuration with one of the values. */
    public ApdConfig in(ApdConfig config, int index) {
        return config.with(fields -> change.apply(fields, values.get(index)));
    }
}
