package org.apd4j.reference;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apd4j.reference.ReferenceNetwork.Layer;
import org.apd4j.reference.ReferenceNetwork.Pass;
import org.apd4j.reference.ReferenceOptimizer.Schedule;
import org.apd4j.reference.ReferenceOptimizer.Settings;
import org.apd4j.reference.Tape.Matrix;

/**
 * A reference implementation of Stochastic Parameter Decomposition, with every formula written as it is printed and in its order. The library is
 * compared with it. Each loss is written in the forward direction only; the {@link Tape} provides its gradients. Every pass runs the whole network
 * on the whole batch; nothing is folded, skipped or reused.
 *
 * <p>The arrays of a decomposition have the names of the golden runs: {@code LAYER.A [d_in, C]} and {@code LAYER.B [C, d_out]} of every layer that
 * owns its arrays (a tied decoder has A' = Bᵀ and B' = Aᵀ of its encoder), and of every layer's gates {@code LAYER.gate.w_in}, {@code b_in},
 * {@code w_out [C, d_g]} and {@code b_out [1, C]}, or, where the gates are linear, {@code LAYER.gate.w} and {@code LAYER.gate.b [1, C]}.
 */
public final class ReferenceSpd {

    /** Whose squashing and importance minimality: they differ. */
    public enum Version {
        /** The paper's code: the lower-leaky squashing is a leaky function with its derivative; minimality sums u^p. */
        PAPER,
        /** The authors' later code: the lower-leaky squashing is a clamp with a backward rule of its own; minimality sums (u + 1e-12)^p. */
        LATER
    }

    /** The losses, by the names of the golden runs. */
    public static final String FAITHFULNESS = "faithfulness";
    public static final String STOCHASTIC_RECONSTRUCTION = "stochastic_reconstruction";
    public static final String STOCHASTIC_RECONSTRUCTION_LAYERWISE = "stochastic_reconstruction_layerwise";
    public static final String IMPORTANCE_MINIMALITY = "importance_minimality";
    public static final String RECONSTRUCTION = "reconstruction";
    public static final String RECONSTRUCTION_LAYERWISE = "reconstruction_layerwise";
    /** All masks 1; the later code's unmasked reconstruction. */
    public static final String OUTPUT_RECONSTRUCTION = "output_reconstruction";
    public static final String SCHATTEN = "schatten";

    private static final List<String> LOSSES = List.of(FAITHFULNESS, STOCHASTIC_RECONSTRUCTION, STOCHASTIC_RECONSTRUCTION_LAYERWISE,
            IMPORTANCE_MINIMALITY, RECONSTRUCTION, RECONSTRUCTION_LAYERWISE, OUTPUT_RECONSTRUCTION, SCHATTEN);
    private static final List<String> GATE_ARRAYS = List.of("gate.w_in", "gate.b_in", "gate.w_out", "gate.b_out", "gate.w", "gate.b");

    /**
     * @param coefficients of the losses by name; a loss with the coefficient 0 is computed and has no effect, one that is absent is not computed
     * @param p of minimality and Schatten
     * @param divergence whether the reconstruction losses are KL instead of the squared error
     */
    public record Configuration(Version version, Map<String, Double> coefficients, double p, boolean divergence, Settings optimizer) {

        public Configuration {
            coefficients = Map.copyOf(coefficients);
            if (!LOSSES.containsAll(coefficients.keySet())) {
                throw new IllegalArgumentException("losses " + coefficients.keySet() + ", but there are only " + LOSSES);
            }
        }
    }

    /**
     * The uniform numbers behind the masks of one pass.
     *
     * @param r by layer {@code [batch, C]}
     * @param delta by layer {@code [batch]}, the masks of the delta component; empty where there is no such component
     */
    public record Draw(List<double[][]> r, List<double[]> delta) { }

    /** The S draws of the stochastic loss and those of the layer-wise one. */
    public record Noise(List<Draw> stochastic, List<Draw> layerwise) { }

