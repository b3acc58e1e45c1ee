package org.apd4j.interaction;

import static org.apd4j.interaction.GoldenComparison.TOLERANCE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apd4j.interaction.internal.LayerBasis;
import org.apd4j.math.internal.DoubleMatrix;
import org.apd4j.math.internal.Grid;
import org.apd4j.testsupport.LibGolden;

/** The recorded runs of the full modular addition: as published, and at a threshold that does not depend on rounding. */
final class ModularAdditionAgreement {

    private final LibGolden run;
    private final JsonNode json;
    private final List<String> layers = List.of("ln1.0", "ln2.0", "unembed", "output");
    private final Samples test = ModularAddition.paper().test();
    private final GoldenComparison comparison;

    ModularAdditionAgreement(LibGolden run) {
        this.run = run;
        json = run.json();
        comparison = new GoldenComparison(run);
    }

    void check() {
        checkDescription();
        Samples train = ModularAddition.paper().train();
        SectionedNetwork network = GoldenInputs.transformer(run, "");
        for (String kind : List.of("LIB", "PCA")) {
            InteractionConfig paper = GoldenInputs.published(kind);
            checkTruncated(kind, InteractionBasis.of(network, layers, train, paper.with(c -> c.threshold = 1e-7)));
            InteractionBasis basis = InteractionBasis.of(network, layers, train, paper);
            InteractionGraph graph = basis.graph();
            checkBasis(kind, basis, graph);
            List<EdgeSearch> searches = checkAblations(kind, basis, graph);
            checkModules(json.path(kind).path("clusters"), basis, graph, searches);
        }
        Set<String> inputs = Set.copyOf(LibGolden.load(run.name()).names());
        comparison.checkAllUsed(inputs::contains);
    }

    /** Compares the task, and fails where more is recorded than is compared below. */
    private void checkDescription() {
        GoldenComparison.checkFields(json, Set.of("seed", "p", "n_train", "n_test", "split_seed", "epochs", "truncation_threshold", "LIB", "PCA",
                "test_correct", "no_ablation", "threshold_1e-7"));
        for (String kind : List.of("LIB", "PCA")) {
            GoldenComparison.checkFields(json.path(kind), Set.of("layers", "sum_E", "largest_E_outside_column_0", "n_edges_required", "node_ablation",
                    "edge_ablation", "fourier_labels", "nodes_required", "clusters"));
            GoldenComparison.checkFields(json.path("threshold_1e-7").path(kind), Set.of("layers", "sum_E", "largest_E_outside_column_0"));
        }
        assertEquals(json.path("n_train").asInt(), ModularAddition.paper().train().size());
        assertEquals(json.path("n_test").asInt(), test.size());
        assertEquals(json.path("truncation_threshold").asDouble(), InteractionConfig.paper().threshold());
    }

    /** Compares a basis at a threshold that leaves no directions at rounding level. */
    private void checkTruncated(String kind, InteractionBasis basis) {
        double tolerance = 1e-8;
        JsonNode expected = json.path("threshold_1e-7").path(kind);
        GoldenComparison.checkSizes(expected.path("layers"), basis);
        InteractionGraph graph = basis.graph();
        for (LayerBasis layer : basis.found().subList(0, basis.found().size() - 1)) {
            String name = layer.boundary().name();
            comparison.close("thr.D." + name, layer.principal().orElseThrow().variances(), tolerance);
            if (kind.equals("LIB")) {
                comparison.close("thr.Lambda." + name, layer.jacobians().orElseThrow().effects(), tolerance);
            }
            comparison.checkLeadingNodes("thr." + kind + ".C_leading." + name, layer, tolerance);
            comparison.checkLeadingEdges("thr." + kind + ".E_leading." + name, graph, name, expected, tolerance);
        }
    }

    /** Compares the basis as published. */
    private void checkBasis(String kind, InteractionBasis basis, InteractionGraph graph) {
        JsonNode expected = json.path(kind);
        assertEquals(expected.path("layers").path("ln1.0").path("k").asInt(), basis.layer("ln1.0").variances().size());
        for (LayerBasis layer : basis.found().subList(0, layers.size() - 1)) {
            String name = layer.boundary().name();
            double tolerance = name.equals("ln1.0") ? 1e-3 : 1e-6;
            comparison.close("mean." + name, layer.mean(), TOLERANCE);
            DoubleMatrix gram = layer.gram().orElseThrow();
            comparison.close("gram_diagonal." + name, IntStream.range(0, gram.rows()).mapToDouble(i -> gram.get(i, i)).toArray(), TOLERANCE);
            if (kind.equals("LIB")) {
                // directions at rounding level are kept or not depending on the machine
                double[] effects = layer.jacobians().orElseThrow().effects();
                comparison.close("Lambda." + name, Arrays.copyOf(effects, run.values("Lambda." + name).length), tolerance);
            }
            comparison.checkLeadingEdges(kind + ".E_leading." + name, graph, name, expected, tolerance);
            DoubleMatrix edges = DoubleMatrix.of(graph.from(name).strength());
            double[] sums = new double[run.shape(kind + ".E_column_sums." + name)[0]];
            for (int j = 0; j < Math.min(sums.length, edges.columns()); j++) {
                sums[j] = Arrays.stream(edges.columns(j, 1).data()).sum();
            }
            comparison.close(kind + ".E_column_sums." + name, sums, tolerance);
        }
    }

