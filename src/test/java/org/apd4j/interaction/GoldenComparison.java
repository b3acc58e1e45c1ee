package org.apd4j.interaction;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apd4j.interaction.internal.JacobianStep;
import org.apd4j.interaction.internal.LayerBasis;
import org.apd4j.interaction.internal.PrincipalStep;
import org.apd4j.math.internal.DoubleMatrix;
import org.apd4j.testsupport.GoldenRun;
import org.apd4j.testsupport.LibGolden;

/**
 * What the library computes beside the arrays and curves of a golden run, and which of its arrays have been used.
 *
 * <p>Directions are recorded up to their signs: arguments {@code rows} and {@code columns} are signs that actual values are multiplied by before they
 * are compared, or null for none.
 */
final class GoldenComparison {

    /** Of the largest number of an array. */
    static final double TOLERANCE = 1e-9;

    private final LibGolden run;
    private final Set<String> used = new TreeSet<>();

    GoldenComparison(LibGolden run) {
        this.run = run;
    }

    // ---- arrays

    /** Compares an array, if the run has it. */
    void same(String array, DoubleMatrix actual) {
        same(array, actual, null, null);
    }

    /** Compares an array, if the run has it, after multiplying rows and columns of the actual values by signs. */
    void same(String array, DoubleMatrix actual, double[] rows, double[] columns) {
        if (!run.has(array)) {
            return;
        }
        DoubleMatrix expected = run.matrix(array);
        assertEquals(expected.toString(), actual.toString(), run + " " + array);
        close(array, signed(actual, rows, columns).data(), TOLERANCE);
    }

    /** Compares an array that the run must have. */
    void close(String array, double[] actual, double tolerance) {
        use(array);
        double difference = GoldenRun.difference(actual, run.values(array));
        assertTrue(difference < tolerance, run + " " + array + " differs by " + difference);
    }

    /** Counts an array as used that was compared, or computed with, elsewhere. */
    void use(String array) {
        used.add(array);
    }

    /** Fails if the run has an array that was not used and that is no input. */
    void checkAllUsed(Predicate<String> isInput) {
        Set<String> unused = run.names();
        unused.removeAll(used);
        unused.removeIf(isInput);
        assertEquals(Set.of(), unused, "arrays of " + run + " that were not compared");
    }

    /** Fails if a recorded object has a field that is not known: one that is compared or computed with, or only describes the run. */
    static void checkFields(JsonNode json, Set<String> known) {
        Set<String> unknown = new TreeSet<>();
        json.fieldNames().forEachRemaining(unknown::add);
        unknown.removeAll(known);
        assertEquals(Set.of(), unknown, "fields that this test does not know");
    }

    /** Fails if a small run has a field that is neither one of its own kind nor one of those that every kind has. */
    void checkSmall(Set<String> ofKind) {
        Set<String> known = new TreeSet<>(ofKind);
        known.addAll(Set.of("kind", "node_layers", "rotate_final_node_layer", "center", "basis", "integration", "edge_formula", "truncation_threshold",
                "layers", "smallest_relative_gap", "ngf.layers", "ngf.smallest_relative_gap", "pca_node_ablation"));
        for (String basis : List.of("", "pca.", "ngf.")) {
            for (String field : List.of("no_ablation", "node_ablation", "edge_ablation", "bisection")) {
                known.add(basis + field);
            }
        }
        checkFields(run.json(), known);
    }

    /** A vector in the shape in which arrays of one dimension are read. */
    static DoubleMatrix row(double[] values) {
        return DoubleMatrix.over(values, 1, values.length);
    }

    /** The sign of each column that brings actual values to the expected ones. */
    private static double[] signs(DoubleMatrix expected, DoubleMatrix actual) {
        assertEquals(expected.toString(), actual.toString());
        double[] signs = new double[expected.columns()];
        for (int c = 0; c < signs.length; c++) {
            double inner = 0;
            for (int i = 0; i < expected.rows(); i++) {
                inner += expected.get(i, c) * actual.get(i, c);
            }
            signs[c] = inner < 0 ? -1 : 1;
        }
        return signs;
    }

