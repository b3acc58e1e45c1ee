package org.apd4j.sharedgate.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apd4j.network.Network;
import org.apd4j.network.internal.NetworkGraph;
import org.apd4j.network.internal.Sink;
import org.apd4j.network.internal.Source;

/**
 * What the shared-gate method needs to know of a network: which decomposed layers are gate matrices, those that the network's input reaches without
 * passing another decomposed layer, and which are not.
 */
final class Layout {

    private final NetworkGraph graph;
    private final List<NetworkGraph> alone = new ArrayList<>();
    private final List<Integer> gates = new ArrayList<>();
    private final Set<Integer> others = new TreeSet<>();

    /** @param parameters the names of the decomposed parameters */
    Layout(Network network, List<String> parameters) {
        this.graph = NetworkGraph.of(network, parameters);
        boolean[] reached = new boolean[graph.functions().size()];
        for (Sink sink : graph.sinks()) {
            boolean own = !graph.path(graph.input(), sink).isZero();
            for (int f = 0; f < reached.length; f++) {
                own |= reached[f] && !graph.path(graph.functionOutput(f), sink).isZero();
            }
            if (sink instanceof Sink.FunctionInput into) {
                reached[into.function()] = own;
            } else if (sink instanceof Sink.LayerInput into && own) {
                gates.add(into.layer());
            } else if (sink instanceof Sink.LayerInput into) {
                others.add(into.layer());
            }
        }
        graph.layers().forEach(layer -> alone.add(NetworkGraph.ofNodes(network, List.of(layer.node()))));
    }

    /** Returns the graph whose layers are the decomposed ones. */
    NetworkGraph graph() {
        return graph;
    }

    /** Returns, for each decomposed layer, the graph of which it is the only layer. */
    List<NetworkGraph> alone() {
        return alone;
    }

    /** Returns the numbers of the gate matrices, in ascending order. */
    List<Integer> gates() {
        return gates;
    }

    /** Returns the numbers of all other decomposed layers. */
    Set<Integer> others() {
        return others;
    }

    /** Returns whether a parameter is used by a gate matrix. */
    boolean isGate(String parameter) {
        return gates.stream().anyMatch(l -> graph.layers().get(l).parameter().equals(parameter));
    }

    /** Returns the number of values that the other layers read, H. */
    int read() {
        return others.stream().mapToInt(l -> graph.layers().get(l).in()).sum();
    }

    /** Returns the number of values that the gate matrices write. */
    int written() {
        return gates.stream().mapToInt(l -> graph.layers().get(l).out()).sum();
    }

    /** Returns whether what the other layers read is linear in what gate matrices write: no function lies between them. */
    boolean isLinearBetween() {
        return others.stream().allMatch(l -> graph.functions().isEmpty() || java.util.stream.IntStream.range(0, graph.functions().size())
                .allMatch(f -> graph.path(graph.functionOutput(f), graph.layerInput(l)).isZero()));
    }

    /** Returns whether nothing but the input and constants leads to a layer. */
    boolean readsInputAlone(int layer) {
        Sink sink = graph.layerInput(layer);
        return graph.sources().stream().allMatch(source -> source instanceof Source.Input || source instanceof Source.One
                || graph.path(source, sink).isZero());
    }
}
