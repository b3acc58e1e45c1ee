package org.apd4j.interaction.internal;

import java.util.Optional;
import org.apd4j.math.internal.DoubleMatrix;

/**
 * All that is known of a node layer. Symbols are those of the {@linkplain org.apd4j.interaction method's} description.
 *
 * @param boundary       the node layer
 * @param mean           μ {@code [d]}
 * @param gram           G {@code [d, d]}; empty where no principal components are taken
 * @param principal      the PCA step; empty for the neuron basis and for a last layer that is not rotated
 * @param jacobians      M′ and what follows from it; empty if the basis needs none
 * @param basis          C {@code [d, n]}; empty for a last layer that is not rotated
 * @param inverse        C⁺ {@code [n, d]}; empty like C
 */
public record LayerBasis(Boundary boundary, double[] mean, Optional<DoubleMatrix> gram, Optional<PrincipalStep> principal,
                         Optional<JacobianStep> jacobians, Optional<DoubleMatrix> basis, Optional<DoubleMatrix> inverse) {

    /** Returns the width d. */
    public int width() {
        return mean.length;
    }

    /** Returns the number n of nodes; d if there is no basis. */
    public int nodes() {
        return basis.map(DoubleMatrix::columns).orElse(mean.length);
    }
}
