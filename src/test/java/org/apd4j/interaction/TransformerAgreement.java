package org.apd4j.interaction;

import static org.apd4j.interaction.GoldenComparison.TOLERANCE;
import static org.apd4j.interaction.GoldenComparison.row;
import static org.apd4j.interaction.GoldenComparison.signed;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Set;
import org.apd4j.interaction.internal.Boundary;
import org.apd4j.interaction.internal.EdgeSums;
import org.apd4j.interaction.internal.Instruction.Multiply;
import org.apd4j.interaction.internal.JacobianStep;
import org.apd4j.interaction.internal.LayerBases;
import org.apd4j.interaction.internal.LayerBasis;
import org.apd4j.interaction.internal.Seeds;
import org.apd4j.math.internal.DoubleMatrix;
import org.apd4j.testsupport.GoldenRun;
import org.apd4j.testsupport.LibGolden;

/** The recorded runs of small transformers: modular addition, and a language model. */
final class TransformerAgreement {

    private final LibGolden run;
    private final JsonNode json;
    private final List<String> layers;
    private final SectionedNetwork network;
    private final Samples x;
    private final InteractionConfig config;
    private final GoldenComparison comparison;

    TransformerAgreement(LibGolden run) {
        this.run = run;
        json = run.json();
        layers = run.words("node_layers");
        network = GoldenInputs.transformer(run, "weights.");
        x = GoldenInputs.samples(run, "tokens");
        config = InteractionConfig.of(c -> {
            c.threshold = json.path("truncation_threshold").asDouble();
            c.rotateLast = json.path("rotate_final_node_layer").asBoolean();
            c.isolateVariance = json.path("isolate_ln_var").asBoolean(true);
            c.centred = json.path("center").asBoolean(true);
        });
        comparison = new GoldenComparison(run);
    }

    void check() {
        comparison.checkSmall(Set.of("p", "d_model", "n_layers", "n_heads", "d_head", "d_mlp", "d_vocab", "n_ctx", "activation", "act_fn",
                "last_pos_module_type", "normalization_type", "eps", "use_attn_scale", "positional_embedding_type", "rotary_dim", "rotary_pairs",
                "parallel_attn_mlp", "isolate_ln_var", "frac_train", "split_seed", "n_samples", "n_train", "n_test", "labels_test_are", "fourier_labels",
                "pca.fourier_labels", "variants", "stochastic"));
        comparison.same("logits", DoubleMatrix.of(network.values("output", x)));
        checkFolding();
        InteractionBasis lib = InteractionBasis.of(network, layers, x, config);
        InteractionGraph graph = lib.graph();
        comparison.checkBasis("", lib, graph);
        GoldenComparison.checkSizes(json.path("layers"), lib);
        checkSeeds(lib);
        InteractionBasis pca = InteractionBasis.of(network, layers, x, config.with(c -> c.basis = BasisKind.PRINCIPAL_COMPONENTS));
        InteractionGraph pcaGraph = pca.graph();
        comparison.checkBasis("pca.", pca, pcaGraph);
        Samples test = GoldenInputs.samples(run, "tokens_test").withLabels(run.integers("labels_test"));
        Score score = json.path("kind").asText().equals("lm") ? Score.CROSS_ENTROPY : Score.ACCURACY;
        comparison.checkAblations("", "pca_", Ablation.of(lib, graph, test, score));
        if (json.has("pca.no_ablation")) {
            comparison.checkAblations("pca.", null, Ablation.of(pca, pcaGraph, test, score));
        }
        if (json.has("frac_train")) {
            checkTask(test, lib, pca);
        }
        if (json.has("ngf.layers")) {
            InteractionBasis flow = InteractionBasis.of(network, layers, x, config.with(c -> c.gradientFlow = true));
            InteractionGraph flowGraph = flow.graph();
            comparison.checkBasis("ngf.", flow, flowGraph);
            GoldenComparison.checkSizes(json.path("ngf.layers"), flow);
            comparison.checkAblations("ngf.", null, Ablation.of(flow, flowGraph, test, score));
        }
        json.path("variants").properties().forEach(variant -> {
            InteractionBasis other = InteractionBasis.of(network, layers, x, config.with(c -> change(c, variant.getValue())));
            comparison.checkBasis(variant.getKey() + ".", other, other.graph());
            GoldenComparison.checkSizes(variant.getValue().path("layers"), other);
        });
        json.path("stochastic").properties().forEach(sources -> checkStochastic("stoch_" + sources.getKey() + ".", config.with(c -> {
            c.positionSources = sources.getValue().path("position_sources").asInt();
            c.hiddenSources = sources.getValue().path("hidden_sources").asInt();
            c.edgeSources = sources.getValue().path("edge_sources").asInt();
        })));
        comparison.checkAllUsed(array -> array.startsWith("weights.") || List.of("tokens", "labels", "tokens_test", "labels_test").contains(array));
    }

