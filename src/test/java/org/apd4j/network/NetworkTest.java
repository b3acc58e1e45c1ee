package org.apd4j.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Random;
import java.util.stream.IntStream;
import org.apd4j.math.Matrix;
import org.apd4j.math.RandomStream;
import org.apd4j.math.SparseRows;
import org.apd4j.math.internal.Erf;
import org.apd4j.math.internal.Workers;
import org.apd4j.network.Parameter.Role;
import org.apd4j.network.internal.DensePass;
import org.apd4j.network.internal.LinearParts;
import org.apd4j.network.internal.NetworkGraph;
import org.apd4j.network.internal.Softmax;
import org.apd4j.testsupport.RandomNetwork;
import org.junit.jupiter.api.Test;

/** Networks of every part against the description read node by node in double precision, gradients against central differences. */
class NetworkTest {

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
                result = Arrays.stream(values.get(activate.from())).map(row -> Arrays.stream(row).map(v -> switch (activate.activation()) {
                    case RELU -> Math.max(0, v);
                    case GELU -> v * 0.5 * (1 + Erf.erf(v / Math.sqrt(2)));
                    case TANH -> Math.sinh(v) / Math.cosh(v);
                    case SIGMOID -> Math.exp(v) / (Math.exp(v) + 1);
                    case IDENTITY -> v;
                }).toArray()).toArray(double[][]::new);
            } else if (node instanceof Network.Normalise norm) {
                double[] gain = parameters.get(norm.gain())[0];
                double[] bias = parameters.get(norm.bias())[0];
                result = Arrays.stream(values.get(norm.from())).map(row -> {
                    double mean = Arrays.stream(row).average().orElseThrow();
                    double variance = Arrays.stream(row).map(v -> (v - mean) * (v - mean)).average().orElseThrow();
                    return IntStream.range(0, row.length).mapToDouble(j -> gain[j] * (row[j] - mean) / Math.sqrt(variance + norm.epsilon()) + bias[j])
                            .toArray();
                }).toArray(double[][]::new);
            } else if (node instanceof Network.Softmax softmax) {
                result = values.get(softmax.from());
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
        Map<String, Integer> parts = RandomNetwork.parts();
        for (int number = 0; number < 300; number++) {
            Network network = RandomNetwork.of(number);
            RandomNetwork.count(network, parts);
            Random random = new Random(number);
            Matrix x = RandomNetwork.matrix(random, 4, network.inputs(), 1);
            for (int i = 0; i < x.size(); i += 3) {
                x.data()[i] = 0;
            }
            Map<String, double[][]> parameters = new LinkedHashMap<>();
            network.parameters().forEach(parameter -> parameters.put(parameter.name(), doubles(parameter.values())));
            for (NetworkGraph graph : List.of(NetworkGraph.of(network), NetworkGraph.of(network, RandomNetwork.decomposed(network)), NetworkGraph.forTraining(network))) {
                check("network " + number, network, graph, parameters, x, RandomNetwork.matrix(random, 4, network.outputs(), 1));
            }
            checkForward("network " + number, network, output(network, parameters, doubles(x)), x);
        }
        for (String part : List.of("RELU", "GELU", "TANH", "SIGMOID", "IDENTITY", "Normalise", "Sum", "Bias", "Softmax", "tied transpose", "used twice",
                "not decomposed")) {
            assertTrue(parts.getOrDefault(part, 0) > 20, part + " is met too rarely: " + parts);
        }
    }

    /** The library's gradients by parameter; the pass has been run forward and back. */
    private static Map<String, double[][]> gradients(Network network, NetworkGraph graph, Matrix x, Matrix outputGradient, DensePass pass) {
        List<Matrix> weights = new ArrayList<>();
        graph.layers().forEach(layer -> weights.add(layer.weights(network.parameter(layer.parameter()).values())));
        pass.forward(SparseRows.of(x), new LinearParts(graph, weights));
        Matrix[] gradients = graph.layers().stream().map(layer -> Matrix.zeros(layer.in(), layer.out())).toArray(Matrix[]::new);
        pass.backward(outputGradient.copy(), gradients);
        Map<String, double[][]> byParameter = new LinkedHashMap<>();
        for (int l = 0; l < gradients.length; l++) {
            NetworkGraph.Layer layer = graph.layers().get(l);
            double[][] oriented = doubles(layer.transposed() ? gradients[l].transposed() : gradients[l]);
            byParameter.merge(layer.parameter(), oriented, (a, b) -> plus(a, i -> b[i]));
        }
        return byParameter;
    }

    private static void checkForward(String name, Network network, double[][] wanted, Matrix x) {
        Matrix output = network.forward(x);
        double size = Arrays.stream(wanted).flatMapToDouble(Arrays::stream).map(Math::abs).max().orElse(0);
        for (int i = 0; i < wanted.length; i++) {
            for (int j = 0; j < wanted[i].length; j++) {
                assertEquals(wanted[i][j], output.get(i, j), 2e-5 * (1 + size), name + ", output node by node");
            }
        }
    }

    private static void check(String name, Network network, NetworkGraph graph, Map<String, double[][]> parameters, Matrix x, Matrix outputGradient) {
        DensePass pass = new DensePass(graph, Workers.one());
        Map<String, double[][]> byParameter = gradients(network, graph, x, outputGradient, pass);
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

    @Test
    void observedLayersAreSeenBeforeTheirBias() {
        Random random = new Random(1);
        Network network = Network.builder(3).parameter("W", Role.TRAINED, RandomNetwork.matrix(random, 3, 4, 1))
                .parameter("b", Role.TRAINED, RandomNetwork.matrix(random, 1, 4, 1)).parameter("V", Role.TRAINED, RandomNetwork.matrix(random, 4, 2, 1))
                .linear("h", "input", "W", false).bias("pre", "h", "b").linear("y", "pre", "V", false).build();
        NetworkGraph graph = NetworkGraph.of(network).observing(List.of(new NetworkGraph.Observed(0, true)));
        Matrix x = RandomNetwork.matrix(random, 5, 3, 1);
        DensePass pass = new DensePass(graph, Workers.one(), true);
        pass.forward(SparseRows.of(x), new LinearParts(graph, List.of(network.parameter("W").values(), network.parameter("V").values())));
        Map<String, double[][]> parameters = new LinkedHashMap<>();
        network.parameters().forEach(parameter -> parameters.put(parameter.name(), doubles(parameter.values())));
        double[][] wanted = run(network, parameters, doubles(x)).get("h");
        for (int i = 0; i < 5; i++) {
            for (int j = 0; j < 4; j++) {
                assertEquals(wanted[i][j], pass.hidden(0).get(i, j), 1e-5);
            }
        }
        assertEquals(List.of(new NetworkGraph.Observed(0, true)), graph.observed());
    }

    private static void assertRefused(String message, Runnable attempt) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, attempt::run).getMessage());
    }

    @Test
    void partsThatDoNotFitAreRefusedWithBothShapes() {
        Matrix w = Matrix.zeros(3, 2).fill(1);
        NetworkBuilder builder = Network.builder(4).parameter("W", Role.TRAINED, w).parameter("b", Role.TRAINED, Matrix.zeros(1, 3))
                .parameter("V", Role.TRAINED, Matrix.zeros(1, 4));
        assertRefused("'h' multiplies 'input', which is 4 wide, by 'W' [3, 2], which takes 3", () -> builder.linear("h", "input", "W", false));
        assertRefused("'h' multiplies 'input', which is 4 wide, by 'W' [3, 2] transposed, which takes 2", () -> builder.linear("h", "input", "W", true));
        assertRefused("'p' adds 'b' [1, 3] to 'input', which needs [1, 4]", () -> builder.bias("p", "input", "b"));
        builder.linear("one", "input", "V", true);
        assertRefused("'s' adds 'one', 1 wide, and 'input', 4 wide", () -> builder.sum("s", "one", "input"));
        assertRefused("there are two nodes 'one'", () -> builder.activation("one", "input", Activation.RELU));
        assertRefused("there are two parameters 'W'", () -> builder.parameter("W", Role.FIXED, w));
        assertRefused("there is no node 'x' yet; there are [input, one]", () -> builder.activation("a", "x", Activation.RELU));
        assertRefused("there is no parameter 'U'; there are [W, b, V]", () -> builder.linear("a", "input", "U", false));
        assertRefused("a network needs at least one input, not 0", () -> Network.builder(0));
        Network network = Network.builder(3).parameter("W", Role.TRAINED, w).linear("y", "input", "W", false).build();
        assertRefused("parameter 'W' is [3, 2], the new values are [2, 3]", () -> network.with(Map.of("W", Matrix.zeros(2, 3))));
        assertRefused("parameter 'W' holds NaN at [0, 0]; every value must be finite",
                () -> network.with(Map.of("W", Matrix.zeros(3, 2).fill(Float.NaN))));
        assertThrows(NoSuchElementException.class, () -> network.parameter("U"));
    }

    private static NetworkBuilder started() {
        Matrix one = Matrix.zeros(1, 3).fill(1);
        return Network.builder(3).parameter("W", Role.TRAINED, Matrix.zeros(3, 3).fill(1)).parameter("g", Role.FIXED, one).parameter("t", Role.TRAINED, one)
                .linear("h", "input", "W", false);
    }

    @Test
    void descriptionsThatLeadNowhereAreRefused() {
        assertRefused("nothing reads [h]; every node but the output, which is 'y', the last, must lead to it",
                () -> started().linear("y", "input", "W", false).build());
        assertRefused("no node uses the parameters [g, t]", () -> started().build());
        assertRefused("there is no node 'y' yet; there are [input, h]", () -> started().sum("y", "h", "y"));
        assertRefused("parameter 'V' [0, 3] is empty", () -> started().parameter("V", Role.FIXED, Matrix.zeros(0, 3)));
    }

    @Test
    void aLayerNormNeedsFixedParametersOfItsWidthAndAPositiveEpsilon() {
        assertRefused("the epsilon of 'n' is 0.0; it must be finite and above 0", () -> started().layerNorm("n", "h", "g", "g", 0));
        assertRefused("the epsilon of 'n' is NaN; it must be finite and above 0", () -> started().layerNorm("n", "h", "g", "g", Double.NaN));
        assertRefused("'t' of the layer norm 'n' is TRAINED; it must be FIXED", () -> started().layerNorm("n", "h", "g", "t", 1e-5));
        assertRefused("'n' uses 'W' [3, 3] on 'h', which needs [1, 3]", () -> started().layerNorm("n", "h", "W", "g", 1e-5));
    }

    @Test
    void aSoftmaxIsTheEndAndHasTwoValuesOrMore() {
        assertRefused("'r' comes after the softmax 'p', which must be the last node",
                () -> started().softmax("p", "h").activation("r", "p", Activation.RELU));
        assertRefused("the softmax 'p' of 'h', which is 1 wide, is 1 whatever the value; it needs at least two",
                () -> Network.builder(1).parameter("W", Role.TRAINED, Matrix.zeros(1, 1)).linear("h", "input", "W", false).softmax("p", "h"));
        Network network = Network.builder(2).dense("y", "input", 2, RandomStream.of(0)).softmax("p", "y").build();
        assertTrue(network.isSoftmax());
        Matrix probabilities = Softmax.probabilities(Matrix.over(new float[] {1000, 1000, 0, (float) Math.log(3)}, 2, 2));
        assertEquals(0.5, probabilities.get(0, 1), 1e-6);
        assertEquals(0.75, probabilities.get(1, 1), 1e-6);
    }

    @Test
    void aRefusedDenseLayerLeavesTheBuilderAsItWas() {
        NetworkBuilder builder = Network.builder(2);
        assertRefused("'h' has weights [2, 3] and a bias [1, 2], which should be [1, 3]",
                () -> builder.dense("h", "input", Matrix.zeros(2, 3), Matrix.zeros(1, 2)));
        assertRefused("parameter 'h.bias' holds NaN at [0, 0]; every value must be finite",
                () -> builder.dense("h", "input", Matrix.zeros(2, 3), Matrix.zeros(1, 3).fill(Float.NaN)));
        assertRefused("there are two nodes 'input'", () -> builder.dense("input", "input", Matrix.zeros(2, 3), null));
        Network network = builder.dense("h", "input", Matrix.zeros(2, 3).fill(1), Matrix.zeros(1, 3)).build();
        assertEquals(List.of("h.weight", "h.bias"), network.parameters().stream().map(Parameter::name).toList());
        assertEquals("[2, 3]", Network.builder(2).dense("y", "input", Matrix.zeros(2, 3).fill(1), null).build().parameter("y.weight").values().toString());
    }

    @Test
    void derivativesOfActivationsAreThoseOfTheirValuesAndStayFiniteFarOut() {
        for (Activation activation : Activation.values()) {
            for (float x : new float[] {-5, -1.3f, -0.1f, 0.2f, 1, 4}) {
                double h = 1.0 / 64;
                double slope = (activation.value((float) (x + h)) - activation.value((float) (x - h))) / (2 * h);
                assertEquals(slope, activation.derivative(x), 1e-3, activation + " at " + x);
            }
            for (float x : new float[] {-1e30f, -200, 200, 1e30f}) {
                assertTrue(Float.isFinite(activation.value(x)) && Float.isFinite(activation.derivative(x)), activation + " at " + x);
            }
        }
        assertEquals(0.5, Activation.SIGMOID.value(0));
        assertEquals(Math.tanh(1), Activation.TANH.value(1), 1e-7);
    }

    @Test
    void aPrintedNetworkShowsItsNodesShapesAndRoles() {
        Network network = Network.builder(4).dense("hidden", "input", 3, RandomStream.of(0)).activation("relu", "hidden", Activation.RELU)
                .parameter("g", Role.FIXED, Matrix.zeros(1, 3).fill(1)).parameter("o", Role.FIXED, Matrix.zeros(1, 3))
                .layerNorm("norm", "relu", "g", "o", 1e-5).sum("stream", "relu", "norm").dense("logits", "stream", 2, RandomStream.of(1))
                .softmax("class", "logits").build();
        assertEquals(String.join(System.lineSeparator(),
                "Network 4 → 2 (logits)",
                "  input          x  → 4",
                "  hidden.linear  input · hidden.weight  → 3",
                "  hidden         hidden.linear + hidden.bias  → 3",
                "  relu           ReLU(hidden)  → 3",
                "  norm           layer norm(relu)  → 3",
                "  stream         relu + norm  → 3",
                "  logits.linear  stream · logits.weight  → 2",
                "  logits         logits.linear + logits.bias  → 2",
                "  class          softmax(logits)  → 2",
                "  trained        23 values: hidden.weight [4, 3], hidden.bias [1, 3], logits.weight [3, 2], logits.bias [1, 2]",
                "  fixed          6 values: g [1, 3], o [1, 3]"), network.toString());
    }
}
