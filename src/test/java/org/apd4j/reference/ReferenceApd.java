package org.apd4j.reference;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apd4j.reference.ReferenceNetwork.Layer;
import org.apd4j.reference.ReferenceNetwork.Pass;
import org.apd4j.reference.ReferenceOptimizer.Settings;
import org.apd4j.reference.Tape.Matrix;

/**
 * A reference implementation of Attribution-based Parameter Decomposition, with every formula written as in the paper and in its order. The library
 * is compared with it. Each loss is written in the forward direction only; the {@link Tape} provides its gradients. A component is a pair of
 * matrices; nothing is stacked, gathered or reused.
 */
public final class ReferenceApd {

    /** Where the attributions come from. */
    public enum Attributions { GRADIENT_FROM_TARGET, GRADIENT_FROM_COMPONENTS, ABLATION, ACTIVATION }

    /** What takes the place of the mask. */
    public sealed interface Selection { }

    /** The {@code floor(k · batch)} largest of all {@code batch × C} attributions. */
    public record BatchTopK(double k) implements Selection { }

    /** The k largest of each row. */
    public record PerSampleTopK(int k) implements Selection { }

    /** The Lp formulation. */
    public record Lp(double q) implements Selection { }

    /** The losses, by the names of the golden runs. */
    public static final String FAITHFULNESS = "faithfulness";
    public static final String MINIMALITY = "minimality";
    public static final String MINIMALITY_LP = "minimality_lp";
    public static final String SIMPLICITY = "simplicity";
    public static final String HIDDEN_RECONSTRUCTION = "hidden_reconstruction";
    public static final String OUTPUT_RECONSTRUCTION = "output_reconstruction";

    /**
     * @param coefficients of the losses by name; one that is absent is 0
     * @param p of the simplicity
     * @param divergence whether minimality is KL instead of the squared error
     * @throws IllegalArgumentException if the method has no such combination
     */
    public record Configuration(Attributions attributions, Selection selection, Map<String, Double> coefficients, double p,
            boolean divergence, boolean unitNorm, Settings optimizer) {

        public Configuration {
            coefficients = Map.copyOf(coefficients);
            boolean lp = selection instanceof Lp;
            var losses = lp ? List.of(FAITHFULNESS, MINIMALITY_LP, SIMPLICITY, OUTPUT_RECONSTRUCTION)
                    : List.of(FAITHFULNESS, MINIMALITY, SIMPLICITY, HIDDEN_RECONSTRUCTION, OUTPUT_RECONSTRUCTION);
            if (!losses.containsAll(coefficients.keySet())) {
                throw new IllegalArgumentException("losses " + coefficients.keySet() + ", but this formulation has " + losses);
            }
            if (lp && (attributions != Attributions.GRADIENT_FROM_TARGET || divergence)) {
                throw new IllegalArgumentException("the Lp formulation takes gradient attributions from the target only, and no KL");
            }
        }
    }

    /** The components of one layer that owns factors: a {@code [C, d_in, m]}, b {@code [C, m, d_out]}. */
    public record Factors(double[][][] a, double[][][] b) {

        /** A copy that shares nothing. */
        public Factors copy() {
            return new Factors(copyOf(a), copyOf(b));
        }

        /** From row-major data. */
        public static Factors of(double[] a, double[] b, int components, int in, int m, int out) {
            return new Factors(unflattened(a, components, in, m), unflattened(b, components, m, out));
        }

        private static double[][][] copyOf(double[][][] tensor) {
            return Arrays.stream(tensor).map(matrix -> Arrays.stream(matrix).map(double[]::clone).toArray(double[][]::new))
                    .toArray(double[][][]::new);
        }

        private static double[][][] unflattened(double[] flat, int n, int rows, int cols) {
            if (flat.length != n * rows * cols) {
                throw new IllegalArgumentException(flat.length + " numbers for [" + n + ", " + rows + ", " + cols + "]");
            }
            var result = new double[n][rows][cols];
            for (int i = 0; i < n * rows; i++) {
                System.arraycopy(flat, i * cols, result[i / rows][i % rows], 0, cols);
            }
            return result;
        }
    }

