package org.apd4j.language.internal;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apd4j.interaction.AttentionLayer;
import org.apd4j.interaction.AttentionLayer.Head;
import org.apd4j.interaction.DenseLayer;
import org.apd4j.interaction.PositionEncoding;
import org.apd4j.interaction.Transformer;
import org.apd4j.interaction.TransformerBlock;
import org.apd4j.language.internal.ModelSettings.Family;
import org.apd4j.math.Statistics;
import org.apd4j.math.internal.DoubleMatrix;

/**
 * A transformer made of weights under their published names. Gains and shifts of layer norms are folded into the maps that read them.
 *
 * <pre>{@code
 * ModelSettings settings = ModelSettings.of(new Json(Map.of()).foreign(Files.readString(Path.of("config.json"))));
 * Map<String, org.apd4j.io.NpyArray> arrays = org.apd4j.io.Safetensors.read(Path.of("model.safetensors"));
 * Transformer model = ModelWeights.transformer(settings, new WeightTable(arrays, ModelWeights.prefix(settings.family())), 128);
 * }</pre>
 */
public final class ModelWeights {

    private final ModelSettings settings;
    private final WeightTable weights;
    private final int width;

    private ModelWeights(ModelSettings settings, WeightTable weights) {
        this.settings = settings;
        this.weights = weights;
        this.width = settings.width();
    }

    /** Returns the prefix of the names of all weights but the unembedding's. */
    public static String prefix(Family family) {
        return family == Family.GPT_NEOX ? "gpt_neox." : "transformer.";
    }

    /**
     * Returns a model for sequences of some length.
     *
     * @throws IOException if an array is missing, does not fit the settings, or is left over
     */
    public static Transformer transformer(ModelSettings settings, WeightTable weights, int length) throws IOException {
        return new ModelWeights(settings, weights).transformer(length);
    }

    private Transformer transformer(int length) throws IOException {
        boolean isNeox = settings.family() == Family.GPT_NEOX;
        DoubleMatrix tokens = weights.matrix(isNeox ? "embed_in.weight" : "wte.weight", settings.vocabulary(), width);
        PositionEncoding positions = isNeox ? PositionEncoding.rotary(length, settings.rotated(), PositionEncoding.Pairs.HALVES)
                : PositionEncoding.learned(weights.matrix("wpe.weight", settings.positions(), width).rows(0, length).toGrid());
        List<TransformerBlock> blocks = new ArrayList<>();
        for (int b = 0; b < settings.blocks(); b++) {
            blocks.add(switch (settings.family()) {
                case GPT2 -> gpt2("h." + b + ".");
                case GPT_NEOX -> neox("layers." + b + ".");
                case GPT_NEO -> neo("h." + b + ".", settings.windows().get(b));
            });
        }
        String norm = isNeox ? "final_layer_norm" : "ln_f";
        String own = isNeox ? "embed_out.weight" : "lm_head.weight";
        DoubleMatrix out = weights.has(own) || !settings.tied() ? weights.matrix(own, settings.vocabulary(), width) : tokens;
        DenseLayer unembedding = afterNorm(norm, out.transposed(), new double[settings.vocabulary()]);
        weights.checkNothingLeft();
        Transformer model = Transformer.of(tokens.toGrid(), positions, blocks, unembedding).with(settings.activation())
                .withLayerNorm(settings.epsilon());
        return settings.parallel() ? model.inParallel() : model;
    }

    /** GPT-2's linear layers are convolutions of width 1, whose weights are {@code [in, out]}; queries, keys and values are side by side. */
    private TransformerBlock gpt2(String at) throws IOException {
        DoubleMatrix all = weights.matrix(at + "attn.c_attn.weight", width, 3 * width);
        double[] bias = weights.vector(at + "attn.c_attn.bias", 3 * width);
        DoubleMatrix output = weights.matrix(at + "attn.c_proj.weight", width, width);
        List<Head> heads = new ArrayList<>();
        for (int h = 0; h < settings.heads(); h++) {
            heads.add(head(at + "ln_1", all, bias, new int[] {first(h), width + first(h), 2 * width + first(h)}, rows(output, h)));
        }
        return new TransformerBlock(AttentionLayer.of(heads, weights.vector(at + "attn.c_proj.bias", width)),
                afterNorm(at + "ln_2", weights.matrix(at + "mlp.c_fc.weight", width, settings.neurons()),
                        weights.vector(at + "mlp.c_fc.bias", settings.neurons())),
                dense(weights.matrix(at + "mlp.c_proj.weight", settings.neurons(), width), weights.vector(at + "mlp.c_proj.bias", width)));
    }