    /** Sets what a variant does differently. */
    private static void change(InteractionConfig.Fields c, JsonNode variant) {
        c.basis = switch (variant.path("basis").asText()) {
            case "LIB (jacobian)" -> BasisKind.JACOBIAN;
            case "svd" -> BasisKind.PRINCIPAL_COMPONENTS;
            case "(1-alpha)^2" -> BasisKind.INTEGRATED_DIFFERENCE;
            case "(1-0)*alpha" -> BasisKind.INTEGRATED_PRODUCT;
            default -> fail("basis " + variant.path("basis"));
        };
        JsonNode integration = variant.path("integration");
        if (integration.isObject()) {
            integration.properties().forEach(layer -> c.integrationOf.put(layer.getKey(), GoldenInputs.integration(layer.getValue().asText())));
        } else {
            c.integration = GoldenInputs.integration(integration.asText());
        }
        c.intervals = variant.path("n_intervals").asInt();
        c.edges = variant.path("edge_formula").asText().equals("functional") ? EdgeFormula.FUNCTIONAL : EdgeFormula.SQUARED;
        c.centred = variant.path("center").asBoolean();
    }

    private void checkFolding() {
        DoubleMatrix tokens = run.matrix("folded.embed.W_E");
        DoubleMatrix positions = run.has("folded.pos_embed.W_pos") ? run.matrix("folded.pos_embed.W_pos")
                : DoubleMatrix.zeros(x.width(), tokens.columns());
        DoubleMatrix stream = DoubleMatrix.of(x.size() * x.width(), tokens.columns(), (row, j) -> positions.get(row % x.width(), j)
                + tokens.get((int) x.inputs().get(row / x.width(), row % x.width()), j));
        assertTrue(GoldenRun.difference(DoubleMatrix.of(network.values("ln1.0", x)).data(), stream.data()) < TOLERANCE, "embeddings of " + run);
        comparison.use("folded.embed.W_E");
        comparison.use("folded.pos_embed.W_pos");
        List<DoubleMatrix> maps = network.program().instructions().stream().filter(Multiply.class::isInstance).map(Multiply.class::cast)
                .map(Multiply::weights).toList();
        List<String> names = List.of("attn_in.%d.W_Q", "attn_in.%d.W_K", "attn_in.%d.W_V", "attn_out.%d.W_O", "mlp_in.%d.W_in", "mlp_out.%d.W_out");
        for (int m = 0; m < maps.size() - 1; m++) {
            String name = "folded." + String.format(names.get(m % names.size()), m / names.size());
            comparison.same(name, name.contains("attn_in") ? stacked(maps.get(m), run.shape(name)[0]) : maps.get(m));
        }
        comparison.same("folded.unembed.W_U", maps.get(maps.size() - 1));
    }

    /** Heads one below the other, as they are recorded; the library has them side by side. */
    private static DoubleMatrix stacked(DoubleMatrix map, int heads) {
        int width = map.columns() / heads;
        return DoubleMatrix.of(heads * map.rows(), width, (i, j) -> map.get(i % map.rows(), i / map.rows() * width + j));
    }

    /** Compares the task that the network was trained on, and the Fourier labels of its nodes. */
    private void checkTask(Samples test, InteractionBasis lib, InteractionBasis pca) {
        ModularAddition task = new ModularAddition(json.path("p").asInt(), json.path("frac_train").asDouble(), json.path("split_seed").asLong());
        assertEquals(task.train().inputs().toGrid(), x.inputs().toGrid());
        assertEquals(task.test().inputs().toGrid(), test.inputs().toGrid());
        checkLabels("fourier_labels", lib, task);
        checkLabels("pca.fourier_labels", pca, task);
    }