    /** Lower- and upper-leaky importances, by layer {@code [batch, C]}. */
    public record Importances(List<double[][]> lower, List<double[][]> upper) { }

    /**
     * Everything one step computes before its update.
     *
     * @param arrays by the names of the golden runs: {@code target_out}, {@code importance.lower.LAYER}, {@code importance.upper.LAYER},
     *     {@code mask.stochastic.LAYER}, {@code mask.layerwise.LAYER}, {@code out.stochastic}, {@code out.layerwise.LAYER},
     *     {@code out.reconstruction}, {@code out.reconstruction_layerwise.LAYER}, {@code out.all_components}; several draws are one below the other
     * @param losses without their coefficients
     * @param total the sum with the coefficients
     * @param gradients of the total, by array; a tied decoder's A and B have gradients of their own
     */
    public record Step(Map<String, double[][]> arrays, Map<String, Double> losses, double total, Map<String, double[][]> gradients) { }

    private final ReferenceNetwork network;
    private final Configuration configuration;
    private final Map<String, double[][]> parameters = new LinkedHashMap<>();
    private final ReferenceOptimizer optimizer;
    private final List<Layer> layers;
    private int step;

    /** @param initial A, B and gates, copied */
    public ReferenceSpd(ReferenceNetwork network, Configuration configuration, Map<String, double[][]> initial) {
        this.network = network;
        this.configuration = configuration;
        this.layers = network.layers();
        initial.forEach((name, array) -> parameters.put(name, copyOf(array)));
        for (var layer : layers) {
            boolean gates = parameters.containsKey(layer.name() + ".gate.w") || parameters.containsKey(layer.name() + ".gate.w_in");
            if (!parameters.containsKey(layer.owner() + ".A") || !parameters.containsKey(layer.owner() + ".B") || !gates) {
                throw new IllegalArgumentException("the layer " + layer.name() + " lacks A, B or gates among " + parameters.keySet());
            }
        }
        this.optimizer = new ReferenceOptimizer(configuration.optimizer());
    }

    /** A, B and gates as they are now. */
    public Map<String, double[][]> parameters() {
        var copy = new LinkedHashMap<String, double[][]>();
        parameters.forEach((name, array) -> copy.put(name, copyOf(array)));
        return copy;
    }

    /** The number of updates so far. */
    public int step() {
        return step;
    }

    /** One training step on x {@code [batch, features]}; the result is of before the update. */
    public Step step(double[][] x, Noise noise) {
        var result = evaluate(x, noise);
        update(optimizer, step, layers, parameters, result.gradients());
        step++;
        return result;
    }