    /** GPT-NeoX's fused map has query, key and value of the first head, then those of the next. */
    private TransformerBlock neox(String at) throws IOException {
        DoubleMatrix all = weights.transposed(at + "attention.query_key_value.weight", 3 * width, width);
        double[] bias = weights.vector(at + "attention.query_key_value.bias", 3 * width);
        DoubleMatrix output = weights.transposed(at + "attention.dense.weight", width, width);
        int each = settings.headWidth();
        List<Head> heads = new ArrayList<>();
        for (int h = 0; h < settings.heads(); h++) {
            heads.add(head(at + "input_layernorm", all, bias, new int[] {3 * first(h), 3 * first(h) + each, 3 * first(h) + 2 * each},
                    rows(output, h)));
        }
        return new TransformerBlock(AttentionLayer.of(heads, weights.vector(at + "attention.dense.bias", width)),
                linearAfterNorm(at + "post_attention_layernorm", at + "mlp.dense_h_to_4h"), linear(at + "mlp.dense_4h_to_h"));
    }

    /** GPT-Neo's queries, keys and values have no bias, and its scores no scale. */
    private TransformerBlock neo(String at, int window) throws IOException {
        String attention = at + "attn.attention.";
        List<DoubleMatrix> maps = new ArrayList<>();
        for (String name : List.of("q_proj", "k_proj", "v_proj")) {
            maps.add(weights.transposed(attention + name + ".weight", width, width));
        }
        DoubleMatrix all = DoubleMatrix.of(width, 3 * width, (i, j) -> maps.get(j / width).get(i, j % width));
        DoubleMatrix output = weights.transposed(attention + "out_proj.weight", width, width);
        List<Head> heads = new ArrayList<>();
        for (int h = 0; h < settings.heads(); h++) {
            heads.add(head(at + "ln_1", all, new double[3 * width], new int[] {first(h), width + first(h), 2 * width + first(h)}, rows(output, h)));
        }
        AttentionLayer layer = AttentionLayer.of(heads, weights.vector(attention + "out_proj.bias", width)).unscaled().within(window);
        return new TransformerBlock(layer, linearAfterNorm(at + "ln_2", at + "mlp.c_fc"), linear(at + "mlp.c_proj"));
    }

    private int first(int head) {
        return head * settings.headWidth();
    }

    private DoubleMatrix rows(DoubleMatrix output, int head) {
        return output.rows(first(head), settings.headWidth());
    }

    /** @param at the first columns of the head's query, key and value */
    private Head head(String norm, DoubleMatrix all, double[] bias, int[] at, DoubleMatrix output) throws IOException {
        List<DenseLayer> maps = new ArrayList<>();
        for (int first : at) {
            double[] own = new double[settings.headWidth()];
            System.arraycopy(bias, first, own, 0, own.length);
            maps.add(afterNorm(norm, all.columns(first, own.length), own));
        }
        return new Head(maps.get(0), maps.get(1), maps.get(2), output.toGrid());
    }

    private static DenseLayer dense(DoubleMatrix map, double[] bias) {
        return new DenseLayer(map.toGrid(), Statistics.list(bias));
    }

    private DenseLayer afterNorm(String norm, DoubleMatrix map, double[] bias) throws IOException {
        return dense(map, bias).afterNorm(weights.vector(norm + ".weight", width), weights.vector(norm + ".bias", width));
    }

    private DenseLayer linearAfterNorm(String norm, String name) throws IOException {
        return afterNorm(norm, weights.transposed(name + ".weight", settings.neurons(), width), weights.vector(name + ".bias", settings.neurons()));
    }

    private DenseLayer linear(String name) throws IOException {
        return dense(weights.transposed(name + ".weight", width, settings.neurons()), weights.vector(name + ".bias", width));
    }
}
