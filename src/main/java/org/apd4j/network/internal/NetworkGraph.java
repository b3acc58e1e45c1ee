package org.apd4j.network.internal;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.apd4j.math.Matrix;
import org.apd4j.network.Activation;
import org.apd4j.network.LayerNorm;
import org.apd4j.network.Network;
import org.apd4j.network.Network.Activate;
import org.apd4j.network.Network.Bias;
import org.apd4j.network.Network.Input;
import org.apd4j.network.Network.Linear;
import org.apd4j.network.Network.Node;
import org.apd4j.network.Network.Normalise;
import org.apd4j.network.Network.Softmax;
import org.apd4j.network.Network.Sum;
import org.apd4j.network.Nonlinearity;
import org.apd4j.network.Parameter;

/**
 * A network seen from its <em>layers</em> (the uses of the parameters of interest: those that are decomposed, or those that are
 * trained) and its activations, layer norms among them: everything in between is linear and fixed, and multiplied out once.
 *
 * <pre>{@code
 * NetworkGraph graph = NetworkGraph.of(target.target().network());
 * System.out.println(graph.layers().size() + " linear layers");
 * }</pre>
 *
 * <p>Values arise at <em>sources</em>: the constant 1, the input x, each layer's output h, each activation's output a. They are used
 * at <em>sinks</em>: each layer's input, each activation's input (the pre-activation), the network's output y. {@link #path} is
 * the fixed linear map from a source to a sink, biases being maps from the constant. Every sink is the sum over its sources.
 *
 * <p>For TMS, the sources of the first layer's input are {x}, of the second layer's {h₁}, of the pre-activation {1, h₂}; for a
 * residual MLP {@code path(x, y) = W_E W_U}.
 */
public final class NetworkGraph {

    /** The source that is 1 in every sample. */
    public static final int ONE = 0;
    /** The source x. */
    public static final int INPUT = 1;

    /**
     * A use of a parameter.
     *
     * @param node       name of the node
     * @param parameter  name of the parameter
     * @param transposed whether the use is transposed
     * @param in         width of its input; 1 for a bias, whose input is the constant
     * @param out        width of its output
     */
    public record Layer(String node, String parameter, boolean transposed, int in, int out) {

        /** The matrix that this layer multiplies by, given its parameter's values. */
        public Matrix weights(Matrix values) {
            return transposed ? values.transposed() : values;
        }
    }

    /** An activation or a layer norm, and its width. */
    public record Function(String node, Nonlinearity kind, int width) {
    }

    /**
     * A layer whose output is compared, as hidden reconstruction does.
     *
     * @param layer     its index in {@link #layers}
     * @param rectified whether ReLU is taken of both sides before they are compared
     */
    public record Observed(int layer, boolean rectified) {
    }

    private final Network network;
    private final List<Layer> layers;
    private final List<Function> functions;
    /** Sinks in the order of their computation, the output last. */
    private final List<Integer> order;
    private final Map<Integer, Map<Integer, LinearMap>> paths;
    private final List<Observed> observed;
    private final int layerCount;

    /**
     * @param network the network
     * @param open    the parameters whose uses are layers; all others are taken as fixed
     */
    public NetworkGraph(Network network, Predicate<Parameter> open) {
        this.network = network;
        this.layers = new ArrayList<>();
        this.functions = new ArrayList<>();
        this.order = new ArrayList<>();
        this.paths = new HashMap<>();
        this.observed = List.of();
        this.layerCount = (int) network.nodes().stream().filter(node -> isLayer(node, open)).count();
        Map<String, Map<Integer, LinearMap>> values = new HashMap<>();
        Map<String, Integer> widths = new HashMap<>();
        for (Node node : network.nodes()) {
            values.put(node.name(), trace(node, open, values, widths));
        }
        Node last = network.nodes().get(network.nodes().size() - 1);
        enter(output(), values.get(last.name()));
    }

