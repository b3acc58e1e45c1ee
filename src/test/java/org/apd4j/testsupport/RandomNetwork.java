package org.apd4j.testsupport;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.apd4j.apd.HiddenLayer;
import org.apd4j.math.Matrix;
import org.apd4j.network.Activation;
import org.apd4j.network.Network;
import org.apd4j.network.Network.Activate;
import org.apd4j.network.Network.Bias;
import org.apd4j.network.Network.Linear;
import org.apd4j.network.Network.Node;
import org.apd4j.network.Network.Normalise;
import org.apd4j.network.Network.Softmax;
import org.apd4j.network.Network.Sum;
import org.apd4j.network.NetworkBuilder;
import org.apd4j.network.Parameter;
import org.apd4j.network.Parameter.Role;

/**
 * Random networks, each a function of a number: every node uses, adds or multiplies arbitrary earlier values and parameters of a suitable shape. Nodes
 * that do not lead to the output are left out. Parameters whose names begin with D are to be decomposed.
 */
public final class RandomNetwork {

    private static final int DECOMPOSED = 0;

    private final Random random;
    private final List<Node> nodes = new ArrayList<>();
    private final List<String> values = new ArrayList<>(List.of("input"));
    private final Map<String, Integer> widths = new HashMap<>();
    private final Map<String, Parameter> parameters = new LinkedHashMap<>();
    private final int inputs;

    private RandomNetwork(int number) {
        random = new Random(number);
        inputs = 1 + random.nextInt(5);
        widths.put("input", inputs);
    }

    /** Returns the network of a number. */
    public static Network of(int number) {
        return new RandomNetwork(number).make();
    }

    private static boolean isDecomposed(String parameter) {
        return parameter.startsWith("D");
    }

    /** Returns the names of the parameters that are to be decomposed, in the order of the network. */
    public static List<String> decomposed(Network network) {
        return network.parameters().stream().map(Parameter::name).filter(RandomNetwork::isDecomposed).toList();
    }

    /** Some of the linear nodes whose parameters are decomposed, each rectified or not, as a function of a number. */
    public static List<HiddenLayer> hidden(Network network, int number) {
        var random = new Random(number);
        return network.nodes().stream().filter(node -> node instanceof Linear linear && isDecomposed(linear.parameter()) && random.nextInt(3) == 0)
                .map(node -> new HiddenLayer(node.name(), random.nextBoolean())).toList();
    }

    private Network make() {
        int count = 6 + random.nextInt(9);
        for (int i = 0; i < count; i++) {
            add("n" + i, random.nextInt(14));
        }
        Set<String> reached = reached();
        if (reached.stream().noneMatch(name -> parameters.containsKey(name) && isDecomposed(name))) {
            multiply("decomposed", last(), DECOMPOSED);
        }
        if (widths.get(last()) > 1 && random.nextInt(3) == 0) {
            nodes.add(new Softmax("probabilities", last()));
        }
        return build();
    }

    private String last() {
        return values.get(values.size() - 1);
    }

    /** Names of all nodes and parameters that lead to the last node. */
    private Set<String> reached() {
        Set<String> reached = new HashSet<>(Set.of(nodes.get(nodes.size() - 1).name()));
        for (int i = nodes.size() - 1; i >= 0; i--) {
            if (reached.contains(nodes.get(i).name())) {
                reached.addAll(nodes.get(i).reads());
                reached.addAll(nodes.get(i).uses());
            }
        }
        return reached;
    }

    private Network build() {
        Set<String> reached = reached();
        NetworkBuilder builder = Network.builder(inputs);
        parameters.values().stream().filter(parameter -> reached.contains(parameter.name()))
                .forEach(parameter -> builder.parameter(parameter.name(), parameter.role(), parameter.values()));
        for (Node node : nodes) {
            if (!reached.contains(node.name())) {
                continue;
            }
            if (node instanceof Linear linear) {
                builder.linear(linear.name(), linear.from(), linear.parameter(), linear.transposed());
            } else if (node instanceof Bias bias) {
                builder.bias(bias.name(), bias.from(), bias.parameter());
            } else if (node instanceof Activate activate) {
                builder.activation(activate.name(), activate.from(), activate.activation());
            } else if (node instanceof Normalise norm) {
                builder.layerNorm(norm.name(), norm.from(), norm.gain(), norm.bias(), norm.epsilon());
            } else if (node instanceof Sum sum) {
                builder.sum(sum.name(), sum.left(), sum.right());
            } else {
                builder.softmax(node.name(), ((Softmax) node).from());
            }
        }
        return builder.build();
    }

