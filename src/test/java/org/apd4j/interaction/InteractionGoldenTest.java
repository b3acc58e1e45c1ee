package org.apd4j.interaction;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.apd4j.interaction.internal.Instruction.Multiply;
import org.apd4j.interaction.internal.LayerBasis;
import org.apd4j.math.internal.DoubleMatrix;
import org.apd4j.network.Activation;
import org.apd4j.testsupport.GoldenRun;
import org.apd4j.testsupport.LibGolden;
import org.apd4j.testsupport.PyTorchNormals;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every number of the recorded runs of the reference, within the tolerance of their description. */
class InteractionGoldenTest {

    private static final double TOLERANCE = 1e-9;
    /** Kinds of network that the library cannot describe yet. */
    private static final Set<String> NOT_YET = Set.of("modadd", "lm");

    static List<String> runs() {
        return LibGolden.runs();
    }

    @ParameterizedTest
    @MethodSource("runs")
    void agreesWithTheReference(String name) {
        if (name.equals("lib_schedules")) {
            checkSchedules(LibGolden.load(name).json());
            return;
        }
        if (name.equals("lib_integration_points")) {
            checkIntegrationPoints(LibGolden.load(name).json());
            return;
        }
        // the stored networks of the full modular addition name no kind; the text is read before arrays that may be of a type that is not needed yet
        String kind = LibGolden.description(name).path("kind").asText(name.startsWith("lib_modadd_seed") ? "modadd" : "");
        assumeTrue(!NOT_YET.contains(kind), "networks of the kind '" + kind + "' are not described yet");
        LibGolden run = LibGolden.load(name, "weights", "digits", "expected");
        switch (kind) {
            case "mlp" -> {
                if (run.json().has("LIB")) {
                    checkLarge(run);
                } else {
                    checkMlp(run);
                }
            }
            default -> fail("the golden run " + name + " is of the kind '" + kind + "', which this test does not know");
        }
    }

    private static void checkSchedules(JsonNode json) {
        List<String> checked = new ArrayList<>();
        json.properties().forEach(entry -> {
            String text = entry.getKey();
            if (text.equals("note")) {
                return;
            }
            int d = number(text, "d=");
            AblationSchedule schedule;
            if (text.startsWith("linear")) {
                schedule = AblationSchedule.linear(number(text, "n_points="));
            } else if (text.contains("cutoff=None")) {
                schedule = AblationSchedule.every();
            } else {
                schedule = AblationSchedule.exponential(number(text, "cutoff="), Double.parseDouble(text.replaceAll(".*base=([0-9.]+).*", "$1")));
            }
            if (text.contains("(kept)")) {
                schedule = schedule.withKept(Arrays.stream(text.replaceAll(".*\\(kept\\) ",
                        "").split(",")).map(Integer::valueOf).toArray(Integer[]::new));
            }
            List<Integer> expected = new ArrayList<>();
            entry.getValue().forEach(value -> expected.add(value.asInt()));
            assertEquals(expected, schedule.ablated(d), text);
            checked.add(text);
        });
        assertTrue(checked.size() >= 12, checked.toString());
    }

    private static int number(String text, String before) {
        return Integer.parseInt(text.replaceAll(".*" + before + "(\\d+).*", "$1"));
    }

    private static void checkIntegrationPoints(JsonNode json) {
        json.properties().forEach(entry -> {
            String[] words = entry.getKey().split(" ");
            Integration rule = Arrays.stream(Integration.values()).filter(one -> one.label().equals(words[0])).findFirst().orElseThrow();
            List<Integration.Point> points = rule.points(Integer.parseInt(words[1]));
            assertEquals(entry.getValue().size(), points.size(), entry.getKey());
            for (int i = 0; i < points.size(); i++) {
                assertEquals(entry.getValue().get(i).get(0).asDouble(), points.get(i).alpha(), 1e-14, entry.getKey());
                assertEquals(entry.getValue().get(i).get(1).asDouble(), points.get(i).weight(), 1e-14, entry.getKey());
            }
        });
    }

    private static SectionedNetwork mlp(LibGolden run, String prefix, Double bias) {
        List<DenseLayer> layers = new ArrayList<>();
        for (int l = 0; run.has(prefix + "layers." + l + ".W"); l++) {
            DoubleMatrix weights = run.matrix(prefix + "layers." + l + ".W");
            double[] biases = run.values(prefix + "layers." + l + ".b");
            if (bias != null) {
                Arrays.fill(biases, bias);
            }
            layers.add(DenseLayer.of(weights.toGrid().toArray(), biases));
        }
        return SectionedNetwork.mlp(run.json().path("activation").asText().equals("gelu") ? Activation.GELU : Activation.RELU, layers);
    }

