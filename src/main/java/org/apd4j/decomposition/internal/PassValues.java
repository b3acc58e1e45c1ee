package org.apd4j.decomposition.internal;

import org.apd4j.math.Matrix;
import org.apd4j.math.SparseRows;
import org.apd4j.math.internal.Workers;
import org.apd4j.network.internal.LinearMap;
import org.apd4j.network.internal.NetworkGraph;
import org.apd4j.network.internal.Sink;
import org.apd4j.network.internal.Source;

/**
 * The values of some samples at every source and sink of a network, and their gradients, for passes that compute layers by components. The fixed maps
 * and the functions between layers are computed here, the layers by the pass.
 */
public final class PassValues {

    private final NetworkGraph graph;
    private final Workers workers;
    private final SparseRows x;
    private int count;
    private int capacity;
    /** By sink: inputs of layers, pre-activations, output. */
    private final Matrix[] sinks;
    /** By source: outputs of layers, activations. */
    private final Matrix[] sources;
    private final Matrix[] sinkGradients;
    private final Matrix[] sourceGradients;

    public PassValues(NetworkGraph graph, Workers workers) {
        this.graph = graph;
        this.workers = workers;
        this.x = new SparseRows(graph.network().inputs());
        this.sinks = new Matrix[graph.sinks().size()];
        this.sources = new Matrix[graph.sources().size()];
        this.sinkGradients = new Matrix[graph.sinks().size()];
        this.sourceGradients = new Matrix[graph.sources().size()];
    }

    /** Starts a pass over some rows of a batch. */
    public void begin(SparseRows batch, int[] rows, int count) {
        x.gather(batch, rows, count);
        this.count = count;
        if (count > capacity) {
            capacity = batch.rows();
            for (Sink sink : graph.sinks()) {
                sinks[sink.index()] = Matrix.withCapacity(capacity, sink.width());
                sinkGradients[sink.index()] = Matrix.withCapacity(capacity, sink.width());
            }
            for (Source source : graph.computedSources()) {
                sources[source.index()] = Matrix.withCapacity(capacity, source.width());
                sourceGradients[source.index()] = Matrix.withCapacity(capacity, source.width());
            }
        }
        for (Matrix[] group : new Matrix[][] {sinks, sources, sinkGradients, sourceGradients}) {
            for (Matrix matrix : group) {
                if (matrix != null) {
                    matrix.resize(count);
                }
            }
        }
    }

    /** Returns the number of samples. */
    public int count() {
        return count;
    }

    /** Returns the output ŷ, {@code [n, outputs]}. */
    public Matrix output() {
        return sinks[graph.output().index()];
    }

    /** Returns the matrix for the gradient of the losses with respect to ŷ. */
    public Matrix outputGradient() {
        return sinkGradients[graph.output().index()];
    }

    /** Returns a layer's input, {@code [n, in]}. */
    public Matrix input(int layer) {
        return sinks[graph.layerInput(layer).index()];
    }

    /** Returns the gradient with respect to a layer's input, {@code [n, in]}. */
    public Matrix inputGradient(int layer) {
        return sinkGradients[graph.layerInput(layer).index()];
    }

    /** Returns a layer's output ĥ, {@code [n, out]}. */
    public Matrix hidden(int layer) {
        return sources[graph.layerOutput(layer).index()];
    }

    /** Returns the gradient with respect to ĥ, to which losses of hidden values are added. */
    public Matrix hiddenGradient(int layer) {
        return sourceGradients[graph.layerOutput(layer).index()];
    }

    /**
     * Computes a sink from its sources, and the function behind it if there is one.
     *
     * @param withLayers whether layers' outputs are among the sources; false where all of them are 0
     */
    public void collect(Sink sink, boolean withLayers) {
        workers.forRows(count, multiplicationsInto(sink), (first, last) -> {
            Matrix to = sinks[sink.index()].block(first, last - first);
            graph.path(graph.one(), sink).setConstant(to);
            for (Source source : withLayers ? graph.sources() : graph.sourcesBesideLayers()) {
                if (!(source instanceof Source.One)) {
                    graph.path(source, sink).addFrom(source, x, sources, first, last, to);
                }
            }
            if (sink instanceof Sink.FunctionInput into) {
                Matrix activation = sources[graph.functionOutput(into.function()).index()];
                graph.functions().get(into.function()).kind().apply(to, activation.block(first, last - first));
            }
        });
    }

    /** Sets the gradients of layers' outputs and of activations to 0, before losses add to them. */
    public void clearSourceGradients() {
        for (Matrix gradient : sourceGradients) {
            if (gradient != null) {
                gradient.fill(0);
            }
        }
    }

    /** Computes the gradient with respect to a pre-activation from that with respect to the activation. */
    public void pullBack(Sink.FunctionInput sink) {
        Matrix gradient = sinkGradients[sink.index()].copyFrom(sourceGradients[graph.functionOutput(sink.function()).index()]);
        graph.functions().get(sink.function()).kind().pullBack(sinks[sink.index()], gradient);
    }

    /** Adds a sink's gradient to those of its sources. */
    public void distribute(Sink sink) {
        workers.forRows(count, multiplicationsInto(sink), (first, last) -> {
            Matrix gradient = sinkGradients[sink.index()].block(first, last - first);
            for (Source source : graph.computedSources()) {
                graph.path(source, sink).addTransposed(gradient, sourceGradients[source.index()].block(first, last - first));
            }
        });
    }

    private long multiplicationsInto(Sink sink) {
        long sum = 0;
        for (Source source : graph.computedSources()) {
            LinearMap path = graph.path(source, sink);
            sum += path.isIdentity() ? path.in() : (long) path.in() * path.out();
        }
        return sum;
    }
}
