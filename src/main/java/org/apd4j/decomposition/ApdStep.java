package org.apd4j.decomposition;

import java.util.Arrays;
import java.util.List;
import org.apd4j.kernel.ColumnLoops;
import org.apd4j.kernel.Gemm;
import org.apd4j.kernel.Matrix;
import org.apd4j.kernel.Pool;
import org.apd4j.kernel.SparseRows;
import org.apd4j.kernel.Workers;
import org.apd4j.network.DensePass;
import org.apd4j.network.LinearParts;
import org.apd4j.network.Network;
import org.apd4j.network.Parameter;
import org.apd4j.network.Wiring;
import org.apd4j.training.NotFiniteException;
import org.apd4j.training.Optimizer;

/**
 * One training step of Attribution-based Parameter Decomposition, in the order of the method: target pass, attributions, mask, sparse
 * pass, losses, gradients. The update is the optimizer's.
 *
 * <p>The gradient of {@code P_c = A_c B_c} with respect to its factors is {@code ∂A_c = D B_cᵀ}, {@code ∂B_c = A_cᵀ D} for what acts on the
 * product (faithfulness, output reconstruction: the same D for every component; Lp: one for each), plus what the sparse pass and
 * simplicity say of the factors themselves.
 *
 * <p>Buffers are made once. Results do not depend on the number of threads.
 */
final class ApdStep {

    private final boolean frozen;
    private final long seed;
    private final ApdConfig config;
    private final Components components;
    private final Workers workers;
    private final Wiring wiring;
    private final LinearParts targetParts;
    private final DensePass target;
    private final DensePass allComponents;
    private final ComponentSum sum;
    private final Attributions attributions;
    private final Mask mask;
    private final SparsePass sparse;
    private final SparseLosses sparseLosses;
    private final LpLosses lpLosses;
    private final Simplicity simplicity;
    /** The gradient D of the products P_c that all components share, by parameter. */
    private final Matrix[] productGradients;
    private final Pool<Matrix[]> ownProductGradients;
    private final double[] losses = new double[Loss.values().length];
    private final float[] largestGradient;
    private final Projections projections;

    /**
     * For training: components may change between any two calls.
     *
     * @param seed of the projections, if there are any
     */
    ApdStep(Network network, Components components, ApdConfig config, long seed, Workers workers) {
        this(network, components, config, seed, false, workers);
    }

    /** For looking at components that never change: what depends on them alone is computed once. */
    static ApdStep frozen(Network network, Components components, ApdConfig config, Workers workers) {
        return new ApdStep(network, components, config, 0, true, workers);
    }

    /** @param frozen whether components never change: then what depends on them alone is computed once */
    private ApdStep(Network network, Components components, ApdConfig config, long seed, boolean frozen, Workers workers) {
        this.frozen = frozen;
        this.seed = seed;
        this.config = config;
        this.components = components;
        this.workers = workers;
        this.wiring = components.wiring();
        List<Matrix> weights = network.parameters(Parameter.Role.DECOMPOSED).stream().map(Parameter::values).toList();
        this.targetParts = new LinearParts(wiring, components.layerWeights(weights)).share();
        this.target = new DensePass(wiring, workers, config.hiddenReconstruction() > 0);
        this.allComponents = new DensePass(wiring, workers);
        this.sum = new ComponentSum(components, workers);
        this.attributions = new Attributions(components, sum, frozen, workers);
        this.mask = new Mask(components.count());
        this.sparse = new SparsePass(components, workers);
        this.sparseLosses = new SparseLosses(config, components);
        this.lpLosses = new LpLosses(config, components, workers);
        this.simplicity = new Simplicity(config, components);
        this.productGradients = parameterSized();
        this.ownProductGradients = new Pool<>(this::parameterSized);
        this.largestGradient = new float[components.count()];
        this.projections = new Projections(config.projections(), wiring.network().outputs());
    }