    private static Samples samples(LibGolden run, String array, double factor) {
        return Samples.of(run.matrix(array).scale(factor).toGrid().toArray());
    }

    private static void checkMlp(LibGolden run) {
        JsonNode json = run.json();
        SectionedNetwork network = mlp(run, "weights.", null);
        Samples x = samples(run, "x", 1);
        List<String> layers = run.words("node_layers");
        Consumer<InteractionConfig.Fields> settings = c -> {
            c.threshold = json.path("truncation_threshold").asDouble();
            c.rotateLast = json.path("rotate_final_node_layer").asBoolean();
        };
        Set<String> unread = run.names();
        unread.removeIf(array -> array.startsWith("weights.") || array.startsWith("full.") || List.of("x", "x_test", "y_test").contains(array));

        same(run, "logits", DoubleMatrix.of(network.values("output", x)), null, null, unread);
        int l = 0;
        for (var instruction : network.program().instructions()) {
            if (instruction instanceof Multiply folded) {
                same(run, "folded.layers." + l++ + ".W", folded.weights(), null, null, unread);
            }
        }
        InteractionBasis lib = InteractionBasis.of(network, layers, x, InteractionConfig.paper().with(settings));
        InteractionGraph graph = lib.graph();
        checkBasis(run, "", lib, graph, unread);
        checkSizes(json.path("layers"), lib);
        InteractionBasis pca = InteractionBasis.of(network, layers, x, InteractionConfig.principalComponents().with(settings));
        InteractionGraph pcaGraph = pca.graph();
        checkBasis(run, "pca.", pca, pcaGraph, unread);
        if (run.has("neuron.E.layers.0")) {
            InteractionBasis neurons = InteractionBasis.of(network, layers, x, InteractionConfig.neurons());
            checkBasis(run, "neuron.", neurons, neurons.graph(), unread);
        }
        json.path("variants").properties().forEach(variant -> {
            double threshold = Double.parseDouble(variant.getKey().replace("threshold_", ""));
            InteractionBasis truncated = InteractionBasis.of(network, layers, x, lib.config().with(c -> c.threshold = threshold));
            checkBasis(run, variant.getKey() + ".", truncated, truncated.graph(), unread);
            checkSizes(variant.getValue().path("layers"), truncated);
        });
        assertEquals(Set.of(), unread, "arrays of " + run + " that were not compared");

        if (run.has("x_test")) {
            Samples test = samples(run, "x_test", 1).withLabels(run.integers("y_test"));
            checkAblations(json, "", "pca_", Ablation.of(lib, graph, test, Score.ACCURACY));
            checkAblations(json, "pca.", null, Ablation.of(pca, pcaGraph, test, Score.ACCURACY));
        }
        if (json.has("full")) {
            checkBlockDiagonal(run, layers);
        }
    }

    private static void checkSizes(JsonNode sizes, InteractionBasis basis) {
        for (NodeBasis layer : basis.layers()) {
            JsonNode size = sizes.path(layer.layer());
            assertEquals(size.path("d").asInt(), layer.width(), layer.layer());
            assertEquals(size.path("n").asInt(), layer.nodes(), layer.layer());
            if (size.has("k") && !layer.variances().isEmpty()) {
                assertEquals(size.path("k").asInt(), layer.variances().size(), layer.layer());
            }
        }
    }