    /**
     * Everything one step computes before its update.
     *
     * @param target y {@code [batch, d_out]}
     * @param allComponents the output with all components {@code [batch, d_out]}
     * @param sparse ŷ {@code [batch, d_out]}; null in the Lp formulation
     * @param attributions {@code [batch, C]}, of the configured kind
     * @param mask {@code [batch, C]}, 0 or 1; in the Lp formulation w
     * @param losses without their coefficients, those the formulation has, also where the coefficient is 0
     * @param total the sum with the coefficients
     * @param gradients of the total, by owning layer, as the optimizer receives them
     */
    public record Step(double[][] target, double[][] allComponents, double[][] sparse, double[][] attributions, double[][] mask,
            Map<String, Double> losses, double total, Map<String, Factors> gradients) { }

    private final ReferenceNetwork network;
    private final Configuration configuration;
    private final Map<String, Factors> factors = new LinkedHashMap<>();
    private final ReferenceOptimizer optimizer;
    private final List<Layer> layers;
    private final int components;
    private int step;

    /** @param initial factors by owning layer, copied; normalised at the first step where unit norm is on */
    public ReferenceApd(ReferenceNetwork network, Configuration configuration, Map<String, Factors> initial) {
        this.network = network;
        this.configuration = configuration;
        this.layers = network.layers();
        for (var layer : layers) {
            if (!layer.tied()) {
                if (!initial.containsKey(layer.name())) {
                    throw new IllegalArgumentException("no factors for the layer " + layer.name() + ", only for " + initial.keySet());
                }
                factors.put(layer.name(), initial.get(layer.name()).copy());
            }
        }
        this.components = factors.get(layers.get(0).name()).a().length;
        this.optimizer = new ReferenceOptimizer(configuration.optimizer());
    }

    /** The factors as they are now, by owning layer; not normalised after an update. */
    public Map<String, Factors> factors() {
        var copy = new LinkedHashMap<String, Factors>();
        factors.forEach((name, factor) -> copy.put(name, factor.copy()));
        return copy;
    }

    /** The number of updates so far. */
    public int step() {
        return step;
    }

    /** One training step on x {@code [batch, features]}; the result is of before the update. */
    public Step step(double[][] x) {
        return step(x, null);
    }

    /** A step under a mask {@code [batch, C]} given from outside; null: its own. */
    public Step step(double[][] x, double[][] givenMask) {
        var result = evaluate(x, givenMask);
        for (String owner : factors.keySet()) {
            for (int c = 0; c < components; c++) {
                optimizer.update(step, owner + ".A." + c, factors.get(owner).a()[c], result.gradients().get(owner).a()[c]);
                optimizer.update(step, owner + ".B." + c, factors.get(owner).b()[c], result.gradients().get(owner).b()[c]);
            }
        }
        step++;
        return result;
    }

    /** What {@link #step} computes, without its update; normalises the factors where unit norm is on. */
    public Step evaluate(double[][] x) {
        return evaluate(x, null);
    }

