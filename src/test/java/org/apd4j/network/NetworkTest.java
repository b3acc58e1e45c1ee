package org.apd4j.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.OutputStream;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Random;
import org.apd4j.kernel.Erf;
import org.apd4j.kernel.Matrix;
import org.apd4j.kernel.SparseRows;
import org.apd4j.kernel.Workers;
import org.apd4j.network.Parameter.Role;
import org.junit.jupiter.api.Test;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Networks of every part against the description read node by node in double precision, gradients against central differences. */
class NetworkTest {

    /** A network of random parts: at every node any earlier value may be used, added, or multiplied by any parameter that fits. */
    private static final class RandomNetwork {
        private final Random random;
        private final Network.Builder builder;
        private final List<String> values = new ArrayList<>(List.of("input"));
        private final Map<String, Integer> widths = new HashMap<>();
        private final Map<String, int[]> matrices = new LinkedHashMap<>();
        private int decomposed;
        private final StringBuilder parts = new StringBuilder();

        RandomNetwork(int number) {
            random = new Random(number);
            int inputs = 1 + random.nextInt(5);
            builder = Network.builder(inputs);
            widths.put("input", inputs);
        }

        Network make() {
            int nodes = 5 + random.nextInt(8);
            for (int i = 0; i < nodes || decomposed == 0; i++) {
                add("n" + i, random.nextInt(9));
            }
            return builder.build();
        }

        private void add(String name, int kind) {
            // mostly go on from the last value, so that chains grow, now and then from an older one
            String from = values.get(random.nextInt(3) > 0 ? values.size() - 1 : random.nextInt(values.size()));
            int width = widths.get(from);
            int out = width;
            if (kind < 3) { // a linear map of its own
                out = 1 + random.nextInt(5);
                Role role = decomposed == 0 ? Role.DECOMPOSED : Role.values()[random.nextInt(3)];
                decomposed += role == Role.DECOMPOSED ? 1 : 0;
                builder.parameter("W" + name, role, values(width, out)).linear(name, from, "W" + name, false);
                matrices.put("W" + name, new int[] {width, out});
            } else if (kind < 5) { // a parameter once more, transposed or not: ties
                String used = matrices.keySet().stream().filter(m -> matrices.get(m)[0] == width || matrices.get(m)[1] == width).reduce((a, b) -> b)
                        .orElse(null);
                if (used == null) {
                    add(name, 0);
                    return;
                }
                boolean transposed = matrices.get(used)[0] != width;
                out = matrices.get(used)[transposed ? 0 : 1];
                builder.linear(name, from, used, transposed);
                parts.append(transposed ? "T" : "U");
            } else if (kind == 5) {
                builder.parameter("b" + name, random.nextBoolean() ? Role.TRAINED : Role.FIXED, values(1, width)).bias(name, from, "b" + name);
                parts.append("B");
            } else if (kind == 6) {
                String other = values.stream().filter(v -> widths.get(v) == width && !v.equals(from)).findFirst().orElse(from);
                builder.sum(name, from, other);
                parts.append("S");
            } else {
                builder.activation(name, from, kind == 7 ? Activation.RELU : Activation.GELU);
                parts.append(kind == 7 ? "R" : "G");
            }
            values.add(name);
            widths.put(name, out);
        }

        private Matrix values(int rows, int columns) {
            return randomMatrix(random, rows, columns, 1 / Math.sqrt(rows));
        }
    }

    private static Matrix randomMatrix(Random random, int rows, int columns, double scale) {
        Matrix matrix = Matrix.zeros(rows, columns);
        for (int i = 0; i < matrix.size(); i++) {
            matrix.data()[i] = (float) (scale * random.nextGaussian());
        }
        return matrix;
    }

    private static double[][] doubles(Matrix matrix) {
        double[][] values = new double[matrix.rows()][matrix.columns()];
        for (int i = 0; i < matrix.rows(); i++) {
            for (int j = 0; j < matrix.columns(); j++) {
                values[i][j] = matrix.get(i, j);
            }
        }
        return values;
    }

