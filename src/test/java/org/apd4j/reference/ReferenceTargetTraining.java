package org.apd4j.reference;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apd4j.reference.ReferenceNetwork.Block;
import org.apd4j.reference.ReferenceNetwork.ResidualMlp;
import org.apd4j.reference.ReferenceNetwork.Tms;
import org.apd4j.reference.Tape.Matrix;

/**
 * The training of a target with AdamW: TMS on the mean squared error to its input, a residual MLP on that to the labels {@code x + ReLU(x)}. Weights
 * and biases of the layers are trained; embedding and unembedding are fixed.
 */
public final class ReferenceTargetTraining {

    /** Whose targets: they differ in TMS. */
    public enum Method {
        /** The hidden layers are trained; the array of encoder and decoder is updated once, with the sum of the two gradients. */
        APD,
        /** The hidden layers are fixed; the array is updated twice, by the encoder's gradient and then by the decoder's, each with its own state. */
        SPD
    }

    private final ReferenceNetwork network;
    private final Method method;
    private final ReferenceOptimizer optimizer;
    /** Weights by layer name, biases by theirs as one row. */
    private final Map<String, double[][]> parameters = new LinkedHashMap<>();
    private int step;

    /** @param initial the network at the start, of APD; copied */
    public ReferenceTargetTraining(ReferenceNetwork initial, ReferenceOptimizer.Settings settings) {
        this(initial, settings, Method.APD);
    }

    /** @param initial the network at the start; copied */
    public ReferenceTargetTraining(ReferenceNetwork initial, ReferenceOptimizer.Settings settings, Method method) {
        this.network = initial;
        this.method = method;
        this.optimizer = new ReferenceOptimizer(settings);
        for (var layer : initial.layers()) {
            if (!layer.tied() && !(method == Method.SPD && layer.name().startsWith("hidden_layers."))) {
                parameters.put(layer.name(), copyOf(layer.weight()));
            }
        }
        if (initial instanceof Tms tms) {
            parameters.put("b_final", new double[][] {tms.bias().clone()});
        } else if (initial instanceof ResidualMlp mlp) {
            for (int i = 0; i < mlp.blocks().size(); i++) {
                var block = mlp.blocks().get(i);
                if (block.biasIn() != null) {
                    parameters.put("layers." + i + ".bias_in", new double[][] {block.biasIn().clone()});
                }
                if (block.biasOut() != null) {
                    parameters.put("layers." + i + ".bias_out", new double[][] {block.biasOut().clone()});
                }
            }
        }
    }

    /** The loss before the update, and its gradients by parameter name, a bias as one row; of SPD also the tied decoder's. */
    public record Step(double loss, Map<String, double[][]> gradients) { }

    /** One step on x {@code [batch, features]}. */
    public Step step(double[][] x) {
        var tape = new Tape();
        var leaves = new LinkedHashMap<String, Matrix>();
        parameters.forEach((name, values) -> leaves.put(name, tape.leaf(values)));
        var layers = network.layers();
        for (var layer : layers) {
            if (layer.tied() && method == Method.SPD) {
                leaves.put(layer.name(), tape.leaf(ReferenceNetwork.transposed(parameters.get(layer.owner()))));
            }
        }
        var pass = network.run(tape, tape.leaf(x), new ReferenceNetwork.Rule() {
            @Override
            public Matrix linear(int l, Matrix in) {
                var layer = layers.get(l);
                if (leaves.containsKey(layer.name())) {
                    return tape.matmul(in, leaves.get(layer.name()));
                }
                return tape.matmul(in, layer.tied() ? tape.transpose(leaves.get(layer.owner())) : tape.leaf(layer.weight()));
            }

            @Override
            public Matrix bias(Tape on, String name, double[] bias) {
                return leaves.get(name);
            }
        });
        Matrix label = tape.leaf(x);
        if (network instanceof ResidualMlp) {
            label = tape.add(label, tape.relu(label));
        }
        Matrix loss = tape.scale(tape.sum(tape.square(tape.subtract(pass.y(), label))), 1.0 / label.value.length);
        tape.backward(loss);
        var gradients = new LinkedHashMap<String, double[][]>();
        leaves.forEach((name, leaf) -> gradients.put(name, leaf.gradients()));
        for (String name : parameters.keySet()) {
            optimizer.update(step, name, parameters.get(name), gradients.get(name));
        }
        for (var layer : layers) {
            if (layer.tied() && method == Method.SPD) {
                optimizer.updateTransposed(step, layer.name(), parameters.get(layer.owner()), gradients.get(layer.name()));
            }
        }
        step++;
        return new Step(loss.scalar(), gradients);
    }

    /** The network as it is now. */
    public ReferenceNetwork network() {
        if (network instanceof Tms tms) {
            List<double[][]> hidden = new ArrayList<>();
            for (int i = 0; i < tms.hidden().size(); i++) {
                hidden.add(copyOf(parameters.getOrDefault("hidden_layers." + i, tms.hidden().get(i))));
            }
            double[][] decoder = tms.decoder() == null ? null : copyOf(parameters.get("linear2"));
            return new Tms(copyOf(parameters.get("linear1")), hidden, decoder, parameters.get("b_final")[0].clone());
        }
        var mlp = (ResidualMlp) network;
        var blocks = new ArrayList<Block>();
        for (int i = 0; i < mlp.blocks().size(); i++) {
            String layer = "layers." + i;
            blocks.add(new Block(copyOf(parameters.get(layer + ".mlp_in")), bias(layer + ".bias_in"),
                    copyOf(parameters.get(layer + ".mlp_out")), bias(layer + ".bias_out")));
        }
        return new ResidualMlp(mlp.embedding(), mlp.unembedding(), blocks, mlp.activation());
    }

    private double[] bias(String name) {
        return parameters.containsKey(name) ? parameters.get(name)[0].clone() : null;
    }

    private static double[][] copyOf(double[][] matrix) {
        return java.util.Arrays.stream(matrix).map(double[]::clone).toArray(double[][]::new);
    }
}
