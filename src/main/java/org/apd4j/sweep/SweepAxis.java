package org.apd4j.sweep;

import java.util.Arrays;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.ObjDoubleConsumer;
import org.apd4j.decomposition.DecompositionSettings;

/**
 * A setting of a decomposition and the values that a {@link Sweep} tries for it.
 *
 * <pre>{@code
 * SweepAxis<ApdConfig> simplicity = ApdAxis.simplicity(0.1, 1, 10);
 * SweepAxis<ApdConfig> rank = SweepAxis.of("rank", (config, value) -> config.with(c -> c.rank = (int) value), 1, 2, 5);
 * Sweep.of(Apd.METHOD, target.trained(), ApdConfig.paperTms5to2(), simplicity, rank, 2).train();
 * }</pre>
 *
 * @param name   the setting's name, for titles and tables
 * @param values the values, in the order in which figures and tables show them
 * @param change how a value is put into the settings
 * @param <S>    the method's settings
 */
public record SweepAxis<S extends Record & DecompositionSettings>(String name, List<Double> values, Change<S> change) {

    /**
     * Puts a value into settings.
     *
     * @param <S> the method's settings
     */
    @FunctionalInterface
    public interface Change<S> {

        /**
         * Returns the settings with a value in them.
         *
         * @throws IllegalArgumentException if the setting cannot have that value
         */
        S apply(S settings, double value);
    }

    /** @throws IllegalArgumentException if there is no value */
    public SweepAxis {
        values = List.copyOf(values);
        if (values.isEmpty()) {
            throw new IllegalArgumentException("the axis '" + name + "' has no values; it needs at least one");
        }
    }

    /** Returns an axis for any setting. */
    public static <S extends Record & DecompositionSettings> SweepAxis<S> of(String name, Change<S> change, double... values) {
        return new SweepAxis<>(name, Arrays.stream(values).boxed().toList(), change);
    }

    /**
     * Returns an axis for a setting that is changed by its name, for a method's own class of axes.
     *
     * @param with   the settings' method {@code with}
     * @param change assigns the value to a field
     * @param <F>    the type of the fields that {@code with} changes
     */
    public static <S extends Record & DecompositionSettings, F> SweepAxis<S> ofFields(String name, BiFunction<S, Consumer<F>, S> with,
                                                                                      ObjDoubleConsumer<F> change, double... values) {
        return of(name, (settings, value) -> with.apply(settings, fields -> change.accept(fields, value)), values);
    }

    /** Returns the settings with the value at an index. */
    S in(S settings, int index) {
        return change.apply(settings, values.get(index));
    }
}
