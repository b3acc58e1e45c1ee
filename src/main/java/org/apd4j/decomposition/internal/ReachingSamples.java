package org.apd4j.decomposition.internal;

import org.apd4j.network.internal.DensePass;
import org.apd4j.network.internal.NetworkGraph;
import org.apd4j.network.internal.Sink;
import org.apd4j.network.internal.Source;

/**
 * Finds the samples of a batch in which a change of the weights can reach the output at all. In the others x is empty or activations are off in
 * its way, and every gradient attribution is 0.
 */
final class ReachingSamples {

    /** Up to this many nonlinearities, reachability is cached by activation pattern. */
    private static final int MOST_CACHED = 9;
    private static final byte YES = 1;
    private static final byte NO = 2;

    private final NetworkGraph graph;
    private final DensePass pass;
    private final ComponentEffects effects;
    /** By sink: whether a change reaches it in the sample that is looked at. */
    private final boolean[] reached;
    private final int functions;
    /** By activation pattern: 0 if not known yet, otherwise {@link #YES} or {@link #NO}. A batch is searched at every step, so this is an array. */
    private final byte[] byPattern;

    /** @param pass the network, run on the batch */
    ReachingSamples(NetworkGraph graph, DensePass pass, ComponentEffects effects) {
        this.graph = graph;
        this.pass = pass;
        this.effects = effects;
        this.reached = new boolean[graph.sinks().size()];
        this.functions = graph.functions().size();
        this.byPattern = new byte[functions <= MOST_CACHED ? 2 << functions : 0];
    }

    /**
     * Writes the rows of the samples, ascending.
     *
     * @return their number
     */
    int find(int[] rows) {
        int count = 0;
        int samples = pass.input().rows();
        for (int row = 0; row < samples; row++) {
            if (byPattern.length > 0 ? isReachingByPattern(row) : isReaching(row)) {
                rows[count++] = row;
            }
        }
        return count;
    }

    private boolean isReachingByPattern(int row) {
        int pattern = pattern(row);
        if (byPattern[pattern] == 0) {
            byPattern[pattern] = isReaching(row) ? YES : NO;
        }
        return byPattern[pattern] == YES;
    }

    /** Returns all that {@link #isReaching} looks at in a sample, as bits: whether x is not empty, and which functions pass anything on. */
    private int pattern(int row) {
        int bits = pass.input().isEmpty(row) ? 0 : 1;
        for (int function = 0; function < functions; function++) {
            bits = bits << 1 | (pass.isAwake(function, row) ? 1 : 0);
        }
        return bits;
    }

    private boolean isReaching(int row) {
        for (Sink sink : graph.sinksBesideLayers()) {
            boolean own = startsAt(sink, row) || isReachedThroughFunctions(sink);
            reached[sink.index()] = own && (!(sink instanceof Sink.FunctionInput into) || pass.isAwake(into.function(), row));
        }
        return reached[graph.output().index()];
    }

    /** Returns whether a change of the weights moves a sink by itself, through a source that is not 0. */
    private boolean startsAt(Sink sink, int row) {
        return effects.effects().stream().anyMatch(effect -> effect.sink().equals(sink) && isAlive(effect.source(), row));
    }

    private boolean isAlive(Source source, int row) {
        if (source instanceof Source.FunctionOutput from) {
            return pass.isAwake(from.function(), row);
        }
        return source instanceof Source.One || !pass.input().isEmpty(row);
    }

    private boolean isReachedThroughFunctions(Sink sink) {
        for (int function = 0; function < graph.functions().size(); function++) {
            if (reached[graph.functionInput(function).index()] && !effects.parts().total(graph.functionOutput(function), sink).isZero()) {
                return true;
            }
        }
        return false;
    }
}