    /** What {@link #step(double[][], Noise)} computes, without its update. */
    public Step evaluate(double[][] x, Noise noise) {
        var tape = new Tape();
        var leaves = leaves(tape, layers, parameters);
        var arrays = new LinkedHashMap<String, double[][]>();
        var losses = new LinkedHashMap<String, Matrix>();
        int batch = x.length;

        // 1. Target pass: x_l and y, constant.
        Pass target = targetPass(x);
        Matrix y = tape.leaf(target.y().values());
        append(arrays, "target_out", y);

        // 2. Importances: two squashings of the same γ.
        var lower = new ArrayList<Matrix>();
        var upper = new ArrayList<Matrix>();
        for (int l = 0; l < layers.size(); l++) {
            String name = layers.get(l).name();
            Matrix gamma = gate(tape, leaves, name, tape.leaf(target.inputs().get(l).values()));
            lower.add(lowerLeaky(tape, gamma));
            upper.add(upperLeaky(tape, gamma));
            append(arrays, "importance.lower." + name, lower.get(l));
            append(arrays, "importance.upper." + name, upper.get(l));
        }

        // 5. Faithfulness = (1/N) Σ_l |W_l − A_l B_l|².
        if (on(FAITHFULNESS)) {
            losses.put(FAITHFULNESS, faithfulness(tape, layers, leaves));
        }

        // 3., 4. Stochastic reconstruction = (1/S) Σ_s mean_{b,o} (ŷ^s − y)², every layer masked at once.
        if (on(STOCHASTIC_RECONSTRUCTION)) {
            Matrix sum = tape.row(0);
            for (var draw : noise.stochastic()) {
                var masks = masks(tape, lower, draw);
                for (int l = 0; l < layers.size(); l++) {
                    append(arrays, "mask.stochastic." + layers.get(l).name(), masks.get(l).m());
                }
                Matrix yHat = maskedPass(tape, leaves, x, masks);
                append(arrays, "out.stochastic", yHat);
                sum = tape.add(sum, reconstruction(tape, yHat, y));
            }
            losses.put(STOCHASTIC_RECONSTRUCTION, tape.scale(sum, 1.0 / noise.stochastic().size()));
        }

        // Layer-wise stochastic reconstruction = (1/(L·S)) Σ_l Σ_s mean_{b,o} (ŷ^{l,s} − y)², each layer masked alone.
        if (on(STOCHASTIC_RECONSTRUCTION_LAYERWISE)) {
            Matrix sum = tape.row(0);
            for (var draw : noise.layerwise()) {
                var masks = masks(tape, lower, draw);
                for (int l = 0; l < layers.size(); l++) {
                    append(arrays, "mask.layerwise." + layers.get(l).name(), masks.get(l).m());
                    Matrix yHat = maskedPass(tape, leaves, x, only(l, masks.get(l)));
                    append(arrays, "out.layerwise." + layers.get(l).name(), yHat);
                    sum = tape.add(sum, reconstruction(tape, yHat, y));
                }
            }
            losses.put(STOCHASTIC_RECONSTRUCTION_LAYERWISE, tape.scale(sum, 1.0 / layers.size() / noise.layerwise().size()));
        }

        // Importance minimality = (1/batch) Σ_b Σ_l Σ_c u_l[b,c]^p.
        if (on(IMPORTANCE_MINIMALITY)) {
            Matrix sum = tape.row(0);
            for (var u : upper) {
                sum = tape.add(sum, tape.sum(importancePower(tape, u)));
            }
            losses.put(IMPORTANCE_MINIMALITY, tape.scale(sum, 1.0 / batch));
        }

        // Reconstruction and layer-wise reconstruction: masks m = g, no noise; the delta component has importance 0.
        var importances = lower.stream().map(g -> new Mask(g, null)).toList();
        if (on(RECONSTRUCTION)) {
            Matrix yHat = maskedPass(tape, leaves, x, importances);
            append(arrays, "out.reconstruction", yHat);
            losses.put(RECONSTRUCTION, reconstruction(tape, yHat, y));
        }
        if (on(RECONSTRUCTION_LAYERWISE)) {
            Matrix sum = tape.row(0);
            for (int l = 0; l < layers.size(); l++) {
                Matrix yHat = maskedPass(tape, leaves, x, only(l, importances.get(l)));
                append(arrays, "out.reconstruction_layerwise." + layers.get(l).name(), yHat);
                sum = tape.add(sum, reconstruction(tape, yHat, y));
            }
            losses.put(RECONSTRUCTION_LAYERWISE, tape.scale(sum, 1.0 / layers.size()));
        }

        // Output reconstruction: all masks 1, no delta component.
        if (on(OUTPUT_RECONSTRUCTION)) {
            var ones = layers.stream().map(layer -> new Mask(tape.row(1), null)).toList();
            Matrix yHat = maskedPass(tape, leaves, x, ones);
            append(arrays, "out.all_components", yHat);
            losses.put(OUTPUT_RECONSTRUCTION, reconstruction(tape, yHat, y));
        }

        // Schatten = Σ_l mean_b Σ_c u_l[b,c]^p (|A_l[:,c]|² + |B_l[c,:]|²).
        if (on(SCHATTEN)) {
            Matrix sum = tape.row(0);
            for (int l = 0; l < layers.size(); l++) {
                String name = layers.get(l).name();
                Matrix norms = tape.add(tape.sumOverRows(tape.square(leaves.get(name + ".A"))),
                        tape.transpose(tape.sumOverColumns(tape.square(leaves.get(name + ".B")))));
                sum = tape.add(sum, tape.sum(tape.multiply(power(tape, upper.get(l)), norms)));
            }
            losses.put(SCHATTEN, tape.scale(sum, 1.0 / batch));
        }

        Matrix total = tape.row(0);
        for (var loss : losses.entrySet()) {
            double coefficient = configuration.coefficients().get(loss.getKey());
            if (coefficient != 0) {
                total = tape.add(total, tape.scale(loss.getValue(), coefficient));
            }
        }

        // 6. Gradients.
        tape.backward(total);
        var values = new LinkedHashMap<String, Double>();
        losses.forEach((name, loss) -> values.put(name, loss.scalar()));
        return new Step(arrays, values, total.scalar(), gradients(leaves));
    }