    /** The same under a mask {@code [batch, C]} given from outside; null: its own. */
    public Step evaluate(double[][] x, double[][] givenMask) {
        if (givenMask != null && configuration.selection() instanceof Lp) {
            throw new IllegalArgumentException("the Lp formulation has no mask");
        }
        if (configuration.unitNorm()) {
            normalise();
        }
        var tape = new Tape();
        var parts = new Parts(tape);
        int batch = x.length;

        // 1. Target pass: x_l, h_l, y; constants from here on.
        var target = constants(tape, targetPass(new Tape(), x));
        Matrix y = target.y();

        // 2., 3. Attributions and mask, or in the Lp formulation w, through which the gradient flows.
        double[][] attributions;
        List<Matrix> mask;
        if (configuration.selection() instanceof Lp lp) {
            var attribution = gradientAttributions(tape, parts, target.inputs(), outputGradients(targetPass(new Tape(), x)));
            attributions = columns(attribution);
            mask = attribution.stream().map(a -> tape.power(tape.scale(a, 1.0 / y.cols), 1e-16, lp.q() / 2)).toList();
        } else {
            attributions = attributions(configuration.attributions(), x);
            mask = leaves(tape, givenMask != null ? givenMask : select(configuration.selection(), attributions));
        }

        var losses = new LinkedHashMap<String, Matrix>();
        double n = layers.stream().mapToDouble(layer -> (double) layer.weight().length * layer.weight()[0].length).sum();

        // 5. Faithfulness = (1/N) Σ_l |W_l − Σ_c P_{c,l}|².
        Matrix faithfulness = tape.row(0);
        for (int l = 0; l < layers.size(); l++) {
            var difference = tape.subtract(tape.leaf(layers.get(l).weight()), parts.sum(l));
            faithfulness = tape.add(faithfulness, tape.sum(tape.square(difference)));
        }
        losses.put(FAITHFULNESS, tape.scale(faithfulness, 1 / n));

        Pass sparse = null;
        if (configuration.selection() instanceof Lp) {
            // Minimality = mean_b Σ_c w[b,c].
            Matrix minimality = tape.row(0);
            for (var w : mask) {
                minimality = tape.add(minimality, tape.sum(w));
            }
            losses.put(MINIMALITY_LP, tape.scale(minimality, 1.0 / batch));
        } else {
            // 4. Sparse pass: every layer computes Σ_c mask[b,c] · (x_l A_{c,l}) B_{c,l}.
            sparse = network.run(tape, tape.leaf(x), (l, in) -> {
                Matrix h = tape.multiply(mask.get(0), parts.apply(0, l, in));
                for (int c = 1; c < components; c++) {
                    h = tape.add(h, tape.multiply(mask.get(c), parts.apply(c, l, in)));
                }
                return h;
            });
            losses.put(MINIMALITY, configuration.divergence() ? divergence(tape, sparse.y(), y) : meanSquaredError(tape, sparse.y(), y));
            losses.put(HIDDEN_RECONSTRUCTION, hiddenReconstruction(tape, sparse, target));
        }

        // Simplicity = (1/(N·batch)) Σ_l Σ_b Σ_c Σ_j (mask[b,c] · |A_{c,l}[:,j]|² · |B_{c,l}[j,:]|² + 1e-16)^{p/2}.
        Matrix simplicity = tape.row(0);
        for (int l = 0; l < layers.size(); l++) {
            for (int c = 0; c < components; c++) {
                var columnsOfA = tape.sumOverRows(tape.square(parts.a(c, l)));
                var rowsOfB = tape.transpose(tape.sumOverColumns(tape.square(parts.b(c, l))));
                var norms = tape.multiply(columnsOfA, rowsOfB);
                var terms = tape.power(tape.multiply(mask.get(c), norms), 1e-16, configuration.p() / 2);
                simplicity = tape.add(simplicity, tape.sum(terms));
            }
        }
        losses.put(SIMPLICITY, tape.scale(simplicity, 1 / (n * batch)));

        // Output reconstruction = mean (output with all components − y)².
        var all = network.run(tape, tape.leaf(x), (l, in) -> tape.matmul(in, parts.sum(l)));
        losses.put(OUTPUT_RECONSTRUCTION, meanSquaredError(tape, all.y(), y));

        Matrix total = tape.row(0);
        for (var loss : losses.entrySet()) {
            double coefficient = configuration.coefficients().getOrDefault(loss.getKey(), 0.0);
            if (coefficient != 0) {
                total = tape.add(total, tape.scale(loss.getValue(), coefficient));
            }
        }
        tape.backward(total);

        var values = new LinkedHashMap<String, Double>();
        losses.forEach((name, loss) -> values.put(name, loss.scalar()));
        return new Step(y.values(), all.y().values(), sparse == null ? null : sparse.y().values(), attributions, columns(mask), values,
                total.scalar(), gradients(parts));
    }

