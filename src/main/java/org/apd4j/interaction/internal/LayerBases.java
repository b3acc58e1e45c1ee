package org.apd4j.interaction.internal;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.apd4j.interaction.BasisKind;
import org.apd4j.interaction.Integration;
import org.apd4j.interaction.InteractionConfig;
import org.apd4j.math.internal.DoubleGemm;
import org.apd4j.math.internal.DoubleMatrix;

/** The computation of the bases of all node layers, from the last one to the first. */
public final class LayerBases {

    private final Program program;
    private final List<Boundary> layers;
    private final InteractionConfig config;

    private LayerBases(Program program, List<Boundary> layers, InteractionConfig config) {
        this.program = program;
        this.layers = layers;
        this.config = config;
    }

    /** A source of seeds for a node layer, by its index. */
    @FunctionalInterface
    public interface SeedSource {
        /** Returns the seeds of the section that begins at a node layer, given its output positions and nodes. */
        Seeds of(int layer, int positions, int nodes);
    }

    /**
     * Returns the bases of node layers, in their order.
     *
     * @param samples     {@code [N, inputs]} of Jacobians
     * @param gramSamples {@code [N, inputs]} of means and Gram matrices
     * @throws IllegalArgumentException if there are too few samples, activations that are not finite, or nothing is left by the threshold
     */
    public static List<LayerBasis> of(Program program, List<Boundary> layers, DoubleMatrix samples, DoubleMatrix gramSamples,
            InteractionConfig config) {
        return of(program, layers, samples, gramSamples, config, (layer, positions, nodes) -> Seeds.of(config, layer, positions, nodes));
    }

    /** Returns the same with given seeds. */
    public static List<LayerBasis> of(Program program, List<Boundary> layers, DoubleMatrix samples, DoubleMatrix gramSamples,
            InteractionConfig config,
                                      SeedSource seeds) {
        return new LayerBases(program, layers, config).compute(samples, gramSamples, seeds);
    }

    private List<LayerBasis> compute(DoubleMatrix samples, DoubleMatrix gramSamples, SeedSource seeds) {
        check(gramSamples);
        List<double[]> means = means(gramSamples);
        List<DoubleMatrix> grams = grams(gramSamples, means);
        List<LayerBasis> bases = new ArrayList<>();
        for (int l = layers.size() - 1; l >= 0; l--) {
            boolean isLast = l == layers.size() - 1;
            LayerBasis next = isLast ? null : bases.get(config.gradientFlow() ? 0 : bases.size() - 1);
            bases.add(next == null ? last(layers.get(l), means.get(l), grams.get(l))
                    : earlier(l, means.get(l), grams.get(l), next, samples, seeds));
        }
        Collections.reverse(bases);
        return List.copyOf(bases);
    }

    /** Checks what can be checked before anything is computed on all samples. */
    private void check(DoubleMatrix samples) {
        for (int l = 0; l < layers.size(); l++) {
            Boundary layer = layers.get(l);
            boolean isLast = l == layers.size() - 1;
            boolean needsGram = isLast ? config.rotateLast() : config.basis() != BasisKind.NEURONS;
            long rows = (long) samples.rows() * program.positions(layer);
            if (needsGram && rows < program.width(layer)) {
                throw new IllegalArgumentException("node layer '" + layer.name() + "' is " + program.width(layer) + " wide, and the data gives "
                        + rows
                        + " vectors for its Gram matrix; it needs at least as many as it is wide");
            }
        }
    }

    private List<double[]> means(DoubleMatrix samples) {
        List<double[]> means = new ArrayList<>();
        layers.forEach(layer -> means.add(new double[program.width(layer)]));
        Batches.forEach(program, samples, part -> program.valuesAt(layers, part, (l, f) -> {
            if (!f.isFinite()) {
                throw new IllegalArgumentException("the activations at node layer '" + layers.get(l).name()
                        + "' have a value that is infinite or NaN");
            }
            double[] sum = means.get(l);
            for (int row = 0; row < f.rows(); row++) {
                for (int j = 0; j < sum.length; j++) {
                    sum[j] += f.get(row, j);
                }
            }
        }));
        for (int l = 0; l < layers.size(); l++) {
            double rows = (double) samples.rows() * program.positions(layers.get(l));
            double[] mean = means.get(l);
            for (int j = 0; j < mean.length; j++) {
                mean[j] /= rows;
            }
        }
        return means;
    }