    /** The importances on any inputs x {@code [batch, features]}, with the arrays as they are. */
    public Importances importances(double[][] x) {
        var tape = new Tape();
        var leaves = leaves(tape, layers, parameters);
        Pass target = targetPass(x);
        var lower = new ArrayList<double[][]>();
        var upper = new ArrayList<double[][]>();
        for (int l = 0; l < layers.size(); l++) {
            Matrix gamma = gate(tape, leaves, layers.get(l).name(), tape.leaf(target.inputs().get(l).values()));
            lower.add(lowerLeaky(tape, gamma).values());
            upper.add(upperLeaky(tape, gamma).values());
        }
        return new Importances(lower, upper);
    }

    /**
     * The output {@code [batch, d_out]} under given masks.
     *
     * @param masks by layer {@code [batch, C]}
     * @param delta by layer {@code [batch]}, the masks of the delta component; empty where there is none
     */
    public double[][] output(double[][] x, List<double[][]> masks, List<double[]> delta) {
        var tape = new Tape();
        var all = new ArrayList<Mask>();
        for (int l = 0; l < layers.size(); l++) {
            all.add(new Mask(tape.leaf(masks.get(l)), delta.isEmpty() ? null : column(tape, delta.get(l))));
        }
        return maskedPass(tape, leaves(tape, layers, parameters), x, all).values();
    }

    /**
     * What the adversary has found on one batch.
     *
     * @param losses {@code [steps + 1]}: before each of its steps and after the last
     * @param sources at the end, by layer
     */
    public record Attack(double[] losses, List<double[][]> sources) {

        /** The loss at the end. */
        public double loss() {
            return losses[losses.length - 1];
        }
    }

    /**
     * Adversarial reconstruction: {@code s ← clamp(s + η · sign(gradient), 0, 1)}.
     *
     * @param initial the first sources, by layer {@code [1, C]} where the batch shares them or {@code [batch, C]}; one more column is the mask of the
     *     delta component
     * @param stepSize η
     */
    public Attack adversary(double[][] x, List<double[][]> initial, int steps, double stepSize) {
        var g = importances(x).lower();
        double[][] y = network.output(x);
        var sources = initial.stream().map(ReferenceSpd::copyOf).toList();
        var losses = new double[steps + 1];
        for (int n = 0; n <= steps; n++) {
            var tape = new Tape();
            var masks = new ArrayList<Mask>();
            var s = new ArrayList<Matrix>();
            var delta = new ArrayList<Matrix>();
            for (int l = 0; l < layers.size(); l++) {
                int components = g.get(l)[0].length;
                s.add(tape.leaf(columns(sources.get(l), 0, components)));
                delta.add(sources.get(l)[0].length == components ? null : tape.leaf(columns(sources.get(l), components, components + 1)));
                masks.add(new Mask(mask(tape, tape.leaf(g.get(l)), s.get(l)), delta.get(l)));
            }
            Matrix loss = reconstruction(tape, maskedPass(tape, leaves(tape, layers, parameters), x, masks), tape.leaf(y));
            losses[n] = loss.scalar();
            if (n < steps) {
                tape.backward(loss);
                for (int l = 0; l < layers.size(); l++) {
                    ascend(sources.get(l), s.get(l).gradients(), 0, stepSize);
                    if (delta.get(l) != null) {
                        ascend(sources.get(l), delta.get(l).gradients(), s.get(l).cols, stepSize);
                    }
                }
            }
        }
        return new Attack(losses, sources);
    }

