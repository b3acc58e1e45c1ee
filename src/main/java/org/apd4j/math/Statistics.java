package org.apd4j.math;

import java.util.Arrays;
import java.util.List;

/**
 * Mean, spread and quantiles of numbers, the same ones in every figure and table.
 *
 * <pre>{@code
 * double mean = Statistics.mean(1, 2, 4);
 * double spread = Statistics.standardDeviation(1, 2, 4);
 * }</pre>
 */
public final class Statistics {

    private Statistics() {
    }

    /** The mean; NaN of no values. */
    public static double mean(double... values) {
        return Arrays.stream(values).sum() / values.length;
    }

    /** The same. */
    public static double mean(List<Double> values) {
        return mean(array(values));
    }

    /** The sample standard deviation, {@code sqrt(Σ (v − mean)² / (n − 1))}; NaN of fewer than two values. */
    public static double standardDeviation(double... values) {
        if (values.length < 2) {
            return Double.NaN;
        }
        double mean = mean(values);
        return Math.sqrt(Arrays.stream(values).map(value -> (value - mean) * (value - mean)).sum() / (values.length - 1));
    }

    /** The same. */
    public static double standardDeviation(List<Double> values) {
        return standardDeviation(array(values));
    }

    /** The quantile ½; of an even number of values the mean of the two in the middle. */
    public static double median(double... values) {
        return quantile(0.5, values);
    }

    /**
     * A quantile, linear between neighbours: of the sorted values {@code v_0 … v_{n−1}} the one at place {@code (n − 1) · fraction}
     * (type 7 of Hyndman and Fan 1996, NumPy's default). NaN of no values.
     *
     * @param fraction in [0, 1]
     * @throws IllegalArgumentException outside that range
     */
    public static double quantile(double fraction, double... values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return quantileOfSorted(fraction, sorted);
    }

    public static double quantileOfSorted(double fraction, double[] sorted) {
        if (!(fraction >= 0 && fraction <= 1)) {
            throw new IllegalArgumentException("fraction is " + fraction + "; it must be 0 … 1");
        }
        if (sorted.length == 0) {
            return Double.NaN;
        }
        double place = (sorted.length - 1) * fraction;
        int below = (int) place;
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
    }

    /**
     * Spearman's rank correlation of pairs, −1 … 1: that of the ranks, equal values sharing the mean of theirs. NaN if one side is
     * constant.
     *
     * @throws IllegalArgumentException if there are not as many values on both sides
     */
    public static double rankCorrelation(double[] one, double[] other) {
        if (one.length != other.length) {
            throw new IllegalArgumentException("there are " + one.length + " values on one side and " + other.length + " on the other");
        }
        double[] left = ranks(one);
        double[] right = ranks(other);
        double middle = mean(left);
        double product = 0;
        double leftSquares = 0;
        double rightSquares = 0;
        for (int i = 0; i < left.length; i++) {
            product += (left[i] - middle) * (right[i] - middle);
            leftSquares += (left[i] - middle) * (left[i] - middle);
            rightSquares += (right[i] - middle) * (right[i] - middle);
        }
        return product / Math.sqrt(leftSquares * rightSquares);
    }

    /** Half the number of smaller values and of values that are not larger. */
    private static double[] ranks(double[] values) {
        return Arrays.stream(values).map(value -> (Arrays.stream(values).filter(v -> v < value).count()
                + Arrays.stream(values).filter(v -> v <= value).count()) / 2.0).toArray();
    }

    /** Values as an array. */
    public static double[] array(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).toArray();
    }

    public static List<Double> list(double... values) {
        return Arrays.stream(values).boxed().toList();
    }
}
