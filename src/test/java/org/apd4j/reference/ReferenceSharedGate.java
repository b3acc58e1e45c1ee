package org.apd4j.reference;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apd4j.reference.ReferenceNetwork.Layer;
import org.apd4j.reference.Tape.Matrix;

/**
 * A reference implementation of decomposition by shared gates in double precision, with every formula as it is printed. The library is compared with it.
 * Losses are written in the forward direction only; the {@link Tape} provides gradients. Every pass runs the whole network on the whole batch with all
 * components, dead ones under mask 0; nothing is folded, skipped or reused.
 *
 * <p>Arrays: {@code LAYER.A.r [d_in, C]} and {@code LAYER.B.r [C, d_out]} for piece r of every layer that owns its arrays, {@code gate.s [G, C]} and
 * {@code gate.b [1, C]}; for gates that are MLPs also {@code gate.G.w_in}, {@code b_in}, {@code w_out [C, width]} and {@code b_out [1, C]} of the G-th
 * gate matrix.
 */
public final class ReferenceSharedGate {

    /** What gates read. */
    public enum Gate { ABSOLUTE, NORM, SIGNED, MLP }

    /**
     * @param ranks of the layers that own arrays, by name
     * @param kl whether outputs are compared by KL instead of the squared error
     * @param share w, the share of samples that are not empty
     */
    public record Configuration(int components, Map<String, Integer> ranks, Gate gate, boolean outputStart, double s0, int steps, double kappa0,
            double kappa1, double kappaFrom, double stochastic, double keep, double beta, double ramp, double decay, double hidden, double direction,
            boolean kl, double share, double lr, int warmSteps, double warmLr) {

        double kappa(int t) {
            return kappa0 * Math.pow(kappa1 / kappa0, Math.max(0, ((double) t / steps - kappaFrom) / (1 - kappaFrom)));
        }

        double beta(int t) {
            return beta * (ramp == 0 ? 1 : Math.min(1, t / (ramp * steps))) * Math.pow(decay, Math.max(0, 2.0 * t / steps - 1));
        }

        double rate(int t) {
            return steps == 1 ? lr : lr * Math.cos(Math.PI / 2 * t / (steps - 1));
        }
    }

    /** What a step computes before its update. */
    public record Step(Map<String, Double> losses, double total, Map<String, double[][]> arrays, Map<String, double[][]> gradients) { }

    private final ReferenceNetwork network;
    private final Configuration configuration;
    private final List<Layer> layers;
    /** Indices of the gate matrices and of all others. */
    private final List<Integer> gates = new ArrayList<>();
    private final List<Integer> others = new ArrayList<>();
    private final Map<String, double[][]> parameters = new LinkedHashMap<>();
    private final Map<String, double[][]> first = new LinkedHashMap<>();
    private final Map<String, double[][]> second = new LinkedHashMap<>();
    private final double[] alive;

    public ReferenceSharedGate(ReferenceNetwork network, Configuration configuration) {
        this.network = network;
        this.configuration = configuration;
        this.layers = network.layers();
        for (int l = 0; l < layers.size(); l++) {
            boolean readsInput = network instanceof ReferenceNetwork.Tms ? l == 0 : l % 2 == 0; // W_in reads the stream
            (readsInput ? gates : others).add(l);
        }
        this.alive = new double[configuration.components()];
        Arrays.fill(alive, 1);
    }

    /** A, B, s and b; not copies. */
    public Map<String, double[][]> parameters() {
        return parameters;
    }

    public double[] alive() {
        return alive;
    }

    private int rank(Layer layer) {
        return configuration.ranks().get(layer.owner());
    }

    // ---- initial values

    /** The inputs of all layers in the target. */
    private List<double[][]> inputs(double[][] x) {
        var tape = new Tape();
        return network.run(tape, tape.leaf(x), (l, in) -> tape.matmul(in, tape.leaf(layers.get(l).weight()))).inputs().stream()
                .map(Matrix::values).toList();
    }

