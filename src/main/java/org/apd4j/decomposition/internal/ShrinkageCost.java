package org.apd4j.decomposition.internal;

import java.util.LinkedHashMap;
import java.util.Map;
import org.apd4j.decomposition.Divergence;
import org.apd4j.math.Matrix;
import org.apd4j.math.SparseRows;
import org.apd4j.network.Network;
import org.apd4j.network.Parameter;
import org.apd4j.network.internal.Softmax;

/**
 * The sensitivity of a network's output to shrinkage of its weights: with all weights scaled by {@code 1 − s}, s small, the minimality loss is
 * {@code κ s²}.
 */
public final class ShrinkageCost {

    private ShrinkageCost() {
    }

    /** Returns κ, measured with weights scaled by {@code 1 − part}. */
    public static double cost(Network network, SparseRows x, Divergence divergence, double part) {
        Map<String, Matrix> shorter = new LinkedHashMap<>();
        for (Parameter parameter : network.weights()) {
            Matrix values = parameter.values().copy();
            for (int i = 0; i < values.size(); i++) {
                values.data()[i] *= (float) (1 - part);
            }
            shorter.put(parameter.name(), values);
        }
        Matrix y = network.forward(x.toDense());
        Matrix changed = network.with(shorter).forward(x.toDense());
        return (divergence == Divergence.KL ? divergence(y, changed) : y.squaredDistance(changed) / y.size()) / (part * part);
    }

    /** Returns the error of the output with all weights 0: of a decomposition, that without any component. */
    public static double withoutWeights(Network network, SparseRows x, Divergence divergence) {
        return cost(network, x, divergence, 1);
    }

    private static double divergence(Matrix y, Matrix other) {
        double sum = 0;
        for (int row = 0; row < y.rows(); row++) {
            double normal = Softmax.logSumExp(y, row);
            double otherNormal = Softmax.logSumExp(other, row);
            for (int o = 0; o < y.columns(); o++) {
                double log = y.get(row, o) - normal;
                sum += Math.exp(log) * (log - (other.get(row, o) - otherNormal));
            }
        }
        return sum / y.rows();
    }
}
