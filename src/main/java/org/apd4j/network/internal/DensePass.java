package org.apd4j.network.internal;

import java.util.List;
import org.apd4j.math.Matrix;
import org.apd4j.math.SparseRows;
import org.apd4j.math.internal.Gemm;
import org.apd4j.math.internal.Workers;
import org.apd4j.network.Network;
import org.apd4j.network.Nonlinearity;

/**
 * Runs a network on a batch, and back, by way of its {@link LinearParts}: only activations are computed sample by sample.
 *
 * <pre>{@code
 * Network network = target.target().network();
 * NetworkGraph graph = NetworkGraph.of(network);
 * List<Matrix> weights = graph.layers().stream().map(layer -> layer.weights(network.parameter(layer.parameter()).values())).toList();
 * Matrix output = new DensePass(graph, Workers.all()).forward(batch, new LinearParts(graph, weights)).output();
 * }</pre>
 *
 * <p>Buffers are made for the largest batch so far and used again. One object serves one thread at a time.
 */
public final class DensePass {

    private final NetworkGraph graph;
    private final Workers workers;
    private final List<NetworkGraph.Observed> observed;
    private final Matrix[] preActivations;
    private final Matrix[] activations;
    private final Matrix[] hidden;
    private final Matrix[] gradients;
    /** By activation and sample, see {@link #isAwake}. */
    private final boolean[][] awake;
    private Matrix output;
    private int capacity;
    private SparseRows x;
    private LinearParts parts;

    public DensePass(NetworkGraph graph, Workers workers) {
        this(graph, workers, false);
    }

    /** @param observing whether {@link #hidden} is wanted */
    public DensePass(NetworkGraph graph, Workers workers, boolean observing) {
        this.observed = observing ? graph.observed() : List.of();
        this.graph = graph;
        this.workers = workers;
        int functions = graph.functions().size();
        preActivations = new Matrix[functions];
        activations = new Matrix[functions];
        gradients = new Matrix[functions];
        awake = new boolean[functions][];
        hidden = new Matrix[graph.layers().size()];
    }

    /** Computes activations, output and observed layers of a batch; all of them are valid until the next call. */
    public DensePass forward(SparseRows x, LinearParts parts) {
        this.x = x;
        this.parts = parts;
        reserve(x.rows());
        workers.forRows(x.rows(), multiplications(), this::forward);
        return this;
    }

    /** Of one sample, about: the products between activations. */
    private long multiplications() {
        long sum = 0;
        for (NetworkGraph.Function function : graph.functions()) {
            sum += (long) function.width() * (network().outputs() + function.width());
        }
        return sum;
    }

    private Network network() {
        return graph.network();
    }

    private void forward(int first, int last) {
        for (int sink : graph.order()) {
            if (graph.isLayerSink(sink)) {
                continue;
            }
            Matrix to = graph.isFunctionSink(sink) ? preActivations[graph.functionOf(sink)] : output;
            Matrix rows = to.block(first, last - first);
            LinearMap.start(parts.total(NetworkGraph.ONE, sink), rows);
            for (int source = NetworkGraph.INPUT; source < graph.sources(); source++) {
                add(source, parts.total(source, sink), first, last, rows);
            }
            if (graph.isFunctionSink(sink)) {
                activate(graph.functionOf(sink), first, last);
            }
        }
        for (NetworkGraph.Observed mark : observed) {
            Matrix rows = hidden[mark.layer()].block(first, last - first).fill(0);
            for (int source = 0; source < graph.sources(); source++) {
                add(source, parts.hidden(source, mark.layer()), first, last, rows);
            }
        }
    }

    private void add(int source, LinearMap map, int first, int last, Matrix rows) {
        if (map != null) {
            map.addFrom(source, x, isFunctionSource(source) ? activations[functionOfSource(source)] : null, first, last, rows);
        }
    }

    private boolean isFunctionSource(int source) {
        return source >= graph.functionSource(0);
    }

    private void activate(int function, int first, int last) {
        Nonlinearity kind = graph.functions().get(function).kind();
        Matrix values = activations[function];
        kind.apply(preActivations[function].block(first, last - first), values.block(first, last - first));
        boolean alwaysAwake = !kind.isOffAtZero();
        for (int row = first; row < last; row++) {
            awake[function][row] = alwaysAwake || !Activations.isZero(values.data(), values.rowStart(row), values.columns());
        }
    }

