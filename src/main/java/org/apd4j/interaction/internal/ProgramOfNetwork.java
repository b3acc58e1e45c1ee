package org.apd4j.interaction.internal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apd4j.interaction.internal.Instruction.Add;
import org.apd4j.interaction.internal.Instruction.Apply;
import org.apd4j.interaction.internal.Instruction.Multiply;
import org.apd4j.interaction.internal.Instruction.Standardise;
import org.apd4j.interaction.internal.Instruction.Variance;
import org.apd4j.math.Matrix;
import org.apd4j.math.internal.DoubleMatrix;
import org.apd4j.network.Activation;
import org.apd4j.network.Network;
import org.apd4j.network.Network.Activate;
import org.apd4j.network.Network.Bias;
import org.apd4j.network.Network.Input;
import org.apd4j.network.Network.Linear;
import org.apd4j.network.Network.Node;
import org.apd4j.network.Network.Normalise;
import org.apd4j.network.Network.Softmax;
import org.apd4j.network.Network.Sum;

/**
 * Folds the biases of a {@link Network} into its weights. Every value gets a last entry that is 1, or 0 where it is added to one that has the 1;
 * linear maps carry it on. A node layer is named after a node and holds all values that are needed after that node, the constant last. Within a layer
 * norm there is another one, {@code NAME.variance}, whose first value is the variance.
 */
public final class ProgramOfNetwork {

    /** What the name of a layer norm is followed by in that of the node layer between its variance and its division. */
    private static final String VARIANCE = ".variance";

    private final Network network;
    private final List<Node> nodes;
    private final Map<String, Integer> wanted = new HashMap<>();
    private final Map<String, Integer> registers = new HashMap<>();
    private final Map<String, String> folded = new HashMap<>();
    private final List<Instruction> instructions = new ArrayList<>();
    private final List<Integer> widths = new ArrayList<>();
    /** The last entry of each register. */
    private final List<Double> constants = new ArrayList<>();
    /** Node → number of instructions after it, in order. */
    private final Map<String, Integer> ends = new LinkedHashMap<>();

    private ProgramOfNetwork(Network network) {
        this.network = network;
        this.nodes = network.nodes().stream().filter(node -> !(node instanceof Softmax)).toList();
    }

    /**
     * Returns the program of a network.
     *
     * @throws IllegalArgumentException if no constant can be folded into one of its activations
     */
    public static Program of(Network network) {
        return new ProgramOfNetwork(network).program();
    }

    private Program program() {
        nodes.stream().filter(Activate.class::isInstance).map(Activate.class::cast).filter(node -> node.activation() != Activation.IDENTITY)
                .forEach(node -> ElementFunction.of(node.activation()));
        findFoldedBiases();
        findConstants();
        for (Node node : nodes) {
            if (!folded.containsKey(node.name())) {
                add(node);
                ends.put(node.name(), instructions.size());
            }
        }
        Node output = nodes.get(nodes.size() - 1);
        int last = register(output.name());
        int end = add(new Multiply(last, widths.size(), withoutLastColumn(widths.get(last))), widths.get(last) - 1, Double.NaN);
        return simplified(end, output.name());
    }

    /** A bias that alone reads a linear map is a row of its weights. */
    private void findFoldedBiases() {
        for (Node node : nodes) {
            if (node instanceof Bias bias && network.node(bias.from()) instanceof Linear
                    && nodes.stream().filter(other -> other.reads().contains(bias.from())).count() == 1) {
                folded.put(bias.from(), bias.name());
            }
        }
    }

    /** Finds whether each value shall end in 1 or in 0, from the output back. */
    private void findConstants() {
        for (int i = nodes.size() - 1; i >= 0; i--) {
            Node node = nodes.get(i);
            int own = wanted.getOrDefault(node.name(), 1);
            if (node instanceof Activate || node instanceof Bias) {
                want(node.reads().get(0), own);
            } else if (node instanceof Linear || node instanceof Normalise) {
                want(node.reads().get(0), 1);
            } else if (node instanceof Sum sum) {
                want(stream(sum), own);
                want(branch(sum), 0);
            }
        }
    }

