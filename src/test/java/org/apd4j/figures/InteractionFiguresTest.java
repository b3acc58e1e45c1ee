package org.apd4j.figures;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apd4j.charts.Figure;
import org.apd4j.charts.internal.Palette;
import org.apd4j.interaction.AblationCurve;
import org.apd4j.interaction.AblationCurve.Point;
import org.apd4j.interaction.BasisComparison;
import org.apd4j.interaction.BasisKind;
import org.apd4j.interaction.BlockEdges;
import org.apd4j.interaction.EdgeSearch;
import org.apd4j.interaction.FourierLabel;
import org.apd4j.interaction.InteractionGraph;
import org.apd4j.interaction.InteractionModules;
import org.apd4j.interaction.InteractionModules.Node;
import org.apd4j.interaction.ModularAddition;
import org.apd4j.interaction.ModularAdditionConfig;
import org.apd4j.interaction.ModularAdditionRun;
import org.apd4j.interaction.NodeBasis;
import org.apd4j.interaction.Score;
import org.apd4j.language.FeatureMatch;
import org.apd4j.math.internal.Grid;
import org.apd4j.measures.FeatureDirections;
import org.apd4j.tables.InteractionTables;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import tech.tablesaw.api.Table;

class InteractionFiguresTest {

    private static AblationCurve curve(String layer, Point... points) {
        return new AblationCurve(layer, Score.ACCURACY, 0.99, List.of(points));
    }

    private static Map<String, List<AblationCurve>> curves() {
        Map<String, List<AblationCurve>> curves = new LinkedHashMap<>();
        curves.put("LIB", List.of(curve("ln1.0", new Point(30, 0.99), new Point(2, 0.98), new Point(1, 0.5), new Point(0, 0.1))));
        curves.put("PCA", List.of(curve("ln1.0", new Point(30, 0.99), new Point(2, 0.7), new Point(0, 0.1))));
        return curves;
    }

    @Test
    void curvesOfNodesBeginWithNoneAndEndWithTheMostThatAreShown() {
        Table numbers = InteractionFigures.nodes(curves(), 20).numbers();
        assertEquals(List.of("0", "1", "2"), numbers.column(0).asStringColumn().asList());
        assertEquals(List.of(0.1, 0.5, 0.98), numbers.numberColumn("LIB").asDoubleColumn().asList());
        assertEquals(0.7, numbers.numberColumn("PCA").getDouble(2));
        assertTrue(Double.isNaN(numbers.numberColumn("PCA").getDouble(1)), "not run");
        assertEquals(0.99, numbers.numberColumn("whole network").getDouble(0));
        assertFalse(hasNote(InteractionFigures.nodes(curves(), 20)), "a number that only one basis was run with is no fault");
        refused("no curves", () -> InteractionFigures.nodes(Map.of(), 20));
        refused("no point with at most -1 nodes", () -> InteractionFigures.nodes(curves(), -1));
        Map<String, List<AblationCurve>> mixed = curves();
        mixed.put("other", List.of(curve("ln2.0", new Point(1, 1))));
        refused("the curves of other are those of [ln2.0], others are those of [ln1.0]", () -> InteractionFigures.nodes(mixed, 20));
    }

    @Test
    void everyNodeLayerHasAChartOfItsOwn() {
        Map<String, List<AblationCurve>> curves = Map.of("LIB", List.of(curve("ln1.0", new Point(1, 0.5)), curve("ln2.0", new Point(1, 0.7))));
        Figure both = InteractionFigures.nodes(curves, 20);
        assertTrue(both.alternative().contains("ln1.0") && both.alternative().contains("ln2.0"), both.alternative());
    }

    @Test
    void numbersOfNodesStandWhereTheyBelongOnTheAxis() {
        Map<String, List<AblationCurve>> curves = Map.of("LIB", List.of(curve("ln1.0", new Point(40, 0.99), new Point(10, 0.6), new Point(0, 0.1))));
        List<Integer> across = columns(InteractionFigures.nodes(curves, 40).image(2), Palette.category(0).getRGB(), 9);
        assertEquals(3, across.size(), "markers at " + across);
        assertEquals(0.25, (across.get(1) - across.get(0)) / (double) (across.get(2) - across.get(0)), 0.02, "10 is a quarter of the way from 0 to 40");
    }

    private static boolean hasNote(Figure figure) {
        return figure.height() > figure.withNote("").height();
    }

