package org.apd4j.decomposition.internal;

import org.apd4j.math.Matrix;
import org.apd4j.math.SparseRows;
import org.apd4j.math.internal.Workers;
import org.apd4j.network.internal.LinearMap;
import org.apd4j.network.internal.NetworkGraph;

/**
 * The values of some samples at every place of a network, and their gradients: the storage of a pass in which layers are computed by
 * components. What lies between layers and activations is computed here; the layers themselves are the pass's business.
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
        this.sinks = new Matrix[graph.sinks()];
        this.sources = new Matrix[graph.sources()];
        this.sinkGradients = new Matrix[graph.sinks()];
        this.sourceGradients = new Matrix[graph.sources()];
    }

    /** Takes some rows of a batch as the samples of the next pass. */
    public void begin(SparseRows batch, int[] rows, int count) {
        x.gather(batch, rows, count);
        this.count = count;
        if (count > capacity) {
            capacity = batch.rows();
            for (int sink = 0; sink < sinks.length; sink++) {
                sinks[sink] = Matrix.withCapacity(capacity, graph.sinkWidth(sink));
                sinkGradients[sink] = Matrix.withCapacity(capacity, graph.sinkWidth(sink));
            }
            for (int source = 2; source < sources.length; source++) {
                sources[source] = Matrix.withCapacity(capacity, graph.sourceWidth(source));
                sourceGradients[source] = Matrix.withCapacity(capacity, graph.sourceWidth(source));
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
        return sinks[graph.output()];
    }

    /** Returns the place for the gradient of the losses with respect to ŷ. */
    public Matrix outputGradient() {
        return sinkGradients[graph.output()];
    }

    /** Returns a layer's input, {@code [n, in]}. */
    public Matrix input(int layer) {
        return sinks[graph.layerSink(layer)];
    }

    /** Returns the gradient with respect to a layer's input, {@code [n, in]}. */
    public Matrix inputGradient(int layer) {
        return sinkGradients[graph.layerSink(layer)];
    }

    /** Returns a layer's output ĥ, {@code [n, out]}. */
    public Matrix hidden(int layer) {
        return sources[graph.layerSource(layer)];
    }

    /** Returns the gradient with respect to ĥ, to which losses on hidden values add theirs. */
    public Matrix hiddenGradient(int layer) {
        return sourceGradients[graph.layerSource(layer)];
    }

    /** Computes a sink from its sources, activations included; layers' outputs take part only if they are not all zero. */
    public void collect(int sink, boolean withLayers) {
        workers.forRows(count, multiplicationsInto(sink), (first, last) -> {
            Matrix to = sinks[sink].block(first, last - first);
            LinearMap.start(graph.path(NetworkGraph.ONE, sink), to);
            for (int source = NetworkGraph.INPUT; source < graph.sources(); source++) {
                LinearMap path = graph.path(source, sink);
                boolean isLayer = source >= 2 && source < graph.functionSource(0);
                if (path != null && (withLayers || !isLayer)) {
                    path.addFrom(source, x, sources[source], first, last, to);
                }
            }
            if (graph.isFunctionSink(sink)) {
                int k = graph.functionOf(sink);
                graph.functions().get(k).kind().apply(to, sources[graph.functionSource(k)].block(first, last - first));
            }
        });
    }

    /** Sets the gradients of layers' outputs and of activations to 0, before losses add theirs. */
    public void clearSourceGradients() {
        for (Matrix gradient : sourceGradients) {
            if (gradient != null) {
                gradient.fill(0);
            }
        }
    }

    /** Takes the gradient of an activation's output back to its pre-activation. */
    public void pullBack(int sink) {
        int k = graph.functionOf(sink);
        sinkGradients[sink].copyFrom(sourceGradients[graph.functionSource(k)]);
        graph.functions().get(k).kind().pullBack(sinks[sink], sinkGradients[sink]);
    }

    /** Adds a sink's gradient to those of its sources. */
    public void distribute(int sink) {
        workers.forRows(count, multiplicationsInto(sink), (first, last) -> {
            Matrix gradient = sinkGradients[sink].block(first, last - first);
            for (int source = 2; source < graph.sources(); source++) {
                LinearMap path = graph.path(source, sink);
                if (path != null) {
                    path.addTransposed(gradient, sourceGradients[source].block(first, last - first));
                }
            }
        });
    }

    private long multiplicationsInto(int sink) {
        long sum = 0;
        for (int source = 2; source < graph.sources(); source++) {
            LinearMap path = graph.path(source, sink);
            if (path != null) {
                sum += path.isIdentity() ? path.in() : (long) path.in() * path.out();
            }
        }
        return sum;
    }
}