    private Matrix[] parameterSized() {
        return components.factors().stream().map(f -> Matrix.zeros(f.in(), f.out())).toArray(Matrix[]::new);
    }

    private boolean isLp() {
        return config.selection() instanceof Selection.Lp;
    }

    /**
     * Computes losses and gradients on a batch. Nothing is changed but, with unit norm, the length of A's columns.
     *
     * @param x    the batch
     * @param step its number, for messages
     * @param into where the gradients go, see {@link #aName} and {@link #bName}
     * @return each loss without its coefficient, in the order of {@link Loss}; NaN for those that are off
     * @throws NotFiniteException if a loss or a gradient is NaN or infinite
     */
    double[] compute(SparseRows x, int step, Optimizer into) {
        if (config.unitNorm()) {
            UnitNorm.normalise(components, workers);
        }
        target.forward(x, targetParts);                                            // 1. target pass
        losses(x, projections.of(seed, step));                                     // 2.–5.
        for (Loss loss : Loss.values()) {
            if (config.coefficient(loss) > 0 && !Double.isFinite(losses[loss.ordinal()])) {
                throw new NotFiniteException("the loss '" + loss.label() + "'", losses[loss.ordinal()], step);
            }
        }
        gradients(into, step);
        return losses.clone();
    }

    private void losses(SparseRows x, Matrix signs) {
        Arrays.fill(losses, Double.NaN);
        sum.compute();
        losses[Loss.FAITHFULNESS.ordinal()] = faithfulness();
        if (config.outputReconstruction() > 0 || needsAllComponents(config.attributions())) {
            runAllComponents(x);
        }
        if (config.outputReconstruction() > 0) {
            losses[Loss.OUTPUT_RECONSTRUCTION.ordinal()] = outputReconstruction();
        }
        attributions.compute(config.attributions(), target, allComponents, signs); // 2. attributions
        if (isLp()) {
            losses[Loss.MINIMALITY.ordinal()] = lpLosses.minimality(attributions, x.rows());
            losses[Loss.SIMPLICITY.ordinal()] = lpLosses.simplicity(simplicity);
        } else {
            mask.select(config.selection(), attributions.values(), attributions.rows(), x.rows());    // 3. mask
            sparse.forward(x, mask);                                               // 4. sparse pass
            sparseLosses.compute(sparse, target, x.rows());                        // 5. losses
            losses[Loss.MINIMALITY.ordinal()] = sparseLosses.minimality();
            losses[Loss.HIDDEN_RECONSTRUCTION.ordinal()] = config.hiddenReconstruction() > 0 ? sparseLosses.hiddenReconstruction() : Double.NaN;
            losses[Loss.SIMPLICITY.ordinal()] = simplicity.compute(mask, workers);
            sparse.backward();
        }
    }

    static boolean needsAllComponents(AttributionKind kind) {
        return kind != AttributionKind.GRADIENT_FROM_TARGET;
    }

    private void runAllComponents(SparseRows x) {
        allComponents.forward(x, new LinearParts(wiring, components.layerWeights(sum.copies())));
    }