    private static void ascend(double[][] sources, double[][] gradient, int from, double stepSize) {
        for (int i = 0; i < gradient.length; i++) {
            for (int j = 0; j < gradient[i].length; j++) {
                double moved = sources[i][from + j] + stepSize * Math.signum(gradient[i][j]);
                sources[i][from + j] = Math.min(Math.max(moved, 0), 1);
            }
        }
    }

    /**
     * A and B at the start: columns of A and rows of B scaled to norm 1, then {@code B[c,:] ← (A[:,c]ᵀ W B[c,:]ᵀ) · B[c,:]}.
     *
     * @param normal standard normal numbers {@code LAYER.A [d_in, C]}, {@code LAYER.B [C, d_out]}; a tied decoder's are not used
     */
    public static Map<String, double[][]> projectedStart(ReferenceNetwork network, Map<String, double[][]> normal) {
        var result = new LinkedHashMap<String, double[][]>();
        for (var layer : network.layers()) {
            if (!layer.tied()) {
                double[][] columnsOfA = normalised(ReferenceNetwork.transposed(normal.get(layer.name() + ".A")));
                double[][] b = normalised(normal.get(layer.name() + ".B"));
                for (int c = 0; c < b.length; c++) {
                    double overlap = 0;
                    for (int i = 0; i < layer.weight().length; i++) {
                        for (int j = 0; j < b[c].length; j++) {
                            overlap += columnsOfA[c][i] * layer.weight()[i][j] * b[c][j];
                        }
                    }
                    for (int j = 0; j < b[c].length; j++) {
                        b[c][j] *= overlap;
                    }
                }
                result.put(layer.name() + ".A", ReferenceNetwork.transposed(columnsOfA));
                result.put(layer.name() + ".B", b);
            }
        }
        return result;
    }

    /** The later start of A and B: {@code A ~ N(0, 1/d_in)}, {@code B ~ N(0, 1/C)}; parameters as in {@link #projectedStart}. */
    public static Map<String, double[][]> laterStart(ReferenceNetwork network, Map<String, double[][]> normal) {
        var result = new LinkedHashMap<String, double[][]>();
        for (var layer : network.layers()) {
            if (!layer.tied()) {
                double[][] a = normal.get(layer.name() + ".A");
                double[][] b = normal.get(layer.name() + ".B");
                result.put(layer.name() + ".A", scaled(a, 1 / Math.sqrt(a.length)));
                result.put(layer.name() + ".B", scaled(b, 1 / Math.sqrt(b.length)));
            }
        }
        return result;
    }

    /**
     * Everything at the start. The gates have {@code w_in ~ N(0, 2)}, {@code w_out ~ N(0, 1/d_g)} and biases 0; linear gates w ~ N(0, 1) and b = 0.
     *
     * @param width d_g, 0 for linear gates
     */
    public static Map<String, double[][]> start(ReferenceNetwork network, Version version, int components, int width, Random random) {
        var normal = new LinkedHashMap<String, double[][]>();
        for (var layer : network.layers()) {
            normal.put(layer.name() + ".A", gaussian(random, layer.weight().length, components));
            normal.put(layer.name() + ".B", gaussian(random, components, layer.weight()[0].length));
        }
        var result = new LinkedHashMap<>(version == Version.PAPER ? projectedStart(network, normal) : laterStart(network, normal));
        for (var layer : network.layers()) {
            String gate = layer.name() + ".gate.";
            if (width == 0) {
                result.put(gate + "w", gaussian(random, 1, components));
                result.put(gate + "b", new double[1][components]);
            } else {
                result.put(gate + "w_in", scaled(gaussian(random, components, width), Math.sqrt(2)));
                result.put(gate + "b_in", new double[components][width]);
                result.put(gate + "w_out", scaled(gaussian(random, components, width), 1 / Math.sqrt(width)));
                result.put(gate + "b_out", new double[1][components]);
            }
        }
        return result;
    }

