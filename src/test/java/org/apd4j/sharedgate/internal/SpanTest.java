package org.apd4j.sharedgate.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.apd4j.decomposition.Components;
import org.apd4j.decomposition.Decomposition;
import org.apd4j.math.Matrix;
import org.apd4j.math.SparseRows;
import org.apd4j.network.Activation;
import org.apd4j.network.Network;
import org.apd4j.network.Parameter;
import org.apd4j.sharedgate.SharedGate;
import org.apd4j.sharedgate.SharedGateConfig;
import org.apd4j.sharedgate.SharedGateSpan;
import org.apd4j.targets.ResidualMlp;
import org.apd4j.targets.ResidualMlpConfig;
import org.apd4j.targets.Target;
import org.apd4j.targets.Tms;
import org.apd4j.targets.TmsConfig;
import org.apd4j.testsupport.HandMade;
import org.junit.jupiter.api.Test;

class SpanTest {

    private static Target residual(ResidualMlpConfig config) {
        return ResidualMlp.untrained(config.with(c -> {
            c.features = 8;
            c.residual = 30;
            c.neurons = 6;
            c.probability = 0.1;
        }), 1);
    }

    private static Span span(Network network) {
        return Span.of(network, network.weights().stream().map(Parameter::name).toList(), true);
    }

    @Test
    void aStreamOfThirtyValuesNeedsNoMoreThanTheEightThatTheEmbeddingWrites() {
        Target target = residual(ResidualMlpConfig.spdOneLayer());
        Span span = span(target.network());
        Network narrow = span.network();
        for (Parameter parameter : narrow.weights()) {
            assertEquals(48, parameter.values().size(), parameter.name());
        }
        Matrix x = target.data().sample(0, 50).toDense();
        assertArrayEquals(target.network().forward(x).toArray(), narrow.forward(x).toArray(), 1e-5f);
        long whole = target.network().weights().stream().mapToLong(parameter -> parameter.values().size()).sum();
        assertEquals(whole, span.entries(), "N is the number of entries of the network as it was trained");
    }

    @Test
    void whatIsLeftOutIsReported() {
        Target target = residual(ResidualMlpConfig.spdOneLayer());
        Map<String, Double> left = SharedGateSpan.of(target, SharedGateConfig.residualMlp()).leftOut();
        assertEquals(target.network().weights().stream().map(Parameter::name).toList(), List.copyOf(left.keySet()));
        left.forEach((name, share) -> assertEquals(22.0 / 30, share, 0.25, name)); // random matrices have about equal parts in all directions
        assertTrue(SharedGateSpan.of(target, SharedGateConfig.residualMlp().with(c -> c.inSpan = false)).leftOut().isEmpty());
    }

    @Test
    void withTwoLayersTheSpanHoldsWhatTheFirstWritesForTheSecond() {
        Target target = residual(ResidualMlpConfig.spdTwoLayers());
        Span span = span(target.network());
        int neurons = target.network().parameter(ResidualMlp.in(0)).values().columns();
        assertEquals(8 + neurons, span.network().parameter(ResidualMlp.in(1)).values().rows());
        Matrix x = target.data().sample(0, 50).toDense();
        assertArrayEquals(target.network().forward(x).toArray(), span.network().forward(x).toArray(), 1e-5f);
    }

    /** A stream of four values, in which the embedding writes one. A matrix used both ways writes a second, which a decomposed matrix reads. */
    @Test
    void aTransposedMatrixWritesItsColumns() {
        Network network = Network.builder(1).parameter("embedding", Parameter.Role.FIXED, HandMade.matrix(new double[][] {{1, 0, 0, 0}}))
                .parameter("read", Parameter.Role.TRAINED, HandMade.matrix(new double[][] {{2, 0}, {0, 0}, {0, 0}, {1, 1}}))
                .parameter("write", Parameter.Role.TRAINED, HandMade.matrix(new double[][] {{0, 0}, {3, 0}, {0, 0}, {0, 0}}))
                .parameter("second", Parameter.Role.TRAINED, HandMade.matrix(new double[][] {{0}, {1}, {5}, {0}}))
                .parameter("out", Parameter.Role.TRAINED, HandMade.matrix(new double[][] {{1, 0, 0, 7}}))
                .parameter("unembedding", Parameter.Role.FIXED, HandMade.matrix(new double[][] {{1}, {0}, {0}, {0}}))
                .linear("x", "input", "embedding", false).linear("h", "x", "read", false).activation("a", "h", Activation.RELU)
                .linear("w", "a", "write", true).sum("s", "x", "w").linear("h2", "s", "second", false).activation("a2", "h2", Activation.RELU)
                .linear("w2", "a2", "out", false).sum("s2", "s", "w2").linear("y", "s2", "unembedding", false).build();
        Span span = span(network);
        assertEquals(2, span.network().parameter("second").values().rows());
        Matrix x = HandMade.matrix(new double[][] {{1}, {-2}, {0.5}});
        assertArrayEquals(new float[] {7, -2, 3.5f}, network.forward(x).toArray(), 1e-6f);
        assertArrayEquals(network.forward(x).toArray(), span.network().forward(x).toArray(), 1e-6f);
    }

    @Test
    void aNetworkWhoseMatricesAreAllDecomposedIsTakenWhole() {
        Target tms = Tms.untrained(TmsConfig.spd5to2(), 1);
        assertTrue(span(tms.network()).leftOut().isEmpty());
        assertTrue(SharedGateSpan.of(tms, SharedGateConfig.tms5to2()).leftOut().isEmpty());
    }

    @Test
    void componentsOfTheWholeNetworkDoWhatThoseOfTheSpanDo() {
        Target target = residual(ResidualMlpConfig.spdOneLayer());
        SharedGateConfig config = SharedGateConfig.residualMlp().with(c -> {
            c.components = 10;
            c.candidates = 50;
            c.steps = 5;
            c.batch = 32;
            c.warmupSteps = 400;
            c.warmupRate = 1e-2;
            c.prunings = List.of();
        });
        Decomposition found = SharedGate.decompose(target, config, 0).decomposition();
        Components components = found.components();
        SparseRows x = target.data().sample(3, 40);
        Span span = span(target.network());
        for (Parameter parameter : target.network().weights()) {
            Matrix sum = Matrix.zeros(parameter.values().rows(), parameter.values().columns());
            for (int c = 0; c < 10; c++) {
                Matrix part = components.component(parameter.name(), c);
                for (int i = 0; i < sum.size(); i++) {
                    sum.data()[i] += part.data()[i];
                }
            }
            double whole = parameter.values().squaredDistance(Matrix.zeros(sum.rows(), sum.columns()));
            double left = span.leftOut().get(parameter.name());
            assertEquals(left, parameter.values().squaredDistance(sum) / whole, 0.02, "the sum is the matrix but for what is left out");
        }
        double off = found.evaluator().allComponents(x).squaredDistance(found.evaluator().target(x));
        assertTrue(off < 1e-3 * found.evaluator().target(x).squaredDistance(Matrix.zeros(40, 8)), "off by " + off);
    }

    @Test
    void vectorsThatDependOnOthersAddNothingToABasis() {
        double[][] basis = Span.basis(List.of(new double[] {3, 0, 0}, new double[] {1, 2, 0}, new double[] {5, 7, 0}, new double[3]));
        assertEquals(2, basis.length);
        assertArrayEquals(new double[] {1, 0, 0}, basis[0], 1e-12);
        assertArrayEquals(new double[] {0, 1, 0}, basis[1], 1e-12);
    }
}
