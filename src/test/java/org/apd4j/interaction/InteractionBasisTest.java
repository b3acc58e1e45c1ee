package org.apd4j.interaction;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import org.apd4j.interaction.internal.Boundary;
import org.apd4j.interaction.internal.LayerBasis;
import org.apd4j.interaction.internal.Program;
import org.apd4j.interaction.internal.Section;
import org.apd4j.math.Matrix;
import org.apd4j.math.RandomStream;
import org.apd4j.math.internal.DoubleGemm;
import org.apd4j.math.internal.DoubleMatrix;
import org.apd4j.math.internal.Grid;
import org.apd4j.network.Activation;
import org.apd4j.network.Network;
import org.apd4j.network.NetworkBuilder;
import org.apd4j.network.Parameter.Role;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class InteractionBasisTest {

    private static Matrix random(RandomStream stream, int rows, int columns) {
        Matrix matrix = Matrix.zeros(rows, columns);
        for (int i = 0; i < matrix.size(); i++) {
            matrix.data()[i] = (float) (0.7 * stream.nextNormal());
        }
        return matrix;
    }

    private static double[][] inputs(int rows, int columns) {
        RandomStream stream = RandomStream.of(7);
        double[][] x = new double[rows][columns];
        for (double[] row : x) {
            Arrays.setAll(row, j -> stream.nextNormal());
        }
        return x;
    }

    private static Network deep(Activation activation) {
        RandomStream stream = RandomStream.of(3);
        return Network.builder(4).dense("a", "input", random(stream, 4, 5), random(stream, 1, 5)).activation("act1", "a", activation)
                .dense("b", "act1", random(stream, 5, 4), random(stream, 1, 4)).activation("act2", "b", activation)
                .dense("c", "act2", random(stream, 4, 3), random(stream, 1, 3)).build();
    }

    /** Two skip connections, a layer norm, a map without a bias, one used twice, and an activation of a sum. */
    private static Network residual() {
        RandomStream stream = RandomStream.of(5);
        NetworkBuilder builder = Network.builder(3).parameter("E", Role.TRAINED, random(stream, 3, 5)).linear("stream", "input", "E", false)
                .parameter("gain", Role.FIXED, random(stream, 1, 5)).parameter("shift", Role.FIXED, random(stream, 1, 5))
                .layerNorm("norm", "stream", "gain", "shift", 1e-5)
                .dense("in", "norm", random(stream, 5, 6), random(stream, 1, 6)).activation("neurons", "in", Activation.GELU)
                .dense("out", "neurons", random(stream, 6, 5), random(stream, 1, 5)).sum("first", "stream", "out")
                .activation("bent", "first", Activation.GELU).sum("second", "bent", "first");
        return builder.linear("decoded", "second", "E", true).parameter("last", Role.TRAINED, random(stream, 1, 3)).bias("sum", "decoded",
                "last").build();
    }

    @Test
    void foldedNetworkComputesWhatTheNetworkComputes() {
        Samples samples = Samples.of(inputs(20, 4));
        Samples narrow = Samples.of(inputs(20, 3));
        RandomStream stream = RandomStream.of(1);
        Network tied = Network.builder(3).parameter("W", Role.TRAINED, random(stream, 3, 2)).parameter("b", Role.TRAINED, random(stream, 1, 3))
                .linear("encoder", "input", "W", false).linear("decoder", "encoder", "W", true).bias("sum", "decoder", "b")
                .activation("output", "sum", Activation.RELU).build();
        for (Network network : List.of(deep(Activation.RELU), deep(Activation.GELU), deep(Activation.IDENTITY), residual(), tied)) {
            double[][] x = (network.inputs() == 4 ? samples : narrow).inputs().toGrid().toArray();
            SectionedNetwork sectioned = SectionedNetwork.of(network);
            Grid actual = sectioned.values("output", Samples.of(x));
            Matrix expected = network.forward(Matrix.over(floats(x), x.length, x[0].length));
            for (int i = 0; i < x.length; i++) {
                for (int o = 0; o < network.outputs(); o++) {
                    assertEquals(expected.get(i, o), actual.get(i, o), 1e-4, network.toString());
                }
            }
            // the rest of the network from every node layer gives the same, and the last entry of a node layer is 1
            Program program = sectioned.program();
            Boundary end = program.boundaries().get(program.boundaries().size() - 1);
            for (Boundary layer : program.boundaries().subList(0, program.boundaries().size() - 1)) {
                DoubleMatrix f = DoubleMatrix.of(sectioned.values(layer.name(), Samples.of(x)));
                DoubleMatrix again = program.section(layer, end).value(f);
                for (int i = 0; i < x.length; i++) {
                    assertEquals(1, f.get(i, f.columns() - 1), 1e-10, layer.name());
                    for (int o = 0; o < network.outputs(); o++) {
                        assertEquals(actual.get(i, o), again.get(i, o), 1e-12, layer.name());
                    }
                }
            }
        }
    }

    private static float[] floats(double[][] x) {
        float[] values = new float[x.length * x[0].length];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) x[i / x[0].length][i % x[0].length];
        }
        return values;
    }

    /** M′ and E by central differences of the section as a whole. */
    @Test
    void jacobiansAndEdgesAgreeWithFiniteDifferences() {
        Samples samples = Samples.of(inputs(40, 3));
        SectionedNetwork network = SectionedNetwork.of(residual());
        List<String> layers = List.of("input", "stream", "norm.variance", "norm", "neurons", "first", "second", "output");
        for (InteractionConfig config : List.of(InteractionConfig.paper(), InteractionConfig.naiveGradientFlow(),
                InteractionConfig.paper().with(c -> {
                    c.integration = Integration.GAUSS_LEGENDRE;
                    c.intervals = 1;
                }))) {
            InteractionBasis basis = InteractionBasis.of(network, layers, samples, config.with(c -> c.threshold = 1e-9));
            InteractionGraph graph = basis.graph();
            for (int l = 0; l + 1 < layers.size(); l++) {
                LayerBasis from = basis.found().get(l);
                LayerBasis to = basis.found().get(config.gradientFlow() ? layers.size() - 1 : l + 1);
                DoubleMatrix f = DoubleMatrix.of(network.values(layers.get(l), samples));
                DoubleMatrix expected = DoubleMatrix.zeros(from.width(), from.width());
                Section section = network.program().section(from.boundary(), to.boundary());
                for (int x = 0; x < samples.size(); x++) {
                    DoubleMatrix jacobian = jacobian(section, f.rows(x, 1), config.points(layers.get(l)), to);
                    DoubleGemm.addTransposedProduct(jacobian, jacobian, expected);
                }
                expected.scale(1.0 / samples.size());
                same(expected, from.jacobians().orElseThrow().jacobians(), 1e-6, "M′ of " + layers.get(l));

                LayerBasis neighbour = basis.found().get(l + 1);
                Section next = network.program().section(from.boundary(), neighbour.boundary());
                DoubleMatrix nodes = DoubleGemm.product(f, from.basis().orElseThrow());
                DoubleMatrix projected = DoubleGemm.product(nodes, from.inverse().orElseThrow());
                DoubleMatrix edges = DoubleMatrix.zeros(neighbour.nodes(), from.nodes());
                for (int x = 0; x < samples.size(); x++) {
                    DoubleMatrix jacobian = jacobian(next, projected.rows(x, 1), config.points(layers.get(l)), neighbour);
                    DoubleMatrix ofNodes = DoubleGemm.productTransposed(jacobian, from.inverse().orElseThrow());
                    for (int i = 0; i < edges.rows(); i++) {
                        for (int j = 0; j < edges.columns(); j++) {
                            edges.set(i, j, edges.get(i, j) + Math.pow(ofNodes.get(i, j) * nodes.get(x, j), 2) / samples.size());
                        }
                    }
                }
                same(edges, DoubleMatrix.of(graph.from(layers.get(l)).strength()), 1e-6, "E of " + layers.get(l));
            }
        }
    }

    /** Returns {@code [n′, d]}, integrated over points on the way from 0 to f. */
    private static DoubleMatrix jacobian(Section section, DoubleMatrix f, List<Integration.Point> points, LayerBasis to) {
        double h = 1e-5;
        DoubleMatrix result = DoubleMatrix.zeros(to.nodes(), f.columns());
        for (Integration.Point point : points) {
            for (int j = 0; j < f.columns(); j++) {
                DoubleMatrix up = f.copy().scale(point.alpha());
                DoubleMatrix down = up.copy();
                up.set(0, j, up.get(0, j) + h);
                down.set(0, j, down.get(0, j) - h);
                DoubleMatrix change = section.value(up).add(-1, section.value(down)).scale(1 / (2 * h));
                DoubleMatrix rotated = to.basis().isPresent() ? DoubleGemm.product(change, to.basis().get()) : change;
                for (int i = 0; i < result.rows(); i++) {
                    result.set(i, j, result.get(i, j) + point.weight() * rotated.get(0, i));
                }
            }
        }
        return result;
    }

    private static void same(DoubleMatrix expected, DoubleMatrix actual, double tolerance, String what) {
        assertEquals(expected.toString(), actual.toString(), what);
        double largest = Arrays.stream(expected.data()).map(Math::abs).max().orElseThrow();
        for (int i = 0; i < expected.data().length; i++) {
            assertEquals(expected.data()[i], actual.data()[i], tolerance * largest, what);
        }
    }

    @Test
    void varianceOfALayerNormIsANodeOfItsOwn() {
        SectionedNetwork network = SectionedNetwork.of(residual());
        InteractionConfig config = InteractionConfig.paper().with(c -> c.threshold = 1e-9);
        NodeBasis apart = InteractionBasis.of(network, List.of("norm.variance", "output"), Samples.of(inputs(40, 3)), config).layer("norm.variance");
        for (int i = 1; i < apart.width() - 1; i++) {
            assertEquals(0, apart.basis().get(i, 1), "node 1 reads nothing but the variance");
        }
        assertTrue(apart.basis().get(0, 1) != 0);
        NodeBasis mixed = InteractionBasis.of(network, List.of("norm.variance", "output"), Samples.of(inputs(40, 3)),
                config.with(c -> c.isolateVariance = false)).layer("norm.variance");
        assertTrue(Math.abs(mixed.basis().get(1, 1)) > 1e-6);
    }

    @Test
    void nodesAreUncorrelatedWithTheVarianceOfTheirEffect() {
        SectionedNetwork network = SectionedNetwork.of(deep(Activation.GELU));
        Samples samples = Samples.of(inputs(100, 4));
        InteractionBasis lib = InteractionBasis.of(network, List.of("input", "act1", "act2", "output"), samples,
                InteractionConfig.paper().with(c -> c.threshold = 1e-9));
        InteractionGraph graph = lib.graph();
        for (String name : List.of("input", "act1", "act2")) {
            NodeBasis layer = lib.layer(name);
            DoubleMatrix c = DoubleMatrix.of(layer.basis());
            DoubleMatrix inverse = DoubleMatrix.of(layer.inverse());
            int n = layer.nodes();
            same(DoubleMatrix.identity(n), DoubleGemm.product(inverse, c), 1e-9, "C⁺C");
            DoubleMatrix nodes = DoubleGemm.product(DoubleMatrix.of(network.values(name, samples)), c);
            DoubleMatrix moments = DoubleGemm.transposedProduct(nodes, nodes).scale(1.0 / samples.size());
            same(DoubleMatrix.diagonal(n, i -> layer.effects().get(i)), moments, 1e-9, "moments of the nodes");
            for (int x = 0; x < samples.size(); x++) {
                assertEquals(Math.sqrt(layer.effects().get(0)), Math.abs(nodes.get(x, 0)), 1e-9);
            }
            assertEquals(1 / Math.sqrt(layer.effects().get(0)), Math.abs(inverse.get(0, layer.width() - 1)), 1e-9);
            DoubleMatrix jacobians = lib.found().get(lib.index(name)).jacobians().orElseThrow().jacobians();
            DoubleMatrix isotropic = DoubleGemm.productTransposed(DoubleGemm.product(inverse, jacobians), inverse);
            assertEquals(1, isotropic.get(0, 0), 1e-9);
            for (int i = 1; i < n; i++) {
                assertEquals(0, inverse.get(i, layer.width() - 1), 1e-9, "only the constant reaches the last entry");
                for (int j = 1; j < n; j++) {
                    assertEquals(i == j ? 1 : 0, isotropic.get(i, j), 1e-6);
                }
            }
            Grid strength = graph.from(name).strength();
            double ofConstant = 0;
            for (int i = 0; i < strength.rows(); i++) {
                ofConstant += strength.get(i, 0);
            }
            assertEquals(1, ofConstant / layer.effects().get(0), 1e-9, "the edges of the constant");
        }
    }

    /** y = 2 x₁ + 1 and y = x₂, of inputs (±1, ±3): the effect of an input is its variance times the square of its weight. */
    @Test
    void linearNetworkHasOneNodeForEachDirectionAndTheEdgesOfItsProducts() {
        SectionedNetwork network = SectionedNetwork.mlp(Activation.RELU, List.of(DenseLayer.of(new double[][] {{2, 0}, {0, 1}}, new double[] {1,
                0})));
        Samples samples = Samples.of(new double[][] {{1, 3}, {1, -3}, {-1, 3}, {-1, -3}});
        InteractionBasis lib = InteractionBasis.of(network, List.of("layers.0", "output"), samples, InteractionConfig.paper());
        NodeBasis layer = lib.layer("layers.0");
        assertEquals(3, layer.nodes());
        assertEquals(List.of(1.0, 9.0, 4.0), layer.effects().stream().map(value -> (double) Math.round(value * 1e9) / 1e9).toList());
        // node 1 is x₂, which the second output repeats, and node 2 is 2 x₁, as in the first output
        assertEquals(1, Math.abs(layer.basis().get(1, 1)), 1e-12);
        assertEquals(2, Math.abs(layer.basis().get(0, 2)), 1e-12);
        Grid edges = lib.graph().from("layers.0").strength();
        double[][] expected = {{1, 0, 4}, {0, 9, 0}};
        for (int i = 0; i < 2; i++) {
            for (int j = 0; j < 3; j++) {
                assertEquals(expected[i][j], edges.get(i, j), 1e-12, i + ", " + j);
            }
        }
    }

    @Test
    void principalComponentsAreThoseOfTheCentredActivations() {
        SectionedNetwork network = SectionedNetwork.mlp(Activation.RELU, List.of(DenseLayer.of(new double[][] {{1}, {1}}, new double[] {0})));
        Samples samples = Samples.of(new double[][] {{6, 1}, {4, 1}, {5, 1}, {5, 1}});
        NodeBasis layer = InteractionBasis.of(network, List.of("layers.0", "output"), samples,
                InteractionConfig.principalComponents()).layer("layers.0");
        assertEquals(2, layer.nodes(), "the constant and the first input; the second never changes");
        assertEquals(0.5, layer.variances().get(1), 1e-12);
        assertEquals(List.of(5.0, 1.0, 1.0), layer.mean());
    }

    @Test
    void randomSourcesGiveTheExactBasisWhereTheyHaveNothingToReplace() {
        RandomStream stream = RandomStream.of(9);
        Network one = Network.builder(4).dense("a", "input", random(stream, 4, 5), random(stream, 1, 5)).activation("act", "a", Activation.RELU)
                .dense("b", "act", random(stream, 5, 1), random(stream, 1, 1)).build();
        SectionedNetwork network = SectionedNetwork.of(one);
        Samples samples = Samples.of(inputs(50, 4));
        // one output node, one position: the only sign cancels in the square
        for (InteractionConfig config : List.of(InteractionConfig.paper().with(c -> {
            c.threshold = 1e-9;
            c.hiddenSources = 2;
        }), InteractionConfig.paper().with(c -> {
            c.threshold = 1e-9;
            c.positionSources = 3;
            c.edgeSources = 2;
        }))) {
            InteractionBasis exact = InteractionBasis.of(network, List.of("act", "output"), samples,
                    InteractionConfig.paper().with(c -> c.threshold = 1e-9));
            InteractionBasis sampled = InteractionBasis.of(network, List.of("act", "output"), samples, config);
            same(exact.found().get(0).jacobians().orElseThrow().jacobians(), sampled.found().get(0).jacobians().orElseThrow().jacobians(), 1e-12,
                    "M′");
            same(DoubleMatrix.of(exact.graph().from("act").strength()), DoubleMatrix.of(sampled.graph().from("act").strength()), 1e-12, "E");
        }
    }

    @Test
    void hiddenSourcesApproachTheExactBasisAndDependOnTheirSeedAlone() {
        SectionedNetwork network = SectionedNetwork.of(deep(Activation.RELU));
        Samples samples = Samples.of(inputs(200, 4));
        List<String> layers = List.of("act1", "output");
        DoubleMatrix exact = jacobians(network, layers, samples, InteractionConfig.paper());
        InteractionConfig sampled = InteractionConfig.paper().with(c -> c.hiddenSources = 50);
        DoubleMatrix first = jacobians(network, layers, samples, sampled);
        // 200 samples and 50 sources leave about 1/√10,000 of the off-diagonal products
        same(exact, first, 0.05, "M′");
        assertTrue(Arrays.equals(first.data(), jacobians(network, layers, samples, sampled).data()));
        assertTrue(!Arrays.equals(first.data(), jacobians(network, layers, samples, sampled.with(c -> c.seed = 1)).data()));
    }

    private static DoubleMatrix jacobians(SectionedNetwork network, List<String> layers, Samples samples, InteractionConfig config) {
        return InteractionBasis.of(network, layers, samples, config).found().get(0).jacobians().orElseThrow().jacobians();
    }

    private static void refused(String sentence, Executable call) {
        String message = assertThrows(IllegalArgumentException.class, call).getMessage();
        assertTrue(message.contains(sentence), message);
        assertTrue(!message.contains("\n"), message);
    }

    @Test
    void badInputIsRefusedWithASentence() {
        SectionedNetwork network = SectionedNetwork.of(deep(Activation.RELU));
        Samples samples = Samples.of(inputs(20, 4));
        InteractionConfig paper = InteractionConfig.paper();
        refused("there is no section from 'act2' to 'act1'", () -> InteractionBasis.of(network, List.of("act2", "act1"), samples, paper));
        refused("needs two node layers", () -> InteractionBasis.of(network, List.of("act1"), samples, paper));
        refused("no node layer 'act9'; it has [input, a, act1, b, act2, output]",
                () -> InteractionBasis.of(network, List.of("act1", "act9"), samples, paper));
        refused("the activation tanh cannot be folded", () -> SectionedNetwork.of(deep(Activation.TANH)));
        refused("leaves nothing of node layer 'input' but the constant; its largest variance is 0.0", () -> InteractionBasis.of(network,
                List.of("input", "output"), Samples.of(new double[20][4]), paper));
        refused("it needs at least as many as it is wide", () -> InteractionBasis.of(network, List.of("input", "output"), samples.rows(0, 4), paper));
        refused("infinite or NaN", () -> Samples.of(new double[][] {{1, Double.NaN}}));
        double[][] huge = new double[20][4];
        for (double[] row : huge) {
            Arrays.fill(row, 1e308);
        }
        refused("the activations at node layer", () -> InteractionBasis.of(network, List.of("act1", "output"), Samples.of(huge), paper));
        refused("the network takes 4", () -> InteractionBasis.of(network, List.of("act1", "output"), Samples.of(inputs(20, 3)), paper));
        refused("which has no constant to centre with", () -> InteractionBasis.of(network, List.of("act1", "output"), samples,
                paper.with(c -> c.rotateLast = true)));
        refused("InteractionConfig.threshold is -1.0", () -> paper.with(c -> c.threshold = -1));
        refused("InteractionConfig.threshold is 2.0", () -> paper.with(c -> c.threshold = 2));
        refused("InteractionConfig.intervals is 3", () -> paper.with(c -> c.intervals = 3));
        refused("InteractionConfig.centred is true", () -> paper.with(c -> c.basis = BasisKind.NEURONS));
        refused("the bias has 1 values; it needs 2", () -> DenseLayer.of(new double[][] {{1, 2}}, new double[] {1}));
        refused("follows one with 2 outputs", () -> SectionedNetwork.mlp(Activation.RELU, List.of(DenseLayer.of(new double[][] {{1, 2}},
                new double[2]),
                DenseLayer.of(new double[][] {{1}}, new double[1]))));
        refused("cannot have 2 intervals", () -> Integration.GRADIENT.points(2));
    }

    @Test
    void sectionThatIgnoresItsInputLeavesNoNode() {
        SectionedNetwork network = SectionedNetwork.mlp(Activation.RELU, List.of(DenseLayer.of(new double[][] {{0}, {0}}, new double[] {1})));
        refused("leaves no node of node layer 'layers.0' that acts on what follows",
                () -> InteractionBasis.of(network, List.of("layers.0", "output"), Samples.of(inputs(20, 2)), InteractionConfig.paper()));
    }

    @Test
    void constantWithoutEffectIsRefused() {
        SectionedNetwork network = SectionedNetwork.mlp(Activation.RELU, List.of(DenseLayer.of(new double[][] {{1, 0}, {0, 1}}, new double[2])));
        Samples balanced = Samples.of(new double[][] {{1, 3}, {1, -3}, {-1, 3}, {-1, -3}});
        refused("does not react to its constant", () -> InteractionBasis.of(network, List.of("layers.0", "output"), balanced,
                InteractionConfig.paper()));
    }

    @Test
    void neuronsAreTheirOwnBasisAndTheirEdgesFollowTheWeights() {
        SectionedNetwork network = SectionedNetwork.mlp(Activation.RELU, List.of(DenseLayer.of(new double[][] {{2, 0}, {0, 1}}, new double[] {1,
                0})));
        Samples samples = Samples.of(new double[][] {{1, 3}, {1, -3}, {-1, 3}, {-1, -3}});
        InteractionBasis neurons = InteractionBasis.of(network, List.of("layers.0", "output"), samples, InteractionConfig.neurons());
        Grid edges = neurons.graph().from("layers.0").strength();
        double[][] expected = {{4, 0, 1}, {0, 9, 0}};
        for (int i = 0; i < 2; i++) {
            assertTrue(Arrays.equals(expected[i], edges.row(i)), Arrays.toString(edges.row(i)));
        }
    }
}