    /** Returns the middles of the groups of columns that have at least so many pixels of a colour. */
    private static List<Integer> columns(BufferedImage image, int colour, int least) {
        List<Integer> middles = new ArrayList<>();
        int first = -1;
        for (int x = 0; x <= image.getWidth(); x++) {
            int found = 0;
            for (int y = 0; x < image.getWidth() && y < image.getHeight(); y++) {
                found += image.getRGB(x, y) == colour ? 1 : 0;
            }
            if (found >= least && first < 0) {
                first = x;
            } else if (found < least && first >= 0) {
                middles.add((first + x - 1) / 2);
                first = -1;
            }
        }
        return middles;
    }

    /** In whichever order the bases come, and whichever of them are there. */
    @Test
    void eachBasisHasTheSameColourInEveryFigure() {
        Map<String, BlockEdges> bases = new LinkedHashMap<>();
        bases.put("neurons", blocks("layers.0", 0.1));
        bases.put("PCA", blocks("layers.0", 0.5));
        bases.put("LIB", blocks("layers.0", 0.2));
        for (Map.Entry<String, Integer> basis : Map.of("LIB", 0, "PCA", 1, "neurons", 2).entrySet()) {
            int own = Palette.category(basis.getValue()).getRGB();
            String name = basis.getKey();
            List<Figure> figures = List.of(InteractionFigures.blocks(Map.of(name, bases.get(name))),
                    InteractionFigures.nodes(Map.of(name, List.of(curve("ln1.0", new Point(3, 0.9), new Point(2, 0.5), new Point(1, 0.4)))), 20),
                    InteractionFigures.edges(Map.of(name, List.of(search("ln1.0", 3)))),
                    InteractionFigures.matches("ln1.0", Map.of(name, List.of(new FeatureMatch("lost", 0.5, 3, 0.4, 0.6)))));
            for (Figure figure : figures) {
                assertTrue(pixels(figure.image(2), own) > 30, name + " in " + figure.title());
            }
        }
        BufferedImage all = InteractionFigures.blocks(bases).image(2);
        for (int i = 0; i < 3; i++) {
            assertTrue(pixels(all, Palette.category(i).getRGB()) > 30, "colour " + i);
        }
    }

    private static int pixels(BufferedImage image, int colour) {
        int found = 0;
        for (int y = 0; y < image.getHeight(); y++) {
            for (int x = 0; x < image.getWidth(); x++) {
                found += image.getRGB(x, y) == colour ? 1 : 0;
            }
        }
        return found;
    }

    private static EdgeSearch search(String layer, int required) {
        return new EdgeSearch(layer, required, List.of(), Grid.of(1, 1, (i, j) -> 1));
    }

    @Test
    void everySectionHasAChartOfTheEdgesThatEachNetworkNeeds() {
        Map<String, Map<String, List<Integer>>> required = new LinkedHashMap<>();
        required.put("ln1.0", new LinkedHashMap<>(Map.of("LIB", List.of(80, 60))));
        Table numbers = InteractionFigures.edges(List.of("seed 0", "seed 1"), required).numbers();
        assertEquals(List.of(80.0, 60.0), numbers.numberColumn("LIB").asDoubleColumn().asList());
        required.put("ln2.0", Map.of("LIB", List.of(40, 50)));
        String both = InteractionFigures.edges(List.of("seed 0", "seed 1"), required).alternative();
        assertTrue(both.contains("From ln1.0") && both.contains("From ln2.0"), both);
        refused("there are no sections", () -> InteractionFigures.edges(List.of("seed 0"), Map.of()));
        refused("LIB", () -> InteractionFigures.edges(List.of("seed 0"), Map.of("ln1.0", Map.of("LIB", List.of(1, 2)))));
    }

    @Test
    void edgesOfTwoBasesStandSideBySide() {
        Map<String, List<EdgeSearch>> searches = new LinkedHashMap<>();
        searches.put("LIB", List.of(search("ln1.0", 84), search("ln2.0", 37)));
        searches.put("PCA", List.of(search("ln1.0", 115), search("ln2.0", 50)));
        Table numbers = InteractionFigures.edges(searches).numbers();
        assertEquals(List.of(84.0, 37.0), numbers.numberColumn("LIB").asDoubleColumn().asList());
        Table table = InteractionTables.edges(searches);
        assertEquals(List.of("section that begins at", "LIB", "PCA"), table.columnNames());
        assertEquals(115, table.get(0, 2));
        searches.put("other", List.of(search("ln1.0", 3)));
        refused("those of [ln1.0]", () -> InteractionFigures.edges(searches));
        refused("the rows of other are [ln1.0]", () -> InteractionTables.edges(searches));
    }

