package org.apd4j.interaction;

import java.util.Arrays;
import java.util.List;
import org.apd4j.interaction.internal.LayerBasis;
import org.apd4j.math.Statistics;
import org.apd4j.math.internal.DoubleMatrix;
import org.apd4j.math.internal.Grid;

/**
 * The basis of a node layer: {@code f̂ = f · C} and {@code f ≈ f̂ · C⁺}. Node 0 is the constant, if centred; the others are ordered by decreasing
 * effect. The sign of a node is arbitrary.
 *
 * <pre>{@code
 * NodeBasis basis = interactions.layer("layers.1");
 * double strongest = basis.effects().get(1);
 * }</pre>
 *
 * @param layer     name of the node layer
 * @param mean      mean activation μ {@code [d]}, the constant included
 * @param variances D of the principal components that the first threshold left {@code [k]}; empty for neurons, and for logits that are not rotated
 * @param effects   Λ of the nodes {@code [n]}, how strongly the rest of the network reacts to each; empty unless the basis has them
 * @param basis     C {@code [d, n]}
 * @param inverse   C⁺ {@code [n, d]}
 */
public record NodeBasis(String layer, List<Double> mean, List<Double> variances, List<Double> effects, Grid basis, Grid inverse) {

    public NodeBasis {
        mean = List.copyOf(mean);
        variances = List.copyOf(variances);
        effects = List.copyOf(effects);
    }

    static NodeBasis of(LayerBasis found) {
        DoubleMatrix identity = DoubleMatrix.identity(found.width());
        List<Double> effects = found.jacobians().map(step -> {
            double[] ordered = new double[found.nodes()];
            Arrays.setAll(ordered, i -> step.effects()[step.order()[i]]);
            return Statistics.list(ordered);
        }).orElse(List.of());
        return new NodeBasis(found.boundary().name(), Statistics.list(found.mean()), found.principal().map(step -> Statistics.list(step.variances()))
                .orElse(List.of()), effects, found.basis().orElse(identity).toGrid(), found.inverse().orElse(identity).toGrid());
    }

    /** Returns the width d of the node layer. */
    public int width() {
        return basis.rows();
    }

    /** Returns the number n of nodes. */
    public int nodes() {
        return basis.columns();
    }

    @Override
    public String toString() {
        return layer + ": " + nodes() + " nodes of " + width();
    }
}