    private static double norm(double[] v) {
        return Math.sqrt(dot(v, v));
    }

    private static double dot(double[] v, double[] w) {
        double sum = 0;
        for (int i = 0; i < v.length; i++) {
            sum += v[i] * w[i];
        }
        return sum;
    }

    private static double[] times(double[] v, double factor) {
        return Arrays.stream(v).map(value -> value * factor).toArray();
    }

    private static double[] times(double[] v, double[][] w) {
        var result = new double[w[0].length];
        for (int i = 0; i < v.length; i++) {
            for (int j = 0; j < result.length; j++) {
                result[j] += v[i] * w[i][j];
            }
        }
        return result;
    }

    private static double[] upright(double[] x) {
        return Arrays.stream(x).sum() < 0 ? times(x, -1) : x;
    }

    private double[][] directions(double[][] x) {
        return Arrays.stream(inputs(x).get(0)).map(v -> times(v, 1 / norm(v))).toArray(double[][]::new);
    }

    /** Farthest first. */
    public int[] pick(double[][] candidates) {
        double[][] v = directions(candidates);
        var picked = new ArrayList<Integer>(List.of(0));
        while (picked.size() < configuration.components()) {
            int best = -1;
            double smallest = Double.POSITIVE_INFINITY;
            for (int i = 0; i < v.length; i++) {
                double largest = 0;
                for (int p : picked) {
                    largest = Math.max(largest, Math.abs(dot(v[i], v[p])));
                }
                if (largest < smallest && !picked.contains(i)) {
                    smallest = largest;
                    best = i;
                }
            }
            picked.add(best);
        }
        return picked.stream().mapToInt(Integer::intValue).toArray();
    }

    private void firstPiece(int component, double[] x) {
        var in = inputs(new double[][] {upright(x)});
        for (int l = 0; l < layers.size(); l++) {
            var layer = layers.get(l);
            if (layer.tied()) {
                continue;
            }
            double[] input = in.get(l)[0];
            double[] v = times(input, 1 / (norm(input) + 1e-12));
            double[] b = times(v, layer.weight());
            if (configuration.outputStart() && others.contains(l)) {
                double[] o = times(b, 1 / (norm(b) + 1e-12));
                b = o;
                v = times(o, ReferenceNetwork.transposed(layer.weight()));
            }
            for (int i = 0; i < v.length; i++) {
                parameters.get(layer.name() + ".A.0")[i][component] = v[i];
            }
            parameters.get(layer.name() + ".B.0")[component] = b;
        }
    }

    /** Initial values from picked samples and standard normal numbers by the names of the further pieces. */
    public void start(double[][] picked, Map<String, double[][]> normals) {
        int count = configuration.components();
        for (var layer : layers) {
            for (int r = 0; r < rank(layer) && !layer.tied(); r++) {
                parameters.put(layer.name() + ".A." + r, new double[layer.weight().length][count]);
                parameters.put(layer.name() + ".B." + r, new double[count][layer.weight()[0].length]);
            }
        }
        for (int c = 0; c < count; c++) {
            firstPiece(c, picked[c]);
        }
        for (var layer : layers) {
            for (int r = 1; r < rank(layer) && !layer.tied(); r++) {
                double mean = Arrays.stream(parameters.get(layer.name() + ".B.0")).mapToDouble(ReferenceSharedGate::norm).sum() / count;
                String a = layer.name() + ".A." + r;
                String b = layer.name() + ".B." + r;
                parameters.put(a, scaled(normals.get(a), 1 / Math.sqrt(layer.weight().length)));
                parameters.put(b, scaled(normals.get(b), 0.05 * mean / Math.sqrt(layer.weight()[0].length)));
            }
        }
        var s = new double[gates.size()][count];
        Arrays.stream(s).forEach(row -> Arrays.fill(row, configuration.s0() / gates.size()));
        parameters.put("gate.s", s);
        parameters.put("gate.b", new double[1][count]);
    }

