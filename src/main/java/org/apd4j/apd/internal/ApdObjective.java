package org.apd4j.apd.internal;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apd4j.apd.ApdConfig;
import org.apd4j.apd.LpPenalty;
import org.apd4j.decomposition.AttributionKind;
import org.apd4j.decomposition.Components;
import org.apd4j.decomposition.Factors;
import org.apd4j.decomposition.Importance;
import org.apd4j.decomposition.Loss;
import org.apd4j.decomposition.Mask;
import org.apd4j.decomposition.Objective;
import org.apd4j.decomposition.Selection;
import org.apd4j.decomposition.internal.Attributions;
import org.apd4j.decomposition.internal.ComponentSum;
import org.apd4j.decomposition.internal.DecomposedLayer;
import org.apd4j.decomposition.internal.Projections;
import org.apd4j.math.Matrix;
import org.apd4j.math.SparseRows;
import org.apd4j.math.internal.ColumnOps;
import org.apd4j.math.internal.Gemm;
import org.apd4j.math.internal.Workers;
import org.apd4j.network.Network;
import org.apd4j.network.internal.DensePass;
import org.apd4j.network.internal.LinearParts;
import org.apd4j.network.internal.NetworkGraph;
import org.apd4j.training.NotFiniteException;
import org.apd4j.training.internal.Optimizer;

/**
 * The objective of Attribution-based Parameter Decomposition: losses and gradients on a batch, in the order of the method: target pass,
 * attributions, sparsity (the {@link TopKObjective top-k} or the {@link LpObjective Lp} formulation), gradients. The optimizer makes the update.
 *
 * <p>The gradients of {@code P_c = A_c B_c} with respect to its factors are {@code ∂A_c = D B_cᵀ} and {@code ∂B_c = A_cᵀ D} for losses of the
 * product (faithfulness and output reconstruction, with one D for all components, and the Lp losses, with one for each), plus the gradients of
 * losses that act on the factors (minimality, hidden reconstruction, simplicity).
 *
 * <p>Buffers are allocated once. Results do not depend on the number of threads.
 */
public abstract sealed class ApdObjective implements Objective permits TopKObjective, LpObjective {

    final ApdConfig config;
    final Components components;
    final Workers workers;
    final DensePass target;
    final Attributions attributions;
    final Simplicity simplicity;
    private final long seed;
    /** The network with the layers that hidden reconstruction compares. */
    public final NetworkGraph graph;
    private final LinearParts targetParts;
    private final DensePass allComponents;
    private final ComponentSum sum;
    /** The gradient D of the products P_c that all components share, by parameter. */
    private final Matrix[] productGradients;
    private final double[] losses = new double[Loss.values().length];
    private final float[] largestGradient;
    private final Projections projections;

    /** @param seed of the projections, if there are any */
    ApdObjective(Network network, Components components, ApdConfig config, long seed, Workers workers) {
        this.seed = seed;
        this.config = config;
        this.components = components;
        this.workers = workers;
        this.graph = config.hiddenReconstruction() > 0 ? components.graph().observing(LayerChoice.observed(components.graph(), config))
                : components.graph();
        this.targetParts = new LinearParts(graph, components.layerWeights(network)).share();
        this.target = new DensePass(graph, workers, config.hiddenReconstruction() > 0);
        this.allComponents = new DensePass(graph, workers);
        this.sum = new ComponentSum(components, workers);
        this.attributions = new Attributions(components, sum, false, workers);
        this.simplicity = new Simplicity(config, components);
        this.productGradients = parameterSized();
        this.largestGradient = new float[components.count()];
        this.projections = new Projections(config.projections(), graph.network().outputs());
    }

    /** Returns the objective that the settings ask for. */
    public static ApdObjective of(Network network, Components components, ApdConfig config, long seed, Workers workers) {
        return config.sparsity() instanceof LpPenalty lp ? new LpObjective(network, components, config, lp, seed, workers)
                : new TopKObjective(network, components, config, (Selection) config.sparsity(), seed, workers);
    }

