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
import java.util.Optional;
import java.util.TreeSet;
import org.apd4j.data.Dataset;
import org.apd4j.data.ExactlyActive;
import org.apd4j.data.GatedInputs;
import org.apd4j.data.Sampler;
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

/**
 * A target in a file: a description of its network, data and labels, and an array {@code target.[parameter]} ({@code <f4 [d_in, d_out]})
 * for every parameter. Files of all kinds that hold a target share it.
 *
 * <pre>{@code
 * TargetFile.Description description = TargetFile.describe(target.target());
 * System.out.println(description.network().parameters());
 * }</pre>
 */
public final class TargetFile {

    private static final String PREFIX = "target.";
    /** The role of trained matrices in files of earlier days. */
    private static final String DECOMPOSED = "decomposed";

    private static final String VALUES = "data.values";
    private static final String LABELS = "data.labels";

    private static final Map<String, Class<?>> SAMPLERS = Map.of("sparse_features", SparseFeatures.class, "exactly_active",
            ExactlyActive.class, "gated_inputs", GatedInputs.class, "dataset", StoredRows.class);

    /** The types that a description needs, for {@link org.apd4j.io.internal.Json}. */
    public static final Map<Class<?>, Map<String, Class<?>>> TYPES = Map.of(
            Sampler.class, SAMPLERS,
            Node.class, Map.of("input", Input.class, "linear", Linear.class, "bias", Bias.class, "activation", Activate.class, "sum", Sum.class,
                    "layer_norm", Normalise.class, "softmax", Softmax.class));

    private TargetFile() {
    }

    /**
     * Stands in a description for a {@link Dataset}, whose rows are the array {@value #VALUES} ({@code <f4 [rows, features]}) and whose
     * labels, if there are any, the array {@value #LABELS} ({@code <i4 [rows]}).
     *
     * @param classes names of the classes; none if there are no labels
     */
    public record StoredRows(int rows, int features, List<String> classes) implements Sampler {

        static StoredRows of(Dataset data) {
            return new StoredRows(data.size(), data.features(), data.classes());
        }

        @Override
        public void sample(RandomStream random, int count, SparseRows batch) {
            throw new UnsupportedOperationException("the rows are not read yet");
        }
    }

    /**
     * A target without the values of its parameters.
     *
     * @param name    of the target
     * @param data    its inputs
     * @param labels  what it should compute
     * @param network its network
     */
    public record Description(String name, Sampler data, Labels labels, NetworkDescription network) {
    }

    /**
     * A network without the values of its parameters.
     *
     * @param inputs     width of the input
     * @param parameters in order
     * @param nodes      in the order of their computation
     */
    public record NetworkDescription(int inputs, List<Shape> parameters, List<Node> nodes) {

        /** The parameters of any of these roles, in order. */
        public List<Shape> parameters(Parameter.Role... roles) {
            return parameters.stream().filter(parameter -> List.of(roles).contains(parameter.role())).toList();
        }
    }

    /** Name, role and shape {@code [rows, columns]} of a parameter. */
    public record Shape(String name, Parameter.Role role, int rows, int columns) {
    }

    /** Returns whether data is of a kind that has a description. */
    public static boolean canDescribe(Sampler data) {
        return data instanceof Dataset || SAMPLERS.containsValue(data.getClass());
    }

    /** @throws IllegalArgumentException if the target's data is of a kind that has no description */
    public static Description describe(Target target) {
        Sampler data = target.data() instanceof Dataset rows ? StoredRows.of(rows) : target.data();
        if (!SAMPLERS.containsValue(data.getClass())) {
            throw new IllegalArgumentException("the data of target '" + target.name() + "' is " + target.data().getClass().getName()
                    + ", which a file cannot describe; " + new TreeSet<>(SAMPLERS.keySet()) + " it can");
        }
        Network network = target.network();
        List<Shape> parameters = network.parameters().stream()
                .map(p -> new Shape(p.name(), p.role(), p.values().rows(), p.values().columns())).toList();
        return new Description(target.name(), data, target.labels(),
                new NetworkDescription(network.inputs(), parameters, network.nodes()));
    }

    /** Adds the parameters, and the rows of a {@link Dataset}, to what is to be saved. */
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
     * The parts of a target in a file, checked one by one; made into a target by {@link #target}.
     *
     * @param trained the network with the values of its parameters
     * @param rows   of a stored data set; null if the data is generated
     * @param labels of those rows; null if there are none
     */
    public record Parts(Description description, Network trained, NpyArray rows, NpyArray labels) {

        /**
         * The target.
         *
         * @throws IllegalArgumentException if the parts do not fit together
         */
        public Target target() {
            Sampler data = description.data() instanceof StoredRows stored ? data(stored) : description.data();
            return new Target(description.name(), trained, data, description.labels());
        }

        private Dataset data(StoredRows stored) {
            float[] all = rows.toFloats();
            float[][] split = new float[stored.rows()][];
            Arrays.setAll(split, row -> Arrays.copyOfRange(all, row * stored.features(), (row + 1) * stored.features()));
            return labels == null ? Dataset.of(split)
                    : Dataset.of(split, Arrays.stream(labels.toLongs()).mapToInt(Math::toIntExact).toArray(), stored.classes());
        }
    }

    /**
     * What networks said in files of earlier days, where methods say it today.
     *
     * @param decomposed the names of the parameters to decompose; empty in files of today
     * @param observed   the layers that hidden reconstruction compares; empty in files of today
     */
    public record EarlierRoles(Optional<ArrayNode> decomposed, Optional<JsonNode> observed) {
    }

    /** Returns what the network in a file says of its decomposition; what it says is left in place for {@link #bringUpToDate}. */
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

    /** Brings the description of the network in a file of earlier days up to date. */
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
     * Takes the parts of a target out of a file.
     *
     * @throws IOException              naming the array or the part of the description that is wrong
     * @throws IllegalArgumentException if the network's parts do not fit together
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
                    Matrix.over(values.get(parameter.name()).toFloats(), parameter.rows(), parameter.columns()));
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
                throw new IllegalArgumentException("node '" + node.name() + "' is a second input");
            }
        }
        Network network = builder.build();
        if (!network.nodes().equals(description.nodes())) {
            throw new IllegalArgumentException("the network's first node must be its input, " + network.nodes().get(0));
        }
        return network;
    }
}