    /** The actual values after multiplying rows and columns by signs. */
    static DoubleMatrix signed(DoubleMatrix actual, double[] rows, double[] columns) {
        return DoubleMatrix.of(actual.rows(), actual.columns(), (i, j) -> (rows == null ? 1 : rows[i]) * (columns == null ? 1 : columns[j])
                * actual.get(i, j));
    }

    // ---- bases and graphs

    /** Compares all arrays of a basis and its graph that the run has under a prefix. */
    void checkBasis(String prefix, InteractionBasis basis, InteractionGraph graph) {
        for (LayerBasis layer : basis.found()) {
            checkLayer(prefix, layer);
        }
        for (InteractionGraph.Edges edges : graph.sections()) {
            same(prefix + "E." + edges.from(), DoubleMatrix.of(edges.strength()));
        }
    }

    private void checkLayer(String prefix, LayerBasis layer) {
        String name = layer.boundary().name();
        same(prefix + "mean." + name, row(layer.mean()));
        layer.gram().ifPresent(gram -> same(prefix + "gram." + name, gram));
        double[] ofComponents = layer.principal().isPresent() ? checkPrincipal(prefix, name, layer.principal().get()) : null;
        double[] ofNodes = nodeSigns(prefix, layer);
        if (layer.jacobians().isPresent()) {
            JacobianStep step = layer.jacobians().get();
            same(prefix + "M_prime." + name, step.jacobians());
            step.products().ifPresent(products -> same(prefix + "Lambda_prime." + name, products));
            same(prefix + "M." + name, step.whitened(), ofComponents, ofComponents);
            same(prefix + "Lambda." + name, row(step.effects()));
            if (run.has(prefix + "V." + name)) {
                // runs that share the principal components with the first one do not repeat them
                checkRotation(prefix + "V." + name, step.rotation(), layer.nodes(), ofComponents != null ? ofComponents
                        : signs(run.matrix("U." + name), layer.principal().orElseThrow().vectors()));
            }
        }
        layer.basis().ifPresent(c -> same(prefix + "C." + name, c, null, ofNodes));
        layer.inverse().ifPresent(inverse -> same(prefix + "C_pinv." + name, inverse, ofNodes, null));
    }

    /** Returns the signs that give principal components the recorded directions, or null where none are recorded. */
    private double[] checkPrincipal(String prefix, String layer, PrincipalStep principal) {
        same(prefix + "D." + layer, row(principal.variances()));
        double[] signs = run.has(prefix + "U." + layer) ? signs(run.matrix(prefix + "U." + layer), principal.vectors()) : null;
        same(prefix + "U." + layer, principal.vectors(), null, signs);
        same(prefix + "W." + layer, principal.basis(), null, signs);
        return signs;
    }

    /** Compares the columns of V that belong to nodes. */
    private void checkRotation(String array, DoubleMatrix rotation, int nodes, double[] rows) {
        DoubleMatrix expected = run.matrix(array);
        DoubleMatrix first = expected.columns(0, nodes);
        DoubleMatrix actual = DoubleMatrix.of(expected.rows(), nodes, (i, c) -> rows[i] * rotation.get(i, c));
        DoubleMatrix aligned = signed(actual, null, signs(first, actual));
        assertTrue(GoldenRun.difference(aligned.data(), first.data()) < TOLERANCE, run + " " + array);
        use(array);
    }

    /** The signs that give nodes the recorded directions, or null where none are recorded. */
    double[] nodeSigns(String prefix, LayerBasis layer) {
        String array = prefix + "C." + layer.boundary().name();
        return run.has(array) ? signs(run.matrix(array), layer.basis().orElseThrow()) : null;
    }

    /** Compares widths, and the numbers of principal components and nodes. */
    static void checkSizes(JsonNode sizes, InteractionBasis basis) {
        for (NodeBasis layer : basis.layers()) {
            JsonNode size = sizes.path(layer.layer());
            assertEquals(size.path("d").asInt(), layer.width(), layer.layer());
            assertEquals(size.path("n").asInt(), layer.nodes(), layer.layer());
            if (size.has("k") && !layer.variances().isEmpty()) {
                assertEquals(size.path("k").asInt(), layer.variances().size(), layer.layer());
            }
        }
    }

    // ---- the leading parts of large arrays