    private static double[][] scaled(double[][] values, double factor) {
        return Arrays.stream(values).map(row -> times(row, factor)).toArray(double[][]::new);
    }

    /** Adam on A and B alone. */
    public void warmUp() {
        var own = new LinkedHashMap<String, double[][]>();
        var other = new LinkedHashMap<String, double[][]>();
        for (int t = 0; t < configuration.warmSteps(); t++) {
            var tape = new Tape();
            var leaves = leaves(tape);
            Matrix sum = tape.row(0);
            for (var layer : layers) {
                sum = layer.tied() ? sum : tape.add(sum, tape.sum(tape.square(residual(tape, leaves, layer))));
            }
            tape.backward(sum);
            for (String name : parameters.keySet()) {
                if (!name.startsWith("gate.")) {
                    adam(own, other, t, configuration.warmLr(), name, leaves.get(name).gradients());
                }
            }
        }
    }

    // ---- a step

    private Map<String, Matrix> leaves(Tape tape) {
        var leaves = new LinkedHashMap<String, Matrix>();
        parameters.forEach((name, values) -> leaves.put(name, tape.leaf(values)));
        return leaves;
    }

    private static Matrix a(Tape tape, Map<String, Matrix> leaves, Layer layer, int r) {
        return layer.tied() ? tape.transpose(leaves.get(layer.owner() + ".B." + r)) : leaves.get(layer.name() + ".A." + r);
    }

    private static Matrix b(Tape tape, Map<String, Matrix> leaves, Layer layer, int r) {
        return layer.tied() ? tape.transpose(leaves.get(layer.owner() + ".A." + r)) : leaves.get(layer.name() + ".B." + r);
    }

    private Matrix residual(Tape tape, Map<String, Matrix> leaves, Layer layer) {
        Matrix left = tape.leaf(layer.weight());
        for (int r = 0; r < rank(layer); r++) {
            left = tape.subtract(left, tape.matmul(a(tape, leaves, layer, r), b(tape, leaves, layer, r)));
        }
        return left;
    }

    /** {@code Σ_c m_c (x A_c) B_c}. */
    private Matrix masked(Tape tape, Map<String, Matrix> leaves, Layer layer, Matrix x, Matrix mask) {
        Matrix h = tape.leaf(new double[x.rows][layer.weight()[0].length]);
        for (int r = 0; r < rank(layer); r++) {
            Matrix read = tape.multiply(tape.matmul(x, a(tape, leaves, layer, r)), mask);
            h = tape.add(h, tape.matmul(read, b(tape, leaves, layer, r)));
        }
        return h;
    }

    private Matrix gamma(Tape tape, Map<String, Matrix> leaves, List<double[][]> inputs) {
        int batch = inputs.get(0).length;
        Matrix gamma = tape.leaf(new double[batch][configuration.components()]);
        gamma = configuration.gate() == Gate.MLP ? gamma : tape.add(gamma, leaves.get("gate.b"));
        for (int i = 0; i < gates.size(); i++) {
            var layer = layers.get(gates.get(i));
            Matrix x = tape.leaf(inputs.get(gates.get(i)));
            Matrix n;
            if (rank(layer) > 1 || configuration.gate() == Gate.NORM) {
                Matrix squares = tape.leaf(new double[batch][configuration.components()]);
                for (int r = 0; r < rank(layer); r++) {
                    squares = tape.add(squares, tape.square(tape.matmul(x, a(tape, leaves, layer, r))));
                }
                n = tape.power(squares, 1e-12, 0.5);
            } else {
                n = tape.matmul(x, a(tape, leaves, layer, 0));
                n = configuration.gate() == Gate.MLP ? ReferenceSpd.mlp(tape, leaves, "gate." + i + ".", n) : configuration.gate() == Gate.SIGNED ? n : tape.unary(n, Math::abs, Math::signum);
            }
            gamma = tape.add(gamma, configuration.gate() == Gate.MLP ? n : tape.multiply(tape.row(leaves.get("gate.s"), i), n));
        }
        return gamma;
    }