    /** Attributions {@code [batch, C]} of any kind, with the factors as they are. */
    public double[][] attributions(Attributions kind, double[][] x) {
        var tape = new Tape();
        var parts = new Parts(tape);
        return switch (kind) {
            // attr_c = Σ_o ( Σ_l ∂y_o/∂h_l · (x_l P_{c,l}) )², with x_l, y and the gradient of the target …
            case GRADIENT_FROM_TARGET -> {
                var target = targetPass(new Tape(), x);
                yield columns(gradientAttributions(tape, parts, constants(tape, target).inputs(), outputGradients(target)));
            }
            // … or of the network run with all components summed.
            case GRADIENT_FROM_COMPONENTS -> {
                var all = componentPass(new Tape(), x, -1);
                yield columns(gradientAttributions(tape, parts, constants(tape, all).inputs(), outputGradients(all)));
            }
            // Mean over outputs of (output with all components − output without c)².
            case ABLATION -> {
                var result = new double[x.length][components];
                double[][] all = componentPass(new Tape(), x, -1).pass().y().values();
                for (int c = 0; c < components; c++) {
                    double[][] without = componentPass(new Tape(), x, c).pass().y().values();
                    for (int b = 0; b < x.length; b++) {
                        for (int o = 0; o < all[b].length; o++) {
                            double difference = all[b][o] - without[b][o];
                            result[b][c] += difference * difference / all[b].length;
                        }
                    }
                }
                yield result;
            }
            // Σ_l |x_l P_{c,l}|² on the all-components run.
            case ACTIVATION -> {
                var all = constants(tape, componentPass(new Tape(), x, -1));
                var result = new ArrayList<Matrix>();
                for (int c = 0; c < components; c++) {
                    Matrix sum = tape.leaf(new double[x.length][1]);
                    for (int l = 0; l < layers.size(); l++) {
                        sum = tape.add(sum, tape.sumOverColumns(tape.square(tape.matmul(all.inputs().get(l), parts.component(c, l)))));
                    }
                    result.add(sum);
                }
                yield columns(result);
            }
        };
    }

    /** The mask {@code [batch, C]} of a selection that has one; ties go to the lower flat index. */
    public static double[][] select(Selection selection, double[][] attributions) {
        int batch = attributions.length;
        int components = attributions[0].length;
        var mask = new double[batch][components];
        Comparator<Integer> largestFirst = Comparator.comparingDouble(i -> 0.0 - attributions[i / components][i % components]);
        if (selection instanceof BatchTopK top) {
            IntStream.range(0, batch * components).boxed().sorted(largestFirst.thenComparing(i -> i))
                    .limit((long) Math.floor(top.k() * batch)).forEach(i -> mask[i / components][i % components] = 1);
        } else if (selection instanceof PerSampleTopK top) {
            for (int b = 0; b < batch; b++) {
                IntStream.range(b * components, (b + 1) * components).boxed().sorted(largestFirst.thenComparing(i -> i))
                        .limit(top.k()).forEach(i -> mask[i / components][i % components] = 1);
            }
        } else {
            throw new IllegalArgumentException("no mask in " + selection);
        }
        return mask;
    }

    /**
     * How clear the selection is: the smallest selected attribution less the largest one that is not, divided by the former
     * (per-sample: of the closest row). 0 at a tie, infinite where all or none are selected. Single precision selects the
     * same where this is well above its rounding.
     */
    public static double margin(Selection selection, double[][] attributions) {
        double[][] mask = select(selection, attributions);
        double margin = Double.POSITIVE_INFINITY;
        int rows = selection instanceof PerSampleTopK ? 1 : attributions.length;
        for (int from = 0; from < attributions.length; from += rows) {
            double smallest = Double.POSITIVE_INFINITY;
            double largest = Double.NEGATIVE_INFINITY;
            for (int b = from; b < from + rows; b++) {
                for (int c = 0; c < mask[b].length; c++) {
                    if (mask[b][c] == 1) {
                        smallest = Math.min(smallest, attributions[b][c]);
                    } else {
                        largest = Math.max(largest, attributions[b][c]);
                    }
                }
            }
            if (smallest < Double.POSITIVE_INFINITY && largest > Double.NEGATIVE_INFINITY) {
                margin = Math.min(margin, smallest == largest ? 0 : (smallest - largest) / Math.abs(smallest));
            }
        }
        return margin;
    }

    /** The output {@code [batch, d_out]} of a sparse pass under a given mask {@code [batch, C]}. */
    public double[][] output(double[][] x, double[][] mask) {
        var tape = new Tape();
        var parts = new Parts(tape);
        var columns = leaves(tape, mask);
        return network.run(tape, tape.leaf(x), (l, in) -> {
            Matrix h = tape.leaf(new double[x.length][layers.get(l).weight()[0].length]);
            for (int c = 0; c < components; c++) {
                h = tape.add(h, tape.multiply(columns.get(c), parts.apply(c, l, in)));
            }
            return h;
        }).y().values();
    }

    /** The factors on a tape; a tied layer uses A' = Bᵀ and B' = Aᵀ of its owner. */
    private final class Parts {

        private final Tape tape;
        private final Map<String, List<Matrix>> a = new LinkedHashMap<>();
        private final Map<String, List<Matrix>> b = new LinkedHashMap<>();