    private void add(String name, int kind) {
        // mostly go on from the last value, so that chains grow, now and then from an older one
        String from = random.nextInt(4) > 0 ? last() : values.get(random.nextInt(values.size()));
        int width = widths.get(from);
        if (kind < 4) {
            multiply(name, from, random.nextBoolean() ? DECOMPOSED : random.nextInt(3));
        } else if (kind < 6) { // a parameter once more, transposed or not: ties
            String used = parameters.keySet().stream().filter(p -> !p.startsWith("b") && !p.startsWith("g") && !p.startsWith("o")
                    && fits(parameters.get(p).values(), width)).reduce((a, b) -> b)
                    .orElse(null);
            if (used == null) {
                multiply(name, from, DECOMPOSED);
                return;
            }
            Matrix matrix = parameters.get(used).values();
            boolean transposed = matrix.rows() != width || matrix.columns() == width && random.nextBoolean();
            put(new Linear(name, from, used, transposed), transposed ? matrix.rows() : matrix.columns());
        } else if (kind == 6) {
            parameter("b" + name, random.nextBoolean() ? Role.TRAINED : Role.FIXED, matrix(random, 1, width, 0.5));
            put(new Bias(name, from, "b" + name), width);
        } else if (kind < 9) {
            List<String> fitting = values.stream().filter(v -> widths.get(v) == width && !v.equals(from)).toList();
            put(new Sum(name, from, fitting.isEmpty() ? from : fitting.get(random.nextInt(fitting.size()))), width);
        } else if (kind < 12) {
            put(new Activate(name, from, Activation.values()[random.nextInt(Activation.values().length)]), width);
        } else {
            Matrix gain = matrix(random, 1, width, 0.5);
            for (int i = 0; i < width; i++) {
                gain.set(0, i, 1 + gain.get(0, i));
            }
            parameter("g" + name, Role.FIXED, gain);
            parameter("o" + name, Role.FIXED, matrix(random, 1, width, 0.5));
            // large enough for a row of one value, or of equal ones, to have a derivative that a difference can find
            put(new Normalise(name, from, "g" + name, "o" + name, random.nextBoolean() ? 0.3 : 0.02), width);
        }
    }

    private static boolean fits(Matrix matrix, int width) {
        return matrix.rows() == width || matrix.columns() == width;
    }

    /** @param kind what becomes of the weights: {@link #DECOMPOSED}, 1 for trained, 2 for fixed */
    private void multiply(String name, String from, int kind) {
        int width = widths.get(from);
        int out = 1 + random.nextInt(5);
        String parameter = (kind == DECOMPOSED ? "D" : "W") + name;
        parameter(parameter, kind == 2 ? Role.FIXED : Role.TRAINED, matrix(random, width, out, 1 / Math.sqrt(width)));
        put(new Linear(name, from, parameter, false), out);
    }

    private void parameter(String name, Role role, Matrix matrix) {
        parameters.put(name, new Parameter(name, role, matrix));
    }

    private void put(Node node, int width) {
        nodes.add(node);
        values.add(node.name());
        widths.put(node.name(), width);
    }

    /** Normal values. */
    public static Matrix matrix(Random random, int rows, int columns, double scale) {
        Matrix matrix = Matrix.zeros(rows, columns);
        for (int i = 0; i < matrix.size(); i++) {
            matrix.data()[i] = (float) (scale * random.nextGaussian());
        }
        return matrix;
    }

    /** Adds what a network is made of to a count of parts. */
    public static void count(Network network, Map<String, Integer> parts) {
        Set<String> used = new HashSet<>();
        for (Node node : network.nodes()) {
            parts.merge(node.getClass().getSimpleName(), 1, Integer::sum);
            if (node instanceof Activate activate) {
                parts.merge(activate.activation().name(), 1, Integer::sum);
            }
            if (node instanceof Linear linear) {
                boolean decomposed = isDecomposed(linear.parameter());
                parts.merge(decomposed ? "decomposed" : "not decomposed", 1, Integer::sum);
                if (!used.add(linear.parameter()) && decomposed) {
                    parts.merge(linear.transposed() ? "tied transpose" : "used twice", 1, Integer::sum);
                }
            }
        }
    }

    /** A count of parts, empty. */
    public static Map<String, Integer> parts() {
        return new TreeMap<>();
    }
}
