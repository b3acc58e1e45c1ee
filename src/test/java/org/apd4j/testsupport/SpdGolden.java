package org.apd4j.testsupport;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apd4j.decomposition.Components;
import org.apd4j.decomposition.Divergence;
import org.apd4j.decomposition.Factors;
import org.apd4j.decomposition.internal.Gates;
import org.apd4j.io.NpyArray;
import org.apd4j.math.Matrix;
import org.apd4j.math.SparseRows;
import org.apd4j.network.Activation;
import org.apd4j.network.Network;
import org.apd4j.network.NetworkBuilder;
import org.apd4j.network.Parameter;
import org.apd4j.network.internal.NetworkGraph;
import org.apd4j.spd.SpdConfig;
import org.apd4j.spd.internal.MaskNumbers;
import org.apd4j.training.Schedule;

/** A recorded run of SPD's reference, of the folder {@code spd} beside the golden runs of APD. */
public final class SpdGolden extends GoldenFile {

    private SpdGolden(Content content) {
        super(content);
    }

    /** The decompositions that the folder holds. */
    public static List<SpdGolden> decompositions() {
        return all("spd");
    }

    /** The trainings of targets that the folder holds. */
    public static List<SpdGolden> targets() {
        return all("spd_target");
    }

    /** The files of measures that the folder holds. */
    public static List<SpdGolden> measures() {
        return all("spd_measures");
    }

    private static List<SpdGolden> all(String method) {
        Path folder = folder().resolve("spd");
        List<SpdGolden> found = names(folder).stream().filter(name -> description(folder, name).path("method").asText().equals(method))
                .map(name -> new SpdGolden(read(folder, name))).toList();
        if (found.isEmpty()) {
            throw new IllegalStateException(folder + " holds no golden run of the method '" + method + "'");
        }
        return found;
    }

    /** A case of the recorded measures, with its arrays' names after the case's. */
    public static SpdGolden measures(String of) {
        Content all = all("spd_measures").get(0).content();
        Map<String, NpyArray> own = new java.util.LinkedHashMap<>();
        all.arrays().forEach((name, values) -> {
            if (name.startsWith(of + ".")) {
                own.put(name.substring(of.length() + 1), values);
            }
        });
        return new SpdGolden(new Content(of, all.folder(), all.json().get("cases").path(of), own));
    }

    /** The gates of a layer, from arrays whose names begin with the prefix and the layer's. */
    public Gates gates(String prefix, String layer) {
        Gates gates = Gates.zeros(components(), json().get("gate_width").asInt());
        gates.parameters(layer).forEach((array, values) -> values.copyFrom(matrix(prefix + array)));
        return gates;
    }

    /** The components of a network, from arrays whose names begin with the prefix; a tied decoder has the encoder's. */
    public Components components(Network network, String prefix) {
        Map<String, Factors> factors = new java.util.LinkedHashMap<>();
        for (NetworkGraph.Layer layer : NetworkGraph.of(network).layers()) {
            if (!factors.containsKey(layer.parameter())) {
                factors.put(layer.parameter(), new Factors(layer.parameter(), components(),
                        matrix(prefix + layer.node() + ".A").transposed().reshaped(components() * layer.in(), 1), matrix(prefix + layer.node() + ".B")));
            }
        }
        return Components.ofLayers(network, List.copyOf(factors.values()));
    }

    /** An array of one or two dimensions as a matrix. */
    public Matrix matrix(String array) {
        return stacked(array);
    }

    public int steps() {
        return json().get("steps").asInt();
    }

    public int batch() {
        return json().get("batch").asInt();
    }

    public int components() {
        return json().get("C").asInt();
    }

    /** The network under test, its nodes and matrices named as in the arrays. */
    public Network network(String prefix) {
        JsonNode net = json().get("network");
        NetworkBuilder builder = Network.builder(net.get("features").asInt());
        return net.get("kind").asText().equals("tms") ? tms(net, prefix, builder) : residual(net, prefix, builder);
    }

    private Network tms(JsonNode net, String prefix, NetworkBuilder builder) {
        boolean tied = net.path("tied").asBoolean(false);
        builder.parameter("linear1.W", Parameter.Role.TRAINED, matrix(prefix + "linear1.W")).linear("linear1", "input", "linear1.W", false);
        String last = "linear1";
        for (int i = 0; i < net.path("hidden_layers").asInt(0); i++) {
            String layer = "hidden_layers." + i;
            builder.parameter(layer + ".W", Parameter.Role.TRAINED, matrix(prefix + layer + ".W")).linear(layer, last, layer + ".W", false);
            last = layer;
        }
        if (!tied) {
            builder.parameter("linear2.W", Parameter.Role.TRAINED, matrix(prefix + "linear2.W"));
        }
        return builder.parameter("b", Parameter.Role.TRAINED, matrix(prefix + "b_final")).linear("linear2", last, tied ? "linear1.W" : "linear2.W", tied)
                .bias("sum", "linear2", "b").activation("output", "sum", Activation.RELU).build();
    }