    private static Matrix lower(Tape tape, Matrix gamma) {
        return tape.unary(gamma, v -> v <= 0 ? 0.01 * v : Math.min(v, 1), v -> v <= 0 ? 0.01 : v <= 1 ? 1 : 0);
    }

    private static Matrix upper(Tape tape, Matrix gamma) {
        return tape.unary(gamma, v -> v <= 0 ? 0 : v <= 1 ? v : 1 + 0.01 * (v - 1), v -> v <= 0 ? 0 : v <= 1 ? 1 : 0.01);
    }

    private Matrix outputLoss(Tape tape, Matrix output, double[][] y) {
        if (!configuration.kl()) {
            return tape.scale(tape.sum(tape.square(tape.subtract(output, tape.leaf(y)))), 1.0 / (y.length * y[0].length));
        }
        Matrix wanted = tape.logSoftmax(tape.leaf(y));
        var probabilities = Arrays.stream(wanted.values()).map(row -> Arrays.stream(row).map(Math::exp).toArray()).toArray(double[][]::new);
        Matrix off = tape.subtract(tape.leaf(wanted.values()), tape.logSoftmax(output));
        return tape.scale(tape.sum(tape.multiply(tape.leaf(probabilities), off)), 1.0 / y.length);
    }

    /** What a step computes on x {@code [B, features]} with random numbers r {@code [B, C]}, without an update. */
    public Step evaluate(double[][] x, double[][] r, int t) {
        var tape = new Tape();
        var leaves = leaves(tape);
        var losses = new LinkedHashMap<String, Matrix>();
        var arrays = new LinkedHashMap<String, double[][]>();
        int batch = x.length;
        double w = configuration.share();

        // 1. The target.
        double[][] y = network.output(x);
        var inputs = inputs(x);

        // 2. Gates and masks.
        Matrix living = tape.row(alive);
        Matrix gamma = gamma(tape, leaves, inputs);
        Matrix g = tape.multiply(lower(tape, gamma), living);
        Matrix missing = tape.multiply(tape.add(tape.scale(g, -1), tape.row(1)), living);
        Matrix m = tape.add(g, tape.multiply(missing, tape.leaf(r)));
        arrays.put("y", y);
        arrays.put("gamma", gamma.values());
        arrays.put("g", g.values());
        arrays.put("mask", m.values());

        // 3., 4. Passes and losses.
        Matrix faithfulness = tape.row(0);
        double entries = 0;
        for (var layer : layers) {
            faithfulness = tape.add(faithfulness, tape.sum(tape.square(residual(tape, leaves, layer))));
            entries += layer.weight().length * layer.weight()[0].length;
        }
        losses.put("faithfulness", tape.scale(faithfulness, 1 / entries));
        Matrix hidden = tape.row(0);
        Matrix direction = tape.row(0);
        for (String pass : List.of("stochastic", "keep")) {
            Matrix mask = pass.equals("keep") ? g : m;
            var run = network.run(tape, tape.leaf(x), (l, in) -> masked(tape, leaves, layers.get(l), in, mask));
            arrays.put("out_" + pass, run.y().values());
            losses.put(pass, tape.scale(outputLoss(tape, run.y(), y), w));
            for (int l : others) {
                hidden = tape.add(hidden, tape.sum(tape.square(tape.subtract(run.inputs().get(l), tape.leaf(inputs.get(l))))));
            }
            direction = tape.add(direction, direction(tape, leaves, x, mask));
        }
        int read = others.stream().mapToInt(l -> layers.get(l).weight().length).sum();
        int written = gates.stream().mapToInt(l -> layers.get(l).weight()[0].length).sum();
        losses.put("hidden", tape.scale(hidden, w / read / batch));
        losses.put("direction", tape.scale(direction, w / written / batch));
        var zeros = inputs.stream().map(input -> new double[1][input[0].length]).toList();
        Matrix ofEmpty = tape.sum(tape.multiply(upper(tape, gamma(tape, leaves, zeros)), living));
        Matrix ofFull = tape.sum(tape.multiply(upper(tape, gamma), living));
        losses.put("minimality", tape.add(tape.scale(ofFull, w / batch), tape.scale(ofEmpty, 1 - w)));

        Matrix total = tape.row(0);
        Map<String, Double> coefficients = Map.of("faithfulness", configuration.kappa(t), "stochastic", configuration.stochastic(), "keep",
                configuration.keep(), "minimality", configuration.beta(t), "hidden", configuration.hidden(), "direction", configuration.direction());
        for (var loss : losses.entrySet()) {
            total = tape.add(total, tape.scale(loss.getValue(), coefficients.get(loss.getKey())));
        }
        tape.backward(total);
        var values = new LinkedHashMap<String, Double>();
        losses.forEach((name, loss) -> values.put(name, loss.scalar()));
        var gradients = new LinkedHashMap<String, double[][]>();
        leaves.forEach((name, leaf) -> gradients.put(name, leaf.gradients()));
        return new Step(values, total.scalar(), arrays, gradients);
    }

