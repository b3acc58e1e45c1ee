package org.apd4j.testsupport;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A small run of APD's public PyTorch code. An {@link IllegalStateException} names the field of its configuration that is missing or damaged. */
public final class GoldenRun extends GoldenFile {

    private static final List<String> DECOMPOSITIONS = List.of("tms_5_2", "tms_12_4", "tms_5_2_from_components",
            "tms_5_2_hidden_per_sample_topk", "tms_5_2_lp", "tms_6_3_exponential", "resid_mlp_1layer", "resid_mlp_2layer",
            "resid_mlp_2layer_rank1_bias_gelu");
    private static final List<String> TARGETS = List.of("train_tms_5_2", "train_resid_mlp_2layer");

    /** The network; numbers of the other kind are 0, its words null. */
    public record Network(String kind, int features, int hidden, int hiddenLayers, int residual, int mlp, int layers, String activation,
            boolean biasIn, boolean biasOut) {

        public boolean tms() {
            return kind.equals("tms");
        }
    }

    /** The learning rate over the steps; halflife is NaN where the schedule has none. */
    public record Optimizer(int steps, double lr, String schedule, double warmup, double halflife, double weightDecay) { }

    /**
     * What only decompositions have.
     *
     * @param selection {@code batch top-k}, {@code per-sample top-k} or {@code lp}
     * @param k of the two top-k, else NaN
     * @param q of lp, else NaN
     */
    public record Decomposition(int components, int m, String attributions, String selection, double k, double q,
            Map<String, Double> coefficients, double simplicityP, boolean unitNorm) { }

    /** A layer that owns factors, {@code W [in, out]}. */
    public record Layer(String name, int in, int out) { }

    private final Network network;
    private final Optimizer optimizer;
    private final int batch;
    private final Decomposition decomposition;

    private GoldenRun(Content content) {
        super(content);
        JsonNode json = content.json();
        var fields = new Fields(json, "");
        var net = fields.at("network");
        String kind = net.oneOf("kind", "tms", "residual_mlp");
        network = kind.equals("tms")
                ? new Network(kind, net.count("features"), net.count("hidden"), (int) net.number("hidden_layers"), 0, 0, 0, null, false, false)
                : new Network(kind, net.count("features"), 0, 0, net.count("d_resid"), net.count("d_mlp"), net.count("layers"),
                        net.oneOf("activation", "relu", "gelu"), net.flag("bias_in"), net.flag("bias_out"));
        batch = fields.count("batch");
        String schedule = fields.oneOf("schedule", "constant", "linear", "cosine", "exponential");
        optimizer = new Optimizer(fields.count("steps"), fields.number("lr"), schedule, fields.has("warmup") ? fields.number("warmup") : 0,
                schedule.equals("exponential") ? fields.number("halflife") : Double.NaN,
                fields.has("weight_decay") ? fields.number("weight_decay") : 0);
        decomposition = json.has("C") ? decomposition(fields) : null;
        for (var array : content.arrays().entrySet()) {
            if (Arrays.stream(array.getValue().toDoubles()).anyMatch(value -> !Double.isFinite(value))) {
                throw damaged(".npz", "has a value in '" + array.getKey() + "' that is not finite");
            }
        }
        array("x", optimizer.steps() + (decomposition == null ? 0 : 1), batch, network.features());
    }

    private static Decomposition decomposition(Fields fields) {
        var selection = fields.at("selection");
        String kind = selection.oneOf("kind", "batch top-k", "per-sample top-k", "lp");
        var coefficients = new LinkedHashMap<String, Double>();
        var losses = fields.at("coefficients");
        losses.json.fieldNames().forEachRemaining(loss -> coefficients.put(loss, losses.number(loss)));
        return new Decomposition(fields.count("C"), fields.count("m"),
                fields.oneOf("attributions", "gradient from target", "gradient from components", "ablation", "activation"), kind,
                kind.equals("lp") ? Double.NaN : selection.number("k"), kind.equals("lp") ? selection.number("q") : Double.NaN, coefficients,
                fields.number("simplicity_p"), fields.flag("unit_norm_A"));
    }

    /** The decompositions: the nine, and any other the folder holds. */
    public static List<String> decompositions() {
        return Stream.concat(DECOMPOSITIONS.stream(), others().filter(name -> !name.startsWith("train_"))).toList();
    }

    /** The trainings of targets: the two, and any other the folder holds under a name that begins with {@code train_}. */
    public static List<String> targets() {
        return Stream.concat(TARGETS.stream(), others().filter(name -> name.startsWith("train_"))).toList();
    }

    private static Stream<String> others() {
        try (var files = Files.list(folder())) {
            return files.map(file -> file.getFileName().toString()).filter(file -> file.endsWith(".npz"))
                    .map(file -> file.substring(0, file.length() - ".npz".length()))
                    .filter(name -> !DECOMPOSITIONS.contains(name) && !TARGETS.contains(name)).sorted().toList().stream();
        } catch (IOException | IllegalStateException e) {
            // Loading the first of them says what is wrong.
            return Stream.empty();
        }
    }

    /**
     * A run of {@link #folder}.
     *
     * @throws IllegalStateException if anything of it is missing or damaged
     */
    public static GoldenRun load(String name) {
        return load(folder(), name);
    }