    /** The value of every node on a batch, as the description says. */
    private static Map<String, double[][]> run(Network network, Map<String, double[][]> parameters, double[][] x) {
        Map<String, double[][]> values = new LinkedHashMap<>();
        for (Network.Node node : network.nodes()) {
            double[][] result;
            if (node instanceof Network.Linear linear) {
                double[][] w = parameters.get(linear.parameter());
                double[][] from = values.get(linear.from());
                int out = linear.transposed() ? w.length : w[0].length;
                result = new double[x.length][out];
                for (int i = 0; i < x.length; i++) {
                    for (int j = 0; j < out; j++) {
                        for (int k = 0; k < from[i].length; k++) {
                            result[i][j] += from[i][k] * (linear.transposed() ? w[j][k] : w[k][j]);
                        }
                    }
                }
            } else if (node instanceof Network.Bias bias) {
                double[] b = parameters.get(bias.parameter())[0];
                result = plus(values.get(bias.from()), i -> b);
            } else if (node instanceof Network.Activate activate) {
                result = Arrays.stream(values.get(activate.from())).map(row -> Arrays.stream(row).map(v -> activate.activation() == Activation.RELU
                        ? Math.max(0, v) : v * 0.5 * (1 + Erf.erf(v / Math.sqrt(2)))).toArray()).toArray(double[][]::new);
            } else if (node instanceof Network.Sum sum) {
                double[][] right = values.get(sum.right());
                result = plus(values.get(sum.left()), i -> right[i]);
            } else {
                result = x;
            }
            values.put(node.name(), result);
        }
        return values;
    }

    private static double[][] plus(double[][] left, java.util.function.IntFunction<double[]> right) {
        double[][] result = new double[left.length][];
        for (int i = 0; i < left.length; i++) {
            result[i] = left[i].clone();
            for (int j = 0; j < result[i].length; j++) {
                result[i][j] += right.apply(i)[j];
            }
        }
        return result;
    }

    private static double[][] output(Network network, Map<String, double[][]> parameters, double[][] x) {
        return run(network, parameters, x).get(network.nodes().get(network.nodes().size() - 1).name());
    }

    private static double weighted(double[][] output, Matrix weights) {
        double sum = 0;
        for (int i = 0; i < output.length; i++) {
            for (int j = 0; j < output[i].length; j++) {
                sum += output[i][j] * weights.get(i, j);
            }
        }
        return sum;
    }

    @Test
    void outputsAndGradientsOfRandomNetworksAreThoseOfTheirDescription() {
        StringBuilder parts = new StringBuilder();
        for (int number = 0; number < 300; number++) {
            RandomNetwork maker = new RandomNetwork(number);
            Network network = maker.make();
            parts.append(maker.parts);
            Random random = new Random(number);
            Matrix x = randomMatrix(random, 4, network.inputs(), 1);
            for (int i = 0; i < x.size(); i += 3) {
                x.data()[i] = 0;
            }
            Map<String, double[][]> parameters = new LinkedHashMap<>();
            network.parameters().forEach(parameter -> parameters.put(parameter.name(), doubles(parameter.values())));
            for (Wiring wiring : List.of(Wiring.forDecomposition(network), Wiring.forTraining(network))) {
                check("network " + number, network, wiring, parameters, x, randomMatrix(random, 4, network.outputs(), 1));
            }
        }
        for (String part : List.of("T", "U", "B", "S", "R", "G")) {
            assertTrue(parts.chars().filter(c -> c == part.charAt(0)).count() > 50, "enough of " + part + " in " + parts);
        }
    }

    /** The library's gradients by parameter; the pass has been run forward and back. */
    private static Map<String, double[][]> gradients(Network network, Wiring wiring, Matrix x, Matrix outputGradient, DensePass pass) {
        List<Matrix> weights = new ArrayList<>();
        wiring.layers().forEach(layer -> weights.add(layer.weights(network.parameter(layer.parameter()).values())));
        pass.forward(SparseRows.of(x), new LinearParts(wiring, weights));
        Matrix[] gradients = wiring.layers().stream().map(layer -> Matrix.zeros(layer.in(), layer.out())).toArray(Matrix[]::new);
        pass.backward(outputGradient.copy(), gradients);
        Map<String, double[][]> byParameter = new LinkedHashMap<>();
        for (int l = 0; l < gradients.length; l++) {
            Wiring.Layer layer = wiring.layers().get(l);
            double[][] oriented = doubles(layer.transposed() ? gradients[l].transposed() : gradients[l]);
            byParameter.merge(layer.parameter(), oriented, (a, b) -> plus(a, i -> b[i]));
        }
        return byParameter;
    }