    private Network residual(JsonNode net, String prefix, NetworkBuilder builder) {
        // targets' trainings keep W_E and W_U under "target."
        String fixed = has(prefix + "W_E") ? prefix : "target.";
        builder.parameter("W_E", Parameter.Role.FIXED, matrix(fixed + "W_E")).parameter("W_U", Parameter.Role.FIXED, matrix(fixed + "W_U"))
                .linear("embedded", "input", "W_E", false);
        String stream = "embedded";
        Activation activation = net.get("activation").asText().equals("gelu") ? Activation.GELU : Activation.RELU;
        for (int i = 0; i < net.get("layers").asInt(); i++) {
            String layer = "layers." + i;
            builder.parameter(layer + ".mlp_in.W", Parameter.Role.TRAINED, matrix(prefix + layer + ".mlp_in.W"))
                    .parameter(layer + ".mlp_out.W", Parameter.Role.TRAINED, matrix(prefix + layer + ".mlp_out.W"))
                    .linear(layer + ".mlp_in", stream, layer + ".mlp_in.W", false);
            String neurons = biased(builder, prefix, layer, "in", layer + ".mlp_in", net.path("bias_in").asBoolean());
            builder.activation(layer + ".act", neurons, activation).linear(layer + ".mlp_out", layer + ".act", layer + ".mlp_out.W", false);
            String out = biased(builder, prefix, layer, "out", layer + ".mlp_out", net.path("bias_out").asBoolean());
            builder.sum(layer + ".stream", stream, out);
            stream = layer + ".stream";
        }
        return builder.linear("output", stream, "W_U", false).build();
    }

    private String biased(NetworkBuilder builder, String prefix, String layer, String which, String from, boolean has) {
        if (!has) {
            return from;
        }
        String parameter = layer + ".bias_" + which;
        builder.parameter(parameter, Parameter.Role.TRAINED, matrix(prefix + parameter)).bias(parameter, from, parameter);
        return parameter;
    }

    /** The layers in the order of the forward pass. */
    public List<String> layers() {
        JsonNode net = json().get("network");
        List<String> layers = new ArrayList<>();
        if (net.get("kind").asText().equals("tms")) {
            layers.add("linear1");
            IntStream.range(0, net.path("hidden_layers").asInt(0)).forEach(i -> layers.add("hidden_layers." + i));
            layers.add("linear2");
        } else {
            IntStream.range(0, net.get("layers").asInt()).forEach(i -> layers.addAll(List.of("layers." + i + ".mlp_in", "layers." + i + ".mlp_out")));
        }
        return layers;
    }

    /** The settings. */
    public SpdConfig config() {
        JsonNode coefficients = json().get("coefficients");
        return SpdConfig.of(c -> {
            c.components = components();
            c.gateWidth = json().get("gate_width").asInt();
            c.batch = batch();
            c.steps = steps();
            c.draws = json().get("draws").asInt();
            c.divergence = json().get("output_loss").asText().equals("kl") ? Divergence.KL : Divergence.MSE;
            c.faithfulness = coefficients.path("faithfulness").asDouble();
            c.stochastic = coefficients.path("stochastic_reconstruction").asDouble();
            c.stochasticLayerwise = coefficients.path("stochastic_reconstruction_layerwise").asDouble();
            c.importanceMinimality = coefficients.path("importance_minimality").asDouble();
            c.reconstruction = coefficients.path("reconstruction").asDouble();
            c.reconstructionLayerwise = coefficients.path("reconstruction_layerwise").asDouble();
            c.outputReconstruction = coefficients.path("output_reconstruction").asDouble();
            c.schatten = coefficients.path("schatten").asDouble();
            c.power = json().get("importance_p").asDouble();
            c.learningRate = json().get("lr").asDouble();
            c.schedule = schedule();
        });
    }

    private Schedule schedule() {
        Schedule shape = switch (json().get("schedule").asText()) {
            case "constant" -> Schedule.constant();
            case "linear" -> Schedule.linear();
            case "cosine" -> Schedule.cosine();
            case "exponential" -> Schedule.exponential(json().get("halflife").asDouble());
            default -> throw new IllegalStateException(name() + " has the unknown schedule " + json().get("schedule"));
        };
        return shape.warmup(json().path("warmup").asDouble(0));
    }

    /** The batch of a step. */
    public Matrix x(int step) {
        int[] shape = shape("x");
        double[] all = values("x");
        int size = shape[1] * shape[2];
        return floats(java.util.Arrays.copyOfRange(all, step * size, (step + 1) * size), shape[1], shape[2]);
    }

    public SparseRows batch(int step) {
        return SparseRows.of(x(step));
    }

    /** The recorded random numbers of masks. */
    public MaskNumbers maskNumbers() {
        List<String> layers = layers();
        Map<String, double[]> all = new java.util.HashMap<>();
        for (String kind : List.of("stochastic", "layerwise")) {
            for (String layer : layers) {
                all.put(kind + layer, values("r." + kind + "." + layer));
            }
        }
        int draws = json().get("draws").asInt();
        return (step, layerwise, draw, layer, component, samples, count, to, at) -> {
            double[] numbers = all.get((layerwise ? "layerwise" : "stochastic") + layers.get(layer));
            for (int n = 0; n < count; n++) {
                to[at + n] = (float) numbers[((step * draws + draw) * batch() + samples[n]) * components() + component];
            }
        };
    }
}