    /** {@code (1/N) Σ_l |W_l − Σ_c P_cl|²}, and its gradient with respect to every P_c of a parameter. */
    private double faithfulness() {
        double total = 0;
        for (int p = 0; p < productGradients.length; p++) {
            Factors factors = components.factors().get(p);
            int uses = components.uses(factors);
            float[] weights = wiring.network().parameter(factors.parameter()).values().data();
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

    /** Mean of (output with all components − y)², and its gradient. */
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
        if (isLp()) {
            attributions.prepareBackward();
        }
        long work = components.factors().stream().mapToLong(f -> 2L * f.in() * f.rank() * f.out()).sum();
        workers.forEach(components.count(), work, c -> largestGradient[c] = componentGradients(c, into));
        for (float largest : largestGradient) {
            if (!(largest < Float.POSITIVE_INFINITY)) {
                throw new NotFiniteException("the gradient", largest, step);
            }
        }
    }

    /** A bound on the absolute values of the gradients of the last {@link #compute}. */
    double largestGradient() {
        float largest = 0;
        for (float ofComponent : largestGradient) {
            largest = Math.max(largest, ofComponent);
        }
        return largest;
    }

    /** All gradients of a component's factors; returns a number that is not finite if one of them is not. */
    private float componentGradients(int c, Optimizer into) {
        Matrix[] products = productGradients;
        if (isLp()) {
            products = ownProductGradients.take();
            for (int p = 0; p < products.length; p++) {
                products[p].copyFrom(productGradients[p]);
            }
            attributions.addComponentGradients(c, lpLosses.attributionGradient(), products);
        }
        float sumOfSizes = 0;
        for (int p = 0; p < products.length; p++) {
            Factors factors = components.factors().get(p);
            Matrix aGradient = into.gradient(aName(factors)).block(c * factors.in(), factors.in());
            Matrix bGradient = into.gradient(bName(factors)).block(c * factors.rank(), factors.rank());
            Gemm.productTransposed(products[p], factors.b(c), aGradient);
            Gemm.transposedProduct(factors.a(c), products[p], bGradient);
            if (!isLp()) {
                sparse.addFactorGradients(factors, c, aGradient, bGradient);
            }
            simplicity.addFactorGradients(p, c, aGradient, bGradient);
            if (config.unitNorm()) {
                UnitNorm.removeParallelPart(factors.a(c), aGradient);
            }
            sumOfSizes += ColumnLoops.sumOfSizes(aGradient) + ColumnLoops.sumOfSizes(bGradient);
        }
        if (isLp()) {
            ownProductGradients.give(products);
        }
        return sumOfSizes;
    }

    /** The optimizer's name of a parameter's A. */
    static String aName(Factors factors) {
        return factors.parameter() + ".A";
    }

    /** The optimizer's name of a parameter's B. */
    static String bName(Factors factors) {
        return factors.parameter() + ".B";
    }

    // ---- what measures and tests look at

    /** Runs the target on a batch; its output is valid until the next call. */
    Matrix targetOutput(SparseRows x) {
        return target.forward(x, targetParts).output();
    }

    /** Runs the network of all components on a batch. */
    Matrix allComponentsOutput(SparseRows x) {
        if (frozen && allComponents.parts() != null) {
            return allComponents.forward(x, allComponents.parts()).output();
        }
        sum.compute();
        runAllComponents(x);
        return allComponents.output();
    }

    /** Attributions of any kind, {@code [rows, C]}. */
    Matrix attributions(AttributionKind kind, SparseRows x) {
        target.forward(x, targetParts);
        if (needsAllComponents(kind)) {
            allComponentsOutput(x);
        }
        attributions.compute(kind, target, allComponents);
        return attributions.ofBatch(x.rows());
    }

    /** Selects components of a batch by attributions. */
    Mask select(Selection selection, AttributionKind kind, SparseRows x) {
        attributions(kind, x);
        Mask selected = new Mask(components.count());
        selected.select(selection, attributions.values(), attributions.rows(), x.rows());
        return selected;
    }

    /** The output {@code [rows, outputs]} with only the components of a mask, a new block. */
    Matrix maskedOutput(SparseRows x, Mask selected) {
        sparse.forward(x, selected);
        Matrix output = Matrix.zeros(x.rows(), wiring.network().outputs());
        for (SparsePass.Samples samples : List.of(sparse.active(), sparse.idle())) {
            for (int i = 0; i < samples.count(); i++) {
                System.arraycopy(samples.output().data(), samples.output().rowStart(i), output.data(), output.rowStart(samples.row(i)),
                        output.columns());
            }
        }
        return output;
    }

    /** The mask of the last {@link #compute}. */
    Mask mask() {
        return mask;
    }
}
