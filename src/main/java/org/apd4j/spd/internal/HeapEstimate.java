package org.apd4j.spd.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apd4j.data.Dataset;
import org.apd4j.decomposition.internal.HeapCheck;
import org.apd4j.network.Network;
import org.apd4j.network.Parameter;
import org.apd4j.network.internal.NetworkGraph;
import org.apd4j.network.internal.Sink;
import org.apd4j.network.internal.Source;
import org.apd4j.spd.SpdConfig;
import org.apd4j.targets.Target;

/**
 * An estimate of the Java heap that a run of SPD needs. It is made before the run allocates anything, so that settings that are too large fail at once
 * and not with an {@code OutOfMemoryError} in the middle of a training.
 */
final class HeapEstimate {

    private static final int FLOAT = 4;
    /** Blocks of the size of what is trained: values, gradients, Adam's two moments, and what a save copies, which is all but the gradients. */
    private static final int BLOCKS_OF_TRAINED = 7;
    /** Copies of the target's values that a save makes. */
    private static final int SAVED_BLOCKS_OF_TARGET = 2;
    /** Blocks of the size of the layers: their weights, and what the subcomponents lack. */
    private static final int BLOCKS_OF_LAYERS = 2;
    /** By sample and subcomponent: activations, γ, importances and two gradients; in a masked pass, activations, masked ones and their gradient. */
    private static final int BLOCKS_OF_COMPONENTS = 8;
    /** By sample and neuron: the target's two values, and three in a masked pass. */
    private static final int BLOCKS_OF_FUNCTIONS = 5;
    /** By sample and output: the target's, and in a masked pass the output and its gradient. */
    private static final int BLOCKS_OF_OUTPUTS = 3;
    /** Of a map that is folded: its value, and the sum of the gradients of all parts. */
    private static final int BLOCKS_OF_MAPS = 2;

    private HeapEstimate() {
    }

    /**
     * Checks that a run fits into the free heap.
     *
     * @param parameters what is decomposed
     * @throws IllegalStateException if it does not; the message says how large the heap must be
     */
    static void check(Target target, List<Parameter> parameters, SpdConfig config) {
        HeapCheck.require(bytes(target, parameters, config), target.name(), String.format(Locale.ROOT, "components %,d, gateWidth %,d, batch %,d",
                config.components(), config.gateWidth(), config.batch()), "fewer components, narrower gates, or a smaller batch");
    }

    /** Returns the approximate size in bytes of a run's arrays, including the copy of its state that a save makes. */
    static long bytes(Target target, List<Parameter> parameters, SpdConfig config) {
        Network network = target.network();
        NetworkGraph graph = NetworkGraph.of(network, parameters.stream().map(Parameter::name).toList());
        long size = Math.min(SpdObjective.PART, config.batch());
        long parts = (config.batch() + size - 1) / size;
        long trained = 0;
        long layers = 0;
        long perSample = network.inputs() + BLOCKS_OF_OUTPUTS * (long) network.outputs();
        for (NetworkGraph.Layer layer : graph.layers()) {
            long gates = config.gateWidth() == 0 ? 2 : 3L * config.gateWidth() + 1;
            trained += (layer.in() + (long) layer.out() + gates) * config.components();
            layers += (long) layer.in() * layer.out();
            perSample += (BLOCKS_OF_COMPONENTS + 2L * config.draws()) * inPasses(layer, config);
        }
        for (NetworkGraph.Function function : graph.functions()) {
            perSample += (long) BLOCKS_OF_FUNCTIONS * function.width();
        }
        List<NetworkGraph> graphs = new ArrayList<>(List.of(graph));
        graph.layers().forEach(layer -> graphs.add(NetworkGraph.ofNodes(network, List.of(layer.node()))));
        long maps = graphs.stream().mapToLong(one -> maps(one, config)).sum();
        return FLOAT * (BLOCKS_OF_TRAINED * trained + BLOCKS_OF_LAYERS * layers + SAVED_BLOCKS_OF_TARGET * saved(target) + parts * size * perSample
                + (parts + BLOCKS_OF_MAPS) * maps);
    }

    /** Returns the number of a layer's components in masked passes: with a delta component, also those that sum to the target's weights. */
    private static long inPasses(NetworkGraph.Layer layer, SpdConfig config) {
        return config.components() + (config.deltaComponent() ? Math.min(layer.in(), layer.out()) : 0L);
    }

    /** Returns the number of values of all maps of a masked network, each layer's input folded where that takes less memory. */
    private static long maps(NetworkGraph graph, SpdConfig config) {
        long values = 0;
        for (int l = 0; l < graph.layers().size(); l++) {
            NetworkGraph.Layer layer = graph.layers().get(l);
            long own = inPasses(layer, config);
            long folded = 0;
            long direct = own * layer.in();
            for (Source source : graph.sourcesBesideLayers()) {
                folded += graph.path(source, graph.layerInput(l)).isZero() ? 0 : own * source.width();
            }
            for (int before = 0; before < l; before++) {
                if (!graph.path(graph.layerOutput(before), graph.layerInput(l)).isZero()) {
                    folded += own * inPasses(graph.layers().get(before), config);
                    direct += inPasses(graph.layers().get(before), config) * layer.in();
                }
            }
            values += Math.min(folded, direct);
            for (Sink sink : graph.sinksBesideLayers()) {
                values += graph.path(graph.layerOutput(l), sink).isZero() ? 0 : own * sink.width();
            }
        }
        return values;
    }

    /** Returns the number of values that a file holds for a target. */
    private static long saved(Target target) {
        long values = target.network().parameters().stream().mapToLong(parameter -> parameter.values().size()).sum();
        return values + (target.data() instanceof Dataset rows ? (long) rows.size() * rows.features() : 0);
    }
}
