package org.apd4j.reference;

import java.util.ArrayList;
import java.util.List;
import org.apd4j.reference.Tape.Matrix;

/**
 * A target network of the paper, in double precision. Inputs are row vectors: a layer computes {@code h = x · W} with W {@code [d_in, d_out]}. A bias
 * that is null is absent.
 */
public sealed interface ReferenceNetwork {

    /** The activations of a residual MLP; GELU is the exact form. */
    enum Activation { RELU, GELU }

    /**
     * A decomposed layer.
     *
     * @param name as the golden runs name it
     * @param weight {@code [d_in, d_out]}
     * @param owner the name of the layer whose transpose the weight is; the layer's own name if it has factors of its own
     */
    record Layer(String name, double[][] weight, String owner) {

        public boolean tied() {
            return !name.equals(owner);
        }
    }

    /** How a pass computes its layers; biases are the network's unless a rule says otherwise. */
    interface Rule {

        /** {@code h_l} from {@code x_l}, before any bias; layer is the index into {@link #layers}. */
        Matrix linear(int layer, Matrix x);

        /** The bias of that name as it is on the tape. */
        default Matrix bias(Tape tape, String name, double[] bias) {
            return tape.row(bias);
        }
    }

    /** What a pass met: inputs and outputs of the decomposed layers, in their order, and the network's output. */
    record Pass(List<Matrix> inputs, List<Matrix> outputs, Matrix y) {

    }

    /** The decomposed layers in the order of the forward pass. */
    List<Layer> layers();

    /** The network on a batch x {@code [batch, features]}. */
    Pass run(Tape tape, Matrix x, Rule rule);

    /** The layers that count in the hidden reconstruction. */
    List<Integer> hiddenLayers();

    /** The output {@code [batch, d_out]} of the network itself. */
    default double[][] output(double[][] x) {
        var tape = new Tape();
        return run(tape, tape.leaf(x), (layer, in) -> tape.matmul(in, tape.leaf(layers().get(layer).weight()))).y().values();
    }

    private static Matrix linear(Rule rule, int layer, Matrix x, List<Matrix> inputs, List<Matrix> outputs) {
        Matrix h = rule.linear(layer, x);
        inputs.add(x);
        outputs.add(h);
        return h;
    }

    /** The transpose, a copy. */
    static double[][] transposed(double[][] w) {
        var result = new double[w[0].length][w.length];
        for (int i = 0; i < w.length; i++) {
            for (int j = 0; j < w[0].length; j++) {
                result[j][i] = w[i][j];
            }
        }
        return result;
    }

    /**
     * {@code y = ReLU(x W H_0 … Wᵀ + b)}: layers {@code linear1}, {@code hidden_layers.I}, {@code linear2}, the last tied to the first unless a
     * decoder takes the place of Wᵀ.
     *
     * @param encoder W {@code [n_features, n_hidden]}
     * @param hidden square layers {@code [n_hidden, n_hidden]}, may be empty
     * @param decoder {@code [n_hidden, n_features]}, null where it is tied
     * @param bias b {@code [n_features]}
     */
    record Tms(double[][] encoder, List<double[][]> hidden, double[][] decoder, double[] bias) implements ReferenceNetwork {

        /** With a tied decoder. */
        public Tms(double[][] encoder, List<double[][]> hidden, double[] bias) {
            this(encoder, hidden, null, bias);
        }

        @Override
        public List<Layer> layers() {
            var layers = new ArrayList<Layer>();
            layers.add(new Layer("linear1", encoder, "linear1"));
            for (int i = 0; i < hidden.size(); i++) {
                layers.add(new Layer("hidden_layers." + i, hidden.get(i), "hidden_layers." + i));
            }
            layers.add(decoder == null ? new Layer("linear2", transposed(encoder), "linear1") : new Layer("linear2", decoder, "linear2"));
            return layers;
        }

        @Override
        public Pass run(Tape tape, Matrix x, Rule rule) {
            var inputs = new ArrayList<Matrix>();
            var outputs = new ArrayList<Matrix>();
            Matrix h = x;
            for (int layer = 0; layer < hidden.size() + 2; layer++) {
                h = linear(rule, layer, h, inputs, outputs);
            }
            return new Pass(inputs, outputs, tape.relu(tape.add(h, rule.bias(tape, "b_final", bias))));
        }

        @Override
        public List<Integer> hiddenLayers() {
            return java.util.stream.IntStream.range(0, hidden.size() + 2).boxed().toList();
        }
    }

    /**
     * One layer of a residual MLP.
     *
     * @param in W_in {@code [d_resid, d_mlp]}
     * @param biasIn b_in {@code [d_mlp]} or null
     * @param out W_out {@code [d_mlp, d_resid]}
     * @param biasOut b_out {@code [d_resid]} or null
     */
    record Block(double[][] in, double[] biasIn, double[][] out, double[] biasOut) { }

    /**
     * {@code r = x W_E; r ← r + act(r W_in + b_in) W_out + b_out for each layer; y = r W_U}: layers {@code layers.I.mlp_in}
     * and {@code layers.I.mlp_out}.
     *
     * @param embedding W_E {@code [n_features, d_resid]}, fixed
     * @param unembedding W_U {@code [d_resid, d_out]}, fixed; the transpose of W_E in the paper's networks, any matrix here
     */
    record ResidualMlp(double[][] embedding, double[][] unembedding, List<Block> blocks, Activation activation)
            implements ReferenceNetwork {

        @Override
        public List<Layer> layers() {
            var layers = new ArrayList<Layer>();
            for (int i = 0; i < blocks.size(); i++) {
                String in = "layers." + i + ".mlp_in";
                String out = "layers." + i + ".mlp_out";
                layers.add(new Layer(in, blocks.get(i).in(), in));
                layers.add(new Layer(out, blocks.get(i).out(), out));
            }
            return layers;
        }

        @Override
        public Pass run(Tape tape, Matrix x, Rule rule) {
            var inputs = new ArrayList<Matrix>();
            var outputs = new ArrayList<Matrix>();
            Matrix r = tape.matmul(x, tape.leaf(embedding));
            for (int i = 0; i < blocks.size(); i++) {
                var block = blocks.get(i);
                Matrix h = linear(rule, 2 * i, r, inputs, outputs);
                if (block.biasIn() != null) {
                    h = tape.add(h, rule.bias(tape, "layers." + i + ".bias_in", block.biasIn()));
                }
                h = activation == Activation.RELU ? tape.relu(h) : tape.gelu(h);
                r = tape.add(r, linear(rule, 2 * i + 1, h, inputs, outputs));
                if (block.biasOut() != null) {
                    r = tape.add(r, rule.bias(tape, "layers." + i + ".bias_out", block.biasOut()));
                }
            }
            return new Pass(inputs, outputs, tape.matmul(r, tape.leaf(unembedding)));
        }

        @Override
        public List<Integer> hiddenLayers() {
            return java.util.stream.IntStream.range(0, blocks.size()).map(i -> 2 * i).boxed().toList();
        }
    }
}