    private static void checkBasis(LibGolden run, String prefix, InteractionBasis basis, InteractionGraph graph, Set<String> unread) {
        for (LayerBasis layer : basis.found()) {
            String name = layer.boundary().name();
            same(run, prefix + "mean." + name, DoubleMatrix.over(layer.mean(), 1, layer.width()), null, null, unread);
            layer.gram().ifPresent(gram -> same(run, prefix + "gram." + name, gram, null, null, unread));
            double[] turned = null;
            if (layer.principal().isPresent()) {
                var principal = layer.principal().get();
                same(run, prefix + "D." + name, DoubleMatrix.over(principal.variances(), 1, principal.variances().length), null, null, unread);
                turned = run.has(prefix + "U." + name) ? signs(run.matrix(prefix + "U." + name), principal.vectors()) : null;
                same(run, prefix + "U." + name, principal.vectors(), null, turned, unread);
                same(run, prefix + "W." + name, principal.basis(), null, turned, unread);
            }
            double[] signs = run.has(prefix + "C." + name) ? signs(run.matrix(prefix + "C." + name), layer.basis().orElseThrow()) : null;
            if (layer.jacobians().isPresent()) {
                var step = layer.jacobians().get();
                same(run, prefix + "M_prime." + name, step.jacobians(), null, null, unread);
                step.products().ifPresent(products -> same(run, prefix + "Lambda_prime." + name, products, null, null, unread));
                same(run, prefix + "M." + name, step.whitened(), turned, turned, unread);
                same(run, prefix + "Lambda." + name, DoubleMatrix.over(step.effects(), 1, step.effects().length), null, null, unread);
                if (run.has(prefix + "V." + name)) {
                    int n = layer.nodes();
                    DoubleMatrix expected = run.matrix(prefix + "V." + name);
                    double[] rows = turned;
                    DoubleMatrix actual = DoubleMatrix.of(expected.rows(), n, (i, c) -> rows[i] * step.rotation().get(i, c));
                    DoubleMatrix first = expected.columns(0, n);
                    double[] columns = signs(first, actual);
                    DoubleMatrix aligned = DoubleMatrix.of(actual.rows(), n, (i, c) -> columns[c] * actual.get(i, c));
                    assertTrue(GoldenRun.difference(aligned.data(), first.data()) < TOLERANCE, run + " " + prefix + "V." + name);
                    unread.remove(prefix + "V." + name);
                }
            }
            layer.basis().ifPresent(c -> same(run, prefix + "C." + name, c, null, signs, unread));
            layer.inverse().ifPresent(inverse -> same(run, prefix + "C_pinv." + name, inverse, signs, null, unread));
        }
        for (InteractionGraph.Edges edges : graph.sections()) {
            same(run, prefix + "E." + edges.from(), DoubleMatrix.of(edges.strength()), null, null, unread);
        }
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

    /** Compares an array, if the run has it, after multiplying rows and columns of the actual values by signs. */
    private static void same(LibGolden run, String array, DoubleMatrix actual, double[] rows, double[] columns, Set<String> unread) {
        if (!run.has(array)) {
            return;
        }
        DoubleMatrix expected = run.matrix(array);
        assertEquals(expected.toString(), actual.toString(), run + " " + array);
        DoubleMatrix aligned = DoubleMatrix.of(actual.rows(), actual.columns(), (i, j) -> (rows == null ? 1 : rows[i]) * (columns == null ? 1
                : columns[j])
                * actual.get(i, j));
        double difference = GoldenRun.difference(aligned.data(), expected.data());
        assertTrue(difference < TOLERANCE, run + " " + array + " differs by " + difference);
        unread.remove(array);
    }

    /** Compares the curves and searches whose names begin with a prefix; those of principal components begin with another one. */
    private static void checkAblations(JsonNode json, String prefix, String ofComponents, Ablation ablation) {
        assertEquals(json.path(prefix + "no_ablation").asDouble(), ablation.base(), 1e-12);
        json.path(prefix + "node_ablation").properties().forEach(layer -> checkCurve(layer.getValue(), layer.getKey(),
                ablation.nodes(layer.getKey(), AblationSchedule.every())));
        if (ofComponents != null) {
            json.path(ofComponents + "node_ablation").properties().forEach(layer -> checkCurve(layer.getValue(), layer.getKey(),
                    ablation.principalComponents(layer.getKey(), AblationSchedule.every())));
        }
        json.path(prefix + "edge_ablation").properties().forEach(layer -> {
            List<Integer> kept = new ArrayList<>();
            layer.getValue().forEach(point -> kept.add(point.get(0).asInt()));
            checkCurve(layer.getValue(), layer.getKey(), ablation.edges(layer.getKey(), kept));
        });
        json.path(prefix + "bisection").properties().forEach(layer -> {
            JsonNode expected = layer.getValue();
            EdgeSearch search = ablation.requiredEdges(layer.getKey(), expected.path("delta").asDouble());
            assertEquals(expected.path("n_edges_required").asInt(), search.required(), layer.getKey());
            List<AblationCurve.Point> decreasing = new ArrayList<>(search.tried());
            decreasing.sort((a, b) -> b.kept() - a.kept());
            checkPoints(expected.path("tried"), layer.getKey(), decreasing);
            assertEquals(expected.path("mask_true").asInt(), Arrays.stream(search.mask().toArray()).flatMapToDouble(Arrays::stream).sum(),
                    layer.getKey());
        });
    }

    private static void checkCurve(JsonNode expected, String layer, AblationCurve curve) {
        checkPoints(expected, layer, curve.points());
    }

    private static void checkPoints(JsonNode expected, String layer, List<AblationCurve.Point> points) {
        assertEquals(expected.size(), points.size(), layer + " " + points);
        for (int i = 0; i < points.size(); i++) {
            assertEquals(expected.get(i).get(0).asInt(), points.get(i).kept(), layer);
            assertEquals(expected.get(i).get(1).asDouble(), points.get(i).value(), 1e-9, layer + " with " + points.get(i).kept());
        }
    }

    /** The published setting, 10,000 samples without biases, whose data is drawn as PyTorch draws it. */
    private static void checkBlockDiagonal(LibGolden run, List<String> layers) {
        int samples = run.json().path("full").path("n_samples").asInt();
        int block = run.json().path("first_block").asInt();
        int width = run.json().path("sizes").get(0).asInt();
        var random = new PyTorchNormals(run.json().path("data_seed").asLong());
        double[] first = random.doubles(samples * block);
        double[] second = random.doubles(samples * (width - block));
        DoubleMatrix x = DoubleMatrix.of(samples, width, (i, j) -> j < block ? first[i * block + j] : second[i * (width - block) + j - block]);
        assertEquals(0, GoldenRun.difference(x.rows(0, 8).data(), run.values("full.x_first_rows")), 1e-14, "the data is drawn differently");

        SectionedNetwork network = mlp(run, "weights.", run.json().path("full").path("bias").asDouble());
        Samples data = Samples.of(x.toGrid().toArray());
        InteractionBasis lib = InteractionBasis.of(network, layers, data, InteractionConfig.paper());
        InteractionBasis pca = InteractionBasis.of(network, layers, data, InteractionConfig.principalComponents());
        InteractionBasis neurons = InteractionBasis.of(network, layers, data, InteractionConfig.neurons());
        for (LayerBasis layer : lib.found().subList(0, layers.size() - 1)) {
            String name = layer.boundary().name();
            close(run, "full.mean." + name, layer.mean(), TOLERANCE);
            double[] expected = run.values("full.Lambda." + name);
            double[] effects = layer.jacobians().orElseThrow().effects();
            double largest = Arrays.stream(expected).max().orElseThrow();
            for (int i = 0; i < expected.length; i++) {
                if (expected[i] > 1e-8 * largest) {
                    assertEquals(1, effects[i] / expected[i], 1e-8, "Λ of " + name + ", node " + i);
                }
            }
        }
        for (int l = 0; l + 1 < layers.size(); l++) {
            String name = layers.get(l);
            // in between, pre-activations that are exactly 0 are ±1e-16 after the projection, and rounding decides for a tenth of the samples; of the
            // small edges of principal components, that of the constant alone differs by more than 0.02 of the largest (OpenBLAS 0.3.31: 0.0212)
            double tolerance = l == 0 || l + 2 == layers.size() ? TOLERANCE : 2e-2;
            double ofConstant = l == 0 || l + 2 == layers.size() ? TOLERANCE : 3e-2;
            close(run, "full.E." + name, edges(lib, name, run.matrix("full.E." + name)), tolerance);
            DoubleMatrix expected = run.matrix("full.pca.E." + name);
            double[] actual = edges(pca, name, expected);
            close(run, "full.pca.E." + name, actual, ofConstant);
            for (int i = 0; i < expected.rows(); i++) {
                actual[i * expected.columns()] = expected.get(i, 0);
            }
            close(run, "full.pca.E." + name, actual, tolerance);
            close(run, "full.neuron.E." + name, edges(neurons, name, run.matrix("full.neuron.E." + name)), TOLERANCE);
        }
    }

    /** The edges in the shape of the expected ones: which nodes at rounding level are kept depends on the machine, and their edges are 0. */
    private static double[] edges(InteractionBasis basis, String layer, DoubleMatrix shape) {
        var edges = basis.graph().from(layer).strength();
        assertTrue(edges.rows() >= shape.rows() - 1 && edges.columns() >= shape.columns() - 1, layer + " " + edges);
        return DoubleMatrix.of(shape.rows(), shape.columns(), (i, j) -> i < edges.rows() && j < edges.columns() ? edges.get(i, j) : 0).data();
    }

    private static void close(LibGolden run, String array, double[] actual, double tolerance) {
        double difference = GoldenRun.difference(actual, run.values(array));
        assertTrue(difference < tolerance, run + " " + array + " differs by " + difference);
    }

    /** The stored MNIST network: the leading parts of large arrays, and all curves and searches. */
    private static void checkLarge(LibGolden run) {
        JsonNode json = run.json();
        SectionedNetwork network = mlp(run, "", null);
        List<String> layers = run.words("node_layers");
        Samples x = samples(run, "x", 1 / 255.0);
        Samples test = samples(run, "x_test", 1 / 255.0).withLabels(run.integers("y_test"));
        double threshold = json.path("truncation_threshold").asDouble();
        for (String kind : List.of("LIB", "PCA")) {
            InteractionConfig config = (kind.equals("LIB") ? InteractionConfig.paper() : InteractionConfig.principalComponents())
                    .with(c -> c.threshold = threshold);
            InteractionBasis basis = InteractionBasis.of(network, layers, x, config);
            InteractionGraph graph = basis.graph();
            JsonNode expected = json.path(kind);
            checkSizes(expected.path("layers"), basis);
            for (LayerBasis layer : basis.found().subList(0, layers.size() - 1)) {
                String name = layer.boundary().name();
                close(run, "mean." + name, layer.mean(), TOLERANCE);
                double[] all = run.values("D." + name);
                double[] variances = layer.principal().orElseThrow().variances();
                // the recorded list is by decreasing variance of all directions
                double[] sorted = Arrays.stream(variances).map(value -> -value).sorted().map(value -> -value).toArray();
                double[] expectedVariances = Arrays.stream(all).map(value -> -value).sorted().map(value -> -value).limit(sorted.length).toArray();
                assertTrue(GoldenRun.difference(sorted, expectedVariances) < TOLERANCE, "D of " + name);
                if (kind.equals("LIB")) {
                    close(run, "Lambda." + name, layer.jacobians().orElseThrow().effects(), TOLERANCE);
                    DoubleMatrix leading = run.matrix("C_leading." + name);
                    DoubleMatrix actual = layer.basis().orElseThrow().columns(0, leading.columns());
                    double[] signs = signs(leading, actual);
                    close(run, "C_leading." + name, DoubleMatrix.of(actual.rows(), actual.columns(), (i, c) -> signs[c] * actual.get(i, c)).data(),
                            TOLERANCE);
                }
                DoubleMatrix edges = DoubleMatrix.of(graph.from(name).strength());
                DoubleMatrix corner = run.matrix(kind + ".E_leading." + name);
                close(run, kind + ".E_leading." + name, edges.rows(0, corner.rows()).columns(0, corner.columns()).data(), TOLERANCE);
                assertEquals(1, Arrays.stream(edges.data()).sum() / expected.path("sum_E").path(name).asDouble(), TOLERANCE);
                assertEquals(1, Arrays.stream(edges.columns(1, edges.columns() - 1).data()).max().orElseThrow()
                        / expected.path("largest_E_outside_column_0").path(name).asDouble(), TOLERANCE);
            }
            Ablation ablation = Ablation.of(basis, graph, test, Score.ACCURACY);
            assertEquals(json.path("base_accuracy").asDouble(), ablation.base());
            expected.path("node_ablation").properties().forEach(layer -> checkCurve(layer.getValue(), layer.getKey(),
                    ablation.nodes(layer.getKey(),
                    AblationSchedule.exponential(0, 1e9).withKept(kept(layer.getValue())))));
            expected.path("edge_ablation").properties().forEach(layer -> checkCurve(layer.getValue(), layer.getKey(),
                    ablation.edges(layer.getKey(), List.of(kept(layer.getValue())))));
            expected.path("n_edges_required").properties().forEach(layer -> assertEquals(layer.getValue().asInt(),
                    ablation.requiredEdges(layer.getKey(), expected.path("delta").asDouble()).required(), layer.getKey()));
        }
    }

    private static Integer[] kept(JsonNode points) {
        List<Integer> kept = new ArrayList<>();
        points.forEach(point -> kept.add(point.get(0).asInt()));
        return kept.toArray(Integer[]::new);
    }
}