    /**
     * The faithfulness warm-up: AdamW with a state of its own on faithfulness alone.
     *
     * @param factors A and B, left as they are
     */
    public static Map<String, double[][]> warmedUp(ReferenceNetwork network, Map<String, double[][]> factors, int steps, double lr,
            double weightDecay) {
        var layers = network.layers();
        var result = new LinkedHashMap<String, double[][]>();
        factors.forEach((name, array) -> result.put(name, copyOf(array)));
        var optimizer = new ReferenceOptimizer(new Settings(lr, Schedule.CONSTANT, 0, steps, Double.NaN, weightDecay));
        for (int s = 0; s < steps; s++) {
            var tape = new Tape();
            var leaves = leaves(tape, layers, result);
            tape.backward(faithfulness(tape, layers, leaves));
            update(optimizer, s, layers, result, gradients(leaves));
        }
        return result;
    }

    /** Every array that has a gradient of its own. A tied decoder has the values of its encoder's arrays, but leaves of its own. */
    private static Map<String, Matrix> leaves(Tape tape, List<Layer> layers, Map<String, double[][]> parameters) {
        var leaves = new LinkedHashMap<String, Matrix>();
        for (var layer : layers) {
            double[][] a = parameters.get(layer.owner() + ".A");
            double[][] b = parameters.get(layer.owner() + ".B");
            leaves.put(layer.name() + ".A", tape.leaf(layer.tied() ? ReferenceNetwork.transposed(b) : a));
            leaves.put(layer.name() + ".B", tape.leaf(layer.tied() ? ReferenceNetwork.transposed(a) : b));
            for (String array : GATE_ARRAYS) {
                if (parameters.containsKey(layer.name() + "." + array)) {
                    leaves.put(layer.name() + "." + array, tape.leaf(parameters.get(layer.name() + "." + array)));
                }
            }
        }
        return leaves;
    }

    private static Map<String, double[][]> gradients(Map<String, Matrix> leaves) {
        var gradients = new LinkedHashMap<String, double[][]>();
        leaves.forEach((name, leaf) -> gradients.put(name, leaf.gradients()));
        return gradients;
    }

    /** 7. One optimizer step over all gradients in their order, each with its own state: a tied pair's arrays are updated twice. */
    private static void update(ReferenceOptimizer optimizer, int step, List<Layer> layers, Map<String, double[][]> parameters,
            Map<String, double[][]> gradients) {
        for (var layer : layers) {
            String a = layer.name() + ".A";
            String b = layer.name() + ".B";
            if (layer.tied()) {
                optimizer.updateTransposed(step, a, parameters.get(layer.owner() + ".B"), gradients.get(a));
                optimizer.updateTransposed(step, b, parameters.get(layer.owner() + ".A"), gradients.get(b));
            } else {
                optimizer.update(step, a, parameters.get(a), gradients.get(a));
                optimizer.update(step, b, parameters.get(b), gradients.get(b));
            }
            for (String array : GATE_ARRAYS) {
                String name = layer.name() + "." + array;
                if (gradients.containsKey(name)) {
                    optimizer.update(step, name, parameters.get(name), gradients.get(name));
                }
            }
        }
    }

    private Pass targetPass(double[][] x) {
        var tape = new Tape();
        return network.run(tape, tape.leaf(x), (l, in) -> tape.matmul(in, tape.leaf(layers.get(l).weight())));
    }

