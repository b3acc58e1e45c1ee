package org.apd4j.network.internal;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiPredicate;
import java.util.function.Predicate;
import org.apd4j.math.Matrix;
import org.apd4j.network.Activation;
import org.apd4j.network.LayerNorm;
import org.apd4j.network.Network;
import org.apd4j.network.Network.Activate;
import org.apd4j.network.Network.Bias;
import org.apd4j.network.Network.Linear;
import org.apd4j.network.Network.Node;
import org.apd4j.network.Network.Normalise;
import org.apd4j.network.Network.Softmax;
import org.apd4j.network.Network.Sum;
import org.apd4j.network.Nonlinearity;
import org.apd4j.network.Parameter;
import org.apd4j.network.internal.Source.FunctionOutput;
import org.apd4j.network.internal.Source.Input;
import org.apd4j.network.internal.Source.LayerOutput;
import org.apd4j.network.internal.Source.One;

/**
 * A network reduced to its <em>layers</em>, the uses of the parameters of interest (those that are decomposed, or those that are trained), and its
 * <em>functions</em>, activations and layer norms. Everything in between is linear and fixed, and is multiplied out once.
 *
 * <pre>{@code
 * NetworkGraph graph = NetworkGraph.of(target.trained().network());
 * System.out.println(graph.layers().size() + " linear layers");
 * }</pre>
 *
 * <p>Values arise at {@link Source sources}: the constant 1, the input x, each layer's output h, each function's output a. They are used at
 * {@link Sink sinks}: each layer's input, each function's input (the pre-activation), the network's output y. {@link #path} is the fixed linear
 * map from a source to a sink; biases are maps from the constant. Every sink is the sum over its sources.
 *
 * <p>For TMS, the sources of the first layer's input are {x}, of the second layer's {h₁}, of the pre-activation {1, h₂}; for a residual MLP
 * {@code path(x, y) = W_E W_U}.
 */
public final class NetworkGraph {

    /** The constant and the input come first among the sources, then layers, then functions. */
    private static final int FIRST_LAYER = 2;

    /**
     * A use of a parameter.
     *
     * @param node       the name of the node
     * @param parameter  the name of the parameter
     * @param transposed whether the use is transposed
     * @param in         the width of its input; 1 for a bias, whose input is the constant
     * @param out        the width of its output
     */
    public record Layer(String node, String parameter, boolean transposed, int in, int out) {