    @Test
    void tableOfNodesHasTheSmallestNumbersThatKeepTheScore() {
        Table table = InteractionTables.nodes(curves(), 0.02);
        assertEquals("ln1.0", table.get(0, 0));
        assertEquals(List.of(2, 30), List.of(table.get(0, 1), table.get(0, 2)));
    }

    @Test
    void tableOfStartsHasARowForEachAndColumnsForSectionsAndBases() {
        Map<String, List<EdgeSearch>> searches = new LinkedHashMap<>();
        searches.put("LIB", List.of(search("input", 7), search("layers.1", 28)));
        searches.put("PCA", List.of(search("input", 116), search("layers.1", 22)));
        Map<String, List<EdgeSearch>> others = Map.of("LIB", List.of(search("input", 11), search("layers.1", 7)), "PCA", List.of(search("input", 173),
                search("layers.1", 53)));
        Table table = InteractionTables.starts(List.of(new BasisComparison(Map.of(), Map.of(), 0.96, 0.01, Map.of(), searches),
                new BasisComparison(Map.of(), Map.of(), 0.97, 0.01, Map.of(), others)));
        assertEquals(List.of("start", "accuracy", "input, LIB", "input, PCA", "layers.1, LIB", "layers.1, PCA"), table.columnNames());
        assertEquals(List.of(1, 0.97, 11, 173, 7, 53), IntStream.range(0, 6).mapToObj(column -> table.get(1, column)).toList());
        refused("no comparisons", () -> InteractionTables.starts(List.of()));
    }

    @Test
    void tableOfFeaturesHasARowForEachTargetAndMethod() {
        var half = new FeatureDirections(3, List.of(new FeatureDirections.Match(0, 2, 1), new FeatureDirections.Match(1, 2, 0.5)));
        var none = new FeatureDirections(0, List.of(new FeatureDirections.Match(0, -1, 0)));
        Map<String, FeatureDirections> methods = new LinkedHashMap<>();
        methods.put("APD", half);
        methods.put("LIB, input", none);
        Table table = InteractionTables.features(Map.of("TMS", methods));
        assertEquals(List.of("target", "method", "features", "directions", "features found", "mean cosine"), table.columnNames());
        assertEquals(List.of("TMS", "APD", 2, 3, 1, 0.75), IntStream.range(0, 6).mapToObj(column -> table.get(0, column)).toList());
        assertEquals(List.of("TMS", "LIB, input", 1, 0, 0, 0.0), IntStream.range(0, 6).mapToObj(column -> table.get(1, column)).toList());
    }

    private static FourierLabel label(String text) {
        return new FourierLabel(List.of(new FourierLabel.Term(0.97, text), new FourierLabel.Term(0.02, "const")));
    }

    /** Two node layers of a constant and three nodes, of which the last belongs to no module. */
    private static InteractionGraph graph() {
        double[][] strength = {{9, 9, 9, 9}, {9, 4, 0.02, 0}, {9, 0.5, 2, 0}, {9, 0, 0, 0.3}};
        return new InteractionGraph(List.of(new InteractionGraph.Edges("ln1.0", "ln2.0", Grid.of(4, 4, (i, j) -> strength[i][j])),
                new InteractionGraph.Edges("ln2.0", "output", Grid.of(2, 4, (i, j) -> 1))));
    }

    private static InteractionModules modules() {
        return new InteractionModules(BasisKind.JACOBIAN, 0.5, List.of(List.of(new Node("ln1.0", 1), new Node("ln2.0", 1)), List.of(new Node("ln1.0", 2), new Node("ln2.0", 2)),
                List.of(new Node("ln1.0", 3)), List.of(new Node("ln2.0", 3))), 0.4, 3, 6.5);
    }

    private static Map<String, List<FourierLabel>> labels() {
        List<FourierLabel> labels = List.of(label("const"), label("cos(3x)"), label("cos(5x)"), label("cos(7x)"));
        return Map.of("ln1.0", labels, "ln2.0", labels);
    }

    @Test
    void graphHasTheEdgesOfModulesWithoutConstantsOutputAndSingleNodes() {
        Figure figure = InteractionFigures.graph(graph(), modules(), labels(), 3);
        Table numbers = figure.numbers();
        assertEquals(List.of("ln1.0.1", "ln1.0.2", "ln1.0.1"), numbers.stringColumn("from").asList());
        assertEquals(List.of("ln2.0.1", "ln2.0.2", "ln2.0.2"), numbers.stringColumn("to").asList());
        assertEquals(List.of(4.0, 2.0, 0.5), numbers.numberColumn("strength").asDoubleColumn().asList());
        assertEquals("97% cos(3x)", numbers.get(0, 1));
        assertEquals("Interactions of nodes: LIB, modules with γ = 0.5", figure.title());
        assertEquals("A graph with 4 nodes in the columns ln1.0, ln2.0. Modules of more than one node: [2, 2]. The strongest edge joins ln1.0.1 "
                + "(97% cos(3x)) to ln2.0.1 (97% cos(3x)).", figure.alternative());
        assertEquals(List.of("ln1.0.1"), InteractionFigures.graph(graph(), modules(), labels(), 1).numbers().stringColumn("from").asList());
    }

