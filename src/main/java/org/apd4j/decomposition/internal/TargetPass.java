package org.apd4j.decomposition.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apd4j.math.Matrix;
import org.apd4j.network.Network;
import org.apd4j.network.internal.NetworkGraph;
import org.apd4j.network.internal.Sink;

/** The target's own pass over a part of a batch: its functions, its output, and the activations of each layer's components. */
public final class TargetPass {

    /** A layer of which something is computed: its input, or, if it is read, its components' activations. */
    private record Entry(int layer, boolean read, LayerEntry entry) {
    }

    private final NetworkGraph graph;
    private final List<List<FixedWay>> ways = new ArrayList<>();
    private final List<Entry> entries = new ArrayList<>();
    private final boolean[] unchanged;

    /** @param alone for each layer, the graph of which it is the only layer */
    public TargetPass(Network network, List<NetworkGraph> alone, Folds folds) {
        this(network, alone, folds, IntStream.range(0, alone.size()).boxed().collect(Collectors.toSet()), Set.of());
    }

    /**
     * @param alone    for each layer, the graph of which it is the only layer
     * @param read     the numbers of the layers whose components' activations are computed
     * @param observed the numbers of the layers whose inputs are computed, to be compared: {@link BatchPart#inputs}
     */
    public TargetPass(Network network, List<NetworkGraph> alone, Folds folds, Set<Integer> read, Set<Integer> observed) {
        this.graph = NetworkGraph.ofNodes(network, Set.of());
        this.unchanged = new boolean[graph.functions().size()];
        graph.sinks().forEach(sink -> ways.add(FixedWay.into(graph, sink)));
        for (int l = 0; l < alone.size(); l++) {
            if (read.contains(l) || observed.contains(l)) {
                entries.add(new Entry(l, read.contains(l), new LayerEntry(alone.get(l), (Sink.LayerInput) alone.get(l).layerInput(0), new int[] {l},
                        folds, observed.contains(l))));
            }
        }
    }

    /** Computes the values of {@link BatchPart} that belong to the target. */
    public void forward(BatchPart part) {
        for (int i = 0; i < ways.size(); i++) {
            Matrix to = part.target;
            if (graph.sinks().get(i) instanceof Sink.FunctionInput into) {
                to = part.preActivations[into.function()];
            }
            FixedWay.collect(ways.get(i), part, unchanged, to);
            if (graph.sinks().get(i) instanceof Sink.FunctionInput into) {
                graph.functions().get(into.function()).kind().apply(to, part.activations[into.function()]);
            }
        }
        for (Entry own : entries) {
            Matrix input = part.input(own.layer(), own.entry());
            if (own.read()) {
                own.entry().forward(part, unchanged, input, part.a[own.layer()]);
            } else {
                own.entry().input(part, unchanged, input);
            }
        }
    }

    /** Adds to the gradients of the maps, given those of the components' activations. */
    public void backward(BatchPart part) {
        for (Entry own : entries) {
            if (own.read()) {
                own.entry().addMapGradients(part, unchanged, part.input(own.layer(), own.entry()), part.aGradient[own.layer()]);
            }
        }
    }

    /**
     * Returns whether the target maps 0 to 0 up to the inputs of all layers, whatever masks the layers have, so that on a sample of zeros all components'
     * activations are 0 and no mask changes the output.
     */
    public static boolean keepsZero(NetworkGraph all) {
        boolean[] zero = new boolean[all.functions().size()];
        for (Sink sink : all.sinks()) {
            boolean own = all.path(all.one(), sink).isZero();
            for (int f = 0; f < zero.length; f++) {
                own &= all.path(all.functionOutput(f), sink).isZero() || zero[f];
            }
            if (sink instanceof Sink.FunctionInput into) {
                zero[into.function()] = own && all.functions().get(into.function()).kind().keepsZero();
            } else if (sink instanceof Sink.LayerInput && !own) {
                return false;
            }
        }
        return true;
    }
}