    /**
     * Computes the losses of the formulation, and what their gradients need.
     *
     * @param losses receives the losses, in the order of {@link Loss}
     */
    abstract void computeSparsity(SparseRows x, double[] losses);

    /** Prepares {@link #takeProductGradients} and {@link #addFactorGradients}, which several threads call. */
    void prepareGradients() {
    }

    /** Returns the gradients D of a component's products P_c, by parameter: those that all components share, or its own. */
    Matrix[] takeProductGradients(int c, Matrix[] shared) {
        return shared;
    }

    /** Takes back what {@link #takeProductGradients} returned. */
    void giveProductGradients(Matrix[] gradients) {
    }

    /** Adds the gradients of the formulation's losses that act on a component's factors. */
    abstract void addFactorGradients(Factors factors, int c, Matrix aGradient, Matrix bGradient);

    /** Returns the mask of the last step; empty where no component is switched off. */
    public Optional<Mask> mask() {
        return Optional.empty();
    }

    /** Returns new matrices of the parameters' shapes. */
    final Matrix[] parameterSized() {
        return components.factors().stream().map(f -> Matrix.zeros(f.in(), f.out())).toArray(Matrix[]::new);
    }

    /**
     * Computes losses and gradients on a batch. Nothing is changed but, with unit norm, the length of A's columns.
     *
     * @param x    the batch
     * @param step its number, for messages
     * @param into receives the gradients, under {@link #aName} and {@link #bName}
     * @return each loss without its coefficient, in the order of {@link Loss}; NaN for losses that are off
     * @throws NotFiniteException if a loss or a gradient is NaN or infinite
     */
    public double[] computeAll(SparseRows x, int step, Optimizer into) {
        if (config.unitNorm()) {
            UnitNorm.normalise(components, workers);
        }
        target.forward(x, targetParts);                                            // 1. target pass
        losses(x, step);                                                           // 2.–5.
        for (Loss loss : Loss.values()) {
            if (config.coefficient(loss) > 0 && !Double.isFinite(losses[loss.ordinal()])) {
                throw new NotFiniteException("the loss '" + loss.label() + "'", losses[loss.ordinal()], step);
            }
        }
        gradients(into, step);
        return losses.clone();
    }

    @Override
    public List<String> losses() {
        return config.losses().stream().map(Loss::label).toList();
    }

    @Override
    public void register(Optimizer optimizer) {
        for (Factors factors : components.factors()) {
            optimizer.add(aName(factors), factors.a());
            optimizer.add(bName(factors), factors.b());
        }
    }

    @Override
    public double[] compute(SparseRows x, int step, Optimizer into) {
        double[] all = computeAll(x, step, into);
        return config.losses().stream().mapToDouble(loss -> all[loss.ordinal()]).toArray();
    }

    @Override
    public Components components() {
        return components;
    }

    @Override
    public Importance importance() {
        return config.importance();
    }

    private void losses(SparseRows x, int step) {
        Arrays.fill(losses, Double.NaN);
        sum.compute();
        losses[Loss.FAITHFULNESS.ordinal()] = faithfulness();
        if (config.outputReconstruction() > 0 || needsAllComponents(config.attributions())) {
            runAllComponents(x);
        }
        if (config.outputReconstruction() > 0) {
            losses[Loss.OUTPUT_RECONSTRUCTION.ordinal()] = outputReconstruction();
        }
        AttributionKind kind = config.attributions();
        projections.of(seed, step).ifPresentOrElse(                                // 2. attributions
                signs -> attributions.estimate(kind == AttributionKind.GRADIENT_FROM_TARGET ? target : allComponents, signs),
                () -> attributions.compute(kind, target, allComponents));
        computeSparsity(x, losses);                                                // 3.–5.
    }

    private static boolean needsAllComponents(AttributionKind kind) {
        return kind != AttributionKind.GRADIENT_FROM_TARGET;
    }

    private void runAllComponents(SparseRows x) {
        allComponents.forward(x, new LinearParts(graph, components.layerWeights(sum.copies())));
    }

