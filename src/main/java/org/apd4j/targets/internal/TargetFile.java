package org.apd4j.targets.internal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import org.apd4j.data.Dataset;
import org.apd4j.data.ExactlyActive;
import org.apd4j.data.FeaturePairs;
import org.apd4j.data.GatedInputs;
import org.apd4j.data.Sampler;
import org.apd4j.data.SizedFeatures;
import org.apd4j.data.SparseFeatures;
import org.apd4j.io.ArrayFile;
import org.apd4j.io.NpyArray;
import org.apd4j.math.Matrix;
import org.apd4j.math.RandomStream;
import org.apd4j.math.SparseRows;
import org.apd4j.network.Network;
import org.apd4j.network.Network.Activate;
import org.apd4j.network.Network.Bias;
import org.apd4j.network.Network.Input;
import org.apd4j.network.Network.Linear;
import org.apd4j.network.Network.Node;
import org.apd4j.network.Network.Normalise;
import org.apd4j.network.Network.Softmax;
import org.apd4j.network.Network.Sum;
import org.apd4j.network.NetworkBuilder;
import org.apd4j.network.Parameter;
import org.apd4j.targets.Labels;
import org.apd4j.targets.Target;
import org.jspecify.annotations.Nullable;

/**
 * The format of a target within a file: a description of its network, data and labels, and an array {@code target.[parameter]}
 * ({@code <f4 [d_in, d_out]}) for every parameter. All file formats that hold a target share it.
 *
 * <pre>{@code
 * TargetFile.Description description = TargetFile.describe(target.trained());
 * System.out.println(description.network().parameters());
 * }</pre>
 */
public final class TargetFile {

    private static final String PREFIX = "target.";
    /** The role of decomposed parameters in older files. */
    private static final String DECOMPOSED = "decomposed";

    private static final String VALUES = "data.values";
    private static final String LABELS = "data.labels";

    private static final Map<String, Class<?>> SAMPLERS = Map.of("sparse_features", SparseFeatures.class, "exactly_active",
            ExactlyActive.class, "feature_pairs", FeaturePairs.class, "sized_features", SizedFeatures.class, "gated_inputs", GatedInputs.class,
            "dataset", StoredRows.class);

    /** The names of the classes that occur in a description, for {@link org.apd4j.io.internal.Json}. */
    public static final Map<Class<?>, Map<String, Class<?>>> TYPES = Map.of(
            Sampler.class, SAMPLERS,
            Node.class, Map.of("input", Input.class, "linear", Linear.class, "bias", Bias.class, "activation", Activate.class, "sum", Sum.class,
                    "layer_norm", Normalise.class, "softmax", Softmax.class));

    private TargetFile() {
    }

    /**
     * The description of a {@link Dataset}. Its rows are stored in the array {@value #VALUES} ({@code <f4 [rows, features]}), and its labels, if
     * it has any, in the array {@value #LABELS} ({@code <i4 [rows]}).
     *
     * @param rows     number of rows
     * @param features number of values per row
     * @param classes  names of the classes; empty if there are no labels
     */
    public record StoredRows(int rows, int features, List<String> classes) implements Sampler {

        static StoredRows of(Dataset data) {
            return new StoredRows(data.size(), data.features(), data.classes());
        }

        @Override
        public void sample(RandomStream random, int count, SparseRows batch) {
            throw new UnsupportedOperationException("the rows of the data set are not read yet");
        }
    }

    /**
     * The description of a target: everything but the values of its parameters.
     *
     * @param name    name of the target
     * @param data    distribution of its inputs
     * @param labels  the function that it was trained to compute
     * @param network description of its network
     */
    public record Description(String name, Sampler data, Labels labels, NetworkDescription network) {
    }

    /**
     * The description of a network: everything but the values of its parameters.
     *
     * @param inputs     width of the input
     * @param parameters names, roles and shapes of the parameters, in the network's order
     * @param nodes      the nodes, in the order of their computation
     */
    public record NetworkDescription(int inputs, List<Shape> parameters, List<Node> nodes) {

        /** Returns the parameters with one of the given roles, in order. */
        public List<Shape> parameters(Parameter.Role... roles) {
            return parameters.stream().filter(parameter -> List.of(roles).contains(parameter.role())).toList();
        }
    }

    /** The name, role and shape {@code [rows, columns]} of a parameter. */
    public record Shape(String name, Parameter.Role role, int rows, int columns) {
    }

    /** Returns whether data of this class can be described in a file. */
    public static boolean canDescribe(Sampler data) {
        return data instanceof Dataset || SAMPLERS.containsValue(data.getClass());
    }

    /**
     * Returns the description of a target.
     *
     * @throws IllegalArgumentException if the target's data is of a class that cannot be described in a file
     */
    public static Description describe(Target target) {
        Sampler data = target.data() instanceof Dataset rows ? StoredRows.of(rows) : target.data();
        if (!SAMPLERS.containsValue(data.getClass())) {
            throw new IllegalArgumentException("the data of target '" + target.name() + "' is " + target.data().getClass().getName()
                    + ", which cannot be saved in a file; data that can be saved: " + new TreeSet<>(SAMPLERS.keySet()));
        }
        Network network = target.network();
        List<Shape> parameters = network.parameters().stream()
                .map(p -> new Shape(p.name(), p.role(), p.values().rows(), p.values().columns())).toList();
        return new Description(target.name(), data, target.labels(),
                new NetworkDescription(network.inputs(), parameters, network.nodes()));
    }