    /** Compares ablations and labels; returns the searches for edges. */
    private List<EdgeSearch> checkAblations(String kind, InteractionBasis basis, InteractionGraph graph) {
        JsonNode expected = json.path(kind);
        Ablation ablation = Ablation.of(basis, graph, test, Score.ACCURACY);
        assertEquals(json.path("test_correct").asInt(), Math.round(ablation.base() * test.size()));
        assertEquals(json.path("no_ablation").asDouble(), ablation.base(), 1e-12);
        List<EdgeSearch> searches = new ArrayList<>();
        for (String name : layers.subList(0, layers.size() - 1)) {
            checkNear(expected.path("node_ablation").path(name), ablation.nodes(name, AblationSchedule.paper()).points(), 48);
            // of the recorded curve: on ours a few answers may decide
            List<AblationCurve.Point> recorded = new ArrayList<>();
            expected.path("node_ablation").path(name).forEach(point -> recorded.add(new AblationCurve.Point(point.get(0).asInt(), point.get(1).asDouble())));
            assertEquals(expected.path("nodes_required").path(name).asInt(),
                    new AblationCurve(name, Score.ACCURACY, ablation.base(), recorded).required(0.001), kind + " nodes of " + name);
            EdgeSearch search = ablation.requiredEdges(name, 0.001);
            assertEquals(expected.path("n_edges_required").path(name).asInt(), search.required(), 2, kind + " edges of " + name);
            searches.add(search);
            checkNear(expected.path("edge_ablation").path(name), search.tried(), 7);
            // the labels of the first nodes, which are not at rounding level
            GoldenComparison.checkLabels(expected.path("fourier_labels").path(name), FourierLabel.ofNodes(basis, name, json.path("p").asInt()), 12);
        }
        return searches;
    }

    /** Compares the points that both have, of which there must be some, within four answers. */
    private void checkNear(JsonNode expected, List<AblationCurve.Point> points, int least) {
        int compared = 0;
        for (JsonNode point : expected) {
            for (AblationCurve.Point actual : points) {
                if (actual.kept() == point.get(0).asInt()) {
                    assertEquals(point.get(1).asDouble(), actual.value(), 4.0001 / test.size(), "with " + actual.kept());
                    compared++;
                }
            }
        }
        assertTrue(compared >= least, compared + " points of " + expected);
    }

    /** Compares the modules with those of five orders of the nodes, of which ours is a sixth. */
    private static void checkModules(JsonNode expected, InteractionBasis basis, InteractionGraph graph, List<EdgeSearch> searches) {
        searches.forEach(search -> assertEquals(1, weakest(search, graph) / expected.path("epsilon").path(search.layer()).asDouble(), 0.02,
                "weakest edge of " + search));
        for (double resolution : new double[] {0.5, 1}) {
            InteractionModules modules = InteractionModules.of(basis, graph, EdgeWeights.of(searches), resolution, 0);
            // a search may end an edge earlier or later, in each of two sections
            assertEquals(expected.path("edges").asInt(), modules.edges(), 4);
            assertEquals(1, modules.weight() / expected.path("total_weight").asDouble(), 0.02);
            JsonNode recorded = expected.path("gamma " + resolution);
            String sizes = modules.larger().stream().map(List::size).toList().toString().replace(" ", "");
            boolean isRecorded = IntStream.range(0, recorded.path("sizes_per_order").size()).anyMatch(order ->
                    recorded.path("sizes_per_order").get(order).toString().equals(sizes)
                            && Math.abs(recorded.path("modularity_per_order").get(order).asDouble() - modules.modularity()) < 1e-3);
            assertTrue(isRecorded, modules + " where " + recorded.path("sizes_per_order") + recorded.path("modularity_per_order") + " is recorded");
            if (recorded.path("sizes_per_order").get(0).toString().equals(sizes)) {
                checkMembers(recorded, modules);
            }
        }
    }

    /** Compares the members of modules, recorded for the first order of the nodes alone, if ours has led to modules of the same sizes. */
    private static void checkMembers(JsonNode recorded, InteractionModules modules) {
        List<Set<String>> ours = modules.larger().stream().map(module -> module.stream().map(Object::toString).collect(Collectors.toSet())).toList();
        int common = 0;
        int all = 0;
        for (JsonNode module : recorded.path("clusters_order_0")) {
            Set<String> members = new TreeSet<>();
            module.forEach(node -> members.add(node.asText()));
            common += ours.stream().mapToInt(other -> (int) members.stream().filter(other::contains).count()).max().orElse(0);
            all += members.size();
        }
        // an edge more or less, in each of two sections, may move its two ends
        assertEquals(all, common, 4, "nodes in the recorded modules");
    }

    /** The strength of the weakest edge, other than the constant's, that the last proposal of a search kept. */
    private static double weakest(EdgeSearch search, InteractionGraph graph) {
        Grid strength = graph.from(search.layer()).strength();
        return IntStream.range(1, strength.rows()).boxed().flatMap(i -> IntStream.range(1, strength.columns())
                .filter(j -> search.mask().get(i, j) != 0).mapToObj(j -> strength.get(i, j))).mapToDouble(edge -> edge).min().orElseThrow();
    }
}
