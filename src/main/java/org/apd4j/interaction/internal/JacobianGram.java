package org.apd4j.interaction.internal;

import java.util.List;
import java.util.Optional;
import org.apd4j.interaction.Integration;
import org.apd4j.math.internal.DoubleGemm;
import org.apd4j.math.internal.DoubleMatrix;

/**
 * The matrix {@code M′ = 1/(S N) Σ_x Σ_s Σ_t Σ_i J_x[t,i; s,·]ᵀ J_x[t,i; s,·]} of a section, summed over batches. Linear maps at the beginning of the
 * section are multiplied out, and a layer of neurons with linear maps around it takes one product in place of one for each output node:
 * {@code M′ = W [(Σ m mᵀ) ⊙ C′C′ᵀ] Wᵀ} with the derivatives m of the neurons.
 */
final class JacobianGram {

    private final Section.Split split;
    private final Section rest;
    private final List<Integration.Point> points;
    private final Optional<DoubleMatrix> next;
    private final Seeds seeds;
    private final boolean isExact;
    private final DoubleMatrix sum;
    private int samples;

    /**
     * @param next    C′ {@code [d′, n′]}; empty for the identity
     * @param seeds   for the general case
     * @param isExact whether the seeds are unit vectors
     */
    JacobianGram(Section section, List<Integration.Point> points, Optional<DoubleMatrix> next, Seeds seeds, boolean isExact) {
        this.split = section.split();
        this.rest = split.rest();
        this.points = points;
        this.next = next;
        // one node at all positions at once, if each depends on its own input alone
        this.seeds = isExact && rest.isPositionwise() ? Seeds.ofNodes(rest.outputPositions(),
                next.map(DoubleMatrix::columns).orElse(rest.outputs())) : seeds;
        this.isExact = isExact;
        this.sum = DoubleMatrix.zeros(rest.inputs(), rest.inputs());
    }

    /**
     * Adds samples.
     *
     * @param f {@code [samples · S, d]}
     */
    void add(DoubleMatrix f) {
        int count = f.rows() / rest.inputPositions();
        int first = samples;
        samples += count;
        Optional<Section.Layer> layer = isExact ? rest.asLayer() : Optional.empty();
        if (isExact && rest.isEmpty()) {
            return;
        }
        DoubleMatrix entered = DoubleGemm.product(f, split.entry());
        List<Section.Run> runs = points.stream().map(point -> rest.run(entered.copy().scale(point.alpha()))).toList();
        if (layer.isPresent()) {
            DoubleMatrix slopes = DoubleMatrix.zeros(entered.rows(), entered.columns());
            for (int p = 0; p < points.size(); p++) {
                slopes.add(points.get(p).weight(), layer.get().function().derivatives(runs.get(p).tape()));
            }
            DoubleGemm.addTransposedProduct(slopes, slopes, sum);
            return;
        }
        for (int r = 0; r < seeds.count(); r++) {
            DoubleMatrix seed = seeds.vector(r, first, count);
            DoubleMatrix gradient = next.isPresent() ? DoubleGemm.productTransposed(seed, next.get()) : seed;
            DoubleMatrix g = null;
            for (int p = 0; p < points.size(); p++) {
                DoubleMatrix part = runs.get(p).pull(gradient);
                g = g == null ? part.copy().scale(points.get(p).weight()) : g.add(points.get(p).weight(), part);
            }
            if (g != null) {
                DoubleGemm.addTransposedProduct(g, g, sum);
            }
        }
    }

    /** Returns M′ {@code [d, d]} of all samples added. */
    DoubleMatrix result() {
        double rows = (double) rest.inputPositions() * samples;
        DoubleMatrix ofRest;
        if (isExact && rest.isEmpty()) {
            double weight = points.stream().mapToDouble(Integration.Point::weight).sum();
            DoubleMatrix exit = next.orElseGet(() -> DoubleMatrix.identity(rest.outputs()));
            ofRest = DoubleGemm.productTransposed(exit, exit).scale(weight * weight);
        } else if (isExact && rest.asLayer().isPresent()) {
            DoubleMatrix exit = rest.asLayer().get().exit();
            DoubleMatrix all = next.isPresent() ? DoubleGemm.product(exit, next.get()) : exit;
            DoubleMatrix outer = DoubleGemm.productTransposed(all, all);
            ofRest = DoubleMatrix.of(sum.rows(), sum.columns(), (a, b) -> sum.get(a, b) * outer.get(a, b) / rows);
        } else {
            ofRest = sum.copy().scale(1 / (rows * seeds.averaged()));
        }
        return DoubleGemm.productTransposed(DoubleGemm.product(split.entry(), ofRest), split.entry());
    }
}
