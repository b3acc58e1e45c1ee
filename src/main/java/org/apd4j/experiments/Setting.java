package org.apd4j.experiments;

import java.util.Arrays;
import java.util.List;
import org.apd4j.decomposition.ApdConfig;
import org.apd4j.decomposition.Selection;

/**
 * A setting of a decomposition, and the values to try.
 *
 * <pre>{@code
 * Setting simplicity = Setting.simplicity(0.1, 1, 10);
 * Setting rank = Setting.of("rank", (fields, value) -> fields.rank = (int) value, 1, 2, 5);
 * Sensitivity.of(TmsExperiment.fiveToTwo(Profile.QUICK), simplicity, rank, 2).train();
 * }</pre>
 *
 * @param name   for people
 * @param values the values, in the order of a figure
 * @param change how a value goes into a configuration
 */
public record Setting(String name, List<Double> values, Change change) {

    /** Puts a value into a configuration. */
    @FunctionalInterface
    public interface Change {
        void apply(ApdConfig.Fields fields, double value);
    }

    /** @throws IllegalArgumentException if there is no value */
    public Setting {
        values = List.copyOf(values);
        if (values.isEmpty()) {
            throw new IllegalArgumentException("'" + name + "' has no values; it must have at least one");
        }
    }

    /** Any setting: {@code Setting.of("minimality", (c, value) -> c.minimality = value, 1, 10)}. */
    public static Setting of(String name, Change change, double... values) {
        return new Setting(name, Arrays.stream(values).boxed().toList(), change);
    }

    /** The coefficient of the simplicity loss. */
    public static Setting simplicity(double... values) {
        return of("simplicity", (fields, value) -> fields.simplicity = value, values);
    }

    /** k of the batch top-k. */
    public static Setting batchTopK(double... values) {
        return of("k", (fields, value) -> fields.sparsity = Selection.batchTopK(value), values);
    }

    /** The configuration with one of the values. */
    public ApdConfig in(ApdConfig config, int index) {
        return config.with(fields -> change.apply(fields, values.get(index)));
    }
}
