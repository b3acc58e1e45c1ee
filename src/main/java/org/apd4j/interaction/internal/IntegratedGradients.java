package org.apd4j.interaction.internal;

import java.util.List;
import java.util.Optional;
import org.apd4j.interaction.BasisKind;
import org.apd4j.interaction.Integration;
import org.apd4j.math.internal.DoubleGemm;
import org.apd4j.math.internal.DoubleMatrix;

/**
 * The matrices {@code M′ = 1/(S N) Σ g gᵀ} and {@code Λ′ = 1/(S N) Σ g fᵀ} of the two older bases, with the integrated gradient
 * {@code g = Σ_α w_α ∂H_α/∂(αf)} of a scalar H.
 */
final class IntegratedGradients {

    private final Section section;
    private final BasisKind kind;
    private final List<Integration.Point> points;
    private final Optional<DoubleMatrix> next;
    private final DoubleMatrix squares;
    private final DoubleMatrix products;
    private int rows;

    IntegratedGradients(Section section, BasisKind kind, List<Integration.Point> points, Optional<DoubleMatrix> next) {
        this.section = section;
        this.kind = kind;
        this.points = points;
        this.next = next;
        this.squares = DoubleMatrix.zeros(section.inputs(), section.inputs());
        this.products = DoubleMatrix.zeros(section.inputs(), section.inputs());
    }

    /** Adds samples {@code [samples · S, d]}. */
    void add(DoubleMatrix f) {
        rows += f.rows();
        DoubleMatrix whole = rotated(section.value(f));
        DoubleMatrix g = DoubleMatrix.zeros(f.rows(), f.columns());
        for (Integration.Point point : points) {
            Section.Run run = section.run(f.copy().scale(point.alpha()));
            DoubleMatrix seed = kind == BasisKind.INTEGRATED_PRODUCT ? whole : whole.copy().add(-1, rotated(run.output())).scale(2);
            g.add(point.weight(), run.pull(next.isPresent() ? DoubleGemm.productTransposed(seed, next.get()) : seed));
        }
        DoubleGemm.addTransposedProduct(g, g, squares);
        DoubleGemm.addTransposedProduct(g, f, products);
    }

    private DoubleMatrix rotated(DoubleMatrix output) {
        return next.isPresent() ? DoubleGemm.product(output, next.get()) : output;
    }

    /** Returns M′ of all samples added. */
    DoubleMatrix squares() {
        return squares.copy().scale(1.0 / rows);
    }

    /** Returns Λ′ of all samples added. */
    DoubleMatrix products() {
        return products.copy().scale(1.0 / rows);
    }
}