    private void want(String node, int constant) {
        wanted.merge(node, constant, Math::max);
    }

    /** Returns the side of a sum that the other one is computed from: the skip connection; the left one if there is none. */
    private String stream(Sum sum) {
        return ancestors(sum.left()).contains(sum.right()) ? sum.right() : sum.left();
    }

    private String branch(Sum sum) {
        return stream(sum).equals(sum.left()) ? sum.right() : sum.left();
    }

    private Set<String> ancestors(String node) {
        Set<String> found = new HashSet<>();
        List<String> open = new ArrayList<>(List.of(node));
        while (!open.isEmpty()) {
            for (String read : network.node(open.remove(open.size() - 1)).reads()) {
                if (found.add(read)) {
                    open.add(read);
                }
            }
        }
        return found;
    }

    private int constant(String node) {
        return network.node(node) instanceof Input ? 1 : wanted.getOrDefault(node, 1);
    }

    private void add(Node node) {
        if (node instanceof Input) {
            widths.add(network.inputs() + 1);
            constants.add(1.0);
            registers.put(node.name(), 0);
        } else if (node instanceof Linear linear) {
            addLinear(linear.name(), linear, new float[0]);
        } else if (node instanceof Bias bias) {
            float[] values = network.parameter(bias.parameter()).values().toArray();
            if (network.node(bias.from()) instanceof Linear linear && folded.containsKey(linear.name())) {
                addLinear(bias.name(), linear, values);
            } else {
                Matrix identity = Matrix.identity(values.length);
                addMultiply(bias.name(), bias.from(), identity, values, false);
            }
        } else if (node instanceof Activate activate) {
            addActivation(activate);
        } else if (node instanceof Sum sum) {
            int stream = withConstant(stream(sum), constant(sum.name()));
            int branch = withConstant(branch(sum), 0);
            registers.put(sum.name(), add(new Add(branch, stream, widths.size()), widths.get(stream), constant(sum.name())));
        } else if (node instanceof Normalise norm) {
            int from = register(norm.from());
            int variance = add(new Variance(from, widths.size()), 1, 0);
            // the place at which the variance of a layer norm is a value of its own
            registers.put(norm.name() + VARIANCE, variance);
            ends.put(norm.name() + VARIANCE, instructions.size());
            int normed = add(new Standardise(variance, from, widths.size(), norm.epsilon()), widths.get(from), 1);
            float[] gain = network.parameter(norm.gain()).values().toArray();
            Matrix scale = Matrix.zeros(gain.length, gain.length);
            for (int i = 0; i < gain.length; i++) {
                scale.set(i, i, gain[i]);
            }
            DoubleMatrix weights = Folding.dense(DoubleMatrix.of(scale), doubles(network.parameter(norm.bias()).values().toArray()),
                    constant(norm.name()), true);
            registers.put(norm.name(), add(new Multiply(normed, widths.size(), weights), gain.length + 1, constant(norm.name())));
        }
    }

    private void addActivation(Activate activate) {
        int from = register(activate.from());
        if (activate.activation() == Activation.IDENTITY) {
            registers.put(activate.name(), from);
            return;
        }
        ElementFunction function = ElementFunction.of(activate.activation());
        double arriving = Objects.requireNonNull(constants.get(from));
        int width = widths.get(from);
        if (arriving != 0 && arriving != function.constant()) {
            from = add(new Multiply(from, widths.size(), DoubleMatrix.diagonal(width, i -> i < width - 1 ? 1 : function.constant() / arriving)),
                    width,
                    function.constant());
        }
        registers.put(activate.name(), add(new Apply(from, widths.size(), function), width, arriving == 0 ? 0 : 1));
    }

    private void addLinear(String name, Linear linear, float[] bias) {
        addMultiply(name, linear.from(), network.parameter(linear.parameter()).values(), bias, linear.transposed());
    }