    static GoldenRun load(Path folder, String name) {
        Content content = read(folder, name);
        try {
            return new GoldenRun(content);
        } catch (FieldProblem e) {
            throw new IllegalStateException("golden run '" + name + "': " + folder.resolve(name + ".json") + " " + e.getMessage(), e);
        }
    }

    public Network network() {
        return network;
    }

    public Optimizer optimizer() {
        return optimizer;
    }

    public int batch() {
        return batch;
    }

    /** @throws IllegalStateException for the training of a target */
    public Decomposition decomposition() {
        if (decomposition == null) {
            throw damaged(".json", "lacks 'C': it trains a target and decomposes nothing");
        }
        return decomposition;
    }

    /** The layers that own factors, in the order of the forward pass. */
    public List<Layer> layers() {
        Stream<Layer> layers = network.tms()
                ? Stream.concat(Stream.of(new Layer("linear1", network.features(), network.hidden())),
                        Stream.iterate(0, i -> i + 1).limit(network.hiddenLayers())
                                .map(i -> new Layer("hidden_layers." + i, network.hidden(), network.hidden())))
                : Stream.iterate(0, i -> i + 1).limit(network.layers())
                        .flatMap(i -> Stream.of(new Layer("layers." + i + ".mlp_in", network.residual(), network.mlp()),
                                new Layer("layers." + i + ".mlp_out", network.mlp(), network.residual())));
        return layers.toList();
    }

    /** The data of an array that must have this shape, row-major. */
    public double[] array(String array, int... shape) {
        var found = found(array);
        if (!Arrays.equals(found.shape(), shape)) {
            throw damaged(".npz", "has '" + array + "' in the shape " + Arrays.toString(found.shape()) + " instead of "
                    + Arrays.toString(shape));
        }
        return found.toDoubles();
    }

    /** A matrix {@code [rows, cols]}. */
    public double[][] matrix(String array, int rows, int cols) {
        return matrix(array(array, rows, cols), 0, rows, cols);
    }

    /** x of step s, {@code [batch, features]}. */
    public double[][] batch(int s) {
        var x = array("x", optimizer.steps() + (decomposition == null ? 0 : 1), batch, network.features());
        return matrix(x, s, batch, network.features());
    }

    /** The mask of step s, {@code [batch, C]}. */
    public double[][] mask(int s) {
        var masks = array("topk_mask", optimizer.steps() + 1, batch, decomposition().components());
        return matrix(masks, s, batch, decomposition().components());
    }

    private static double[][] matrix(double[] tensor, int index, int rows, int cols) {
        var result = new double[rows][];
        for (int i = 0; i < rows; i++) {
            result[i] = Arrays.copyOfRange(tensor, (index * rows + i) * cols, (index * rows + i + 1) * cols);
        }
        return result;
    }

    /** {@code max|difference| / max|reference|}, the measure of every tolerance; without the divisor where the reference is all 0. */
    public static double difference(double[] actual, double[] reference) {
        if (actual.length != reference.length) {
            throw new IllegalArgumentException("comparing " + actual.length + " numbers with " + reference.length);
        }
        double difference = 0;
        double largest = 0;
        for (int i = 0; i < actual.length; i++) {
            // Math.max keeps NaN.
            difference = Math.max(difference, Math.abs(actual[i] - reference[i]));
            largest = Math.max(largest, Math.abs(reference[i]));
        }
        return largest == 0 ? difference : difference / largest;
    }

    /** Rows one after the other. */
    public static double[] flat(double[][] matrix) {
        return Arrays.stream(matrix).flatMapToDouble(Arrays::stream).toArray();
    }

    /** Matrices one after the other. */
    public static double[] flat(double[][][] tensor) {
        return Arrays.stream(tensor).flatMap(Arrays::stream).flatMapToDouble(Arrays::stream).toArray();
    }

    private static final class FieldProblem extends RuntimeException {

        FieldProblem(String message) {
            super(message);
        }
    }

    /** A JSON object whose fields must be there. */
    private record Fields(JsonNode json, String prefix) {

        JsonNode get(String field) {
            if (json == null || !json.hasNonNull(field)) {
                throw new FieldProblem("has no field '" + prefix + field + "'");
            }
            return json.get(field);
        }

        boolean has(String field) {
            return json.hasNonNull(field);
        }

        Fields at(String field) {
            if (!get(field).isObject()) {
                throw new FieldProblem("has no object '" + prefix + field + "'");
            }
            return new Fields(get(field), prefix + field + ".");
        }

        double number(String field) {
            if (!get(field).isNumber()) {
                throw new FieldProblem("has no number in '" + prefix + field + "'");
            }
            return get(field).doubleValue();
        }

        int count(String field) {
            double number = number(field);
            if (number != Math.rint(number) || number < 1 || number > 1 << 20) {
                throw new FieldProblem("has no count in '" + prefix + field + "'");
            }
            return (int) number;
        }

        boolean flag(String field) {
            if (!get(field).isBoolean()) {
                throw new FieldProblem("has neither true nor false in '" + prefix + field + "'");
            }
            return get(field).booleanValue();
        }

        String oneOf(String field, String... words) {
            String word = get(field).asText();
            if (!List.of(words).contains(word)) {
                throw new FieldProblem("has '" + word + "' in '" + prefix + field + "', which is none of " + List.of(words));
            }
            return word;
        }
    }
}