    private static void check(String name, Network network, Wiring wiring, Map<String, double[][]> parameters, Matrix x, Matrix outputGradient) {
        DensePass pass = new DensePass(wiring, Workers.one());
        Map<String, double[][]> byParameter = gradients(network, wiring, x, outputGradient, pass);
        double[][] wanted = output(network, parameters, doubles(x));
        double size = Arrays.stream(wanted).flatMapToDouble(Arrays::stream).map(Math::abs).max().orElse(0);
        for (int i = 0; i < wanted.length; i++) {
            for (int j = 0; j < wanted[i].length; j++) {
                assertEquals(wanted[i][j], pass.output().get(i, j), 2e-5 * (1 + size), name + ", output");
            }
        }
        byParameter.forEach((parameter, gradient) -> {
            double largest = Arrays.stream(gradient).flatMapToDouble(Arrays::stream).map(Math::abs).max().orElse(0);
            double[][] values = parameters.get(parameter);
            for (int i = 0; i < gradient.length; i++) {
                for (int j = 0; j < gradient[i].length; j++) {
                    double value = values[i][j];
                    double h = 1e-6;
                    values[i][j] = value + h;
                    double above = weighted(output(network, parameters, doubles(x)), outputGradient);
                    values[i][j] = value - h;
                    double below = weighted(output(network, parameters, doubles(x)), outputGradient);
                    values[i][j] = value;
                    assertEquals((above - below) / (2 * h), gradient[i][j], 1e-4 * (1 + largest), name + ", gradient of " + parameter);
                }
            }
        });
    }

    /** ND4J's own differentiation of the same description, in double precision. */
    private static Map<String, INDArray> sameDiffGradients(Network network, Matrix x, Matrix outputGradient) {
        SameDiff graph = SameDiff.create();
        Map<String, SDVariable> parameters = new HashMap<>();
        network.parameters().forEach(p -> parameters.put(p.name(), graph.var("p_" + p.name(), Nd4j.createFromArray(doubles(p.values())))));
        Map<String, SDVariable> values = new HashMap<>();
        SDVariable last = null;
        for (Network.Node node : network.nodes()) {
            if (node instanceof Network.Linear linear) {
                SDVariable w = parameters.get(linear.parameter());
                last = values.get(linear.from()).mmul(linear.transposed() ? graph.transpose(w) : w);
            } else if (node instanceof Network.Bias bias) {
                last = values.get(bias.from()).add(parameters.get(bias.parameter()));
            } else if (node instanceof Network.Activate activate) {
                SDVariable from = values.get(activate.from());
                last = activate.activation() == Activation.RELU ? graph.nn().relu(from, 0)
                        : from.mul(graph.math().erf(from.div(Math.sqrt(2))).add(1)).mul(0.5);
            } else if (node instanceof Network.Sum sum) {
                last = values.get(sum.left()).add(values.get(sum.right()));
            } else {
                last = graph.constant(Nd4j.createFromArray(doubles(x)));
            }
            values.put(node.name(), last);
        }
        last.mul(graph.constant(Nd4j.createFromArray(doubles(outputGradient)))).sum("loss");
        graph.setLossVariables("loss");
        List<String> names = graph.variables().stream().map(SDVariable::name).filter(v -> v.startsWith("p_")).toList();
        PrintStream console = System.out;
        System.setOut(new PrintStream(OutputStream.nullOutputStream())); // it prints every operation that it differentiates
        try {
            return graph.calculateGradients(Map.of(), names);
        } finally {
            System.setOut(console);
        }
    }

    @Test
    void gradientsOfRandomNetworksAreThoseOfSameDiff() {
        int compared = 0;
        for (int number = 1000; number < 1040; number++) {
            Network network = new RandomNetwork(number).make();
            Random random = new Random(number);
            Matrix x = randomMatrix(random, 4, network.inputs(), 1);
            Matrix outputGradient = randomMatrix(random, 4, network.outputs(), 1);
            Wiring wiring = Wiring.forTraining(network);
            Map<String, double[][]> gradients = gradients(network, wiring, x, outputGradient, new DensePass(wiring, Workers.one()));
            Map<String, INDArray> wanted = sameDiffGradients(network, x, outputGradient);
            for (var gradient : gradients.entrySet()) {
                INDArray of = wanted.get("p_" + gradient.getKey());
                double[][] values = gradient.getValue();
                if (of == null) { // SameDiff has none for what does not reach the output
                    assertTrue(Arrays.stream(values).flatMapToDouble(Arrays::stream).allMatch(v -> v == 0), gradient.getKey());
                    continue;
                }
                double largest = of.amaxNumber().doubleValue();
                for (int i = 0; i < values.length; i++) {
                    for (int j = 0; j < values[i].length; j++) {
                        assertEquals(of.getDouble(i, j), values[i][j], 2e-5 * (1 + largest), "network " + number + ", " + gradient.getKey());
                        compared++;
                    }
                }
            }
        }
        assertTrue(compared > 500, compared + " gradients");
    }

