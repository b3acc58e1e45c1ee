package org.apd4j.interaction;

import static org.junit.jupiter.api.Assertions.fail;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apd4j.math.internal.DoubleMatrix;
import org.apd4j.network.Activation;
import org.apd4j.testsupport.LibGolden;

/** What golden runs were computed from, by the names that the reference gives it: networks, samples and settings. */
final class GoldenInputs {

    private GoldenInputs() {
    }

    static Samples samples(LibGolden run, String array) {
        return samples(run, array, 1);
    }

    static Samples samples(LibGolden run, String array, double factor) {
        return Samples.of(run.matrix(array).scale(factor).toGrid().toArray());
    }

    /** The published settings of a kind of basis, {@code LIB} or {@code PCA}. */
    static InteractionConfig published(String kind) {
        return kind.equals("LIB") ? InteractionConfig.paper() : InteractionConfig.principalComponents();
    }

    static Integration integration(String label) {
        return Arrays.stream(Integration.values()).filter(rule -> rule.label().equals(label)).findFirst().orElseThrow();
    }

    /**
     * A multilayer perceptron.
     *
     * @param prefix of the names of its arrays
     * @param bias of all neurons, or null for the recorded biases
     */
    static SectionedNetwork mlp(LibGolden run, String prefix, Double bias) {
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

    /**
     * A transformer.
     *
     * @param prefix of the names of its arrays
     */
    static SectionedNetwork transformer(LibGolden run, String prefix) {
        JsonNode json = run.json();
        List<TransformerBlock> blocks = new ArrayList<>();
        for (int b = 0; run.has(prefix + "blocks." + b + ".attn.W_Q"); b++) {
            blocks.add(block(run, prefix + "blocks." + b + "."));
        }
        Transformer plain = Transformer.of(run.matrix(prefix + "embed.W_E").toGrid(), positions(run, prefix), blocks,
                dense(run, prefix + "unembed.W_U", prefix + "unembed.b_U"));
        Transformer read = plain.with(neurons(run)).read(readOut(run));
        Transformer arranged = json.path("parallel_attn_mlp").asBoolean() ? read.inParallel() : read;
        return SectionedNetwork.transformer(json.path("normalization_type").asText("").startsWith("LN")
                ? arranged.withLayerNorm(json.path("eps").asDouble()) : arranged);
    }

    private static PositionEncoding positions(LibGolden run, String prefix) {
        JsonNode json = run.json();
        if (!json.path("positional_embedding_type").asText("standard").equals("rotary")) {
            return PositionEncoding.learned(run.matrix(prefix + "pos_embed.W_pos").toGrid());
        }
        return PositionEncoding.rotary(run.shape("tokens")[1], json.path("rotary_dim").asInt(),
                json.path("rotary_pairs").asText().startsWith("neighbours") ? PositionEncoding.Pairs.NEIGHBOURS : PositionEncoding.Pairs.HALVES);
    }

    private static TransformerBlock block(LibGolden run, String prefix) {
        String attention = prefix + "attn.";
        String mlp = prefix + "mlp.";
        List<AttentionLayer.Head> heads = new ArrayList<>();
        for (int h = 0; h < run.shape(attention + "W_Q")[0]; h++) {
            heads.add(new AttentionLayer.Head(head(run, attention, "Q", h), head(run, attention, "K", h), head(run, attention, "V", h),
                    run.matrix(attention + "W_O", h).toGrid()));
        }
        AttentionLayer scaled = AttentionLayer.of(heads, run.values(attention + "b_O"));
        return new TransformerBlock(run.json().path("use_attn_scale").asBoolean(true) ? scaled : scaled.unscaled(),
                dense(run, mlp + "W_in", mlp + "b_in"), dense(run, mlp + "W_out", mlp + "b_out"));
    }

    private static DenseLayer head(LibGolden run, String prefix, String kind, int h) {
        return DenseLayer.of(run.matrix(prefix + "W_" + kind, h).toGrid().toArray(), run.matrix(prefix + "b_" + kind).rows(h, 1).data());
    }

    private static DenseLayer dense(LibGolden run, String weights, String bias) {
        return DenseLayer.of(run.matrix(weights).toGrid().toArray(), run.values(bias));
    }

    private static Transformer.Neurons neurons(LibGolden run) {
        JsonNode json = run.json();
        return switch (json.path("act_fn").asText(json.path("activation").asText("relu"))) {
            case "relu" -> Transformer.Neurons.RELU;
            case "gelu" -> Transformer.Neurons.GELU;
            case "gelu_new" -> Transformer.Neurons.GELU_TANH;
            default -> fail("activation of " + run);
        };
    }

    private static Transformer.ReadOut readOut(LibGolden run) {
        return switch (run.json().path("last_pos_module_type").asText(run.toString().contains("modadd") ? "add_resid1" : "")) {
            case "add_resid1" -> Transformer.ReadOut.LAST_AFTER_ATTENTION;
            case "unembed" -> Transformer.ReadOut.LAST_AT_UNEMBEDDING;
            default -> Transformer.ReadOut.ALL;
        };
    }
}