    @Test
    void columnsHaveTheStrongestNodesOfModulesSortedByModule() {
        InteractionModules mixed = new InteractionModules(BasisKind.JACOBIAN, 1, List.of(List.of(new Node("ln1.0", 3), new Node("ln2.0", 1)), List.of(new Node("ln1.0", 1),
                new Node("ln1.0", 2)), List.of(new Node("ln2.0", 2)), List.of(new Node("ln2.0", 0))), 0.4, 3, 6.5);
        assertEquals(Map.of("ln1.0", List.of(new Node("ln1.0", 3), new Node("ln1.0", 1), new Node("ln1.0", 2)), "ln2.0", List.of(new Node("ln2.0", 1))),
                mixed.columns(graph(), 3));
        assertEquals(List.of(new Node("ln1.0", 1), new Node("ln1.0", 2)), mixed.columns(graph(), 2).get("ln1.0"));
        assertEquals(List.of(0, 1, -1), List.of(mixed.moduleOf(new Node("ln2.0", 1)), mixed.moduleOf(new Node("ln1.0", 2)), mixed.moduleOf(new Node("ln2.0", 2))));
        assertEquals("97% cos(3x)", label("cos(3x)").largest());
        assertEquals("", new FourierLabel(List.of()).largest());
    }

    @Test
    void modulesHaveColoursOfTheirOwn() {
        BufferedImage image = InteractionFigures.graph(graph(), modules(), labels(), 3).image(2);
        for (int module = 0; module < 2; module++) {
            int found = pixels(image, InteractionFigures.color(module).getRGB());
            assertTrue(found > 500, found + " pixels of module " + (module + 1));
        }
    }

    @Test
    void graphOfNothingIsDrawnAndMissingLabelsAreRefused() {
        InteractionModules none = new InteractionModules(BasisKind.JACOBIAN, 1, List.of(List.of(new Node("ln1.0", 1)), List.of(new Node("ln2.0", 1))), 0, 0, 0);
        assertEquals(0, InteractionFigures.graph(graph(), none, labels(), 3).numbers().rowCount());
        assertTrue(InteractionFigures.graph(graph(), none, labels(), 3).alternative().endsWith("Modules of more than one node: none."));
        refused("labels for 0 nodes of 'ln2.0'", () -> InteractionFigures.graph(graph(), modules(), Map.of("ln1.0", labels().get("ln1.0")), 3));
        refused("is 0; it must be at least 1", () -> InteractionFigures.graph(graph(), modules(), labels(), 0));
    }

    @Test
    void graphCanDoWithoutLabels() {
        Figure figure = InteractionFigures.graph(graph(), modules(), 3);
        assertEquals(List.of(4.0, 2.0, 0.5), figure.numbers().numberColumn("strength").asDoubleColumn().asList());
        assertTrue(figure.alternative().endsWith("The strongest edge joins ln1.0.1 to ln2.0.1."), figure.alternative());
    }

    /** Two pixels by two, the constant, and three nodes. */
    private static NodeBasis ofImages() {
        return new NodeBasis("input", List.of(0.0, 0.0, 0.0, 0.0, 1.0), List.of(), List.of(3.0, 2.0, 1.0), Grid.of(5, 3, (i, j) -> 0),
                Grid.of(3, 5, (i, j) -> 10 * i + j));
    }

    @Test
    void patternsAreRowsOfTheInverseWithoutConstants() {
        Table numbers = InteractionFigures.patterns(Map.of("LIB", ofImages()), 2).numbers();
        assertEquals(2, numbers.rowCount());
        assertEquals(List.of("node 1", "node 2"), numbers.stringColumn("picture").asList());
        assertEquals(List.of(10.0, 20.0), numbers.numberColumn("pixel 0").asDoubleColumn().asList());
        assertEquals(List.of(13.0, 23.0), numbers.numberColumn("pixel 3").asDoubleColumn().asList());
        assertEquals(6, numbers.columnCount(), "row, picture and four pixels");
        refused("is 3; LIB has 2 besides the constant", () -> InteractionFigures.patterns(Map.of("LIB", ofImages()), 3));
        refused("is 0", () -> InteractionFigures.patterns(Map.of("LIB", ofImages()), 0));
    }

