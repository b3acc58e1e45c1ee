package org.apd4j.network.internal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apd4j.math.Matrix;

/**
 * The linear parts of a network whose layers have given weights: the maps between its activations once every chain of linear maps, layers included,
 * is multiplied out.
 *
 * <pre>{@code
 * Network network = target.trained().network();
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
 * A pass then needs only {@code total} and the activations ({@link DensePass}). A small change {@code P} of the weights of layer l changes
 * {@code total} by {@code before · P · after}: the first-order effect on which gradient attributions rest, and, transposed, the gradient of {@code W_l}.
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
        before = zeros(graph.sources().size(), layers);
        total = zeros(graph.sources().size(), graph.sinks().size());
        hidden = zeros(graph.sources().size(), layers);
        after = zeros(layers, graph.sinks().size());
        for (Source source : graph.sourcesBesideLayers()) {
            followFrom(source, maps);
        }
        for (int layer = layers - 1; layer >= 0; layer--) {
            followAfter(layer, maps);
        }
    }

    private static LinearMap[][] zeros(int rows, int columns) {
        LinearMap[][] maps = new LinearMap[rows][columns];
        for (LinearMap[] row : maps) {
            Arrays.fill(row, LinearMap.ZERO);
        }
        return maps;
    }

    private void followFrom(Source source, List<LinearMap> maps) {
        int from = source.index();
        LinearMap[] outputs = new LinearMap[maps.size()];
        for (int layer = 0; layer < outputs.length; layer++) {
            before[from][layer] = collect(source, graph.layerInput(layer), outputs, layer);
            outputs[layer] = LinearMap.chain(before[from][layer], maps.get(layer));
        }
        for (NetworkGraph.Observed observed : graph.observed()) {
            hidden[from][observed.layer()] = outputs[observed.layer()];
        }
        for (Sink sink : graph.sinksBesideLayers()) {
            total[from][sink.index()] = collect(source, sink, outputs, outputs.length);
        }
    }

    /** Returns the sum of the fixed path and those through the layers before {@code end}. */
    private LinearMap collect(Source source, Sink sink, LinearMap[] outputs, int end) {
        LinearMap sum = graph.path(source, sink);
        for (int k = 0; k < end; k++) {
            sum = LinearMap.sum(sum, LinearMap.chain(outputs[k], graph.path(graph.layerOutput(k), sink)));
        }
        return sum;
    }

    private void followAfter(int layer, List<LinearMap> maps) {
        Source source = graph.layerOutput(layer);
        for (Sink sink : graph.sinksBesideLayers()) {
            LinearMap sum = graph.path(source, sink);
            for (int k = layer + 1; k < maps.size(); k++) {
                LinearMap inside = LinearMap.chain(graph.path(source, graph.layerInput(k)), maps.get(k));
                sum = LinearMap.sum(sum, LinearMap.chain(inside, after[k][sink.index()]));
            }
            after[layer][sink.index()] = sum;
        }
    }

    private LinearParts(LinearParts from, Matrix projection) {
        graph = from.graph;
        before = from.before;
        hidden = from.hidden;
        outputs = projection.columns();
        LinearMap map = LinearMap.of(projection);
        after = throughOutput(from.after, graph.output().index(), map);
        total = throughOutput(from.total, graph.output().index(), map);
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
     * Returns the parts of the same network with {@code y · projection} in the place of its output y.
     *
     * @param projection {@code [outputs, k]}
     */
    public LinearParts projected(Matrix projection) {
        return new LinearParts(this, projection);
    }

    /** Returns the width of a sink; that of the output is the projection's where there is one. */
    public int width(Sink sink) {
        return sink instanceof Sink.Output ? outputs : sink.width();
    }

    /** Keeps all maps where products read them without copying: for parts that serve many steps. */
    public LinearParts share() {
        for (LinearMap[][] maps : new LinearMap[][][] {before, after, total, hidden}) {
            for (LinearMap[] row : maps) {
                for (LinearMap map : row) {
                    map.share();
                }
            }
        }
        return this;
    }

    /** Returns the graph. */
    public NetworkGraph graph() {
        return graph;
    }

    /** Returns the map from a source that is no layer to a layer's input. */
    public LinearMap before(Source source, int layer) {
        return before[source.index()][layer];
    }

    /** Returns the map from a layer's output to a pre-activation or to the output. */
    public LinearMap after(int layer, Sink sink) {
        return after[layer][sink.index()];
    }

    /** Returns the map from a source that is no layer to a pre-activation or to the output. */
    public LinearMap total(Source source, Sink sink) {
        return total[source.index()][sink.index()];
    }

    /** Returns the map from a source that is no layer to the output of an observed layer. */
    public LinearMap hidden(Source source, int layer) {
        return hidden[source.index()][layer];
    }

    /**
     * Adds to {@code gradient [in, out]} of a layer's weights what the gradient of one total map says of them:
     * {@code before(source → layer)ᵀ · gradientOfTotal · after(layer → sink)ᵀ}.
     */
    public void addWeightGradient(Source source, Sink sink, Matrix gradientOfTotal, int layer, Matrix gradient) {
        LinearMap.addSandwiched(before(source, layer), gradientOfTotal, after(layer, sink), gradient);
    }

    @Override
    public String toString() {
        return "linear parts of " + graph;
    }
}
