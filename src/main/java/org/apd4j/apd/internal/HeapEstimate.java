package org.apd4j.apd.internal;

import java.util.List;
import java.util.Locale;
import org.apd4j.apd.ApdConfig;
import org.apd4j.data.Dataset;
import org.apd4j.network.Activation;
import org.apd4j.network.Network;
import org.apd4j.network.Parameter;
import org.apd4j.network.internal.LinearMap;
import org.apd4j.network.internal.NetworkGraph;
import org.apd4j.network.internal.Sink;
import org.apd4j.network.internal.Source;
import org.apd4j.targets.Target;

/**
 * How much of the Java heap a run takes: asked before anything of it is made, so that it is told at once that settings are too large for
 * this process, and not by an {@code OutOfMemoryError} in the middle of a training.
 */
public final class HeapEstimate {

    private static final int FLOAT = 4;
    /** A factor's values, their gradients and Adam's two moments. */
    private static final int BLOCKS_OF_FACTORS = 4;
    /** What a save copies of them while the training waits: all but the gradients. */
    private static final int SAVED_BLOCKS_OF_FACTORS = 3;
    /** The copies of parameters and of a data set's values that are made on the way into a file. */
    private static final int SAVED_BLOCKS_OF_TARGET = 2;
    /** The sum of the components and its partial sums, their gradient, and the target's weights in the layers. */
    private static final int BLOCKS_OF_PARAMETERS = 19;
    /** Values and gradients, of samples with and without active components. */
    private static final int BLOCKS_OF_BATCHES = 4;
    /** What the collector needs to work in, and what a step makes and forgets; measured with the settings of all experiments. */
    private static final double ROOM = 1.25;
    private static final long MEGABYTE = 1 << 20;
    /** Of the libraries, with nothing else in the heap. */
    private static final long LIBRARIES = 48 * MEGABYTE;

    private HeapEstimate() {
    }

    /** The memory of a run's own arrays in bytes, about, and of the copy of its state that is made when it saves itself. */
    public static long bytes(Target target, ApdConfig config) {
        Network network = target.network();
        List<Parameter> decomposed = LayerChoice.parameters(network, config);
        NetworkGraph graph = NetworkGraph.of(network, decomposed.stream().map(Parameter::name).toList());
        long factors = 0;
        long parameters = 0;
        for (Parameter parameter : decomposed) {
            long in = parameter.values().rows();
            long out = parameter.values().columns();
            factors += (in + out) * config.rank() * config.components();
            parameters += in * out;
        }
        long places = 0;
        for (Sink sink : graph.sinks()) {
            places += sink.width();
        }
        places += network.inputs();
        for (Source source : graph.computedSources()) {
            places += source.width();
        }
        return FLOAT * ((BLOCKS_OF_FACTORS + SAVED_BLOCKS_OF_FACTORS) * factors + SAVED_BLOCKS_OF_TARGET * saved(target) + BLOCKS_OF_PARAMETERS * parameters
                + config.batch() * (BLOCKS_OF_BATCHES * places + config.components()) + tables(graph, config));
    }

    /** The values of a target that stand in the file of a run. */
    private static long saved(Target target) {
        long values = target.network().parameters().stream().mapToLong(parameter -> parameter.values().size()).sum();
        return values + (target.data() instanceof Dataset rows ? (long) rows.size() * rows.features() : 0);
    }

    /** Where the only activation is that of the outputs, attributions keep every component's effect of every input on every output, twice. */
    private static long tables(NetworkGraph graph, ApdConfig config) {
        if (graph.functions().size() != 1 || graph.functions().get(0).kind() != Activation.RELU) {
            return 0;
        }
        LinearMap last = graph.path(graph.functionOutput(0), graph.output());
        return !last.isIdentity() ? 0 : 2L * graph.network().inputs() * graph.network().outputs() * config.components();
    }

    /**
     * @throws IllegalStateException if it does not fit, with the size of the heap that it needs
     */
    public static void check(Target target, ApdConfig config) {
        long needed = (long) (ROOM * bytes(target, config));
        if (needed <= free()) {
            return;
        }
        System.gc(); // what earlier cells made and forgot may make room
        long free = free();
        if (needed > free) {
            long heap = Math.max(LIBRARIES, Runtime.getRuntime().maxMemory() - free) + needed;
            throw new IllegalStateException(String.format(Locale.ROOT, "decomposing %s with these settings (components %,d, rank %,d, batch %,d) takes "
                            + "about %,d MB of the Java heap, of which %,d MB are free; give Java more (-Xmx%dm), or choose fewer components, or a "
                            + "smaller rank or batch", target.name(), config.components(), config.rank(), config.batch(), megabytes(needed), free / MEGABYTE,
                    megabytes(heap)));
        }
    }

    private static long free() {
        Runtime runtime = Runtime.getRuntime();
        return runtime.maxMemory() - (runtime.totalMemory() - runtime.freeMemory());
    }

    private static long megabytes(long bytes) {
        return (bytes + MEGABYTE - 1) / MEGABYTE;
    }
}
