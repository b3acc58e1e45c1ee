package org.apd4j.language.internal;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apd4j.interaction.Transformer.Neurons;

/**
 * What the {@code config.json} of a published model says, of GPT-2, GPT-NeoX or GPT-Neo.
 *
 * <pre>{@code
 * String text = "{\"model_type\": \"gpt2\", \"n_embd\": 768, \"n_head\": 12, \"n_layer\": 12, \"vocab_size\": 50257, \"n_positions\": 1024}";
 * ModelSettings settings = ModelSettings.of(new Json(Map.of()).foreign(text));
 * }</pre>
 *
 * @param family     whose names the weights have
 * @param width      d_model
 * @param heads      number of heads, which divides the width
 * @param blocks     number of blocks
 * @param neurons    d_mlp
 * @param vocabulary number of tokens
 * @param positions  longest sequence
 * @param epsilon    of the layer norms
 * @param activation what the neurons compute
 * @param rotated    entries of a head that are rotated; 0 where positions are embedded
 * @param parallel   whether the MLP works beside attention
 * @param windows    of each block, the positions that its attention sees at most
 * @param tied       whether the unembedding is the embedding, unless the file has one of its own
 */
public record ModelSettings(Family family, int width, int heads, int blocks, int neurons, int vocabulary, int positions, double epsilon,
                            Neurons activation, int rotated, boolean parallel, List<Integer> windows, boolean tied) {

    /** A family of models. */
    public enum Family {
        /** GPT-2. */
        GPT2,
        /** GPT-NeoX, with Pythia. */
        GPT_NEOX,
        /** GPT-Neo, with TinyStories. */
        GPT_NEO
    }

    private static final int ROTARY_BASE = 10_000;
    /** More blocks than any model has; a damaged file may name any number, and something is made for each before a weight is looked for. */
    private static final int MOST_BLOCKS = 10_000;

    public ModelSettings {
        windows = List.copyOf(windows);
        if (width % heads != 0) {
            throw new IllegalArgumentException("the stream is " + width + " wide, which " + heads + " heads cannot share equally");
        }
        if (windows.size() != blocks) {
            throw new IllegalArgumentException("kinds of attention are given for " + windows.size() + " blocks of " + blocks);
        }
    }

    /**
     * Reads settings.
     *
     * @param config fields by name
     * @throws IOException if a field is missing or out of its range, or asks for what the description of a transformer does not have
     */
    public static ModelSettings of(Map<String, JsonNode> config) throws IOException {
        Fields fields = new Fields(config);
        String type = fields.text("model_type", "");
        return switch (type) {
            case "gpt2" -> gpt2(fields);
            case "gpt_neox" -> neox(fields);
            case "gpt_neo" -> neo(fields);
            default -> throw new IOException("has the model_type '" + type + "'; models of type gpt2, gpt_neox and gpt_neo can be read");
        };
    }

    private static ModelSettings gpt2(Fields fields) throws IOException {
        fields.require("scale_attn_weights", true);
        fields.require("scale_attn_by_inverse_layer_idx", false);
        fields.require("add_cross_attention", false);
        int width = fields.count("n_embd");
        int blocks = fields.blocks("n_layer");
        return new ModelSettings(Family.GPT2, width, fields.count("n_head"), blocks, fields.count("n_inner", 4 * width), fields.count("vocab_size"),
                fields.count("n_positions"), fields.number("layer_norm_epsilon", 1e-5), activation(fields.text("activation_function", "gelu_new")), 0,
                false, everything(blocks), fields.flag("tie_word_embeddings", true));
    }

    private static ModelSettings neox(Fields fields) throws IOException {
        fields.require("attention_bias", true);
        if (!fields.isAbsent("rope_scaling")) {
            throw new IOException("has a 'rope_scaling'; only rotations by position / 10000^(2i / width) can be described");
        }
        double base = fields.number("rotary_emb_base", fields.number("rope_theta", ROTARY_BASE));
        if (base != ROTARY_BASE) {
            throw new IOException("has the base " + base + " of rotations; only " + ROTARY_BASE + " can be described");
        }
        int width = fields.count("hidden_size");
        int heads = fields.count("num_attention_heads");
        int blocks = fields.blocks("num_hidden_layers");
        double part = fields.number("rotary_pct", fields.number("partial_rotary_factor", 0.25));
        int rotated = (int) (width / heads * part);
        if (rotated < 2 || rotated % 2 != 0 || rotated > width / heads) {
            throw new IOException("has rotary_pct " + part + ", which makes " + rotated + " of " + width / heads
                    + " entries of a head rotate; it must be an even number of at least 2");
        }
        return new ModelSettings(Family.GPT_NEOX, width, heads, blocks, fields.count("intermediate_size", 4 * width), fields.count("vocab_size"),
                fields.count("max_position_embeddings", 2048), fields.number("layer_norm_eps", 1e-5), activation(fields.text("hidden_act", "gelu")),
                rotated, fields.flag("use_parallel_residual", true), everything(blocks), fields.flag("tie_word_embeddings", false));
    }

    private static ModelSettings neo(Fields fields) throws IOException {
        int width = fields.count("hidden_size");
        int blocks = fields.blocks("num_layers");
        int window = fields.count("window_size", 256);
        List<Integer> windows = new ArrayList<>();
        for (String kind : fields.attentionKinds(blocks)) {
            windows.add(switch (kind) {
                case "global" -> Integer.MAX_VALUE;
                case "local" -> window;
                default -> throw new IOException("has the attention '" + kind + "'; global and local can be described");
            });
        }
        return new ModelSettings(Family.GPT_NEO, width, fields.count("num_heads"), blocks, fields.count("intermediate_size", 4 * width),
                fields.count("vocab_size"), fields.count("max_position_embeddings"), fields.number("layer_norm_epsilon", 1e-5),
                activation(fields.text("activation_function", "gelu_new")), 0, false, windows, fields.flag("tie_word_embeddings", true));
    }

    private static List<Integer> everything(int blocks) {
        return Collections.nCopies(blocks, Integer.MAX_VALUE);
    }

    private static Neurons activation(String name) throws IOException {
        return switch (name) {
            case "gelu_new", "gelu_fast", "gelu_pytorch_tanh" -> Neurons.GELU_TANH;
            case "gelu" -> Neurons.GELU;
            case "relu" -> Neurons.RELU;
            default -> throw new IOException("has the activation '" + name + "'; gelu, gelu_new and relu can be described");
        };
    }

    /** Returns the width of a head. */
    public int headWidth() {
        return width / heads;
    }

    /** The fields of a file; one that is null is absent. */
    private record Fields(Map<String, JsonNode> values) {

        Optional<JsonNode> find(String name) {
            return Optional.ofNullable(values.get(name)).filter(value -> !value.isNull());
        }

        boolean isAbsent(String name) {
            return find(name).isEmpty();
        }

        int count(String name) throws IOException {
            JsonNode value = find(name).orElseThrow(() -> new IOException("lacks '" + name + "'"));
            if (!value.canConvertToInt() || !value.isIntegralNumber() || value.intValue() < 1) {
                throw new IOException("has " + value + " in '" + name + "'; it must be a whole number of at least 1");
            }
            return value.intValue();
        }

        int blocks(String name) throws IOException {
            int blocks = count(name);
            if (blocks > MOST_BLOCKS) {
                throw new IOException("has " + blocks + " in '" + name + "'; it must be at most " + MOST_BLOCKS);
            }
            return blocks;
        }

        int count(String name, int otherwise) throws IOException {
            return isAbsent(name) ? otherwise : count(name);
        }

        double number(String name, double otherwise) throws IOException {
            Optional<JsonNode> value = find(name);
            if (value.isPresent() && !value.get().isNumber()) {
                throw new IOException("has " + value.get() + " in '" + name + "' instead of a number");
            }
            return value.map(JsonNode::doubleValue).orElse(otherwise);
        }

        String text(String name, String otherwise) throws IOException {
            Optional<JsonNode> value = find(name);
            if (value.isPresent() && !value.get().isTextual()) {
                throw new IOException("has " + value.get() + " in '" + name + "' instead of a text");
            }
            return value.map(JsonNode::textValue).orElse(otherwise);
        }

        boolean flag(String name, boolean otherwise) throws IOException {
            Optional<JsonNode> value = find(name);
            if (value.isPresent() && !value.get().isBoolean()) {
                throw new IOException("has " + value.get() + " in '" + name + "' instead of true or false");
            }
            return value.map(JsonNode::booleanValue).orElse(otherwise);
        }

        void require(String name, boolean wanted) throws IOException {
            if (flag(name, wanted) != wanted) {
                throw new IOException("has " + !wanted + " in '" + name + "'; only " + wanted + " can be described");
            }
        }

        /** Returns the kind of attention of each block: {@code [[["global", "local"], 4]]} says it in the published files. */
        List<String> attentionKinds(int blocks) throws IOException {
            List<String> kinds = new ArrayList<>();
            JsonNode types = find("attention_types").orElseThrow(() -> new IOException("lacks 'attention_types'"));
            for (JsonNode group : types) {
                int times = group.path(1).asInt();
                if (!group.path(0).isArray() || times < 1 || (long) times * group.path(0).size() > blocks) {
                    throw new IOException("has " + types + " in 'attention_types' instead of lists of kinds and how often each is repeated, for "
                            + blocks + " blocks");
                }
                for (int i = 0; i < times; i++) {
                    group.path(0).forEach(kind -> kinds.add(kind.asText()));
                }
            }
            return kinds;
        }
    }
}