    private List<DoubleMatrix> grams(DoubleMatrix samples, List<double[]> means) {
        List<DoubleMatrix> grams = new ArrayList<>();
        layers.forEach(layer -> grams.add(DoubleMatrix.zeros(program.width(layer), program.width(layer))));
        Batches.forEach(program, samples, part -> program.valuesAt(layers, part, (l, f) -> {
            DoubleMatrix shifted = f;
            // logits have no constant, whose entry of the shift is 0
            if (config.centred() && !layers.get(l).isOutput()) {
                double[] mean = means.get(l);
                shifted = DoubleMatrix.of(f.rows(), f.columns(), (row, j) -> j < mean.length - 1 ? f.get(row, j) - mean[j] : f.get(row, j));
            }
            DoubleGemm.addTransposedProduct(shifted, shifted, grams.get(l));
        }));
        for (int l = 0; l < layers.size(); l++) {
            DoubleMatrix gram = grams.get(l).scale(1.0 / ((double) samples.rows() * program.positions(layers.get(l))));
            if (!gram.isFinite()) {
                throw new IllegalArgumentException("the activations at node layer '" + layers.get(l).name()
                        + "' are so large that their Gram matrix is not finite");
            }
        }
        return grams;
    }

    private LayerBasis last(Boundary layer, double[] mean, DoubleMatrix gram) {
        if (!config.rotateLast()) {
            return new LayerBasis(layer, mean, Optional.of(gram), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
        }
        PrincipalStep principal = principal(layer, mean, gram);
        return new LayerBasis(layer, mean, Optional.of(gram), Optional.of(principal), Optional.empty(), Optional.of(principal.basis()),
                Optional.of(principal.inverse()));
    }

    private PrincipalStep principal(Boundary layer, double[] mean, DoubleMatrix gram) {
        return PrincipalStep.of(layer.name(), gram, mean, config.centred(), config.isolateVariance() && layer.hasVariance(), config.threshold());
    }

    private LayerBasis earlier(int l, double[] mean, DoubleMatrix gram, LayerBasis next, DoubleMatrix samples, SeedSource seeds) {
        Boundary layer = layers.get(l);
        if (config.basis() == BasisKind.NEURONS) {
            DoubleMatrix identity = DoubleMatrix.identity(mean.length);
            return new LayerBasis(layer, mean, Optional.of(gram), Optional.empty(), Optional.empty(), Optional.of(identity), Optional.of(identity));
        }
        PrincipalStep principal = principal(layer, mean, gram);
        if (config.basis() == BasisKind.PRINCIPAL_COMPONENTS) {
            return new LayerBasis(layer, mean, Optional.of(gram), Optional.of(principal), Optional.empty(), Optional.of(principal.basis()),
                    Optional.of(principal.inverse()));
        }
        Section section = program.section(layer, next.boundary());
        List<Integration.Point> points = config.points(layer.name());
        JacobianStep step;
        if (config.basis() == BasisKind.JACOBIAN) {
            boolean isExact = config.positionSources() == 0 && config.hiddenSources() == 0;
            Seeds ofLayer = seeds.of(l, section.outputPositions(), next.nodes());
            JacobianGram gramOfJacobians = new JacobianGram(section, points, next.basis(), ofLayer, isExact);
            Batches.forEach(program, layer, samples, gramOfJacobians::add);
            step = JacobianStep.of(layer.name(), principal, gramOfJacobians.result(), Optional.empty(), config.threshold());
        } else {
            IntegratedGradients gradients = new IntegratedGradients(section, config.basis(), points, next.basis());
            Batches.forEach(program, layer, samples, gradients::add);
            step = JacobianStep.of(layer.name(), principal, gradients.squares(), Optional.of(gradients.products()), config.threshold());
        }
        return new LayerBasis(layer, mean, Optional.of(gram), Optional.of(principal), Optional.of(step), Optional.of(step.basis()),
                Optional.of(step.inverse()));
    }
}
