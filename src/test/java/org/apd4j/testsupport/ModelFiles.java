package org.apd4j.testsupport;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Small models of random weights under published names, and files of them. */
public final class ModelFiles {

    /** The settings of {@link #gpt2} with streams of 8, two blocks, 11 tokens and 9 positions. */
    public static final String GPT2_SETTINGS = """
            {"model_type": "gpt2", "n_embd": 8, "n_head": 2, "n_layer": 2, "n_positions": 9, "n_inner": null, "vocab_size": 11,
             "layer_norm_epsilon": 1e-05, "activation_function": "gelu_new", "scale_attn_weights": true}""";

    /** The format of the numbers in a file. */
    public enum Precision {
        F32, F16, BF16
    }

    /** A tensor in row-major order. */
    public record Tensor(double[] values, int... shape) {

        public double at(int row, int column) {
            return values[row * shape[1] + column];
        }
    }

    /** Exactly representable in half precision and in bfloat16: seven binary digits. */
    private static double number(Random random) {
        return (random.nextInt(129) - 64) / 64.0;
    }

    private final Random random;
    public final Map<String, Tensor> tensors = new LinkedHashMap<>();

    private ModelFiles(long seed) {
        this.random = new Random(seed);
    }

    private ModelFiles add(String name, int... shape) {
        int size = IntStream.of(shape).reduce(1, (a, b) -> a * b);
        tensors.put(name, new Tensor(IntStream.range(0, size).mapToDouble(i -> number(random)).toArray(), shape));
        return this;
    }

    private void norm(String name, int width) {
        add(name + ".weight", width).add(name + ".bias", width);
    }

    /** GPT-2: Conv1D weights are {@code [in, out]}. */
    public static ModelFiles gpt2(String prefix, int width, int blocks, int vocabulary, int positions) {
        ModelFiles model = new ModelFiles(2);
        model.add(prefix + "wte.weight", vocabulary, width).add(prefix + "wpe.weight", positions, width);
        for (int b = 0; b < blocks; b++) {
            String at = prefix + "h." + b + ".";
            model.norm(at + "ln_1", width);
            model.add(at + "attn.bias", 1, 1, positions, positions).add(at + "attn.c_attn.weight", width, 3 * width)
                    .add(at + "attn.c_attn.bias", 3 * width).add(at + "attn.c_proj.weight", width, width).add(at + "attn.c_proj.bias", width);
            model.norm(at + "ln_2", width);
            model.add(at + "mlp.c_fc.weight", width, 4 * width).add(at + "mlp.c_fc.bias", 4 * width)
                    .add(at + "mlp.c_proj.weight", 4 * width, width).add(at + "mlp.c_proj.bias", width);
        }
        model.norm(prefix + "ln_f", width);
        return model;
    }

    /** GPT-NeoX: linear weights are {@code [out, in]}. */
    public static ModelFiles neox(int width, int blocks, int vocabulary, int neurons) {
        ModelFiles model = new ModelFiles(3);
        model.add("gpt_neox.embed_in.weight", vocabulary, width);
        for (int b = 0; b < blocks; b++) {
            String at = "gpt_neox.layers." + b + ".";
            model.norm(at + "input_layernorm", width);
            model.norm(at + "post_attention_layernorm", width);
            model.add(at + "attention.bias", 1, 1, 4, 4).add(at + "attention.rotary_emb.inv_freq", 1)
                    .add(at + "attention.query_key_value.weight", 3 * width, width).add(at + "attention.query_key_value.bias", 3 * width)
                    .add(at + "attention.dense.weight", width, width).add(at + "attention.dense.bias", width)
                    .add(at + "mlp.dense_h_to_4h.weight", neurons, width).add(at + "mlp.dense_h_to_4h.bias", neurons)
                    .add(at + "mlp.dense_4h_to_h.weight", width, neurons).add(at + "mlp.dense_4h_to_h.bias", width);
        }
        model.norm("gpt_neox.final_layer_norm", width);
        return model.add("embed_out.weight", vocabulary, width);
    }

    /** GPT-Neo: linear weights are {@code [out, in]}, queries, keys and values without bias. */
    public static ModelFiles neo(int width, int blocks, int vocabulary, int positions) {
        ModelFiles model = new ModelFiles(4);
        model.add("transformer.wte.weight", vocabulary, width).add("transformer.wpe.weight", positions, width);
        for (int b = 0; b < blocks; b++) {
            String at = "transformer.h." + b + ".";
            model.norm(at + "ln_1", width);
            model.add(at + "attn.attention.bias", 1, 1, positions, positions).add(at + "attn.attention.masked_bias", 1);
            for (String name : new String[] {"k_proj", "v_proj", "q_proj"}) {
                model.add(at + "attn.attention." + name + ".weight", width, width);
            }
            model.add(at + "attn.attention.out_proj.weight", width, width).add(at + "attn.attention.out_proj.bias", width);
            model.norm(at + "ln_2", width);
            model.add(at + "mlp.c_fc.weight", 4 * width, width).add(at + "mlp.c_fc.bias", 4 * width)
                    .add(at + "mlp.c_proj.weight", width, 4 * width).add(at + "mlp.c_proj.bias", width);
        }
        model.norm("transformer.ln_f", width);
        return model;
    }

    /** Writes the weights and a config.json. */
    public Path write(Path folder, Precision precision, String config) throws IOException {
        Files.writeString(folder.resolve("config.json"), config);
        int bytes = precision == Precision.F32 ? 4 : 2;
        int[] at = {0};
        String header = tensors.entrySet().stream().map(entry -> {
            int begin = at[0];
            at[0] += entry.getValue().values().length * bytes;
            return "\"" + entry.getKey() + "\":{\"dtype\":\"" + precision + "\",\"shape\":" + Arrays.toString(entry.getValue().shape())
                    + ",\"data_offsets\":[" + begin + "," + at[0] + "]}";
        }).collect(Collectors.joining(",", "{", "}"));
        byte[] text = header.getBytes(StandardCharsets.UTF_8);
        ByteBuffer buffer = ByteBuffer.allocate(8 + text.length + at[0]).order(ByteOrder.LITTLE_ENDIAN).putLong(text.length).put(text);
        for (Tensor tensor : tensors.values()) {
            for (double value : tensor.values()) {
                switch (precision) {
                    case F32 -> buffer.putFloat((float) value);
                    case F16 -> buffer.putShort(half(value));
                    case BF16 -> buffer.putShort((short) (Float.floatToIntBits((float) value) >>> 16));
                }
            }
        }
        Files.write(folder.resolve("model.safetensors"), buffer.array());
        return folder;
    }

    /** The bits of a number of the form k / 64 with |k| ≤ 64 in half precision: sign, 5 bits of exponent with bias 15, 10 bits of fraction. */
    private static short half(double value) {
        if (value == 0) {
            return 0;
        }
        int exponent = Math.getExponent(value);
        int fraction = (int) ((Math.abs(value) / Math.pow(2, exponent) - 1) * 1024);
        return (short) ((value < 0 ? 0x8000 : 0) | (exponent + 15 << 10) | fraction);
    }
}