    /**
     * γ {@code [batch, C]} of one layer: {@code a = x A}, {@code γ[b,c] = Σ_j w_out[c,j] · GELU(a[b,c] · w_in[c,j] + b_in[c,j]) + b_out[c]};
     * linear gates have {@code γ = a · w + b}.
     *
     * @param x the layer's input in the target's own pass
     */
    private static Matrix gate(Tape tape, Map<String, Matrix> leaves, String layer, Matrix x) {
        Matrix a = tape.matmul(x, leaves.get(layer + ".A"));
        if (leaves.containsKey(layer + ".gate.w")) {
            return tape.add(tape.multiply(a, leaves.get(layer + ".gate.w")), leaves.get(layer + ".gate.b"));
        }
        return mlp(tape, leaves, layer + ".gate.", a);
    }

    /** {@code Σ_j w_out[c,j] · GELU(a[b,c] · w_in[c,j] + b_in[c,j]) + b_out[c]}, with the arrays {@code NAME + w_in} and so on. */
    static Matrix mlp(Tape tape, Map<String, Matrix> leaves, String name, Matrix a) {
        Matrix wIn = tape.transpose(leaves.get(name + "w_in"));
        Matrix bIn = tape.transpose(leaves.get(name + "b_in"));
        Matrix wOut = tape.transpose(leaves.get(name + "w_out"));
        Matrix gamma = leaves.get(name + "b_out");
        for (int j = 0; j < wIn.rows; j++) {
            Matrix hidden = tape.gelu(tape.add(tape.multiply(a, tape.row(wIn, j)), tape.row(bIn, j)));
            gamma = tape.add(gamma, tape.multiply(hidden, tape.row(wOut, j)));
        }
        return gamma;
    }

    /** g, for the masks. */
    private Matrix lowerLeaky(Tape tape, Matrix gamma) {
        return switch (configuration.version()) {
            case PAPER -> tape.unary(gamma, v -> v <= 0 ? 0.01 * v : Math.min(v, 1), v -> v <= 0 ? 0.01 : v <= 1 ? 1 : 0);
            case LATER -> tape.unary(gamma, v -> Math.min(Math.max(v, 0), 1),
                    (v, gradient) -> v <= 0 ? 0.01 * Math.min(gradient, 0) : v <= 1 ? gradient : 0);
        };
    }

    /** u, for minimality and Schatten. */
    private static Matrix upperLeaky(Tape tape, Matrix gamma) {
        return tape.unary(gamma, v -> v <= 0 ? 0 : v <= 1 ? v : 1 + 0.01 * (v - 1), v -> v <= 0 ? 0 : v <= 1 ? 1 : 0.01);
    }

    /** The summand of minimality. */
    private Matrix importancePower(Tape tape, Matrix u) {
        return configuration.version() == Version.LATER ? tape.power(u, 1e-12, configuration.p()) : power(tape, u);
    }

    /** u^p; at u = 0 no gradient, whatever p: there u does not depend on γ. */
    private Matrix power(Tape tape, Matrix u) {
        double p = configuration.p();
        return tape.unary(u, v -> Math.pow(v, p), v -> v <= 0 ? 0 : p * Math.pow(v, p - 1));
    }

    /**
     * The masks of one layer.
     *
     * @param m {@code [batch, C]}, or with one row or column where they are all the same along it
     * @param delta {@code [batch, 1]} or {@code [1, 1]}, of the delta component; null where there is none
     */
    private record Mask(Matrix m, Matrix delta) { }

    /** {@code m = g + (1 − g) r}. */
    private static Matrix mask(Tape tape, Matrix g, Matrix r) {
        return tape.add(g, tape.multiply(tape.subtract(tape.row(1), g), r));
    }

    private static List<Mask> masks(Tape tape, List<Matrix> g, Draw draw) {
        var masks = new ArrayList<Mask>();
        for (int l = 0; l < g.size(); l++) {
            Matrix delta = draw.delta().isEmpty() ? null : column(tape, draw.delta().get(l));
            masks.add(new Mask(mask(tape, g.get(l), tape.leaf(draw.r().get(l))), delta));
        }
        return masks;
    }

