package org.apd4j.network.internal;

import java.util.ArrayList;
import java.util.List;
import org.apd4j.math.Matrix;

/**
 * The linear parts of a network whose layers have given weights: what stays between its activations once every chain of
 * linear maps, layers included, is multiplied out.
 *
 * <pre>{@code
 * Network network = target.target().network();
 * NetworkGraph graph = NetworkGraph.of(network);
 * var parts = new LinearParts(graph, graph.layers().stream().map(layer -> layer.weights(network.parameter(layer.parameter()).values())).toList());
 * }</pre>
 *
 * <p>With {@code F} the fixed paths of the {@link NetworkGraph}, and sources s that are no layers (1, x, activations):
 * <pre>
 *   before(s → l) = F(s → l) + Σ_k before(s → k) W_k F(k → l)     into layer l
 *   after(l → t)  = F(l → t) + Σ_k F(l → k) W_k after(k → t)      from layer l's output to a pre-activation or to y
 *   total(s → t)  = F(s → t) + Σ_k before(s → k) W_k F(k → t)
 * </pre>
 * A whole batch then needs only {@code total} and the activations ({@link DensePass}), and a small change {@code P} of layer
 * l's weights changes {@code total} by {@code before · P · after}: the first-order effect that gradient attributions are made
 * of, and, read backwards, the gradient of {@code W_l}.
 */
public final class LinearParts {

    private final NetworkGraph graph;
    private final LinearMap[][] before;
    private final LinearMap[][] after;
    private final LinearMap[][] total;
    private final LinearMap[][] hidden;
    private final int outputs;

    /**
     * @param graph  the network's
     * @param weights each layer's matrix {@code [in, out]}, in the order of {@link NetworkGraph#layers}; not copied
     */
    public LinearParts(NetworkGraph graph, List<Matrix> weights) {
        this.graph = graph;
        this.outputs = graph.network().outputs();
        int layers = graph.layers().size();
        List<LinearMap> maps = new ArrayList<>();
        weights.forEach(matrix -> maps.add(LinearMap.of(matrix)));
        before = new LinearMap[graph.sources()][layers];
        total = new LinearMap[graph.sources()][graph.sinks()];
        hidden = new LinearMap[graph.sources()][layers];
        after = new LinearMap[layers][graph.sinks()];
        for (int source = 0; source < graph.sources(); source++) {
            if (!isLayerSource(source)) {
                followFrom(source, maps);
            }
        }
        for (int layer = layers - 1; layer >= 0; layer--) {
            followAfter(layer, maps);
        }
    }

    private void followFrom(int source, List<LinearMap> maps) {
        int layers = maps.size();
        LinearMap[] outputs = new LinearMap[layers];
        for (int layer = 0; layer < layers; layer++) {
            before[source][layer] = collect(source, graph.layerSink(layer), outputs, layer);
            outputs[layer] = LinearMap.chain(before[source][layer], maps.get(layer));
        }
        for (NetworkGraph.Observed observed : graph.observed()) {
            hidden[source][observed.layer()] = outputs[observed.layer()];
        }
        for (int sink : graph.order()) {
            if (!graph.isLayerSink(sink)) {
                total[source][sink] = collect(source, sink, outputs, layers);
            }
        }
    }

    /** The fixed path, and those through the layers before {@code end}. */
    private LinearMap collect(int source, int sink, LinearMap[] outputs, int end) {
        LinearMap sum = graph.path(source, sink);
        for (int k = 0; k < end; k++) {
            sum = LinearMap.sum(sum, LinearMap.chain(outputs[k], graph.path(graph.layerSource(k), sink)));
        }
        return sum;
    }

    private void followAfter(int layer, List<LinearMap> maps) {
        int source = graph.layerSource(layer);
        for (int sink : graph.order()) {
            if (!graph.isLayerSink(sink)) {
                LinearMap sum = graph.path(source, sink);
                for (int k = layer + 1; k < maps.size(); k++) {
                    LinearMap inside = LinearMap.chain(graph.path(source, graph.layerSink(k)), maps.get(k));
                    sum = LinearMap.sum(sum, LinearMap.chain(inside, after[k][sink]));
                }
                after[layer][sink] = sum;
            }
        }
    }

    private LinearParts(LinearParts from, Matrix projection) {
        graph = from.graph;
        before = from.before;
        hidden = from.hidden;
        outputs = projection.columns();
        LinearMap map = LinearMap.of(projection);
        after = throughOutput(from.after, graph.output(), map);
        total = throughOutput(from.total, graph.output(), map);
    }

    private static LinearMap[][] throughOutput(LinearMap[][] maps, int output, LinearMap projection) {
        LinearMap[][] result = new LinearMap[maps.length][];
        for (int i = 0; i < maps.length; i++) {
            result[i] = maps[i].clone();
            result[i][output] = LinearMap.chain(maps[i][output], projection);
        }
        return result;
    }

    /**
     * The same network with {@code y · projection} in the place of its output y.
     *
     * @param projection {@code [outputs, k]}
     */
    public LinearParts projected(Matrix projection) {
        return new LinearParts(this, projection);
    }

    /** Width of a sink; that of the output is the projection's where there is one. */
    public int sinkWidth(int sink) {
        return sink == graph.output() ? outputs : graph.sinkWidth(sink);
    }

    /** Keeps all maps where products read them without copying: for parts that serve many steps. */
    public LinearParts share() {
        for (LinearMap[][] maps : new LinearMap[][][] {before, after, total, hidden}) {
            for (LinearMap[] row : maps) {
                for (LinearMap map : row) {
                    if (map != null) {
                        map.share();
                    }
                }
            }
        }
        return this;
    }

    private boolean isLayerSource(int source) {
        return source >= 2 && source < 2 + graph.layers().size();
    }

    public NetworkGraph graph() {
        return graph;
    }

    /** From a source that is no layer to a layer's input; null if nothing leads there. */
    public LinearMap before(int source, int layer) {
        return before[source][layer];
    }

    /** From a layer's output to a pre-activation or to the output; null if nothing leads there. */
    public LinearMap after(int layer, int sink) {
        return after[layer][sink];
    }

    /** From a source that is no layer to a pre-activation or to the output; null if nothing leads there. */
    public LinearMap total(int source, int sink) {
        return total[source][sink];
    }

    /** From a source that is no layer to the output of an observed layer; null if nothing leads there. */
    public LinearMap hidden(int source, int layer) {
        return hidden[source][layer];
    }

    /**
     * Adds to {@code gradient [in, out]} of a layer's weights what the gradient of one total map says of them:
     * {@code before(source → layer)ᵀ · gradientOfTotal · after(layer → sink)ᵀ}.
     */
    public void addWeightGradient(int source, int sink, Matrix gradientOfTotal, int layer, Matrix gradient) {
        if (before[source][layer] != null && after[layer][sink] != null) {
            LinearMap.addSandwiched(before[source][layer], gradientOfTotal, after[layer][sink], gradient);
        }
    }

    @Override
    public String toString() {
        return "linear parts of " + graph;
    }
}
