package org.apd4j.reference;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apd4j.reference.ReferenceNetwork.Layer;
import org.apd4j.reference.ReferenceSpd.Draw;
import org.apd4j.reference.ReferenceSpd.Noise;
import org.apd4j.testsupport.SpdGolden;

/** A golden run of SPD, converted for the reference implementation. */
final class ReferenceSpdGolden {

    private ReferenceSpdGolden() {
    }

    /**
     * A target.
     *
     * @param description of the network in the configuration
     * @param prefix of the names of its arrays
     * @param fixed the prefix of W_E and W_U
     */
    static ReferenceNetwork network(SpdGolden run, JsonNode description, String prefix, String fixed) {
        if (description.get("kind").asText().equals("tms")) {
            List<double[][]> hidden = new ArrayList<>();
            for (int i = 0; i < description.path("hidden_layers").asInt(0); i++) {
                hidden.add(matrix(run, prefix + "hidden_layers." + i + ".W"));
            }
            return new ReferenceNetwork.Tms(matrix(run, prefix + "linear1.W"), hidden,
                    description.get("tied").asBoolean() ? null : matrix(run, prefix + "linear2.W"), run.values(prefix + "b_final"));
        }
        var blocks = new ArrayList<ReferenceNetwork.Block>();
        for (int i = 0; i < description.get("layers").asInt(); i++) {
            String layer = prefix + "layers." + i + ".";
            blocks.add(new ReferenceNetwork.Block(matrix(run, layer + "mlp_in.W"),
                    description.get("bias_in").asBoolean() ? run.values(layer + "bias_in") : null, matrix(run, layer + "mlp_out.W"),
                    description.get("bias_out").asBoolean() ? run.values(layer + "bias_out") : null));
        }
        return new ReferenceNetwork.ResidualMlp(matrix(run, fixed + "W_E"), matrix(run, fixed + "W_U"), blocks,
                ReferenceNetwork.Activation.valueOf(description.get("activation").asText().toUpperCase(Locale.ROOT)));
    }

    /** The configuration of a decomposition of the paper's code. */
    static ReferenceSpd.Configuration configuration(SpdGolden run) {
        var coefficients = new LinkedHashMap<String, Double>();
        run.json().get("coefficients").properties().forEach(loss -> coefficients.put(loss.getKey(), loss.getValue().asDouble()));
        return new ReferenceSpd.Configuration(ReferenceSpd.Version.PAPER, coefficients, run.json().get("importance_p").asDouble(),
                run.json().get("output_loss").asText().equals("kl"), settings(run));
    }

    /** Learning rates and weight decay. */
    static ReferenceOptimizer.Settings settings(SpdGolden run) {
        var json = run.json();
        return new ReferenceOptimizer.Settings(json.get("lr").asDouble(),
                ReferenceOptimizer.Schedule.valueOf(json.get("schedule").asText().toUpperCase(Locale.ROOT)), json.path("warmup").asDouble(0),
                run.steps(), json.path("halflife").asDouble(Double.NaN), json.path("weight_decay").asDouble(0));
    }

    /** The arrays of the layers under a prefix: A, B (not of tied layers) and gates, those that the run has. */
    static Map<String, double[][]> parameters(SpdGolden run, String prefix, List<Layer> layers) {
        var parameters = new LinkedHashMap<String, double[][]>();
        for (var layer : layers) {
            for (String array : List.of("A", "B", "gate.w_in", "gate.b_in", "gate.w_out", "gate.b_out", "gate.w", "gate.b")) {
                String name = layer.name() + "." + array;
                if (run.has(prefix + name) && (array.startsWith("gate.") || !layer.tied())) {
                    parameters.put(name, matrix(run, prefix + name));
                }
            }
        }
        return parameters;
    }

    /**
     * The uniform numbers of one step.
     *
     * @param prefix of {@code r.KIND.LAYER [steps · draws, batch, C]} and {@code delta.KIND.LAYER [draws, batch]}
     */
    static Noise noise(SpdGolden run, String prefix, List<Layer> layers, int step, int draws) {
        return new Noise(draws(run, prefix, ".stochastic.", layers, step, draws), draws(run, prefix, ".layerwise.", layers, step, draws));
    }

    private static List<Draw> draws(SpdGolden run, String prefix, String kind, List<Layer> layers, int step, int draws) {
        var result = new ArrayList<Draw>();
        for (int s = 0; s < draws; s++) {
            var r = new ArrayList<double[][]>();
            var delta = new ArrayList<double[]>();
            for (var layer : layers) {
                r.add(matrices(run, prefix + "r" + kind + layer.name()).get(step * draws + s));
                String masks = prefix + "delta" + kind + layer.name();
                if (run.has(masks)) {
                    delta.add(matrix(run, masks)[s]);
                }
            }
            result.add(new Draw(r, delta));
        }
        return result;
    }

    /** An array of one or two dimensions; one dimension is one row. */
    static double[][] matrix(SpdGolden run, String array) {
        int[] shape = run.shape(array);
        if (shape.length > 2) {
            throw new IllegalArgumentException(array + " of " + run + " has the shape " + Arrays.toString(shape) + ", more than a matrix");
        }
        return matrices(run, array).get(0);
    }

    /** The matrices of the last two dimensions. */
    static List<double[][]> matrices(SpdGolden run, String array) {
        int[] shape = run.shape(array);
        double[] values = run.values(array);
        int columns = shape[shape.length - 1];
        int rows = shape.length == 1 ? 1 : shape[shape.length - 2];
        var result = new ArrayList<double[][]>();
        for (int from = 0; from < values.length; from += rows * columns) {
            var matrix = new double[rows][];
            for (int i = 0; i < rows; i++) {
                matrix[i] = Arrays.copyOfRange(values, from + i * columns, from + (i + 1) * columns);
            }
            result.add(matrix);
        }
        return result;
    }
}