    /** Returns {@code (1/N) Σ_l |W_l − Σ_c P_cl|²} (paper section 2) and computes its gradient with respect to every P_c of a parameter. */
    private double faithfulness() {
        double total = 0;
        for (int p = 0; p < productGradients.length; p++) {
            Factors factors = components.factors().get(p);
            int uses = components.uses(factors);
            float[] weights = graph.network().parameter(factors.parameter()).values().data();
            float[] summed = sum.of(p).data();
            float[] gradient = productGradients[p].data();
            float scale = (float) (-2.0 * uses * config.faithfulness() / components.entries());
            double squares = 0;
            for (int i = 0; i < gradient.length; i++) {
                float difference = weights[i] - summed[i];
                squares += (double) difference * difference;
                gradient[i] = scale * difference;
            }
            total += uses * squares;
        }
        return total / components.entries();
    }

    /** Returns the mean of {@code (output with all components − y)²} and computes its gradient. */
    private double outputReconstruction() {
        Matrix difference = Matrix.zeros(target.output().rows(), target.output().columns());
        double squares = 0;
        float scale = (float) (2 * config.outputReconstruction() / difference.size());
        for (int i = 0; i < difference.size(); i++) {
            float value = allComponents.output().data()[i] - target.output().data()[i];
            squares += (double) value * value;
            difference.data()[i] = scale * value;
        }
        Matrix[] ofLayers = new Matrix[components.layers().size()];
        for (int l = 0; l < ofLayers.length; l++) {
            ofLayers[l] = Matrix.zeros(components.layers().get(l).in(), components.layers().get(l).out());
        }
        allComponents.backward(difference, ofLayers);
        for (int l = 0; l < ofLayers.length; l++) {
            DecomposedLayer layer = components.layers().get(l);
            layer.addToParameter(ofLayers[l], productGradients[components.factors().indexOf(layer.factors())]);
        }
        return squares / difference.size();
    }

    private void gradients(Optimizer into, int step) {
        for (Matrix gradient : productGradients) {
            gradient.share();
        }
        prepareGradients();
        long work = components.factors().stream().mapToLong(f -> 2L * f.in() * f.rank() * f.out()).sum();
        workers.forEach(components.count(), work, c -> largestGradient[c] = componentGradients(c, into));
        for (float largest : largestGradient) {
            if (!(largest < Float.POSITIVE_INFINITY)) {
                throw new NotFiniteException("the gradient", largest, step);
            }
        }
    }

    @Override
    public double largestGradient() {
        float largest = 0;
        for (float ofComponent : largestGradient) {
            largest = Math.max(largest, ofComponent);
        }
        return largest;
    }

    /** Computes the gradients of a component's factors and returns the sum of their absolute values, an upper bound of each of them. */
    private float componentGradients(int c, Optimizer into) {
        Matrix[] products = takeProductGradients(c, productGradients);
        float sum = 0;
        for (int p = 0; p < products.length; p++) {
            Factors factors = components.factors().get(p);
            Matrix aGradient = into.gradient(aName(factors)).block(c * factors.in(), factors.in());
            Matrix bGradient = into.gradient(bName(factors)).block(c * factors.rank(), factors.rank());
            Gemm.productTransposed(products[p], factors.b(c), aGradient);
            Gemm.transposedProduct(factors.a(c), products[p], bGradient);
            addFactorGradients(factors, c, aGradient, bGradient);
            simplicity.addFactorGradients(p, c, aGradient, bGradient);
            if (config.unitNorm()) {
                UnitNorm.removeParallelPart(factors.a(c), aGradient);
            }
            sum += ColumnOps.sumOfAbsolutes(aGradient) + ColumnOps.sumOfAbsolutes(bGradient);
        }
        giveProductGradients(products);
        return sum;
    }

    /** Returns the optimizer's name of a parameter's A. */
    public static String aName(Factors factors) {
        return factors.parameter() + ".A";
    }

    /** Returns the optimizer's name of a parameter's B. */
    public static String bName(Factors factors) {
        return factors.parameter() + ".B";
    }
}
