package org.apd4j.charts;

import java.awt.Color;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import org.apd4j.charts.internal.Palette;

/**
 * A named sequence of values in a chart.
 *
 * <pre>{@code
 * var ours = new Series("ours", 1, 2, 3).withSpread(0.1, 0.1, 0.2);
 * var paper = new Series("paper", 1, 2, 3.1).asReference();
 * Charts.bars("Losses", "k", List.of("1", "2", "3"), "loss", List.of(ours, paper))
 * }</pre>
 *
 * @param name   label in the legend
 * @param values one for each place on the x axis; NaN leaves a gap
 * @param spread one standard deviation for each value, half the length of its error bar; empty for no error bars
 * @param color  its colour; empty for the next of the palette
 * @param dashed whether its line is dashed
 */
public record Series(String name, double[] values, double[] spread, Optional<Color> color, boolean dashed) {

    public Series {
        Objects.requireNonNull(name, "name");
        values = values.clone();
        spread = spread.clone();
        if (spread.length > 0) {
            requireOneForEach(name, values, spread);
        }
    }

    /** Makes a series with a solid line, or bars, in the next colour of the palette. */
    public Series(String name, double... values) {
        this(name, values, new double[0], Optional.empty(), false);
    }

    private static void requireOneForEach(String name, double[] values, double[] spread) {
        if (spread.length != values.length) {
            throw new IllegalArgumentException("series '" + name + "' has " + values.length + " values but " + spread.length + " error bars");
        }
    }

    /**
     * Returns this series with error bars of ± these.
     *
     * @throws IllegalArgumentException if their number is not that of the values
     */
    public Series withSpread(double... spread) {
        requireOneForEach(name, values, spread);
        return new Series(name, values, spread, color, dashed);
    }

    /** Returns this series in this colour. */
    public Series in(Color color) {
        return new Series(name, values, spread, Optional.of(color), dashed);
    }

    /** Returns this series as a baseline, grey and dashed. */
    public Series asReference() {
        return new Series(name, values, spread, Optional.of(Palette.REFERENCE), true);
    }

    /** Returns its colour, or the one with this number in the palette. */
    public Color colorOr(int index) {
        return color.orElseGet(() -> Palette.category(index));
    }

    @Override
    public double[] values() {
        return values.clone();
    }

    @Override
    public double[] spread() {
        return spread.clone();
    }

    @Override
    public String toString() {
        return name + " " + Arrays.toString(values) + (spread.length == 0 ? "" : " ± " + Arrays.toString(spread));
    }
}