    /** Compares the directions of the leading nodes. */
    void checkLeadingNodes(String array, LayerBasis layer, double tolerance) {
        DoubleMatrix leading = run.matrix(array);
        DoubleMatrix actual = layer.basis().orElseThrow().columns(0, leading.columns());
        close(array, signed(actual, null, signs(leading, actual)).data(), tolerance);
    }

    /**
     * Compares the edges between the leading nodes, the sum of all edges, and the largest one that is not of the constant.
     *
     * @param scalars the recorded sum and the largest edge
     */
    void checkLeadingEdges(String array, InteractionGraph graph, String layer, JsonNode scalars, double tolerance) {
        DoubleMatrix edges = DoubleMatrix.of(graph.from(layer).strength());
        DoubleMatrix corner = run.matrix(array);
        close(array, edges.rows(0, corner.rows()).columns(0, corner.columns()).data(), tolerance);
        assertEquals(1, Arrays.stream(edges.data()).sum() / scalars.path("sum_E").path(layer).asDouble(), tolerance);
        assertEquals(1, Arrays.stream(edges.columns(1, edges.columns() - 1).data()).max().orElseThrow()
                / scalars.path("largest_E_outside_column_0").path(layer).asDouble(), tolerance);
    }

    // ---- curves, searches and labels

    /** Compares the curves and searches whose names begin with a prefix; those of principal components begin with another one, or null for none. */
    void checkAblations(String prefix, String ofComponents, Ablation ablation) {
        JsonNode json = run.json();
        assertEquals(json.path(prefix + "no_ablation").asDouble(), ablation.base(), 1e-12);
        json.path(prefix + "node_ablation").properties().forEach(layer -> checkCurve(layer.getValue(), layer.getKey(),
                ablation.nodes(layer.getKey(), AblationSchedule.every())));
        if (ofComponents != null) {
            json.path(ofComponents + "node_ablation").properties().forEach(layer -> checkCurve(layer.getValue(), layer.getKey(),
                    ablation.principalComponents(layer.getKey(), AblationSchedule.every())));
        }
        json.path(prefix + "edge_ablation").properties().forEach(layer -> checkCurve(layer.getValue(), layer.getKey(),
                ablation.edges(layer.getKey(), kept(layer.getValue()))));
        json.path(prefix + "bisection").properties().forEach(layer -> checkSearch(layer.getValue(), layer.getKey(), ablation));
    }

    private static void checkSearch(JsonNode expected, String layer, Ablation ablation) {
        EdgeSearch search = ablation.requiredEdges(layer, expected.path("delta").asDouble());
        assertEquals(expected.path("n_edges_required").asInt(), search.required(), layer);
        List<AblationCurve.Point> decreasing = new ArrayList<>(search.tried());
        decreasing.sort((a, b) -> b.kept() - a.kept());
        checkPoints(expected.path("tried"), layer, decreasing);
        assertEquals(expected.path("mask_true").asInt(), Arrays.stream(search.mask().toArray()).flatMapToDouble(Arrays::stream).sum(), layer);
    }

    static void checkCurve(JsonNode expected, String layer, AblationCurve curve) {
        checkPoints(expected, layer, curve.points());
    }

    private static void checkPoints(JsonNode expected, String layer, List<AblationCurve.Point> points) {
        assertEquals(expected.size(), points.size(), layer + " " + points);
        for (int i = 0; i < points.size(); i++) {
            assertEquals(expected.get(i).get(0).asInt(), points.get(i).kept(), layer);
            assertEquals(expected.get(i).get(1).asDouble(), points.get(i).value(), 1e-9, layer + " with " + points.get(i).kept());
        }
    }

    /** The numbers of nodes or edges that are kept at the recorded points. */
    static List<Integer> kept(JsonNode points) {
        List<Integer> kept = new ArrayList<>();
        points.forEach(point -> kept.add(point.get(0).asInt()));
        return kept;
    }

    /** Compares the Fourier labels of the leading nodes, at most so many. */
    static void checkLabels(JsonNode expected, List<FourierLabel> labels, int most) {
        for (int i = 0; i < Math.min(most, expected.size()); i++) {
            // in the notation of the reference, which writes 0% and 1x
            String label = labels.get(i).terms().stream().map(term -> Math.round(100 * term.share()) + "% " + term.text()).collect(Collectors.joining("|"));
            assertEquals(expected.get(i).asText(), label, "label of node " + i);
        }
    }
}