    /** Masks of one layer alone; the others use the target's weights. */
    private List<Mask> only(int layer, Mask mask) {
        var masks = new ArrayList<Mask>(Collections.nCopies(layers.size(), null));
        masks.set(layer, mask);
        return masks;
    }

    /** {@code h = ((x A) ⊙ m) B}, with the delta component {@code + δ · (x Δ)}, where there is a mask, else {@code h = x W}. */
    private Matrix maskedPass(Tape tape, Map<String, Matrix> leaves, double[][] input, List<Mask> masks) {
        return network.run(tape, tape.leaf(input), (l, x) -> {
            var layer = layers.get(l);
            var mask = masks.get(l);
            if (mask == null) {
                return tape.matmul(x, tape.leaf(layer.weight()));
            }
            Matrix a = tape.matmul(x, leaves.get(layer.name() + ".A"));
            Matrix h = tape.matmul(tape.multiply(a, mask.m()), leaves.get(layer.name() + ".B"));
            if (mask.delta() != null) {
                h = tape.add(h, tape.multiply(mask.delta(), tape.matmul(x, difference(tape, layer, leaves))));
            }
            return h;
        }).y();
    }

    /** {@code Δ_l = W_l − A_l B_l}. */
    private static Matrix difference(Tape tape, Layer layer, Map<String, Matrix> leaves) {
        Matrix product = tape.matmul(leaves.get(layer.name() + ".A"), leaves.get(layer.name() + ".B"));
        return tape.subtract(tape.leaf(layer.weight()), product);
    }

    private static Matrix faithfulness(Tape tape, List<Layer> layers, Map<String, Matrix> leaves) {
        double n = layers.stream().mapToDouble(layer -> (double) layer.weight().length * layer.weight()[0].length).sum();
        Matrix sum = tape.row(0);
        for (var layer : layers) {
            sum = tape.add(sum, tape.sum(tape.square(difference(tape, layer, leaves))));
        }
        return tape.scale(sum, 1 / n);
    }

    private Matrix reconstruction(Tape tape, Matrix yHat, Matrix y) {
        return configuration.divergence() ? ReferenceApd.divergence(tape, yHat, y) : ReferenceApd.meanSquaredError(tape, yHat, y);
    }

    private boolean on(String loss) {
        return configuration.coefficients().containsKey(loss);
    }

    /** Several arrays of one name are one below the other. */
    private static void append(Map<String, double[][]> arrays, String name, Matrix matrix) {
        arrays.merge(name, matrix.values(), (above, below) -> {
            var both = Arrays.copyOf(above, above.length + below.length);
            System.arraycopy(below, 0, both, above.length, below.length);
            return both;
        });
    }

    private static Matrix column(Tape tape, double[] values) {
        return tape.leaf(ReferenceNetwork.transposed(new double[][] {values}));
    }

    private static double[][] columns(double[][] matrix, int from, int to) {
        return Arrays.stream(matrix).map(row -> Arrays.copyOfRange(row, from, to)).toArray(double[][]::new);
    }

    /** Every row scaled to norm 1. */
    private static double[][] normalised(double[][] matrix) {
        var result = new double[matrix.length][];
        for (int i = 0; i < matrix.length; i++) {
            double norm = Math.sqrt(Arrays.stream(matrix[i]).map(v -> v * v).sum());
            result[i] = Arrays.stream(matrix[i]).map(v -> v / norm).toArray();
        }
        return result;
    }

    private static double[][] scaled(double[][] matrix, double factor) {
        return Arrays.stream(matrix).map(row -> Arrays.stream(row).map(v -> factor * v).toArray()).toArray(double[][]::new);
    }

    private static double[][] gaussian(Random random, int rows, int cols) {
        var matrix = new double[rows][cols];
        for (double[] row : matrix) {
            Arrays.setAll(row, j -> random.nextGaussian());
        }
        return matrix;
    }

    private static double[][] copyOf(double[][] matrix) {
        return Arrays.stream(matrix).map(double[]::clone).toArray(double[][]::new);
    }
}