    /** Adds the parameters of a target, and the rows of its {@link Dataset}, to the arrays to be saved. */
    public static void put(Target target, Map<String, NpyArray> into) {
        if (target.data() instanceof Dataset rows) {
            into.put(VALUES, NpyArray.of(rows.all().toDense().toArray(), rows.size(), rows.features()));
            if (rows.isLabelled()) {
                into.put(LABELS, NpyArray.of(rows.labels(), rows.size()));
            }
        }
        for (Parameter parameter : target.network().parameters()) {
            Matrix values = parameter.values();
            into.put(PREFIX + parameter.name(), NpyArray.of(values.toArray(), values.rows(), values.columns()));
        }
    }

    /**
     * The content of a file that makes up a target, each part checked by itself; {@link #target} puts them together.
     *
     * @param trained the network with the values of its parameters
     * @param rows    the rows of a stored data set; null if the data is generated
     * @param labels  the labels of these rows; null if there are none
     */
    public record Parts(Description description, Network trained, @Nullable NpyArray rows, @Nullable NpyArray labels) {

        /**
         * Returns the target.
         *
         * @throws IllegalArgumentException if the parts do not fit together
         */
        public Target target() {
            Sampler data = description.data() instanceof StoredRows stored ? data(stored) : description.data();
            return new Target(description.name(), trained, data, description.labels());
        }

        private Dataset data(StoredRows stored) {
            float[] all = Objects.requireNonNull(rows, "rows").toFloats();
            float[][] split = new float[stored.rows()][];
            Arrays.setAll(split, row -> Arrays.copyOfRange(all, row * stored.features(), (row + 1) * stored.features()));
            return labels == null ? Dataset.of(split)
                    : Dataset.of(split, Arrays.stream(labels.toLongs()).mapToInt(Math::toIntExact).toArray(), stored.classes());
        }
    }

    /**
     * Settings of the decomposition that older files store with the network.
     *
     * @param decomposed names of the decomposed parameters; empty in current files
     * @param observed   layers that hidden reconstruction compares; empty in current files
     */
    public record EarlierRoles(Optional<ArrayNode> decomposed, Optional<JsonNode> observed) {
    }

    /** Returns the settings that an older file stores with its network, without removing them; {@link #bringUpToDate} removes them. */
    public static EarlierRoles earlierRoles(ArrayFile file) {
        Optional<ObjectNode> network = file.object("target", "network").filter(object -> object.has("observed"));
        ArrayNode decomposed = JsonNodeFactory.instance.arrayNode();
        network.ifPresent(object -> object.path("parameters").forEach(parameter -> {
            if (DECOMPOSED.equals(parameter.path("role").asText())) {
                decomposed.add(parameter.path("name"));
            }
        }));
        return new EarlierRoles(network.map(object -> decomposed), network.map(object -> object.get("observed")));
    }

    /** Converts the description of the network in an older file to the current form. */
    public static void bringUpToDate(ArrayFile file) {
        file.object("target", "network").ifPresent(network -> {
            network.remove("observed");
            network.path("parameters").forEach(parameter -> {
                if (parameter instanceof ObjectNode object && DECOMPOSED.equals(object.path("role").asText())) {
                    object.put("role", "trained");
                }
            });
        });
    }

    /**
     * Reads the parts of a target from a file.
     *
     * @throws IOException              if an array or a part of the description is wrong; the message names it
     * @throws IllegalArgumentException if the parts of the network do not fit together
     */
    public static Parts parts(ArrayFile file, Description description) throws IOException {
        Map<String, NpyArray> values = new LinkedHashMap<>();
        for (Shape parameter : description.network().parameters()) {
            values.put(parameter.name(), file.takeFinite(PREFIX + parameter.name(), parameter.rows(), parameter.columns()));
        }
        Network trained = build(description.network(), values);
        if (!(description.data() instanceof StoredRows stored)) {
            return new Parts(description, trained, null, null);
        }
        return new Parts(description, trained, file.takeFinite(VALUES, stored.rows(), stored.features()),
                stored.classes().isEmpty() ? null : file.take(LABELS, NpyArray.Type.INT32, stored.rows()));
    }

    private static Network build(NetworkDescription description, Map<String, NpyArray> values) {
        NetworkBuilder builder = Network.builder(description.inputs());
        for (Shape parameter : description.parameters()) {
            builder.parameter(parameter.name(), parameter.role(),
                    Matrix.over(Objects.requireNonNull(values.get(parameter.name())).toFloats(), parameter.rows(), parameter.columns()));
        }
        for (Node node : description.nodes().subList(Math.min(1, description.nodes().size()), description.nodes().size())) {
            if (node instanceof Linear linear) {
                builder.linear(linear.name(), linear.from(), linear.parameter(), linear.transposed());
            } else if (node instanceof Bias bias) {
                builder.bias(bias.name(), bias.from(), bias.parameter());
            } else if (node instanceof Activate activate) {
                builder.activation(activate.name(), activate.from(), activate.activation());
            } else if (node instanceof Sum sum) {
                builder.sum(sum.name(), sum.left(), sum.right());
            } else if (node instanceof Normalise norm) {
                builder.layerNorm(norm.name(), norm.from(), norm.gain(), norm.bias(), norm.epsilon());
            } else if (node instanceof Softmax softmax) {
                builder.softmax(softmax.name(), softmax.from());
            } else {
                throw new IllegalArgumentException("node '" + node.name() + "' is a second input; a network has one");
            }
        }
        Network network = builder.build();
        if (!network.nodes().equals(description.nodes())) {
            throw new IllegalArgumentException("the network's first node must be its input, " + network.nodes().get(0));
        }
        return network;
    }
}