    private NetworkGraph(NetworkGraph graph, List<Observed> observed) {
        this.network = graph.network;
        this.layers = graph.layers;
        this.functions = graph.functions;
        this.order = graph.order;
        this.paths = graph.paths;
        this.layerCount = graph.layerCount;
        this.observed = List.copyOf(observed);
    }

    /** Returns the graph whose layers are the uses of all of the network's {@link Network#weights weights}. */
    public static NetworkGraph of(Network network) {
        return of(network, network.weights().stream().map(Parameter::name).toList());
    }

    /** Returns the graph whose layers are the uses of these parameters. */
    public static NetworkGraph of(Network network, Collection<String> parameters) {
        return new NetworkGraph(network, parameter -> parameters.contains(parameter.name()));
    }

    /** Returns the graph for training: layers are the uses of all parameters that are not fixed. */
    public static NetworkGraph forTraining(Network network) {
        return new NetworkGraph(network, parameter -> parameter.role() != Parameter.Role.FIXED);
    }

    private boolean isLayer(Node node, Predicate<Parameter> open) {
        return node instanceof Linear linear && open.test(network.parameter(linear.parameter()))
                || node instanceof Bias bias && open.test(network.parameter(bias.parameter()));
    }

    /** What a node's value is made of: source → map. */
    private Map<Integer, LinearMap> trace(Node node, Predicate<Parameter> open, Map<String, Map<Integer, LinearMap>> values,
                                          Map<String, Integer> widths) {
        if (node instanceof Input) {
            widths.put(node.name(), network.inputs());
            return Map.of(INPUT, LinearMap.identity(network.inputs()));
        }
        if (node instanceof Linear linear) {
            Parameter parameter = network.parameter(linear.parameter());
            Matrix weights = linear.transposed() ? parameter.values().transposed() : parameter.values();
            widths.put(node.name(), weights.columns());
            Map<Integer, LinearMap> from = values.get(linear.from());
            if (open.test(parameter)) {
                return enterLayer(new Layer(node.name(), parameter.name(), linear.transposed(), weights.rows(), weights.columns()), from);
            }
            LinearMap map = LinearMap.of(weights);
            Map<Integer, LinearMap> result = new LinkedHashMap<>();
            from.forEach((source, path) -> put(result, source, LinearMap.chain(path, map)));
            return result;
        }
        if (node instanceof Bias bias) {
            Parameter parameter = network.parameter(bias.parameter());
            widths.put(node.name(), parameter.values().columns());
            Map<Integer, LinearMap> result = new LinkedHashMap<>(values.get(bias.from()));
            if (open.test(parameter)) {
                Map<Integer, LinearMap> constant = Map.of(ONE, LinearMap.identity(1));
                result.putAll(enterLayer(new Layer(node.name(), parameter.name(), false, 1, parameter.values().columns()), constant));
            } else {
                put(result, ONE, LinearMap.sum(result.get(ONE), LinearMap.of(parameter.values())));
            }
            return result;
        }
        if (node instanceof Activate activate) {
            return activate.activation() == Activation.IDENTITY ? pass(node, activate.from(), values, widths)
                    : enterFunction(node, activate.activation(), activate.from(), values, widths);
        }
        if (node instanceof Normalise norm) {
            LayerNorm kind = new LayerNorm(network.parameter(norm.gain()).values(), network.parameter(norm.bias()).values(), norm.epsilon());
            return enterFunction(node, kind, norm.from(), values, widths);
        }
        if (node instanceof Softmax softmax) {
            return pass(node, softmax.from(), values, widths); // y stands for the logits
        }
        Sum sum = (Sum) node;
        widths.put(node.name(), widths.get(sum.left()));
        Map<Integer, LinearMap> result = new LinkedHashMap<>(values.get(sum.left()));
        values.get(sum.right()).forEach((source, path) -> put(result, source, LinearMap.sum(result.get(source), path)));
        return result;
    }

