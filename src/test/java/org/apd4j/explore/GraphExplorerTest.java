package org.apd4j.explore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apd4j.explore.internal.GraphData;
import org.apd4j.figures.InteractionFigures;
import org.apd4j.interaction.BasisKind;
import org.apd4j.interaction.DenseLayer;
import org.apd4j.interaction.FourierLabel;
import org.apd4j.interaction.InteractionBasis;
import org.apd4j.interaction.InteractionConfig;
import org.apd4j.interaction.InteractionGraph;
import org.apd4j.interaction.InteractionModules;
import org.apd4j.interaction.Samples;
import org.apd4j.interaction.SectionedNetwork;
import org.apd4j.math.RandomStream;
import org.apd4j.network.Activation;
import org.apd4j.testsupport.AdditionGraph;
import org.junit.jupiter.api.Test;

class GraphExplorerTest {

    private static final AdditionGraph LIB = AdditionGraph.of(BasisKind.JACOBIAN);

    private static GraphExplorer explorer(AdditionGraph of) {
        return GraphExplorer.of(of.basis(), of.graph(), of.modules(), of.labels(), 30);
    }

    @Test
    void whereScriptsMayNotRunThereIsTheFigureWithASentence() {
        GraphExplorer explorer = explorer(LIB);
        String html = explorer.html();
        String before = html.substring(0, html.indexOf("<script>"));
        assertTrue(before.contains("<img ") && before.contains("alt=\"A graph with ") && before.contains("trust the notebook"), before.substring(0, 300));
        assertEquals(InteractionFigures.graph(LIB.graph(), LIB.modules(), LIB.labels(), 30).alternative(), explorer.still().alternative());
        assertTrue(explorer.toString().startsWith("Interactions of nodes: LIB, modules with γ = 1 (A graph with "), explorer.toString());
    }

    @Test
    void anOutputNeedsNothingButItself() {
        String html = explorer(LIB).html().replace("http://www.w3.org/2000/svg", "");
        assertFalse(html.contains("http:") || html.contains("https:") || html.contains("import ") || html.contains("<link"), "refers to something else");
        assertEquals(html.indexOf("</script>"), html.lastIndexOf("</script>"));
    }

    @Test
    void nodesHaveTheOrderAndTheModulesOfTheFigureAndTheirOwnEffects() {
        GraphData data = GraphData.of("the title", LIB.basis(), LIB.graph(), LIB.modules(), LIB.labels(), 7);
        assertEquals("effect Λ", data.size());
        assertEquals("the title", data.title());
        assertEquals(List.of("ln1.0", "ln2.0", "unembed"), data.columns().stream().map(GraphData.Column::layer).toList());
        for (GraphData.Column column : data.columns()) {
            List<Integer> modules = column.nodes().stream().map(GraphData.Node::module).toList();
            assertEquals(modules.stream().sorted().toList(), modules, "sorted by module");
            for (GraphData.Node node : column.nodes()) {
                assertTrue(node.index() >= 1 && node.index() <= 7, "node " + node.index());
                assertEquals(LIB.basis().layer(column.layer()).effects().get(node.index()), node.size());
                assertEquals(LIB.labels().get(column.layer()).get(node.index()).largest(), node.label());
            }
        }
        assertEquals(List.of(0, 1), data.sections().stream().map(GraphData.Section::from).toList());
    }

    @Test
    void principalComponentsHaveTheirVariances() {
        AdditionGraph pca = AdditionGraph.of(BasisKind.PRINCIPAL_COMPONENTS);
        GraphData data = GraphData.of("the title", pca.basis(), pca.graph(), pca.modules(), pca.labels(), 7);
        assertEquals("variance", data.size());
        GraphData.Node node = data.columns().get(1).nodes().get(0);
        assertEquals(pca.basis().layer("ln2.0").variances().get(node.index()), node.size());
    }

    /** Three node layers of more than 30 nodes whose edges are all drawn, with long labels. */
    @Test
    void aGraphOfThePapersSizeTakesAtMost400Kilobytes() {
        int width = 34;
        RandomStream stream = RandomStream.of(1);
        List<DenseLayer> layers = new ArrayList<>();
        for (int l = 0; l < 3; l++) {
            double[][] weights = new double[width][width];
            double[] bias = new double[width];
            for (double[] row : weights) {
                Arrays.setAll(row, j -> stream.nextNormal());
            }
            layers.add(DenseLayer.of(weights, bias));
        }
        double[][] x = new double[400][width];
        for (double[] row : x) {
            Arrays.setAll(row, j -> stream.nextNormal());
        }
        InteractionBasis basis = InteractionBasis.of(SectionedNetwork.mlp(Activation.GELU, layers), List.of("layers.0", "layers.1", "layers.2", "output"),
                Samples.of(x), InteractionConfig.paper().with(c -> c.threshold = 1e-9));
        InteractionGraph graph = basis.graph();
        List<List<InteractionModules.Node>> blocks = List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        for (int i = 1; i <= width; i++) {
            for (String layer : List.of("layers.0", "layers.1", "layers.2")) {
                blocks.get(i % 3).add(new InteractionModules.Node(layer, i));
            }
        }
        var modules = new InteractionModules(BasisKind.JACOBIAN, 1, blocks, 0.3, 2 * width * width, 1);
        FourierLabel label = new FourierLabel(IntStream.range(0, 7).mapToObj(i -> new FourierLabel.Term(0.14, "cos(5" + i + "x) * cos(4" + i + "y)")).toList());
        List<FourierLabel> labels = IntStream.range(0, width + 1).mapToObj(i -> label).toList();
        GraphExplorer explorer = GraphExplorer.of(basis, graph, modules, Map.of("layers.0", labels, "layers.1", labels, "layers.2", labels), 30);
        assertTrue(explorer.still().numbers().rowCount() > 300, explorer.still().numbers().rowCount() + " edges are too few for a test of the size");
        assertTrue(explorer.html().length() <= Interactive.LARGEST, "takes " + explorer.html().length());
    }

    @Test
    void missingLabelsAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> GraphExplorer.of(LIB.basis(), LIB.graph(), LIB.modules(), Map.of(), 30));
        assertThrows(IllegalArgumentException.class, () -> GraphExplorer.of(LIB.basis(), LIB.graph(), LIB.modules(), LIB.labels(), 0));
    }
}
