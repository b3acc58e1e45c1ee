package org.apd4j.testsupport;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.apd4j.math.Matrix;
import org.apd4j.math.SparseRows;
import org.apd4j.network.Activation;
import org.apd4j.network.Network;
import org.apd4j.network.NetworkBuilder;
import org.apd4j.network.Parameter;
import org.apd4j.sharedgate.GateKind;
import org.apd4j.sharedgate.RandomMasks;
import org.apd4j.sharedgate.SharedGateConfig;
import org.apd4j.training.Schedule;

/** A recorded run of the shared-gate method's prototype, of the folder {@code gate} beside the golden runs of APD. */
public final class SharedGateGolden extends GoldenFile {

    private SharedGateGolden(Content content) {
        super(content);
    }

    /** All runs that the folder holds. */
    public static List<SharedGateGolden> all() {
        Path folder = folder().resolve("gate");
        return names(folder).stream().map(name -> new SharedGateGolden(read(folder, name))).toList();
    }

    /** An array whose last two dimensions make matrices, which are one below the other. */
    public Matrix matrix(String array) {
        return stacked(array);
    }

    /** Part k of an array whose first dimension counts parts; of one without that dimension, all of it. */
    public double[] part(String array, int dimensions, int k) {
        double[] all = values(array);
        int[] shape = shape(array);
        if (shape.length < dimensions) {
            return all;
        }
        int size = all.length / shape[0];
        return Arrays.copyOfRange(all, k * size, (k + 1) * size);
    }

    /** Samples, {@code [rows, features]}. */
    public SparseRows samples(double[] values) {
        return SparseRows.of(floats(values, values.length / features(), features()));
    }

    public int features() {
        return json().get("network").get("features").asInt();
    }

    public boolean isTms() {
        return json().get("network").get("kind").asText().equals("tms");
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

    /** w. */
    public double share() {
        return 1 - Math.pow(1 - json().get("feature_probability").asDouble(), features());
    }

    /** The decomposed parameters, named as in the arrays. */
    public List<String> parameters() {
        if (isTms()) {
            return List.of("linear1");
        }
        return IntStream.range(0, json().get("network").get("layers").asInt()).boxed()
                .flatMap(i -> List.of("layers." + i + ".mlp_in", "layers." + i + ".mlp_out").stream()).toList();
    }

    public int rank(String parameter) {
        return json().get("ranks").get(parameter).asInt();
    }

    /** The network. */
    public Network network() {
        NetworkBuilder builder = Network.builder(features());
        if (isTms()) {
            return builder.parameter("linear1", Parameter.Role.TRAINED, matrix("target.linear1.W"))
                    .parameter("b", Parameter.Role.TRAINED, matrix("target.b_final")).linear("encoder", "input", "linear1", false)
                    .linear("decoder", "encoder", "linear1", true).bias("sum", "decoder", "b").activation("output", "sum", Activation.RELU).build();
        }
        Matrix embedding = matrix("target.W_E");
        builder.parameter("W_E", Parameter.Role.FIXED, embedding).linear("embedded", "input", "W_E", false);
        String stream = "embedded";
        for (int i = 0; i < json().get("network").get("layers").asInt(); i++) {
            String layer = "layers." + i;
            builder.parameter(layer + ".mlp_in", Parameter.Role.TRAINED, matrix("target." + layer + ".mlp_in.W"))
                    .parameter(layer + ".mlp_out", Parameter.Role.TRAINED, matrix("target." + layer + ".mlp_out.W"))
                    .linear(layer + ".in", stream, layer + ".mlp_in", false).activation(layer + ".act", layer + ".in", Activation.RELU)
                    .linear(layer + ".out", layer + ".act", layer + ".mlp_out", false).sum(layer + ".stream", stream, layer + ".out");
            stream = layer + ".stream";
        }
        return builder.linear("output", stream, "W_E", true).build();
    }

    /** The fractions of the run at which components are pruned. */
    public List<Double> fractions(String key) {
        List<Double> all = new ArrayList<>();
        JsonNode value = json().path(key);
        if (value.isNumber()) {
            all.add(value.asDouble());
        }
        value.forEach(one -> all.add(one.asDouble()));
        return all;
    }

    /** The settings. A hidden loss whose coefficient is 0 gets one that is too small to change anything, so that it is computed. */
    public SharedGateConfig config() {
        return SharedGateConfig.of(c -> {
            c.components = components();
            c.gateRank = rank(parameters().get(0));
            c.otherRank = isTms() ? 1 : rank("layers.0.mlp_out");
            c.gate = GateKind.valueOf(json().path("gate").asText("absolute").toUpperCase(Locale.ROOT));
            c.masks = RandomMasks.valueOf(json().path("masks").asText("uniform").toUpperCase(Locale.ROOT));
            c.start = SharedGateConfig.Start.valueOf(json().get("init_out").asText().toUpperCase(Locale.ROOT));
            c.gateSlope = json().get("s0").asDouble();
            c.batch = batch();
            c.steps = steps();
            c.faithfulness = json().get("kappa0").asDouble();
            c.lastFaithfulness = json().get("kappa1").asDouble();
            c.faithfulnessFrom = json().get("kappa_from").asDouble();
            c.stochastic = json().get("stochastic").asDouble();
            c.keep = json().get("keep").asDouble();
            c.minimality = json().get("beta").asDouble();
            c.ramp = json().get("ramp").asDouble();
            c.decay = json().get("beta_decay").asDouble();
            c.hidden = json().get("hidden").asDouble() == 0 && has("loss.hidden") ? 1e-30 : json().get("hidden").asDouble();
            c.units = SharedGateConfig.Units.ABSOLUTE;
            c.prunings = fractions("prune_at");
            c.restarts = fractions("restart_at");
            c.warmupSteps = json().get("warm_steps").asInt();
            c.warmupRate = json().get("warm_lr").asDouble();
            c.learningRate = json().get("lr").asDouble();
            c.schedule = Schedule.cosine();
            c.inSpan = false;
        });
    }
}
