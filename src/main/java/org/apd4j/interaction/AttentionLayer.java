package org.apd4j.interaction;

import java.util.List;
import org.apd4j.math.Statistics;
import org.apd4j.math.internal.DoubleMatrix;
import org.apd4j.math.internal.Grid;
import org.apd4j.math.internal.PlainNumber;

/**
 * The attention of a transformer block in double precision: heads of one size, each of which moves a weighted mean of values from key positions to a
 * query position, and a bias. Causal and scaled by {@code 1/√d_head}, unless changed.
 *
 * <pre>{@code
 * DenseLayer map = DenseLayer.of(new double[][] {{1}, {2}}, new double[] {0});
 * AttentionLayer.Head head = new AttentionLayer.Head(map, map, map, Grid.of(1, 2, (i, j) -> 1));
 * AttentionLayer attention = AttentionLayer.of(List.of(head), new double[2]);
 * }</pre>
 *
 * @param heads  at least one
 * @param bias   of the sum of all heads {@code [d_model]}
 * @param causal whether a position sees only itself and earlier ones
 * @param scaled whether the scores are divided by the square root of a head's width; GPT-Neo's are not
 * @param window number of positions seen at most, counted back from the own one, which is included; {@link Integer#MAX_VALUE} for all
 */
public record AttentionLayer(List<Head> heads, List<Double> bias, boolean causal, boolean scaled, int window) {

    /**
     * A head.
     *
     * @param query  {@code [d_model, d_head]}
     * @param key    {@code [d_model, d_head]}
     * @param value  {@code [d_model, d_head]}
     * @param output {@code [d_head, d_model]}
     */
    public record Head(DenseLayer query, DenseLayer key, DenseLayer value, Grid output) {

        /** @throws IllegalArgumentException if the maps do not fit each other, or a weight is not finite */
        public Head {
            for (DenseLayer map : List.of(key, value)) {
                if (map.weights().rows() != query.weights().rows() || map.weights().columns() != query.weights().columns()) {
                    throw new IllegalArgumentException("a head has queries " + query.weights() + ", keys " + key.weights() + " and values "
                            + value.weights() + "; all three must have the same shape");
                }
            }
            if (output.rows() != query.weights().columns() || output.columns() != query.weights().rows()) {
                throw new IllegalArgumentException("a head has queries " + query.weights() + " and an output " + output + "; it must be ["
                        + query.weights().columns() + ", " + query.weights().rows() + "]");
            }
            if (!DoubleMatrix.of(output).isFinite()) {
                throw new IllegalArgumentException("a weight of a head's output is infinite or NaN");
            }
        }
    }

    /** @throws IllegalArgumentException if there are no heads, they differ in shape, or the bias does not fit them */
    public AttentionLayer {
        heads = List.copyOf(heads);
        bias = List.copyOf(bias);
        if (heads.isEmpty()) {
            throw new IllegalArgumentException("attention needs at least one head");
        }
        Grid first = heads.get(0).output();
        for (Head head : heads) {
            if (head.output().rows() != first.rows() || head.output().columns() != first.columns()) {
                throw new IllegalArgumentException("the heads have outputs " + first + " and " + head.output() + "; all must have the same shape");
            }
        }
        if (bias.size() != first.columns()) {
            throw new IllegalArgumentException("the heads have outputs " + first + " and the bias has " + bias.size() + " values; it needs "
                    + first.columns());
        }
        bias.stream().filter(value -> !Double.isFinite(value)).findFirst().ifPresent(value -> {
            throw new IllegalArgumentException("a bias is " + PlainNumber.of(value));
        });
        if (window < 1) {
            throw new IllegalArgumentException("the window of attention is " + window + "; it must be at least 1, the own position");
        }
    }

    /** Returns causal attention with scaled scores and no limit to how far it looks back. */
    public static AttentionLayer of(List<Head> heads, double[] bias) {
        return new AttentionLayer(heads, Statistics.list(bias), true, true, Integer.MAX_VALUE);
    }

    /** Returns the same with every position seen from every other one. */
    public AttentionLayer notCausal() {
        return new AttentionLayer(heads, bias, false, scaled, window);
    }

    /** Returns the same with scores that are not divided by the square root of a head's width. */
    public AttentionLayer unscaled() {
        return new AttentionLayer(heads, bias, causal, false, window);
    }

    /** Returns the same with only the last positions seen, the own one among them. */
    public AttentionLayer within(int positions) {
        return new AttentionLayer(heads, bias, causal, scaled, positions);
    }

    /** Returns the width of the residual stream. */
    public int width() {
        return bias.size();
    }

    /** Returns the width of a head. */
    public int headWidth() {
        return heads.get(0).output().rows();
    }

    @Override
    public String toString() {
        return heads.size() + (causal ? " causal" : "") + " heads of " + headWidth() + ", stream of " + width();
    }
}