    private static Map<Integer, LinearMap> pass(Node node, String from, Map<String, Map<Integer, LinearMap>> values, Map<String, Integer> widths) {
        widths.put(node.name(), widths.get(from));
        return values.get(from);
    }

    private Map<Integer, LinearMap> enterFunction(Node node, Nonlinearity kind, String from, Map<String, Map<Integer, LinearMap>> values,
                                                  Map<String, Integer> widths) {
        int width = widths.get(from);
        widths.put(node.name(), width);
        int index = functions.size();
        functions.add(new Function(node.name(), kind, width));
        enter(functionSink(index), values.get(from));
        return Map.of(functionSource(index), LinearMap.identity(width));
    }

    private Map<Integer, LinearMap> enterLayer(Layer layer, Map<Integer, LinearMap> from) {
        int index = layers.size();
        layers.add(layer);
        enter(layerSink(index), from);
        return Map.of(layerSource(index), LinearMap.identity(layer.out()));
    }

    private void enter(int sink, Map<Integer, LinearMap> from) {
        order.add(sink);
        from.values().forEach(LinearMap::share);
        paths.put(sink, from);
    }

    private static void put(Map<Integer, LinearMap> maps, int source, LinearMap map) {
        if (map == null) {
            maps.remove(source);
        } else {
            maps.put(source, map);
        }
    }

    public Network network() {
        return network;
    }

    public List<Layer> layers() {
        return layers;
    }

    public List<Function> functions() {
        return functions;
    }

    /** Returns the same graph with these layers observed, in the place of those that were. */
    public NetworkGraph observing(List<Observed> observed) {
        return new NetworkGraph(this, observed);
    }

    /** Returns the layers whose outputs are compared; none unless {@link #observing} says so. */
    public List<Observed> observed() {
        return observed;
    }

    /** All sinks in the order of their computation; the output is the last. */
    public List<Integer> order() {
        return order;
    }

    /** Number of sources; they are numbered from 0. */
    public int sources() {
        return 2 + layerCount + functions.size();
    }

    /** Number of sinks; they are numbered from 0. */
    public int sinks() {
        return layerCount + functions.size() + 1;
    }

    /** The source h of a layer. */
    public int layerSource(int layer) {
        return 2 + layer;
    }

    /** The source a of an activation. */
    public int functionSource(int function) {
        return 2 + layerCount + function;
    }

    /** The sink of a layer's input. */
    public int layerSink(int layer) {
        return 1 + layer;
    }

    /** The sink of a pre-activation. */
    public int functionSink(int function) {
        return 1 + layerCount + function;
    }

    /** The sink y. */
    public int output() {
        return 0;
    }

    /** Whether a sink is a layer's input. */
    public boolean isLayerSink(int sink) {
        return sink >= 1 && sink <= layerCount;
    }

    /** Whether a sink is a pre-activation. */
    public boolean isFunctionSink(int sink) {
        return sink > layerCount;
    }

    /** Number of the layer of a layer sink. */
    public int layerOf(int sink) {
        return sink - 1;
    }

    /** Number of the activation of a function sink. */
    public int functionOf(int sink) {
        return sink - 1 - layerCount;
    }

    /** Width of a sink. */
    public int sinkWidth(int sink) {
        return sink == output() ? network.outputs()
                : isLayerSink(sink) ? layers.get(layerOf(sink)).in() : functions.get(functionOf(sink)).width();
    }

    /** Width of a source. */
    public int sourceWidth(int source) {
        if (source == ONE) {
            return 1;
        }
        if (source == INPUT) {
            return network.inputs();
        }
        return source < 2 + layerCount ? layers.get(source - 2).out() : functions.get(source - 2 - layerCount).width();
    }

    /** The fixed linear map from a source to a sink; null if there is none. */
    public LinearMap path(int source, int sink) {
        return paths.get(sink).get(source);
    }

    @Override
    public String toString() {
        return layers().size() + " layers and " + functions().size() + " functions of " + network().inputs() + " inputs";
    }
}