    private int functionOfSource(int source) {
        return source - graph.functionSource(0);
    }

    /**
     * Takes the gradient of a loss with respect to the output back to the layers' weights.
     *
     * @param outputGradient {@code [batch, outputs]}
     * @param weightGradients each layer's {@code [in, out]}; the gradient is added
     */
    public void backward(Matrix outputGradient, Matrix[] weightGradients) {
        for (Matrix gradient : gradients) {
            gradient.fill(0);
        }
        for (int i = graph.order().size() - 1; i >= 0; i--) {
            int sink = graph.order().get(i);
            if (graph.isLayerSink(sink)) {
                continue;
            }
            Matrix gradient = outputGradient;
            if (graph.isFunctionSink(sink)) {
                int function = graph.functionOf(sink);
                gradient = gradients[function];
                graph.functions().get(function).kind().pullBack(preActivations[function], gradient);
            }
            for (int source = 0; source < graph.sources(); source++) {
                backward(source, sink, gradient, weightGradients);
            }
        }
    }

    private void backward(int source, int sink, Matrix gradient, Matrix[] weightGradients) {
        if (isFunctionSource(source) && parts.total(source, sink) != null) {
            parts.total(source, sink).addTransposed(gradient, gradients[functionOfSource(source)]);
        }
        boolean wanted = false;
        for (int layer = 0; layer < weightGradients.length; layer++) {
            wanted |= parts.before(source, layer) != null && parts.after(layer, sink) != null;
        }
        if (wanted) {
            Matrix ofTotal = totalGradient(source, gradient, Matrix.zeros(graph.sourceWidth(source), gradient.columns()));
            for (int layer = 0; layer < weightGradients.length; layer++) {
                parts.addWeightGradient(source, sink, ofTotal, layer, weightGradients[layer]);
            }
        }
    }

    /** {@code sourceᵀ · gradient}: the gradient of the total map that the source is multiplied by. */
    private Matrix totalGradient(int source, Matrix gradient, Matrix out) {
        return switch (source) {
            case NetworkGraph.ONE -> Activations.sumRows(gradient, out);
            case NetworkGraph.INPUT -> {
                x.addTransposedProduct(gradient, out);
                yield out;
            }
            default -> Gemm.transposedProduct(activations[functionOfSource(source)], gradient, out);
        };
    }

    private void reserve(int rows) {
        if (rows > capacity) {
            capacity = rows;
            for (int k = 0; k < preActivations.length; k++) {
                int width = graph.functions().get(k).width();
                preActivations[k] = Matrix.withCapacity(rows, width);
                activations[k] = Matrix.withCapacity(rows, width);
                gradients[k] = Matrix.withCapacity(rows, width);
                awake[k] = new boolean[rows];
            }
            output = Matrix.withCapacity(rows, network().outputs());
            for (NetworkGraph.Observed mark : observed) {
                hidden[mark.layer()] = Matrix.withCapacity(rows, graph.layers().get(mark.layer()).out());
            }
        }
        for (int k = 0; k < preActivations.length; k++) {
            preActivations[k].resize(rows);
            activations[k].resize(rows);
            gradients[k].resize(rows);
        }
        output.resize(rows);
        for (NetworkGraph.Observed mark : observed) {
            hidden[mark.layer()].resize(rows);
        }
    }

    /** The network's output {@code [batch, outputs]}. */
    public Matrix output() {
        return output;
    }

    /** An activation's input {@code [batch, width]}. */
    public Matrix preActivation(int function) {
        return preActivations[function];
    }

    /** An activation's output {@code [batch, width]}. */
    public Matrix activation(int function) {
        return activations[function];
    }

    /** An observed layer's output {@code [batch, out]}, before any bias. */
    public Matrix hidden(int layer) {
        return hidden[layer];
    }

    /** Whether an activation passes anything on in a sample: false where every value and every derivative is 0. */
    public boolean isAwake(int function, int row) {
        return awake[function][row];
    }

    /** The batch of the last {@link #forward}. */
    public SparseRows input() {
        return x;
    }

    /** The linear parts of the last {@link #forward}. */
    public LinearParts parts() {
        return parts;
    }
}
