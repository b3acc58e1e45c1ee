package org.apd4j.measures.importance;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apd4j.decomposition.Components;
import org.apd4j.decomposition.DecompositionSource;
import org.apd4j.decomposition.SoftMask;
import org.apd4j.decomposition.internal.RankOneLayer;
import org.apd4j.math.Matrix;
import org.apd4j.math.SparseRows;
import org.apd4j.math.internal.Gemm;
import org.apd4j.measures.internal.MeasurementContext;
import org.apd4j.network.Network;
import org.apd4j.network.internal.LayeredPass;
import org.apd4j.network.internal.NetworkGraph;

/**
 * The importance of the components of a layer over their inner activation {@code a = x A_c}, where x is the layer's input in the target, on natural
 * samples. With SPD's gates it is a function of a alone, so that the points of a component lie on a curve.
 *
 * <pre>{@code
 * var encoder = ImportanceResponse.of(run, 0, List.of(0, 1), 0);
 * System.out.println(encoder.curves().get(0).importances());
 * }</pre>
 *
 * @param layer  the name of the layer
 * @param curves the points of each component
 */
public record ImportanceResponse(String layer, List<Curve> curves) {

    private static final int SAMPLES = 2_000;

    /**
     * The points of one component.
     *
     * @param component   the index of the component
     * @param activations by sample, the inner activation
     * @param importances by sample, the importance, 0 … 1
     */
    public record Curve(int component, List<Double> activations, List<Double> importances) {

        /** Copies the lists. */
        public Curve {
            activations = List.copyOf(activations);
            importances = List.copyOf(importances);
        }
    }

    /** Copies the list. */
    public ImportanceResponse {
        curves = List.copyOf(curves);
    }

    /**
     * Measures a decomposition on 2,000 samples of its target's data.
     *
     * @param layer      the index of the layer
     * @param components the components that are measured
     * @param seed       the seed of the samples
     * @throws IllegalArgumentException if there is no such layer or component, or the components have a rank above 1
     */
    public static ImportanceResponse of(DecompositionSource decomposed, int layer, List<Integer> components, long seed) {
        var context = new MeasurementContext(decomposed);
        Components all = context.evaluator().components();
        List<NetworkGraph.Layer> layers = all.graph().layers();
        if (layer < 0 || layer >= layers.size()) {
            throw new IllegalArgumentException("layer is " + layer + "; it must be 0 … " + (layers.size() - 1));
        }
        NetworkGraph.Layer use = layers.get(layer);
        if (all.factors(use.parameter()).rank() > 1) {
            throw new IllegalArgumentException("the components of '" + use.parameter() + "' have rank " + all.factors(use.parameter()).rank()
                    + "; an inner activation is a number only for rank 1");
        }
        Network network = all.graph().network();
        RankOneLayer own = RankOneLayer.of(network, use, all.factors(use.parameter()));
        SparseRows x = context.target().data().sample(seed, SAMPLES);
        Map<String, Matrix> values = LayeredPass.values(network, x.toDense());
        Matrix input = Objects.requireNonNull(values.get(network.node(use.node()).reads().get(0)), use.node());
        Matrix a = Gemm.productTransposed(own.a(), input, Matrix.zeros(own.components(), x.rows()));
        SoftMask mask = context.evaluator().importanceMask(x);
        Matrix g = mask.layer(mask.isShared() ? 0 : layer);
        List<Curve> curves = new ArrayList<>();
        for (int c : components) {
            if (c < 0 || c >= own.components()) {
                throw new IllegalArgumentException("there is no component " + c + "; they are numbered 0 … " + (own.components() - 1));
            }
            List<Double> activations = new ArrayList<>();
            List<Double> importances = new ArrayList<>();
            for (int row = 0; row < x.rows(); row++) {
                activations.add((double) a.get(c, row));
                importances.add((double) g.get(row, c));
            }
            curves.add(new Curve(c, activations, importances));
        }
        return new ImportanceResponse(use.node(), curves);
    }
}
