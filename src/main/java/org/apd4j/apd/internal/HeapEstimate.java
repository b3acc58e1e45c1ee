package org.apd4j.apd.internal;

import java.util.List;
import java.util.Locale;
import org.apd4j.apd.ApdConfig;
import org.apd4j.data.Dataset;
import org.apd4j.decomposition.internal.HeapCheck;
import org.apd4j.network.Activation;
import org.apd4j.network.Network;
import org.apd4j.network.Parameter;
import org.apd4j.network.internal.LinearMap;
import org.apd4j.network.internal.NetworkGraph;
import org.apd4j.network.internal.Sink;
import org.apd4j.network.internal.Source;
import org.apd4j.targets.Target;

/**
 * An estimate of the Java heap that a run needs. It is made before the run allocates anything, so that settings that are too large fail at once
 * and not with an {@code OutOfMemoryError} in the middle of a training.
 */
public final class HeapEstimate {

    private static final int FLOAT = 4;
    /** Blocks of the size of the factors: values, gradients and Adam's two moments. */
    private static final int BLOCKS_OF_FACTORS = 4;
    /** Blocks of the size of the factors that a save copies: all but the gradients. */
    private static final int SAVED_BLOCKS_OF_FACTORS = 3;
    /** Copies of the parameters and of a data set's values that a save makes. */
    private static final int SAVED_BLOCKS_OF_TARGET = 2;
    /** Blocks of the size of the parameters: the sum of components and its partial sums, its gradient, and the weights of the layers. */
    private static final int BLOCKS_OF_PARAMETERS = 19;
    /** Values and gradients, each for the samples with and without active components. */
    private static final int BLOCKS_OF_BATCHES = 4;

    private HeapEstimate() {
    }

    /** Returns the approximate size in bytes of a run's arrays, including the copy of its state that a save makes. */
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
        long widths = 0;
        for (Sink sink : graph.sinks()) {
            widths += sink.width();
        }
        widths += network.inputs();
        for (Source source : graph.computedSources()) {
            widths += source.width();
        }
        return FLOAT * ((BLOCKS_OF_FACTORS + SAVED_BLOCKS_OF_FACTORS) * factors + SAVED_BLOCKS_OF_TARGET * saved(target)
                + BLOCKS_OF_PARAMETERS * parameters + config.batch() * (BLOCKS_OF_BATCHES * widths + config.components()) + tables(graph, config));
    }

    /** Returns the number of values that a file holds for a target. */
    private static long saved(Target target) {
        long values = target.network().parameters().stream().mapToLong(parameter -> parameter.values().size()).sum();
        return values + (target.data() instanceof Dataset rows ? (long) rows.size() * rows.features() : 0);
    }

    /**
     * Returns the number of values in the tables that attributions keep where only the outputs have an activation, {@code 2 · inputs · outputs · C}.
     */
    private static long tables(NetworkGraph graph, ApdConfig config) {
        if (graph.functions().size() != 1 || graph.functions().get(0).kind() != Activation.RELU) {
            return 0;
        }
        LinearMap last = graph.path(graph.functionOutput(0), graph.output());
        return !last.isIdentity() ? 0 : 2L * graph.network().inputs() * graph.network().outputs() * config.components();
    }

    /**
     * Checks that a run fits into the free heap.
     *
     * @throws IllegalStateException if it does not; the message says how large the heap must be
     */
    public static void check(Target target, ApdConfig config) {
        HeapCheck.require(bytes(target, config), target.name(), String.format(Locale.ROOT, "components %,d, rank %,d, batch %,d",
                config.components(), config.rank(), config.batch()), "fewer components, or a smaller rank or batch");
    }
}