    private void addMultiply(String name, String from, Matrix weights, float[] bias, boolean transposed) {
        DoubleMatrix values = DoubleMatrix.of(transposed ? weights.transposed() : weights);
        // the constant of an activation that follows must arrive as ρ
        double carried = constant(name) == 0 ? 0 : carried(name);
        DoubleMatrix all = Folding.dense(values, bias.length == 0 ? new double[values.columns()] : doubles(bias), carried, true);
        registers.put(name, add(new Multiply(register(from), widths.size(), all), values.columns() + 1, carried));
    }

    /** Returns ρ of the activation that alone reads a value, otherwise 1. */
    private double carried(String name) {
        List<Node> readers = nodes.stream().filter(node -> node.reads().contains(name)).toList();
        return readers.size() == 1 && readers.get(0) instanceof Activate activate && activate.activation() != Activation.IDENTITY
                ? ElementFunction.of(activate.activation()).constant() : 1;
    }

    private static double[] doubles(float[] values) {
        double[] result = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            result[i] = values[i];
        }
        return result;
    }

    private int register(String node) {
        return Objects.requireNonNull(registers.get(node), node);
    }

    /** Returns the register of a node's value with this last entry, made from the value if it has another. */
    private int withConstant(String node, int constant) {
        int register = register(node);
        if (constants.get(register) == constant) {
            return register;
        }
        int width = widths.get(register);
        return add(new Multiply(register, widths.size(), DoubleMatrix.diagonal(width, i -> i < width - 1 ? 1 : 0)), width, constant);
    }

    private int add(Instruction instruction, int width, double constant) {
        instructions.add(instruction);
        widths.add(width);
        constants.add(constant);
        return instruction.to();
    }

    private static DoubleMatrix withoutLastColumn(int width) {
        return DoubleMatrix.of(width, width - 1, (i, j) -> i == j ? 1 : 0);
    }

    /** Multiplies the last map out with the one before it, if that leads nowhere else, and returns the program. */
    private Program simplified(int end, String output) {
        int count = instructions.size();
        if (count > 1 && instructions.get(count - 2) instanceof Multiply before && instructions.get(count - 1) instanceof Multiply last
                && last.source() == before.to()) {
            instructions.remove(count - 1);
            instructions.set(count - 2, new Multiply(before.source(), end, before.weights().columns(0, before.weights().columns() - 1)));
        }
        List<Boundary> boundaries = new ArrayList<>();
        for (Map.Entry<String, Integer> node : ends.entrySet()) {
            List<Integer> needed = node.getKey().equals(output) ? List.of() : needed(node.getKey(), node.getValue());
            // elsewhere the constant is ρ, on its way to an activation
            if (!needed.isEmpty() && constants.get(needed.get(needed.size() - 1)) == 1) {
                boundaries.add(new Boundary(node.getKey(), node.getValue(), needed, false, node.getKey().endsWith(VARIANCE)));
            }
        }
        boundaries.add(new Boundary(Folding.OUTPUT, instructions.size(), List.of(end), true, false));
        int[] all = widths.stream().mapToInt(Integer::intValue).toArray();
        int[] positions = new int[all.length];
        Arrays.fill(positions, 1);
        return new Program(network.inputs(), Folding::withOnes, instructions, all, positions, boundaries);
    }

    /** Returns the registers that are read after a number of instructions and written before: those that end in 0 first, then the node's own. */
    private List<Integer> needed(String node, int at) {
        Set<Integer> read = new LinkedHashSet<>();
        Set<Integer> written = new HashSet<>();
        for (Instruction instruction : instructions.subList(at, instructions.size())) {
            instruction.from().stream().filter(register -> !written.contains(register)).forEach(read::add);
            written.add(instruction.to());
        }
        int own = register(node);
        return read.stream().sorted(Comparator.<Integer>comparingInt(register -> constants.get(register) == 1 ? 1 : 0)
                .thenComparingInt(register -> register == own ? 0 : 1).thenComparingInt(register -> register)).toList();
    }
}
