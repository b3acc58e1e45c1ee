package org.apd4j.decomposition.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apd4j.decomposition.Components;
import org.apd4j.decomposition.Factors;
import org.apd4j.math.Matrix;
import org.apd4j.math.RandomStream;
import org.apd4j.math.SparseRows;
import org.apd4j.math.internal.Workers;
import org.apd4j.network.Activation;
import org.apd4j.network.Network;
import org.apd4j.network.Parameter;
import org.apd4j.network.internal.DensePass;
import org.apd4j.network.internal.LinearParts;
import org.apd4j.network.internal.NetworkGraph;
import org.apd4j.targets.Tms;
import org.apd4j.testsupport.RandomNetwork;
import org.junit.jupiter.api.Test;

/** Gradient attributions and the way back from them, with components that are whole matrices: {@code P_c = A_c · 1}. */
class GradientAttributionsTest {

    private static final int COMPONENTS = 3;
    private static final int BATCH = 5;

    private final Random random = new Random(8);

    private Components components(Network network) {
        List<Factors> factors = new ArrayList<>();
        for (Parameter parameter : network.weights()) {
            int in = parameter.values().rows();
            int out = parameter.values().columns();
            Matrix identities = Matrix.zeros(COMPONENTS * out, out);
            for (int i = 0; i < COMPONENTS * out; i++) {
                identities.set(i, i % out, 1);
            }
            factors.add(new Factors(parameter.name(), COMPONENTS, RandomNetwork.matrix(random, COMPONENTS * in, out, 0.5), identities));
        }
        return new Components(network, factors);
    }

    private static DensePass pass(Network network, SparseRows x) {
        NetworkGraph graph = NetworkGraph.of(network);
        List<Matrix> weights = graph.layers().stream().map(layer -> layer.weights(network.parameter(layer.parameter()).values())).toList();
        return new DensePass(graph, Workers.one()).forward(x, new LinearParts(graph, weights));
    }

    private double[][] values(Components components, DensePass pass) {
        var attributions = new GradientAttributions(components, false, Workers.one());
        attributions.compute(pass);
        double[][] values = new double[pass.input().rows()][COMPONENTS];
        for (int i = 0; i < attributions.values().rows(); i++) {
            for (int c = 0; c < COMPONENTS; c++) {
                values[attributions.rows()[i]][c] = attributions.values().get(i, c);
            }
        }
        return values;
    }

    private SparseRows batch(Network network) {
        Matrix x = RandomNetwork.matrix(random, BATCH, network.inputs(), 1);
        for (int j = 0; j < x.columns(); j++) {
            x.set(2, j, 0); // a sample of nothing
        }
        return SparseRows.of(x);
    }

    /** Attributions are of second degree in P, so that the quotient of differences is the gradient. */
    private void assertGradientsAreThoseOfTheValues(Network network) {
        Components components = components(network);
        DensePass pass = pass(network, batch(network));
        var attributions = new GradientAttributions(components, false, Workers.one());
        attributions.compute(pass);
        attributions.prepareBackward();
        int samples = attributions.values().rows();
        Matrix upstream = RandomNetwork.matrix(random, samples, COMPONENTS, 1);
        int c = 1;
        Matrix[] gradients = components.factors().stream().map(factors -> Matrix.zeros(factors.in(), factors.out())).toArray(Matrix[]::new);
        attributions.addComponentGradients(c, upstream, gradients);
        int[] rows = attributions.rows().clone();
        double largest = 0;
        for (int p = 0; p < gradients.length; p++) {
            Matrix own = components.factors().get(p).a(c);
            for (int i = 0; i < own.rows(); i++) {
                for (int j = 0; j < own.columns(); j++) {
                    float before = own.get(i, j);
                    double[] loss = new double[2];
                    for (int side = 0; side < 2; side++) {
                        own.set(i, j, before + 0.5f * (1 - 2 * side));
                        double[][] values = values(components, pass);
                        for (int sample = 0; sample < samples; sample++) {
                            loss[side] += upstream.get(sample, c) * values[rows[sample]][c];
                        }
                    }
                    own.set(i, j, before);
                    assertEquals(loss[0] - loss[1], gradients[p].get(i, j), 2e-4, "parameter " + p + ", entry " + i + ", " + j);
                    largest = Math.max(largest, Math.abs(loss[0] - loss[1]));
                }
            }
        }
        assertTrue(largest > 0.1, "the gradient is not small: " + largest);
    }