    /** {@code Σ_b Σ_l |ṽ − λ v|² / max(λ, 0.3)²} of one mask; the input of a gate matrix where all decomposed layers write nothing. */
    private Matrix direction(Tape tape, Map<String, Matrix> leaves, double[][] x, Matrix mask) {
        var alone = network.run(tape, tape.leaf(x), (l, in) -> tape.leaf(new double[x.length][layers.get(l).weight()[0].length])).inputs();
        Matrix sum = tape.row(0);
        for (int l : gates) {
            Matrix x0 = tape.leaf(alone.get(l).values());
            Matrix v = tape.leaf(tape.matmul(x0, tape.leaf(layers.get(l).weight())).values());
            Matrix made = masked(tape, leaves, layers.get(l), x0, mask);
            Matrix squares = tape.sumOverColumns(tape.square(v));
            Matrix lambda = tape.multiply(tape.sumOverColumns(tape.multiply(made, v)), tape.power(squares, 1e-12, -1));
            Matrix error = tape.sumOverColumns(tape.square(tape.subtract(made, tape.multiply(lambda, v))));
            Matrix length = tape.unary(lambda, value -> Math.max(value, 0.3), value -> value > 0.3 ? 1 : 0);
            sum = tape.add(sum, tape.sum(tape.multiply(error, tape.power(length, 0, -2))));
        }
        return sum;
    }

    private void adam(Map<String, double[][]> means, Map<String, double[][]> squares, int t, double rate, String name, double[][] gradient) {
        double[][] values = parameters.get(name);
        double[][] mean = means.computeIfAbsent(name, n -> new double[values.length][values[0].length]);
        double[][] square = squares.computeIfAbsent(name, n -> new double[values.length][values[0].length]);
        for (int i = 0; i < values.length; i++) {
            for (int j = 0; j < values[i].length; j++) {
                mean[i][j] = 0.9 * mean[i][j] + 0.1 * gradient[i][j];
                square[i][j] = 0.999 * square[i][j] + 0.001 * gradient[i][j] * gradient[i][j];
                values[i][j] -= rate * mean[i][j] / (1 - Math.pow(0.9, t + 1)) / (Math.sqrt(square[i][j] / (1 - Math.pow(0.999, t + 1))) + 1e-8);
            }
        }
    }

    /** One step with its update. */
    public Step step(double[][] x, double[][] r, int t) {
        var step = evaluate(x, r, t);
        step.gradients().forEach((name, gradient) -> adam(first, second, t, configuration.rate(t), name, gradient));
        return step;
    }

    // ---- prunings and restarts

    /** The largest g of each component; 0 of dead ones. */
    public double[] largest(double[][] x) {
        var tape = new Tape();
        double[][] g = lower(tape, gamma(tape, leaves(tape), inputs(x))).values();
        var largest = new double[alive.length];
        for (int c = 0; c < largest.length; c++) {
            int component = c;
            largest[c] = alive[c] * Arrays.stream(g).mapToDouble(row -> row[component]).max().orElseThrow();
        }
        return largest;
    }