        Parts(Tape tape) {
            this.tape = tape;
            factors.forEach((owner, factor) -> {
                a.put(owner, Arrays.stream(factor.a()).map(tape::leaf).toList());
                b.put(owner, Arrays.stream(factor.b()).map(tape::leaf).toList());
            });
        }

        /** {@code [d_in, m]}. */
        Matrix a(int c, int l) {
            var layer = layers.get(l);
            return layer.tied() ? tape.transpose(b.get(layer.owner()).get(c)) : a.get(layer.name()).get(c);
        }

        /** {@code [m, d_out]}. */
        Matrix b(int c, int l) {
            var layer = layers.get(l);
            return layer.tied() ? tape.transpose(a.get(layer.owner()).get(c)) : b.get(layer.name()).get(c);
        }

        /** P_{c,l} {@code [d_in, d_out]}. */
        Matrix component(int c, int l) {
            return tape.matmul(a(c, l), b(c, l));
        }

        /** {@code (x A_{c,l}) B_{c,l}}. */
        Matrix apply(int c, int l, Matrix x) {
            return tape.matmul(tape.matmul(x, a(c, l)), b(c, l));
        }

        /** Σ_c P_{c,l}, without one component if left ≥ 0. */
        Matrix sum(int l, int left) {
            var layer = layers.get(l);
            Matrix sum = tape.leaf(new double[layer.weight().length][layer.weight()[0].length]);
            for (int c = 0; c < components; c++) {
                if (c != left) {
                    sum = tape.add(sum, component(c, l));
                }
            }
            return sum;
        }

        Matrix sum(int l) {
            return sum(l, -1);
        }
    }

    /** A pass and the tape it is on. */
    private record Taped(Tape tape, Pass pass) { }

    private Taped targetPass(Tape tape, double[][] x) {
        return new Taped(tape, network.run(tape, tape.leaf(x), (l, in) -> tape.matmul(in, tape.leaf(layers.get(l).weight()))));
    }

    private Taped componentPass(Tape tape, double[][] x, int left) {
        var parts = new Parts(tape);
        return new Taped(tape, network.run(tape, tape.leaf(x), (l, in) -> tape.matmul(in, parts.sum(l, left))));
    }

    /** The same numbers on another tape, where no gradient flows on from them. */
    private static Pass constants(Tape tape, Taped taped) {
        return new Pass(taped.pass().inputs().stream().map(x -> tape.leaf(x.values())).toList(),
                taped.pass().outputs().stream().map(h -> tape.leaf(h.values())).toList(), tape.leaf(taped.pass().y().values()));
    }

    /** ∂y_o/∂h_l, one reverse pass for each output: by o, then l, {@code [batch, d_out of l]}. */
    private static List<List<double[][]>> outputGradients(Taped taped) {
        Matrix y = taped.pass().y();
        var result = new ArrayList<List<double[][]>>();
        for (int o = 0; o < y.cols; o++) {
            // No sample meets another in the network, so one pass serves them all.
            var seed = new double[y.value.length];
            for (int b = 0; b < y.rows; b++) {
                seed[b * y.cols + o] = 1;
            }
            taped.tape().backward(y, seed);
            result.add(taped.pass().outputs().stream().map(Matrix::gradients).toList());
        }
        return result;
    }

    /** {@code Σ_o ( Σ_l gradient_{o,l} · (x_l P_{c,l}) )²}, by component {@code [batch, 1]}. */
    private List<Matrix> gradientAttributions(Tape tape, Parts parts, List<Matrix> inputs, List<List<double[][]>> gradients) {
        int batch = inputs.get(0).rows;
        var result = new ArrayList<Matrix>();
        for (int c = 0; c < components; c++) {
            var outputs = new ArrayList<Matrix>();
            for (int l = 0; l < layers.size(); l++) {
                outputs.add(tape.matmul(inputs.get(l), parts.component(c, l)));
            }
            Matrix sum = tape.leaf(new double[batch][1]);
            for (var gradient : gradients) {
                Matrix inner = tape.leaf(new double[batch][1]);
                for (int l = 0; l < layers.size(); l++) {
                    inner = tape.add(inner, tape.sumOverColumns(tape.multiply(tape.leaf(gradient.get(l)), outputs.get(l))));
                }
                sum = tape.add(sum, tape.square(inner));
            }
            result.add(sum);
        }
        return result;
    }