    @Test
    void gradientsThroughCurvedActivationsAndBiasesAreThoseOfTheValues() {
        assertGradientsAreThoseOfTheValues(Network.builder(4).dense("first", "input", 5, RandomStream.of(1))
                .activation("tanh", "first", Activation.TANH).dense("second", "tanh", 5, RandomStream.of(2)).sum("stream", "tanh", "second").activation("gelu", "stream", Activation.GELU)
                .dense("y", "gelu", 3, RandomStream.of(3)).build());
    }

    @Test
    void gradientsThroughUnitsThatAreOffAreThoseOfTheValues() {
        assertGradientsAreThoseOfTheValues(Network.builder(4).dense("first", "input", 6, RandomStream.of(4))
                .activation("relu", "first", Activation.RELU).dense("y", "relu", 3, RandomStream.of(5)).build());
    }

    private static Matrix tmsWeights() {
        return RandomNetwork.matrix(new Random(2), 4, 3, 0.7);
    }

    @Test
    void gradientsOfTheTmsAreThoseOfTheValues() {
        assertGradientsAreThoseOfTheValues(Tms.network(tmsWeights(), new Matrix[0], Matrix.zeros(1, 4)));
    }

    /** {@code y = ReLU(x W Wᵀ)}: a component changes the outputs that are on by {@code x (P Wᵀ + W Pᵀ)}. */
    @Test
    void attributionsOfTheTmsAreTheSquaredChangesOfTheOutputsThatAreOn() {
        Matrix w = tmsWeights();
        Network network = Tms.network(w, new Matrix[0], Matrix.zeros(1, 4));
        Components components = components(network);
        float[][] samples = {{1, -0.5f, 0, 0.25f}, {0, 0, 0, 0}, {0, 2, 1, 0}, {-1, -1, 0.5f, 3}};
        Matrix x = Matrix.zeros(4, 4);
        for (int i = 0; i < 16; i++) {
            x.set(i / 4, i % 4, samples[i / 4][i % 4]);
        }
        double[][] found = values(components, pass(network, SparseRows.of(x)));
        int on = 0;
        for (int row = 0; row < 4; row++) {
            for (int c = 0; c < COMPONENTS; c++) {
                Matrix p = components.component(components.factors().get(0).parameter(), c);
                double sum = 0;
                for (int o = 0; o < 4; o++) {
                    double output = 0;
                    double change = 0;
                    for (int i = 0; i < 4; i++) {
                        for (int h = 0; h < 3; h++) {
                            output += x.get(row, i) * w.get(i, h) * w.get(o, h);
                            change += x.get(row, i) * (p.get(i, h) * w.get(o, h) + w.get(i, h) * p.get(o, h));
                        }
                    }
                    if (output > 0) {
                        sum += change * change;
                        on++;
                    }
                }
                assertEquals(sum, found[row][c], 1e-5 * Math.max(1, sum), "sample " + row + ", component " + c);
            }
        }
        assertTrue(on > 0 && on < 3 * 4 * COMPONENTS, on + " outputs are on");
    }

    /** The attribution is {@code |x P|²}. */
    @Test
    void attributionsOfALinearNetworkAreTheSquaredOutputsOfItsComponents() {
        Network network = Network.builder(3).parameter("w", Parameter.Role.TRAINED, Matrix.identity(3)).linear("y", "input", "w", false).build();
        Components components = components(network);
        Matrix x = RandomNetwork.matrix(random, BATCH, 3, 1);
        double[][] found = values(components, pass(network, SparseRows.of(x)));
        for (int row = 0; row < BATCH; row++) {
            for (int c = 0; c < COMPONENTS; c++) {
                double sum = 0;
                for (int o = 0; o < 3; o++) {
                    double change = 0;
                    for (int i = 0; i < 3; i++) {
                        change += x.get(row, i) * components.component("w", c).get(i, o);
                    }
                    sum += change * change;
                }
                assertEquals(sum, found[row][c], 1e-5 * Math.max(1, sum));
            }
        }
    }
}