    private static BlockEdges blocks(String from, double share) {
        double[][] strength = {{9, 9, 9}, {9, 4, share}, {9, share / 10, 2}};
        return new BlockEdges(List.of(new BlockEdges.Section(from, "layers.1", List.of(-1, 1, 0), List.of(-1, 1, 0), Grid.of(3, 3, (i, j) ->
                strength[i][j]), share)));
    }

    @Test
    void edgesBetweenBlocksAreShownForEveryBasisThatHasThem() {
        Map<String, BlockEdges> bases = new LinkedHashMap<>();
        bases.put("neurons", blocks("layers.0", 0));
        bases.put("PCA", blocks("layers.0", 0.5));
        Figure figure = InteractionFigures.blocks(bases);
        assertEquals(0.5, figure.numbers().numberColumn("PCA").getDouble(0));
        assertTrue(!figure.numbers().columnNames().contains("neurons"), figure.numbers().columnNames().toString());
        Table table = InteractionTables.blocks(bases);
        assertEquals(List.of("section that begins at", "neurons", "PCA"), table.columnNames());
        assertEquals(List.of(0.0, 0.5), List.of(table.numberColumn(1).getDouble(0), table.numberColumn(2).getDouble(0)));
        refused("no edge joins blocks", () -> InteractionFigures.blocks(Map.of("neurons", blocks("layers.0", 0))));
        bases.put("other", blocks("layers.9", 0.1));
        refused("the sections of other are those of [layers.9]", () -> InteractionFigures.blocks(bases));
        refused("the rows of other are [layers.9]", () -> InteractionTables.blocks(bases));
    }

    @Test
    void mapOfEdgesIsSortedByBlocksAndLeavesConstantsOut() {
        Table numbers = InteractionFigures.blockEdges(Map.of("LIB", blocks("layers.0", 0.5)), "layers.0").numbers();
        assertEquals(List.of("A2", "B1"), numbers.column(0).asStringColumn().asList());
        assertEquals(2, numbers.numberColumn(1).getDouble(0));
        assertEquals(0.5, numbers.numberColumn(1).getDouble(1));
        refused("they begin at [layers.0]", () -> InteractionFigures.blockEdges(Map.of("LIB", blocks("layers.0", 0.5)), "layers.4"));
    }

    @Test
    void learningShowsBothAccuracies() {
        ModularAdditionRun run = ModularAdditionRun.of(ModularAdditionConfig.fast().with(c -> {
            c.task = new ModularAddition(5, 0.5, 0);
            c.width = 8;
            c.headWidth = 2;
            c.neurons = 8;
            c.steps = 6;
            c.testEvery = 2;
        }), 0).train();
        Table numbers = InteractionFigures.learning(run.history()).numbers();
        assertEquals(6, numbers.rowCount());
        assertTrue(numbers.columnNames().containsAll(List.of("training pairs", "test pairs")), numbers.columnNames().toString());
    }

    @Test
    void tableOfLabelsHasTheFirstNodes() {
        NodeBasis basis = new NodeBasis("ln1.0", List.of(0.0, 1.0), List.of(1.0, 1.0), List.of(5.0, 2.0), Grid.of(2, 2, (i, j) -> i == j ? 1 : 0),
                Grid.of(2, 2, (i, j) -> i == j ? 1 : 0));
        Table table = InteractionTables.labels(basis, List.of(label("const"), label("cos(3x)")), 2);
        assertEquals(List.of(5.0, 2.0), table.numberColumn("effect Λ").asDoubleColumn().asList());
        assertEquals("97% cos(3x), 2% const", table.get(1, 2));
        refused("1 labels and 2 effects for the 2 nodes", () -> InteractionTables.labels(basis, List.of(label("const")), 2));
    }

    @Test
    void mapsOfSeveralBasesSayThatTheirScalesDiffer() {
        Map<String, BlockEdges> bases = new LinkedHashMap<>();
        bases.put("PCA", blocks("layers.0", 0.5));
        bases.put("LIB", blocks("layers.0", 0.2));
        assertTrue(hasNote(InteractionFigures.blockEdges(bases, "layers.0")));
    }

    private static void refused(String sentence, Executable call) {
        String message = assertThrows(IllegalArgumentException.class, call).getMessage();
        assertTrue(message.contains(sentence), message);
    }
}