    @Test
    void observedLayersAreSeenBeforeTheirBias() {
        Random random = new Random(1);
        Network network = Network.builder(3).parameter("W", Role.DECOMPOSED, randomMatrix(random, 3, 4, 1))
                .parameter("b", Role.TRAINED, randomMatrix(random, 1, 4, 1)).parameter("V", Role.DECOMPOSED, randomMatrix(random, 4, 2, 1))
                .linear("h", "input", "W", false).observe("h", true).bias("pre", "h", "b").linear("y", "pre", "V", false).build();
        Wiring wiring = Wiring.forDecomposition(network);
        Matrix x = randomMatrix(random, 5, 3, 1);
        DensePass pass = new DensePass(wiring, Workers.one(), true);
        pass.forward(SparseRows.of(x), new LinearParts(wiring, List.of(network.parameter("W").values(), network.parameter("V").values())));
        Map<String, double[][]> parameters = new LinkedHashMap<>();
        network.parameters().forEach(parameter -> parameters.put(parameter.name(), doubles(parameter.values())));
        double[][] wanted = run(network, parameters, doubles(x)).get("h");
        for (int i = 0; i < 5; i++) {
            for (int j = 0; j < 4; j++) {
                assertEquals(wanted[i][j], pass.hidden(0).get(i, j), 1e-5);
            }
        }
        assertEquals(List.of(new Wiring.Observed(0, true)), wiring.observed());
    }

    private static void assertRefused(String message, Runnable attempt) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, attempt::run).getMessage());
    }

    @Test
    void partsThatDoNotFitAreRefusedWithBothShapes() {
        Matrix w = Matrix.zeros(3, 2).fill(1);
        Network.Builder builder = Network.builder(4).parameter("W", Role.DECOMPOSED, w).parameter("b", Role.TRAINED, Matrix.zeros(1, 3))
                .parameter("V", Role.DECOMPOSED, Matrix.zeros(1, 4));
        assertRefused("'h' multiplies 'input', which is 4 wide, by 'W' [3, 2], which takes 3", () -> builder.linear("h", "input", "W", false));
        assertRefused("'h' multiplies 'input', which is 4 wide, by 'W' [3, 2] transposed, which takes 2", () -> builder.linear("h", "input", "W", true));
        assertRefused("'p' adds 'b' [1, 3] to 'input', which needs [1, 4]", () -> builder.bias("p", "input", "b"));
        assertRefused("bias 'V' cannot be decomposed; make it TRAINED or FIXED", () -> builder.bias("p", "input", "V"));
        builder.linear("one", "input", "V", true);
        assertRefused("'s' adds 'one', 1 wide, and 'input', 4 wide", () -> builder.sum("s", "one", "input"));
        assertRefused("there are two nodes 'one'", () -> builder.activation("one", "input", Activation.RELU));
        assertRefused("there are two parameters 'W'", () -> builder.parameter("W", Role.FIXED, w));
        assertRefused("there is no node 'x' yet; there are [input, one]", () -> builder.activation("a", "x", Activation.RELU));
        assertRefused("there is no parameter 'U'; there are [W, b, V]", () -> builder.linear("a", "input", "U", false));
        assertRefused("there is no node 'a' yet; there are [input, one]", () -> builder.observe("a", false));
        assertRefused("a network needs at least one input, not 0", () -> Network.builder(0));
        assertRefused("no parameter of the network is DECOMPOSED", () -> Network.builder(1).activation("y", "input", Activation.RELU).build());
        Network network = builder.build();
        assertRefused("parameter 'W' is [3, 2], the new values are [2, 3]", () -> network.with(Map.of("W", Matrix.zeros(2, 3))));
        assertRefused("parameter 'W' holds NaN at [0, 0]; every value must be finite",
                () -> network.with(Map.of("W", Matrix.zeros(3, 2).fill(Float.NaN))));
        assertThrows(NoSuchElementException.class, () -> network.parameter("U"));
    }
}
