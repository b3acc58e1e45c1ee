package org.apd4j.interaction;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apd4j.Summarized;
import org.apd4j.Summary;
import org.apd4j.interaction.internal.Boundary;
import org.apd4j.interaction.internal.ElementFunction;
import org.apd4j.interaction.internal.Program;
import org.apd4j.interaction.internal.ProgramOfLayers;
import org.apd4j.interaction.internal.ProgramOfNetwork;
import org.apd4j.interaction.internal.ProgramOfTransformer;
import org.apd4j.math.internal.DoubleMatrix;
import org.apd4j.math.internal.Grid;
import org.apd4j.network.Activation;
import org.apd4j.network.Network;

/**
 * A network in double precision whose biases are folded into its weights, and the node layers at which it can be cut.
 *
 * <pre>{@code
 * SectionedNetwork network = SectionedNetwork.of(digitsRun.target().network());
 * System.out.println(network.nodeLayers());
 * }</pre>
 *
 * <p>A node layer is the vector of everything that is needed from one point of the computation on, with a last entry that is always 1; a section is
 * the stretch between two of them. The last node layer is called {@value #OUTPUT}: the logits, which have no constant. In a network with skip
 * connections a node layer inside a branch holds the branch's values and those that skip it. In a {@linkplain #transformer transformer} there is such
 * a vector for each position of a sequence.
 */
public final class SectionedNetwork implements Summarized {

    /** The name of the last node layer. */
    public static final String OUTPUT = "output";

    private final Program program;

    private SectionedNetwork(Program program) {
        this.program = program;
    }

    /**
     * Returns a network whose node layers are named after its nodes: each holds what is needed after the node. A layer norm has another one,
     * {@code NAME.variance}, before the division by the standard deviation.
     *
     * @throws IllegalArgumentException if an activation cannot pass a constant; ReLU, GELU and the identity can
     */
    public static SectionedNetwork of(Network network) {
        return new SectionedNetwork(ProgramOfNetwork.of(network));
    }

    /**
     * Returns an MLP with an activation between its layers. Its node layers are {@code layers.0}, the input, to {@code layers.(L − 1)}, and
     * {@value #OUTPUT}.
     *
     * @throws IllegalArgumentException if there are no layers, they do not fit each other, or the activation cannot pass a constant
     */
    public static SectionedNetwork mlp(Activation activation, List<DenseLayer> layers) {
        if (layers.isEmpty()) {
            throw new IllegalArgumentException("an MLP needs at least one layer");
        }
        List<DoubleMatrix> weights = new ArrayList<>();
        List<double[]> biases = new ArrayList<>();
        for (int l = 0; l < layers.size(); l++) {
            DenseLayer layer = layers.get(l);
            if (l > 0 && layers.get(l - 1).weights().columns() != layer.weights().rows()) {
                throw new IllegalArgumentException("layer " + l + " has weights " + layer.weights() + " and follows one with "
                        + layers.get(l - 1).weights().columns() + " outputs");
            }
            weights.add(DoubleMatrix.of(layer.weights()));
            biases.add(layer.bias().stream().mapToDouble(Double::doubleValue).toArray());
        }
        return new SectionedNetwork(ProgramOfLayers.of(weights, biases, activation == Activation.IDENTITY ? null : ElementFunction.of(activation)));
    }

    /**
     * Returns a transformer. Its node layers are named after what reads them, as in the reference implementation; for block I in this order, where
     * the stream is always last:
     *
     * <ul>
     * <li>{@code ln1.I}: the stream; {@code ln1_out.I}: its variance and the stream; {@code attn_in.I}: the standardised stream and the stream
     * <li>{@code attn_out.I}: queries, keys, values and the stream; {@code add_resid1.I}: what attention adds, and the stream
     * <li>{@code ln2.I}, {@code ln2_out.I}, {@code mlp_in.I}: the same as for attention; where the MLP works in parallel, the streams before and after
     *     attention in {@code ln2.I} and {@code ln2_out.I}
     * <li>{@code mlp_act.I}: the values that reach the neurons, and the stream; {@code mlp_out.I}: the neurons, and the stream;
     *     {@code add_resid2.I}: what they add, and the stream
     * </ul>
     *
     * <p>At the end follow {@code ln_final}, {@code ln_final_out}, {@code unembed}, the standardised stream, and {@value #OUTPUT}. Without layer
     * norms there are no variances, and the stream stands for the standardised one. Where the last position alone goes on after attention,
     * {@code add_resid1} of the last block is no node layer.
     */
    public static SectionedNetwork transformer(Transformer transformer) {
        return new SectionedNetwork(ProgramOfTransformer.of(transformer));
    }

    Program program() {
        return program;
    }

    /** Returns the number of values of a sample; of tokens, for a transformer. */
    public int inputs() {
        return program.inputs();
    }

    /** Returns the number of logits. */
    public int outputs() {
        return program.width(program.boundaries().get(program.boundaries().size() - 1));
    }

    /** Returns the names of all node layers in the order of the computation; the last is {@value #OUTPUT}. */
    public List<String> nodeLayers() {
        return program.boundaries().stream().map(Boundary::name).toList();
    }

    /**
     * Returns the width d of a node layer, constants included.
     *
     * @throws IllegalArgumentException if there is no such node layer
     */
    public int width(String nodeLayer) {
        return program.width(boundary(nodeLayer));
    }

    /**
     * Returns the number of positions of a node layer; 1 but for transformers.
     *
     * @throws IllegalArgumentException if there is no such node layer
     */
    public int positions(String nodeLayer) {
        return program.positions(boundary(nodeLayer));
    }

    /**
     * Returns the values at a node layer.
     *
     * @return {@code [N · positions, d]}, all positions of a sample one after another
     * @throws IllegalArgumentException if there is no such node layer, the samples are of another width, or one has a token that does not exist
     */
    public Grid values(String nodeLayer, Samples samples) {
        check(samples);
        return program.valuesAt(boundary(nodeLayer), samples.inputs()).toGrid();
    }

    void check(Samples samples) {
        if (samples.width() != inputs()) {
            throw new IllegalArgumentException("the samples have " + samples.width() + " values each, the network takes " + inputs());
        }
    }

    Boundary boundary(String name) {
        return program.boundaries().stream().filter(boundary -> boundary.name().equals(name)).findFirst().orElseThrow(
                () -> new IllegalArgumentException("the network has no node layer '" + name + "'; it has " + nodeLayers()));
    }

    /** Returns the boundaries of node layers, which must be at least two, in order. */
    List<Boundary> boundaries(List<String> names) {
        List<Boundary> found = names.stream().map(this::boundary).toList();
        if (found.size() < 2) {
            throw new IllegalArgumentException("a section needs two node layers; there are only " + names);
        }
        for (int i = 1; i < found.size(); i++) {
            if (program.boundaries().indexOf(found.get(i)) <= program.boundaries().indexOf(found.get(i - 1))) {
                throw new IllegalArgumentException("there is no section from '" + names.get(i - 1) + "' to '" + names.get(i)
                        + "': node layers must be given in the order of the network, which is " + nodeLayers());
            }
        }
        return found;
    }

    @Override
    public Summary summary() {
        Map<String, String> entries = new LinkedHashMap<>();
        entries.put("inputs", Integer.toString(inputs()));
        program.boundaries().forEach(boundary -> entries.put(boundary.name(), program.width(boundary) + " wide"));
        return new Summary("A network with node layers", entries);
    }

    /** The summary as lines of text. */
    @Override
    public String toString() {
        return summary().toString();
    }
}
