package org.apd4j.measures.residual;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.apd4j.data.SparseFeatures;
import org.apd4j.math.Matrix;
import org.apd4j.math.SparseRows;
import org.apd4j.measures.internal.Requirements;
import org.apd4j.measures.internal.WeightedNetwork;
import org.apd4j.targets.Labels;
import org.apd4j.targets.Target;

/**
 * The response of a target to a single active feature (paper section 3.2, the first two figures).
 *
 * <pre>{@code
 * var response = OneFeatureResponse.of(mlpRun.target(), 42, 201);
 * ResidualMlpFigures.oneFeature(response)
 * }</pre>
 *
 * @param feature  index i of the feature
 * @param outputs  all outputs for {@code x_i = 1}
 * @param labels   the true labels of these outputs
 * @param inputs   values of {@code x_i}, evenly spaced over the data's range, both ends included
 * @param response output i for each of these values
 * @param expected the true label for each of these values
 */
public record OneFeatureResponse(int feature, List<Double> outputs, List<Double> labels, List<Double> inputs, List<Double> response,
                                 List<Double> expected) {

    public OneFeatureResponse {
        outputs = List.copyOf(outputs);
        labels = List.copyOf(labels);
        inputs = List.copyOf(inputs);
        response = List.copyOf(response);
        expected = List.copyOf(expected);
    }

    /**
     * Measures the response to one feature.
     *
     * @param points number of values of {@code x_i}, at least 2
     * @throws IllegalArgumentException if the target has no such feature, no output for every feature, or data that are not sparse features, or if
     *                                  {@code points} is below 2
     */
    public static OneFeatureResponse of(Target target, int feature, int points) {
        Requirements.feature(target, feature);
        return of(target, WeightedNetwork.of(target.network()), feature, points);
    }

    /**
     * Measures the response to every feature.
     *
     * @param points number of values of {@code x_i}, at least 2
     * @throws IllegalArgumentException if the target has no output for every feature, or data that are not sparse features, or if {@code points} is
     *                                  below 2
     */
    public static List<OneFeatureResponse> all(Target target, int points) {
        WeightedNetwork network = WeightedNetwork.of(target.network());
        return IntStream.range(0, target.network().inputs()).mapToObj(feature -> of(target, network, feature, points)).toList();
    }

    private static OneFeatureResponse of(Target target, WeightedNetwork network, int feature, int points) {
        SparseFeatures data = Requirements.sparseFeatures(target, "the response to one feature");
        Requirements.outputPerFeature(target, "the response to one feature");
        Requirements.atLeast(2, points, "points");
        SparseRows x = new SparseRows(data.features());
        x.add(feature, 1);
        x.endRow();
        List<Double> inputs = new ArrayList<>();
        for (int p = 0; p < points; p++) {
            double value = data.low() + (data.high() - data.low()) * p / (points - 1);
            inputs.add(value);
            x.add(feature, (float) value);
            x.endRow();
        }
        Matrix y = network.output(x);
        Labels labels = target.labels();
        return new OneFeatureResponse(feature,
                IntStream.range(0, y.columns()).mapToObj(o -> (double) y.get(0, o)).toList(),
                IntStream.range(0, y.columns()).mapToObj(o -> o == feature ? (double) labels.of(1) : 0).toList(),
                inputs,
                IntStream.range(1, y.rows()).mapToObj(row -> (double) y.get(row, feature)).toList(),
                inputs.stream().map(value -> (double) labels.of(value.floatValue())).toList());
    }

    /** Returns the largest size of an output other than the feature's own, for {@code x_i = 1}; 0 if there is no other. */
    public double largestOther() {
        return IntStream.range(0, outputs.size()).filter(o -> o != feature).mapToDouble(o -> Math.abs(outputs.get(o))).max().orElse(0);
    }

    /** Returns the outputs for {@code x_i = 1} in one sentence. */
    public String summary() {
        return String.format(Locale.ROOT, "x_%d = 1: output %.2f, label %.0f; the largest |other output| is %.2f", feature, outputs.get(feature),
                labels.get(feature), largestOther());
    }
}
