package org.apd4j.language;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;
import java.util.function.UnaryOperator;
import org.apache.commons.math3.special.Erf;
import org.apd4j.interaction.Samples;
import org.apd4j.interaction.SectionedNetwork;
import org.apd4j.interaction.Transformer;
import org.apd4j.math.internal.Grid;
import org.apd4j.testsupport.ModelFiles;
import org.apd4j.testsupport.ModelFiles.Precision;
import org.apd4j.testsupport.ModelFiles.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Models of random weights under published names, against plain passes in the order of the original code. */
class PublishedWeightsTest {

    private static final int WIDTH = 8;
    private static final int HEADS = 2;
    private static final int EACH = WIDTH / HEADS;
    private static final int VOCABULARY = 11;
    private static final int[] TOKENS = {3, 0, 10, 7, 7, 1};
    private static final double EPSILON = 1e-5;

    private static final String GPT2 = ModelFiles.GPT2_SETTINGS;
    private static final String NEOX = """
            {"model_type": "gpt_neox", "hidden_size": 8, "num_attention_heads": 2, "num_hidden_layers": 2, "intermediate_size": 20,
             "max_position_embeddings": 16, "vocab_size": 11, "layer_norm_eps": 1e-05, "rotary_pct": 0.5, "rotary_emb_base": 10000,
             "hidden_act": "gelu", "use_parallel_residual": true, "tie_word_embeddings": false}""";
    private static final String NEO = """
            {"model_type": "gpt_neo", "hidden_size": 8, "num_heads": 2, "num_layers": 2, "intermediate_size": null, "window_size": 3,
             "attention_types": [[["global", "local"], 1]], "max_position_embeddings": 9, "vocab_size": 11, "layer_norm_epsilon": 1e-05,
             "activation_function": "gelu_new"}""";

    @TempDir
    Path folder;

    // a plain pass

    private static double gelu(double x) {
        return 0.5 * x * (1 + Erf.erf(x / Math.sqrt(2)));
    }

