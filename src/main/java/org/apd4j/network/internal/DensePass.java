package org.apd4j.network.internal;

import java.util.List;
import org.apd4j.math.Matrix;
import org.apd4j.math.SparseRows;
import org.apd4j.math.internal.Gemm;
import org.apd4j.math.internal.Workers;
import org.apd4j.network.Network;
import org.apd4j.network.Nonlinearity;

/**
 * The forward and backward pass of a network by way of its {@link LinearParts}: only activations are computed sample by sample.
 *
 * <pre>{@code
 * Network network = target.trained().network();
 * NetworkGraph graph = NetworkGraph.of(network);
 * List<Matrix> weights = graph.layers().stream().map(layer -> layer.weights(network.parameter(layer.parameter()).values())).toList();
 * Matrix output = new DensePass(graph, Workers.all()).forward(batch, new LinearParts(graph, weights)).output();
 * }</pre>
 *
 * <p>Buffers are allocated for the largest batch so far and reused. An instance serves one thread at a time.
 */
public final class DensePass {

    private final NetworkGraph graph;
    private final Workers workers;
    private final List<NetworkGraph.Observed> observed;
    private final Matrix[] preActivations;
    private final Matrix[] activations;
    /** The activations once more, by the index of their source. */
    private final Matrix[] bySource;
    private final Matrix[] hidden;
    private final Matrix[] gradients;
    /** By activation and sample, see {@link #isAwake}. */
    private final boolean[][] awake;
    private Matrix output = Matrix.zeros(0, 1);
    private int capacity;
    @SuppressWarnings("NullAway.Init") // set by forward, before which nothing reads it
    private SparseRows x;
    @SuppressWarnings("NullAway.Init") // set by forward, before which nothing reads it
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
        bySource = new Matrix[graph.sources().size()];
        gradients = new Matrix[functions];
        awake = new boolean[functions][];
        hidden = new Matrix[graph.layers().size()];
    }

    /** Computes activations, output and observed layers of a batch, which stay valid until the next call, and returns this pass. */
    public DensePass forward(SparseRows x, LinearParts parts) {
        this.x = x;
        this.parts = parts;
        reserve(x.rows());
        workers.forRows(x.rows(), multiplications(), this::forward);
        return this;
    }

    /** Returns the approximate number of multiplications a sample: the products between activations. */
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
        for (Sink sink : graph.sinksBesideLayers()) {
            Matrix to = sink instanceof Sink.FunctionInput into ? preActivations[into.function()] : output;
            Matrix rows = to.block(first, last - first);
            parts.total(graph.one(), sink).setConstant(rows);
            for (Source source : graph.sourcesBesideLayers()) {
                if (!(source instanceof Source.One)) {
                    parts.total(source, sink).addFrom(source, x, bySource, first, last, rows);
                }
            }
            if (sink instanceof Sink.FunctionInput into) {
                activate(into.function(), first, last);
            }
        }
        for (NetworkGraph.Observed mark : observed) {
            Matrix rows = hidden[mark.layer()].block(first, last - first).fill(0);
            for (Source source : graph.sourcesBesideLayers()) {
                parts.hidden(source, mark.layer()).addFrom(source, x, bySource, first, last, rows);
            }
        }
    }

    /** Adds {@code source · map} of the whole batch to {@code out}. */
    public void addFrom(Source source, LinearMap map, Matrix out) {
        map.addFrom(source, x, bySource, 0, x.rows(), out);
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

    /**
     * Propagates the gradient of a loss with respect to the output back to the layers' weights.
     *
     * @param outputGradient {@code [batch, outputs]}
     * @param weightGradients each layer's {@code [in, out]}; the gradient is added
     */
    public void backward(Matrix outputGradient, Matrix[] weightGradients) {
        for (Matrix gradient : gradients) {
            gradient.fill(0);
        }
        for (int i = graph.sinksBesideLayers().size() - 1; i >= 0; i--) {
            Sink sink = graph.sinksBesideLayers().get(i);
            Matrix gradient = outputGradient;
            if (sink instanceof Sink.FunctionInput into) {
                gradient = gradients[into.function()];
                graph.functions().get(into.function()).kind().pullBack(preActivations[into.function()], gradient);
            }
            for (Source source : graph.sourcesBesideLayers()) {
                backward(source, sink, gradient, weightGradients);
            }
        }
    }

    private void backward(Source source, Sink sink, Matrix gradient, Matrix[] weightGradients) {
        if (source instanceof Source.FunctionOutput from) {
            parts.total(source, sink).addTransposed(gradient, gradients[from.function()]);
        }
        boolean wanted = false;
        for (int layer = 0; layer < weightGradients.length; layer++) {
            wanted |= !parts.before(source, layer).isZero() && !parts.after(layer, sink).isZero();
        }
        if (wanted) {
            Matrix ofTotal = totalGradient(source, gradient, Matrix.zeros(source.width(), gradient.columns()));
            for (int layer = 0; layer < weightGradients.length; layer++) {
                parts.addWeightGradient(source, sink, ofTotal, layer, weightGradients[layer]);
            }
        }
    }

    /** Returns {@code sourceᵀ · gradient}, the gradient of the total map that the source is multiplied by. */
    private Matrix totalGradient(Source source, Matrix gradient, Matrix out) {
        if (source instanceof Source.One) {
            return Activations.sumRows(gradient, out);
        }
        if (source instanceof Source.Input) {
            x.addTransposedProduct(gradient, out);
            return out;
        }
        return Gemm.transposedProduct(bySource[source.index()], gradient, out);
    }

    private void reserve(int rows) {
        if (rows > capacity) {
            capacity = rows;
            for (int k = 0; k < preActivations.length; k++) {
                int width = graph.functions().get(k).width();
                preActivations[k] = Matrix.withCapacity(rows, width);
                activations[k] = Matrix.withCapacity(rows, width);
                bySource[graph.functionOutput(k).index()] = activations[k];
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

    /** Returns the network's output {@code [batch, outputs]}. */
    public Matrix output() {
        return output;
    }

    /** Returns the input of an activation, {@code [batch, width]}. */
    public Matrix preActivation(int function) {
        return preActivations[function];
    }

    /** Returns the output of an activation, {@code [batch, width]}. */
    public Matrix activation(int function) {
        return activations[function];
    }

    /** Returns the output of an observed layer, {@code [batch, out]}, before any bias. */
    public Matrix hidden(int layer) {
        return hidden[layer];
    }

    /** Returns whether an activation has a nonzero value or derivative in a sample. */
    public boolean isAwake(int function, int row) {
        return awake[function][row];
    }

    /** Returns the batch of the last {@link #forward}. */
    public SparseRows input() {
        return x;
    }

    /** Returns the linear parts of the last {@link #forward}. */
    public LinearParts parts() {
        return parts;
    }
}