    /** Sets what belongs to a component in some arrays to 0. */
    private void clear(Map<String, double[][]> arrays, int component, boolean gatesToo) {
        arrays.forEach((name, values) -> {
            if (name.contains(".B.")) {
                Arrays.fill(values[component], 0);
            } else if (name.contains(".A.") || gatesToo) {
                Arrays.stream(values).forEach(row -> row[component] = 0);
            }
        });
    }

    /** A pruning on samples. */
    public void prune(double[][] x) {
        double[] largest = largest(x);
        for (int c = 0; c < alive.length; c++) {
            if (alive[c] == 1 && largest[c] <= 0.5) {
                alive[c] = 0;
                clear(parameters, c, false);
                clear(first, c, false);
            }
        }
    }

    /** What a restart saw and did. */
    public record Restart(double[] largest, double[] rho, List<Integer> components, List<Integer> samples) { }

    /** Normal numbers for A of a piece of the j-th component that is rebuilt, {@code [d_in]}. */
    public interface Normals {
        double[] of(int j, String layer, int piece);
    }

    /** A restart on samples as they were drawn. */
    public Restart restart(double[][] drawn, Normals normals) {
        double[][] x = Arrays.stream(drawn).map(row -> times(row, 1 / Arrays.stream(row).map(Math::abs).max().orElseThrow())).toArray(double[][]::new);
        double[] largest = largest(x);
        var tape = new Tape();
        var leaves = leaves(tape);
        Matrix g = tape.multiply(lower(tape, gamma(tape, leaves, inputs(x))), tape.row(alive));
        double[][] y = network.output(x);
        double[][] kept = network.run(tape, tape.leaf(x), (l, in) -> masked(tape, leaves, layers.get(l), in, g)).y().values();
        double[][] nothing = network.run(tape, tape.leaf(x), (l, in) -> tape.leaf(new double[x.length][layers.get(l).weight()[0].length])).y().values();
        var scales = new double[x.length];
        var rho = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            for (int o = 0; o < y[i].length; o++) {
                scales[i] += Math.pow(y[i][o] - nothing[i][o], 2);
                rho[i] += Math.pow(y[i][o] - kept[i][o], 2);
            }
        }
        double[] sorted = scales.clone();
        Arrays.sort(sorted);
        for (int i = 0; i < x.length; i++) {
            rho[i] = scales[i] < sorted[(sorted.length - 1) / 2] ? 0 : rho[i] / (scales[i] + 1e-12);
        }
        double[] left = rho.clone();
        double[][] v = directions(x);
        var components = new ArrayList<Integer>();
        var samples = new ArrayList<Integer>();
        for (int c = 0; c < alive.length; c++) {
            int worst = 0;
            for (int i = 0; i < left.length; i++) {
                worst = left[i] > left[worst] ? i : worst;
            }
            if (alive[c] == 0 || largest[c] >= 0.5 || left[worst] <= 0.4) {
                continue;
            }
            clear(parameters, c, true);
            firstPiece(c, x[worst]);
            for (var layer : layers) {
                for (int r = 1; r < rank(layer) && !layer.tied(); r++) {
                    double[] a = normals.of(components.size(), layer.name(), r);
                    for (int i = 0; i < a.length; i++) {
                        parameters.get(layer.name() + ".A." + r)[i][c] = a[i] / Math.sqrt(a.length);
                    }
                }
            }
            for (double[] s : parameters.get("gate.s")) {
                s[c] = configuration.s0() / gates.size();
            }
            clear(first, c, true);
            clear(second, c, true);
            components.add(c);
            samples.add(worst);
            for (int i = 0; i < left.length; i++) {
                left[i] = Math.abs(dot(v[i], v[worst])) > 0.5 ? 0 : left[i];
            }
        }
        return new Restart(largest, rho, components, samples);
    }
}