    private void checkLabels(String field, InteractionBasis basis, ModularAddition task) {
        json.path(field).properties().forEach(layer -> GoldenComparison.checkLabels(layer.getValue(),
                FourierLabel.ofNodes(basis, layer.getKey(), task.p()), Integer.MAX_VALUE));
    }

    /** Exact runs have recorded seeds, too: the unit vectors. */
    private void checkSeeds(InteractionBasis basis) {
        for (int l = 0; l + 1 < basis.found().size(); l++) {
            String array = "phi." + basis.found().get(l).boundary().name();
            int[] shape = run.shape(array);
            Seeds seeds = Seeds.of(basis.config(), l, shape[2], basis.found().get(l + 1).nodes());
            assertEquals(shape[0], seeds.count(), array);
            DoubleMatrix recorded = run.matrix(array);
            int rows = shape[1] * shape[2];
            for (int r = 0; r < seeds.count(); r++) {
                assertArrayEquals(recorded.rows(r * rows, rows).data(), seeds.vector(r, 0, shape[1]).data(), array);
            }
            comparison.use(array);
        }
    }

    // ---- random signs

    /** A run with the recorded random signs, from the last node layer to the first: signs of nodes belong to the recorded directions of the nodes. */
    private void checkStochastic(String prefix, InteractionConfig sampled) {
        List<Boundary> boundaries = network.boundaries(layers);
        int last = layers.size() - 1;
        double[][] signs = new double[layers.size()][];
        List<LayerBasis> found = List.of();
        // the signs of a layer are those of one more run; they do not depend on the layers before it
        for (int first = last; first >= 0; first--) {
            int start = Math.min(first, last - 1);
            found = LayerBases.of(network.program(), boundaries.subList(start, last + 1), x.inputs(), x.inputs(), sampled,
                    (layer, positions, nodes) -> recorded(prefix + "phi." + layers.get(start + layer), signs[start + layer + 1],
                            Math.max(1, sampled.positionSources()) * Math.max(1, sampled.hiddenSources())));
            signs[first] = comparison.nodeSigns(prefix, found.get(first - start));
        }
        for (int l = 0; l < found.size(); l++) {
            int place = l;
            LayerBasis layer = found.get(l);
            String name = layers.get(l);
            layer.basis().ifPresent(c -> comparison.same(prefix + "C." + name, c, null, signs[place]));
            if (l < last) {
                JacobianStep step = layer.jacobians().orElseThrow();
                comparison.same(prefix + "M_prime." + name, step.jacobians());
                comparison.same(prefix + "Lambda." + name, row(step.effects()));
                comparison.use(prefix + "phi." + name);
                if (sampled.edgeSources() > 0) {
                    checkSampledEdges(prefix, layer, found.get(l + 1), sampled);
                }
            }
        }
    }

    /** Recorded seeds {@code [number, sample, position, node]}; a node of the other sign than the recorded one takes the other sign here, too. */
    private Seeds recorded(String array, double[] signs, int averaged) {
        int[] shape = run.shape(array);
        DoubleMatrix all = run.matrix(array);
        return new Seeds() {
            @Override
            public int count() {
                return shape[0];
            }

            @Override
            public int averaged() {
                return averaged;
            }

            @Override
            public DoubleMatrix vector(int number, int firstSample, int samples) {
                return signed(all.rows((number * shape[1] + firstSample) * shape[2], samples * shape[2]), null, signs);
            }
        };
    }

    /** Compares the edges of a section with the recorded signs of positions, {@code [sample, source, position]}. */
    private void checkSampledEdges(String prefix, LayerBasis from, LayerBasis to, InteractionConfig sampled) {
        String name = from.boundary().name();
        int[] shape = run.shape(prefix + "edge_phi." + name);
        double[] positions = run.values(prefix + "edge_phi." + name);
        comparison.same(prefix + "E." + name, EdgeSums.of(network.program(), from, to, x.inputs(), sampled,
                (sample, source, position) -> (int) positions[(sample * shape[1] + source) * shape[2] + position]));
        comparison.use(prefix + "edge_phi." + name);
    }
}