        /** Returns the matrix {@code [in, out]} that this layer multiplies by, given its parameter's values. */
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
     * @param layer     its number in {@link #layers}
     * @param rectified whether ReLU is taken of both sides before they are compared
     */
    public record Observed(int layer, boolean rectified) {
    }

    private final Network network;
    private final List<Layer> layers;
    private final List<Function> functions;
    private final List<Source> sources;
    private final List<Source> sourcesBesideLayers;
    /** In the order of their computation, the output last. */
    private final List<Sink> sinks;
    private final List<Sink> sinksBesideLayers;
    private final List<Sink> layerInputs;
    private final List<Sink> functionInputs;
    /** By sink and source. */
    private final LinearMap[][] paths;
    private final List<Observed> observed;

    /**
     * Makes the graph of a network.
     *
     * @param isLayer tells the parameters whose uses are layers; all others are taken as fixed
     */
    public NetworkGraph(Network network, Predicate<Parameter> isLayer) {
        this(network, (node, parameter) -> isLayer.test(parameter));
    }

    private NetworkGraph(Network network, BiPredicate<Node, Parameter> isLayer) {
        this.network = network;
        this.observed = List.of();
        var tracing = new Tracing(network, isLayer);
        this.layers = List.copyOf(tracing.layers);
        this.functions = List.copyOf(tracing.functions);
        this.sources = List.copyOf(tracing.sources());
        this.sourcesBesideLayers = sources.stream().filter(source -> !(source instanceof LayerOutput)).toList();
        this.sinks = List.copyOf(tracing.paths.keySet());
        this.sinksBesideLayers = sinks.stream().filter(sink -> !(sink instanceof Sink.LayerInput)).toList();
        this.layerInputs = sinks.stream().filter(Sink.LayerInput.class::isInstance).toList();
        this.functionInputs = sinks.stream().filter(Sink.FunctionInput.class::isInstance).toList();
        this.paths = new LinearMap[sinks.size()][sources.size()];
        for (Sink sink : sinks) {
            for (Source source : sources) {
                paths[sink.index()][source.index()] = tracing.into(sink).getOrDefault(source, LinearMap.ZERO);
            }
        }
    }

    private NetworkGraph(NetworkGraph graph, List<Observed> observed) {
        this.network = graph.network;
        this.layers = graph.layers;
        this.functions = graph.functions;
        this.sources = graph.sources;
        this.sourcesBesideLayers = graph.sourcesBesideLayers;
        this.sinks = graph.sinks;
        this.sinksBesideLayers = graph.sinksBesideLayers;
        this.layerInputs = graph.layerInputs;
        this.functionInputs = graph.functionInputs;
        this.paths = graph.paths;
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

    /** Returns the graph whose layers are these linear nodes; other uses of their parameters are taken as fixed. */
    public static NetworkGraph ofNodes(Network network, Collection<String> nodes) {
        return new NetworkGraph(network, (node, parameter) -> nodes.contains(node.name()));
    }

    /** Returns the graph for training: layers are the uses of all parameters that are not fixed. */
    public static NetworkGraph forTraining(Network network) {
        return new NetworkGraph(network, parameter -> parameter.role() != Parameter.Role.FIXED);
    }

    /** One walk through the nodes, in which each node's value is expressed by sources. */
    private static final class Tracing {

        private final Network network;
        private final BiPredicate<Node, Parameter> isLayer;
        private final int layerCount;
        private final List<Layer> layers = new ArrayList<>();
        private final List<Function> functions = new ArrayList<>();
        /** By node: the maps that bring its value from sources. */
        private final Map<String, Map<Source, LinearMap>> values = new HashMap<>();
        private final Map<String, Integer> widths = new HashMap<>();
        private final Map<Sink, Map<Source, LinearMap>> paths = new LinkedHashMap<>();

        Tracing(Network network, BiPredicate<Node, Parameter> isLayer) {
            this.network = network;
            this.isLayer = isLayer;
            this.layerCount = (int) network.nodes().stream().filter(this::isLayer).count();
            for (Node node : network.nodes()) {
                values.put(node.name(), value(node));
                widths.put(node.name(), width(node));
            }
            Node last = network.nodes().get(network.nodes().size() - 1);
            enter(new Sink.Output(0, network.outputs()), valueOf(last.name()));
        }

        private boolean isLayer(Node node) {
            return (node instanceof Linear || node instanceof Bias) && isLayer.test(node, network.parameter(node.uses().get(0)));
        }

        /** Returns the maps into a sink that was entered. */
        Map<Source, LinearMap> into(Sink sink) {
            return Objects.requireNonNull(paths.get(sink));
        }

        private Map<Source, LinearMap> valueOf(String node) {
            return Objects.requireNonNull(values.get(node), node);
        }

        private int widthOf(String node) {
            return Objects.requireNonNull(widths.get(node), node);
        }

        private int width(Node node) {
            if (node instanceof Network.Input) {
                return network.inputs();
            }
            if (node instanceof Linear linear) {
                Matrix weights = network.parameter(linear.parameter()).values();
                return linear.transposed() ? weights.rows() : weights.columns();
            }
            return widthOf(node.reads().get(0));
        }

        List<Source> sources() {
            List<Source> all = new ArrayList<>(List.of(one(), new Input(1, network.inputs())));
            for (int layer = 0; layer < layers.size(); layer++) {
                all.add(output(layer));
            }
            for (int function = 0; function < functions.size(); function++) {
                all.add(functionOutput(function));
            }
            return all;
        }

        private static One one() {
            return new One(0);
        }

        private LayerOutput output(int layer) {
            return new LayerOutput(FIRST_LAYER + layer, layer, layers.get(layer).out());
        }

        private FunctionOutput functionOutput(int function) {
            return new FunctionOutput(FIRST_LAYER + layerCount + function, function, functions.get(function).width());
        }

        private Map<Source, LinearMap> value(Node node) {
            if (node instanceof Network.Input) {
                return Map.of(new Input(1, network.inputs()), LinearMap.identity(network.inputs()));
            }
            Map<Source, LinearMap> from = valueOf(node.reads().get(0));
            if (node instanceof Linear linear) {
                return linear(linear, from);
            }
            if (node instanceof Bias bias) {
                return bias(bias, from);
            }
            if (node instanceof Activate activate) {
                return activate.activation() == Activation.IDENTITY ? from : enterFunction(activate, activate.activation(), from);
            }
            if (node instanceof Normalise norm) {
                return enterFunction(norm, new LayerNorm(network.parameter(norm.gain()).values(), network.parameter(norm.bias()).values(),
                        norm.epsilon()), from);
            }
            if (node instanceof Softmax) {
                return from; // y stands for the logits
            }
            Map<Source, LinearMap> sum = new LinkedHashMap<>(from);
            valueOf(((Sum) node).right()).forEach((source, path) -> put(sum, source, sum(sum, source, path)));
            return sum;
        }

        private Map<Source, LinearMap> linear(Linear linear, Map<Source, LinearMap> from) {
            Parameter parameter = network.parameter(linear.parameter());
            Matrix weights = linear.transposed() ? parameter.values().transposed() : parameter.values();
            if (isLayer.test(linear, parameter)) {
                return enterLayer(new Layer(linear.name(), parameter.name(), linear.transposed(), weights.rows(), weights.columns()), from);
            }
            LinearMap map = LinearMap.of(weights);
            Map<Source, LinearMap> result = new LinkedHashMap<>();
            from.forEach((source, path) -> put(result, source, LinearMap.chain(path, map)));
            return result;
        }

        private Map<Source, LinearMap> bias(Bias bias, Map<Source, LinearMap> from) {
            Parameter parameter = network.parameter(bias.parameter());
            Map<Source, LinearMap> result = new LinkedHashMap<>(from);
            if (isLayer.test(bias, parameter)) {
                result.putAll(enterLayer(new Layer(bias.name(), parameter.name(), false, 1, parameter.values().columns()),
                        Map.of(one(), LinearMap.identity(1))));
            } else {
                put(result, one(), sum(result, one(), LinearMap.of(parameter.values())));
            }
            return result;
        }

        private static LinearMap sum(Map<Source, LinearMap> maps, Source source, LinearMap other) {
            return LinearMap.sum(maps.getOrDefault(source, LinearMap.ZERO), other);
        }

        private static void put(Map<Source, LinearMap> maps, Source source, LinearMap map) {
            if (map.isZero()) {
                maps.remove(source);
            } else {
                maps.put(source, map);
            }
        }

        private Map<Source, LinearMap> enterFunction(Node node, Nonlinearity kind, Map<Source, LinearMap> from) {
            int function = functions.size();
            int width = widthOf(node.reads().get(0));
            functions.add(new Function(node.name(), kind, width));
            enter(new Sink.FunctionInput(1 + layerCount + function, function, width), from);
            return Map.of(functionOutput(function), LinearMap.identity(width));
        }

        private Map<Source, LinearMap> enterLayer(Layer layer, Map<Source, LinearMap> from) {
            int number = layers.size();
            layers.add(layer);
            enter(new Sink.LayerInput(1 + number, number, layer.in()), from);
            return Map.of(output(number), LinearMap.identity(layer.out()));
        }

        private void enter(Sink sink, Map<Source, LinearMap> from) {
            from.values().forEach(LinearMap::share);
            paths.put(sink, from);
        }
    }

    /** Returns the network. */
    public Network network() {
        return network;
    }

    /** Returns the layers in the order of their computation. */
    public List<Layer> layers() {
        return layers;
    }

    /** Returns the activations and layer norms in the order of their computation. */
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

    /** Returns all sources by their index: the constant, the input, layers, functions. */
    public List<Source> sources() {
        return sources;
    }

    /** Returns the sources that are no layers: the constant, the input, functions. */
    public List<Source> sourcesBesideLayers() {
        return sourcesBesideLayers;
    }

    /** Returns the sources that a pass computes: layers and functions. */
    public List<Source> computedSources() {
        return sources.subList(FIRST_LAYER, sources.size());
    }

    /** Returns the constant 1. */
    public Source one() {
        return sources.get(0);
    }

    /** Returns the input x. */
    public Source input() {
        return sources.get(1);
    }

    /** Returns the output h of a layer. */
    public Source layerOutput(int layer) {
        return sources.get(FIRST_LAYER + layer);
    }

    /** Returns the output a of a function. */
    public Source functionOutput(int function) {
        return sources.get(FIRST_LAYER + layers.size() + function);
    }

    /** Returns all sinks in the order of their computation; the output is the last. */
    public List<Sink> sinks() {
        return sinks;
    }

    /** Returns the sinks that are no layers' inputs, in the order of their computation: pre-activations and the output. */
    public List<Sink> sinksBesideLayers() {
        return sinksBesideLayers;
    }

    /** Returns the input of a layer. */
    public Sink layerInput(int layer) {
        return layerInputs.get(layer);
    }

    /** Returns the input of a function. */
    public Sink functionInput(int function) {
        return functionInputs.get(function);
    }

    /** Returns the output y. */
    public Sink output() {
        return sinks.get(sinks.size() - 1);
    }

    /** Returns the fixed linear map from a source to a sink, {@link LinearMap#ZERO} if nothing leads there. */
    public LinearMap path(Source source, Sink sink) {
        return paths[sink.index()][source.index()];
    }

    @Override
    public String toString() {
        return layers().size() + " layers and " + functions().size() + " functions of " + network().inputs() + " inputs";
    }
}