    private static double geluNew(double x) {
        return 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)));
    }

    private static double[][] each(double[][] rows, UnaryOperator<double[]> row) {
        return Arrays.stream(rows).map(row).toArray(double[][]::new);
    }

    private static double[][] plus(double[][] a, double[][] b) {
        double[][] sum = each(a, double[]::clone);
        for (int t = 0; t < sum.length; t++) {
            for (int i = 0; i < sum[t].length; i++) {
                sum[t][i] += b[t][i];
            }
        }
        return sum;
    }

    private static double[] norm(ModelFiles model, String name, double[] x) {
        double mean = Arrays.stream(x).average().orElseThrow();
        double variance = Arrays.stream(x).map(value -> (value - mean) * (value - mean)).average().orElseThrow();
        double[] normed = new double[x.length];
        Arrays.setAll(normed, i -> (x[i] - mean) / Math.sqrt(variance + EPSILON) * model.tensors.get(name + ".weight").values()[i]
                + model.tensors.get(name + ".bias").values()[i]);
        return normed;
    }

    /** A linear layer of PyTorch, whose weights are {@code [out, in]}; without a bias if there is none of its name. */
    private static double[] linear(ModelFiles model, String name, double[] x) {
        Tensor weight = model.tensors.get(name + ".weight");
        Tensor bias = model.tensors.get(name + ".bias");
        double[] y = new double[weight.shape()[0]];
        for (int o = 0; o < y.length; o++) {
            y[o] = bias == null ? 0 : bias.values()[o];
            for (int i = 0; i < x.length; i++) {
                y[o] += weight.at(o, i) * x[i];
            }
        }
        return y;
    }

    /** GPT-2's Conv1D, whose weights are {@code [in, out]}. */
    private static double[] conv(ModelFiles model, String name, double[] x) {
        Tensor weight = model.tensors.get(name + ".weight");
        double[] y = model.tensors.get(name + ".bias").values().clone();
        for (int o = 0; o < y.length; o++) {
            for (int i = 0; i < x.length; i++) {
                y[o] += weight.at(i, o) * x[i];
            }
        }
        return y;
    }

    private static double[] activated(double[] x, DoubleUnaryOperator function) {
        return Arrays.stream(x).map(function).toArray();
    }

    /** One head's causal attention over its own queries, keys and values, written to its part of the result. */
    private static void attend(double[][] q, double[][] k, double[][] v, double scale, int window, double[][] to, int first) {
        for (int t = 0; t < q.length; t++) {
            double[] weights = new double[q.length];
            double sum = 0;
            for (int s = Math.max(0, t - window + 1); s <= t; s++) {
                double score = 0;
                for (int i = 0; i < EACH; i++) {
                    score += q[t][i] * k[s][i];
                }
                weights[s] = Math.exp(score * scale);
                sum += weights[s];
            }
            for (int s = 0; s <= t; s++) {
                for (int i = 0; i < EACH; i++) {
                    to[t][first + i] += weights[s] / sum * v[s][i];
                }
            }
        }
    }

    private static double[][] part(double[][] rows, int first) {
        return each(rows, row -> Arrays.copyOfRange(row, first, first + EACH));
    }

    private static double[][] embedded(ModelFiles model, String tokens, String positions) {
        double[][] stream = new double[TOKENS.length][WIDTH];
        for (int t = 0; t < TOKENS.length; t++) {
            for (int i = 0; i < WIDTH; i++) {
                stream[t][i] = model.tensors.get(tokens).at(TOKENS[t], i) + (positions.isEmpty() ? 0 : model.tensors.get(positions).at(t, i));
            }
        }
        return stream;
    }

    private static double[][] unembedded(ModelFiles model, double[][] normed, String embedding) {
        return each(normed, x -> {
            double[] logits = new double[VOCABULARY];
            for (int token = 0; token < VOCABULARY; token++) {
                for (int i = 0; i < WIDTH; i++) {
                    logits[token] += x[i] * model.tensors.get(embedding).at(token, i);
                }
            }
            return logits;
        });
    }

    private static double[][] gpt2(ModelFiles model, String prefix) {
        double[][] x = embedded(model, prefix + "wte.weight", prefix + "wpe.weight");
        for (int b = 0; b < 2; b++) {
            String at = prefix + "h." + b + ".";
            double[][] qkv = each(x, row -> conv(model, at + "attn.c_attn", norm(model, at + "ln_1", row)));
            double[][] mixed = new double[x.length][WIDTH];
            for (int h = 0; h < HEADS; h++) {
                attend(part(qkv, h * EACH), part(qkv, WIDTH + h * EACH), part(qkv, 2 * WIDTH + h * EACH), 1 / Math.sqrt(EACH), 99, mixed, h * EACH);
            }
            x = plus(x, each(mixed, row -> conv(model, at + "attn.c_proj", row)));
            x = plus(x, each(x, row -> conv(model, at + "mlp.c_proj", activated(conv(model, at + "mlp.c_fc", norm(model, at + "ln_2", row)),
                    PublishedWeightsTest::geluNew))));
        }
        return unembedded(model, each(x, row -> norm(model, prefix + "ln_f", row)), prefix + "wte.weight");
    }

    private static double[][] rotated(double[][] rows, int width) {
        double[][] result = each(rows, double[]::clone);
        for (int t = 0; t < rows.length; t++) {
            for (int i = 0; i < width / 2; i++) {
                double angle = t / Math.pow(10_000, 2.0 * i / width);
                double a = rows[t][i];
                double b = rows[t][i + width / 2];
                result[t][i] = a * Math.cos(angle) - b * Math.sin(angle);
                result[t][i + width / 2] = b * Math.cos(angle) + a * Math.sin(angle);
            }
        }
        return result;
    }

    private static double[][] neox(ModelFiles model, boolean parallel) {
        double[][] x = embedded(model, "gpt_neox.embed_in.weight", "");
        for (int b = 0; b < 2; b++) {
            String at = "gpt_neox.layers." + b + ".";
            double[][] qkv = each(x, row -> linear(model, at + "attention.query_key_value", norm(model, at + "input_layernorm", row)));
            double[][] mixed = new double[x.length][WIDTH];
            for (int h = 0; h < HEADS; h++) {
                int first = h * 3 * EACH; // viewed as [heads, 3 · head]
                attend(rotated(part(qkv, first), 2), rotated(part(qkv, first + EACH), 2), part(qkv, first + 2 * EACH), 1 / Math.sqrt(EACH), 99, mixed,
                        h * EACH);
            }
            double[][] attended = plus(x, each(mixed, row -> linear(model, at + "attention.dense", row)));
            double[][] read = parallel ? x : attended;
            x = plus(attended, each(read, row -> linear(model, at + "mlp.dense_4h_to_h", activated(linear(model, at + "mlp.dense_h_to_4h",
                    norm(model, at + "post_attention_layernorm", row)), PublishedWeightsTest::gelu))));
        }
        return unembedded(model, each(x, row -> norm(model, "gpt_neox.final_layer_norm", row)), "embed_out.weight");
    }

    private static double[][] neo(ModelFiles model) {
        double[][] x = embedded(model, "transformer.wte.weight", "transformer.wpe.weight");
        for (int b = 0; b < 2; b++) {
            String at = "transformer.h." + b + ".";
            double[][] normed = each(x, row -> norm(model, at + "ln_1", row));
            double[][] q = each(normed, row -> linear(model, at + "attn.attention.q_proj", row));
            double[][] k = each(normed, row -> linear(model, at + "attn.attention.k_proj", row));
            double[][] v = each(normed, row -> linear(model, at + "attn.attention.v_proj", row));
            double[][] mixed = new double[x.length][WIDTH];
            for (int h = 0; h < HEADS; h++) {
                attend(part(q, h * EACH), part(k, h * EACH), part(v, h * EACH), 1, b % 2 == 0 ? 99 : 3, mixed, h * EACH);
            }
            x = plus(x, each(mixed, row -> linear(model, at + "attn.attention.out_proj", row)));
            x = plus(x, each(x, row -> linear(model, at + "mlp.c_proj", activated(linear(model, at + "mlp.c_fc", norm(model, at + "ln_2", row)),
                    PublishedWeightsTest::geluNew))));
        }
        return unembedded(model, each(x, row -> norm(model, "transformer.ln_f", row)), "transformer.wte.weight");
    }

    private static Grid logits(Transformer model) {
        return SectionedNetwork.transformer(model).values("output", Samples.ofTokens(TOKENS));
    }

    private void assertLogits(double[][] expected) throws IOException {
        Transformer model = PublishedWeights.read(folder, TOKENS.length);
        Grid actual = logits(model);
        double largest = 0;
        for (int t = 0; t < expected.length; t++) {
            assertArrayEquals(expected[t], actual.row(t), 1e-9, "position " + t);
            largest = Math.max(largest, Arrays.stream(expected[t]).map(Math::abs).max().orElse(0));
        }
        assertTrue(largest > 1, "logits that say something");
        // the centred model has the same probabilities: its logits differ by one number for each position
        Grid centred = logits(model.withCentredWeights());
        for (int t = 0; t < expected.length; t++) {
            double mean = Arrays.stream(expected[t]).average().orElseThrow();
            assertArrayEquals(activated(expected[t], value -> value - mean), centred.row(t), 1e-9);
        }
    }

    @ParameterizedTest
    @EnumSource(Precision.class)
    void gpt2HasTheLogitsOfAPlainPassInEveryPrecision(Precision precision) throws IOException {
        ModelFiles model = ModelFiles.gpt2("", WIDTH, 2, VOCABULARY, 9);
        model.write(folder, precision, GPT2);
        assertLogits(gpt2(model, ""));
    }

    @Test
    void namesMayHaveTheModelInFrontAndTheUnembeddingMayStandBesideTheEmbedding() throws IOException {
        ModelFiles model = ModelFiles.gpt2("transformer.", WIDTH, 2, VOCABULARY, 9);
        model.tensors.put("lm_head.weight", model.tensors.get("transformer.wte.weight"));
        model.write(folder, Precision.F32, GPT2);
        assertLogits(gpt2(model, "transformer."));
    }

    @ParameterizedTest
    @EnumSource(Precision.class)
    void neoxHasTheLogitsOfAPlainPassInEveryPrecision(Precision precision) throws IOException {
        ModelFiles model = ModelFiles.neox(WIDTH, 2, VOCABULARY, 20);
        model.write(folder, precision, NEOX);
        assertLogits(neox(model, true));
    }

    @Test
    void neoxWithItsMlpAfterAttentionIsRead() throws IOException {
        ModelFiles model = ModelFiles.neox(WIDTH, 2, VOCABULARY, 20);
        model.write(folder, Precision.F32, NEOX.replace("\"use_parallel_residual\": true", "\"use_parallel_residual\": false"));
        assertLogits(neox(model, false));
    }

    @ParameterizedTest
    @EnumSource(Precision.class)
    void gptNeoHasTheLogitsOfAPlainPassInEveryPrecision(Precision precision) throws IOException {
        ModelFiles model = ModelFiles.neo(WIDTH, 2, VOCABULARY, 9);
        model.write(folder, precision, NEO);
        assertLogits(neo(model));
    }

    private void assertRefused(String message) {
        String actual = assertThrows(IOException.class, () -> PublishedWeights.read(folder, 4)).getMessage();
        assertEquals(message, actual.replace(folder.toString() + "/", ""));
    }

    @Test
    void whatCannotBeDescribedIsRefusedInOneSentence() throws IOException {
        ModelFiles model = ModelFiles.gpt2("", WIDTH, 2, VOCABULARY, 9);
        model.write(folder, Precision.F32, GPT2.replace("gpt2", "llama"));
        assertRefused("config.json: has the model_type 'llama'; models of type gpt2, gpt_neox and gpt_neo can be read");
        model.write(folder, Precision.F32, GPT2.replace("gelu_new", "silu"));
        assertRefused("config.json: has the activation 'silu'; gelu, gelu_new and relu can be described");
        model.write(folder, Precision.F32, GPT2.replace("\"scale_attn_weights\": true", "\"scale_attn_by_inverse_layer_idx\": true"));
        assertRefused("config.json: has true in 'scale_attn_by_inverse_layer_idx'; only false can be described");
        model.write(folder, Precision.F32, GPT2.replace("\"n_head\": 2", "\"n_head\": 3"));
        assertRefused("config.json: the stream is 8 wide, which 3 heads cannot share equally");
        model.write(folder, Precision.F32, GPT2.replace("\"n_head\": 2,", ""));
        assertRefused("config.json: lacks 'n_head'");
        model.write(folder, Precision.F32, GPT2.replace("\"n_embd\": 8", "\"n_embd\": 8.5"));
        assertRefused("config.json: has 8.5 in 'n_embd'; it must be a whole number of at least 1");
        model.write(folder, Precision.F32, GPT2.replace("\"n_layer\": 2", "\"n_layer\": 1"));
        assertRefused("model.safetensors: has an array 'h.1.ln_1.weight', for which a model of this kind has no use");
        model.write(folder, Precision.F32, GPT2.replace("\"vocab_size\": 11", "\"vocab_size\": 12"));
        assertRefused("model.safetensors: has an array 'wte.weight' of shape [11, 8]; config.json makes it [12, 8]");
        model.tensors.remove("h.1.attn.c_proj.bias");
        model.write(folder, Precision.F32, GPT2);
        assertRefused("model.safetensors: lacks the array 'transformer.h.1.attn.c_proj.bias'");
        ModelFiles neox = ModelFiles.neox(WIDTH, 2, VOCABULARY, 20);
        neox.write(folder, Precision.F32, NEOX.replace("10000", "500000"));
        assertRefused("config.json: has the base 500000.0 of rotations; only 10000 can be described");
        neox.write(folder, Precision.F32, NEOX.replace("\"rotary_pct\": 0.5", "\"rotary_pct\": 0.25"));
        assertRefused("config.json: has rotary_pct 0.25, which makes 1 of 4 entries of a head rotate; it must be an even number of at least 2");
        ModelFiles.neo(WIDTH, 2, VOCABULARY, 9).write(folder, Precision.F32, NEO.replace("\"local\"], 1", "\"local\"], 2"));
        assertRefused("config.json: has [[[\"global\",\"local\"],2]] in 'attention_types' instead of lists of kinds and how often each is repeated, "
                + "for 2 blocks");
        Files.writeString(folder.resolve("config.json"), GPT2.replace("\"n_layer\": 2", "\"n_layer\": 864822391"));
        assertRefused("config.json: has 864822391 in 'n_layer'; it must be at most 10000");
        Files.writeString(folder.resolve("config.json"), "[]");
        assertRefused("config.json: is not a JSON object");
        Files.delete(folder.resolve("config.json"));
        assertRefused("config.json: there is no such file; a published model has its settings there");
    }

    @Test
    void aLengthBeyondThatOfTheModelIsRefused() throws IOException {
        ModelFiles.gpt2("", WIDTH, 2, VOCABULARY, 9).write(folder, Precision.F32, GPT2);
        assertEquals("the length of the sequences is 10; it must be from 1 to 9, that of the model",
                assertThrows(IllegalArgumentException.class, () -> PublishedWeights.read(folder, 10)).getMessage());
        Files.delete(folder.resolve("model.safetensors"));
        assertTrue(assertThrows(IOException.class, () -> PublishedWeights.read(folder, 9)).getMessage()
                .contains("there is no such file; weights in the PyTorch format"));
    }
}
