package org.apd4j.interaction;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apd4j.math.RandomStream;
import org.apd4j.math.internal.Grid;
import org.apd4j.network.Activation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class InteractionModulesTest {

    private static final int BLOCK = 3;

    /** Three layers of two blocks that know nothing of each other. */
    private static InteractionBasis basis() {
        RandomStream stream = RandomStream.of(4);
        List<DenseLayer> layers = new ArrayList<>();
        for (int l = 0; l < 3; l++) {
            double[][] weights = new double[2 * BLOCK][2 * BLOCK];
            double[] bias = new double[2 * BLOCK];
            for (int i = 0; i < weights.length; i++) {
                bias[i] = 0.3 * stream.nextNormal();
                for (int j = 0; j < weights.length; j++) {
                    weights[i][j] = i / BLOCK == j / BLOCK ? stream.nextNormal() : 0;
                }
            }
            layers.add(DenseLayer.of(weights, bias));
        }
        double[][] x = new double[500][2 * BLOCK];
        for (double[] row : x) {
            Arrays.setAll(row, j -> stream.nextNormal());
        }
        int[] labels = new int[x.length];
        Arrays.setAll(labels, i -> stream.nextInt(2 * BLOCK));
        return InteractionBasis.of(SectionedNetwork.mlp(Activation.GELU, layers), List.of("layers.0", "layers.1", "layers.2", "output"),
                Samples.of(x).withLabels(labels), InteractionConfig.paper().with(c -> c.threshold = 1e-9));
    }

    private static int block(InteractionBasis basis, InteractionModules.Node node) {
        Grid c = basis.layer(node.layer()).basis();
        double[] squares = new double[2];
        for (int i = 0; i < 2 * BLOCK; i++) {
            squares[i / BLOCK] += c.get(i, node.index()) * c.get(i, node.index());
        }
        return squares[0] > squares[1] ? 0 : 1;
    }

    @Test
    void sizesAndModularityAreReadable() {
        List<InteractionModules.Node> nodes = IntStream.range(0, 6).mapToObj(i -> new InteractionModules.Node("a", i)).toList();
        List<List<InteractionModules.Node>> three = List.of(nodes.subList(0, 2), nodes.subList(2, 4), nodes.subList(4, 6));
        assertEquals("3 modules, of 2, 2 and 2 nodes; modularity 0.3352", of(three, 0.3352115558148183).toString());
        assertEquals("one module of 6 nodes; modularity 0", of(List.of(nodes), -2.6645352591003757e-15).toString());
        assertEquals("no module of more than one node; modularity 0", of(List.of(nodes.subList(0, 1)), 0).toString());
    }

    private static InteractionModules of(List<List<InteractionModules.Node>> modules, double modularity) {
        return new InteractionModules(BasisKind.JACOBIAN, 1, modules, modularity, 1, 1);
    }

    @Test
    void independentPartsOfANetworkShareNoModule() {
        InteractionBasis basis = basis();
        InteractionGraph graph = basis.graph();
        double largest = graph.sections().stream().flatMap(section -> Arrays.stream(section.strength().toArray()))
                .flatMapToDouble(Arrays::stream).max().orElseThrow();
        // what joins the blocks is chance: samples correlate a little
        InteractionModules modules = InteractionModules.of(basis, graph, EdgeWeights.above(1e-2 * largest), 0.5, 0);
        assertEquals(basis.layers().subList(0, 3).stream().mapToInt(NodeBasis::nodes).sum(), modules.modules().stream().mapToInt(List::size).sum());
        assertTrue(modules.larger().size() >= 2, modules.toString());
        for (List<InteractionModules.Node> module : modules.larger()) {
            assertEquals(1, module.stream().map(node -> block(basis, node)).distinct().count(), module.toString());
        }
        for (InteractionModules.Node constant : List.of(new InteractionModules.Node("layers.0", 0), new InteractionModules.Node("layers.2", 0))) {
            assertTrue(modules.modules().contains(List.of(constant)), "edges of " + constant + " count");
        }
        List<Integer> sizes = modules.modules().stream().map(List::size).toList();
        assertEquals(sizes.stream().sorted((a, b) -> b - a).toList(), sizes);
        assertTrue(modules.modularity() > 0.3, modules.toString());
        assertEquals(List.of(BasisKind.JACOBIAN, 0.5), List.of(modules.basis(), modules.resolution()));
    }

    @Test
    void weightsFollowTheirDefinitions() {
        InteractionBasis basis = basis();
        InteractionGraph graph = basis.graph();
        double roots = 0;
        double logarithms = 0;
        int above = 0;
        for (InteractionGraph.Edges section : graph.sections().subList(0, 2)) {
            for (int i = 1; i < section.strength().rows(); i++) {
                for (int j = 1; j < section.strength().columns(); j++) {
                    double strength = section.strength().get(i, j);
                    roots += Math.sqrt(strength);
                    logarithms += Math.max(0, Math.log10(strength / 0.05));
                    above += strength > 0.05 ? 1 : 0;
                }
            }
        }
        assertEquals(roots, InteractionModules.of(basis, graph, EdgeWeights.squareRoots(), 1, 0).weight(), 1e-9);
        InteractionModules modules = InteractionModules.of(basis, graph, EdgeWeights.above(0.05), 1, 0);
        assertEquals(logarithms, modules.weight(), 1e-9);
        assertEquals(above, modules.edges());
    }

    @Test
    void searchesSetTheWeakestEdgeOfEachSection() {
        InteractionBasis basis = basis();
        InteractionGraph graph = basis.graph();
        // masks that keep the strongest entry outside the constant's row and column, and the one after it
        List<EdgeSearch> searches = new ArrayList<>();
        double weight = 0;
        for (InteractionGraph.Edges section : graph.sections()) {
            Grid strength = section.strength();
            double[] sorted = Arrays.stream(strength.toArray()).skip(1).flatMapToDouble(row -> Arrays.stream(row).skip(1)).sorted().toArray();
            double second = sorted[sorted.length - 2];
            searches.add(new EdgeSearch(section.from(), 2, List.of(), Grid.of(strength.rows(), strength.columns(),
                    (i, j) -> j == 0 || i > 0 && strength.get(i, j) >= second ? 1 : 0)));
            weight += section.to().equals("output") ? 0 : Math.log10(sorted[sorted.length - 1] / second);
        }
        InteractionModules modules = InteractionModules.of(basis, graph, EdgeWeights.of(searches), 1, 0);
        assertEquals(2, modules.edges(), "the edge that defines ε has the weight 0");
        assertEquals(weight, modules.weight(), 1e-9);
        refused("no search for the edges from 'layers.1'", () -> InteractionModules.of(basis, graph, EdgeWeights.of(searches.subList(0, 1)), 1, 0));
        EdgeSearch other = new EdgeSearch("layers.0", 2, List.of(), Grid.of(1, 1, (i, j) -> 1));
        refused("has a mask [1, 1]", () -> InteractionModules.of(basis, graph, EdgeWeights.of(List.of(other)), 1, 0));
        refused("the resolution is 0.0", () -> InteractionModules.of(basis, graph, EdgeWeights.squareRoots(), 0, 0));
        refused("edges begin to count is 0.0", () -> EdgeWeights.above(0));
        InteractionGraph cut = new InteractionGraph(List.of(new InteractionGraph.Edges("layers.0", "layers.1", Grid.of(1, 1, (i, j) -> 1))));
        refused("the edges from 'layers.0' are [1, 1]", () -> InteractionModules.of(basis, cut, EdgeWeights.squareRoots(), 1, 0));
    }

    private static void refused(String sentence, Executable call) {
        String message = assertThrows(IllegalArgumentException.class, call).getMessage();
        assertTrue(message.contains(sentence), message);
        assertTrue(!message.contains("\n"), message);
    }
}