    /** Mean over batch and outputs of (ŷ − y)². */
    static Matrix meanSquaredError(Tape tape, Matrix yHat, Matrix y) {
        return tape.scale(tape.sum(tape.square(tape.subtract(yHat, y))), 1.0 / y.value.length);
    }

    /** Mean over batch of Σ_o softmax(y)_o (log softmax(y)_o − log softmax(ŷ)_o). */
    static Matrix divergence(Tape tape, Matrix yHat, Matrix y) {
        Matrix log = tape.logSoftmax(y);
        double[][] softmax = log.values();
        for (double[] row : softmax) {
            Arrays.setAll(row, o -> Math.exp(row[o]));
        }
        Matrix terms = tape.multiply(tape.leaf(softmax), tape.subtract(tape.leaf(log.values()), tape.logSoftmax(yHat)));
        return tape.scale(tape.sum(terms), 1.0 / y.rows);
    }

    /**
     * Residual MLPs: |ReLU(ĥ_l) − ReLU(h_l)|² over the MLP-in layers; TMS: |ĥ_l − h_l|² over all layers. Divided by the
     * sum of their widths, mean over the batch.
     */
    private Matrix hiddenReconstruction(Tape tape, Pass sparse, Pass target) {
        boolean rectified = network instanceof ReferenceNetwork.ResidualMlp;
        Matrix sum = tape.row(0);
        int widths = 0;
        for (int l : network.hiddenLayers()) {
            // For residual MLPs h is x_l W_l with the x_l of the pass it belongs to, before the bias.
            Matrix hHat = sparse.outputs().get(l);
            Matrix h = target.outputs().get(l);
            Matrix difference = rectified ? tape.subtract(tape.relu(hHat), tape.relu(h)) : tape.subtract(hHat, h);
            sum = tape.add(sum, tape.sum(tape.square(difference)));
            widths += h.cols;
        }
        return tape.scale(sum, 1.0 / widths / target.y().rows);
    }

    /** Every column A_{c,l}[:, j] to norm 1. */
    private void normalise() {
        for (var factor : factors.values()) {
            for (double[][] a : factor.a()) {
                for (int j = 0; j < a[0].length; j++) {
                    double norm = Math.sqrt(product(a, a, j));
                    for (double[] row : a) {
                        row[j] /= norm;
                    }
                }
            }
        }
    }

    /** What the tape found, with unit norm less the part of A's gradient along the column: g ← g − (g·a) a. */
    private Map<String, Factors> gradients(Parts parts) {
        var result = new LinkedHashMap<String, Factors>();
        for (var owned : factors.entrySet()) {
            String owner = owned.getKey();
            double[][][] ga = parts.a.get(owner).stream().map(Matrix::gradients).toArray(double[][][]::new);
            double[][][] gb = parts.b.get(owner).stream().map(Matrix::gradients).toArray(double[][][]::new);
            for (int c = 0; configuration.unitNorm() && c < components; c++) {
                double[][] a = owned.getValue().a()[c];
                for (int j = 0; j < a[0].length; j++) {
                    double along = product(ga[c], a, j);
                    for (int i = 0; i < a.length; i++) {
                        ga[c][i][j] -= along * a[i][j];
                    }
                }
            }
            result.put(owner, new Factors(ga, gb));
        }
        return result;
    }

    /** g[:,j] · a[:,j]. */
    private static double product(double[][] g, double[][] a, int j) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += g[i][j] * a[i][j];
        }
        return sum;
    }

    /** {@code [batch, C]} from C columns. */
    private static double[][] columns(List<Matrix> columns) {
        var result = new double[columns.get(0).rows][columns.size()];
        for (int c = 0; c < columns.size(); c++) {
            for (int b = 0; b < result.length; b++) {
                result[b][c] = columns.get(c).value[b];
            }
        }
        return result;
    }

    /** C columns {@code [batch, 1]} from {@code [batch, C]}. */
    private static List<Matrix> leaves(Tape tape, double[][] values) {
        var result = new ArrayList<Matrix>();
        for (int c = 0; c < values[0].length; c++) {
            int column = c;
            result.add(tape.leaf(Arrays.stream(values).map(row -> new double[] {row[column]}).toArray(double[][]::new)));
        }
        return result;
    }
}
