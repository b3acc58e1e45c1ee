package org.apd4j.measures.importance;

import java.util.ArrayList;
import java.util.List;
import org.apd4j.decomposition.DecompositionSource;
import org.apd4j.decomposition.Evaluator;
import org.apd4j.decomposition.SoftMask;
import org.apd4j.math.Matrix;
import org.apd4j.math.SparseRows;
import org.apd4j.math.internal.Grid;
import org.apd4j.measures.internal.MeasurementContext;
import org.apd4j.network.internal.NetworkGraph;

/**
 * The importances of all components on inputs with a single active feature, for each layer; for all layers at once where components are shared.
 *
 * <pre>{@code
 * var oneHot = OneHotImportances.of(run, 0.75);
 * oneHot.layers().forEach(layer -> System.out.println(layer.name() + " " + layer.sorted()));
 * }</pre>
 *
 * @param value  the value of the active feature
 * @param layers an importance matrix {@code [features, C]} for each layer
 */
public record OneHotImportances(double value, List<ImportanceMatrix> layers) {

    /** Copies the list. */
    public OneHotImportances {
        layers = List.copyOf(layers);
    }

    /**
     * Measures a decomposition.
     *
     * @param value the value of the active feature; SPD's paper takes 0.75
     */
    public static OneHotImportances of(DecompositionSource decomposed, double value) {
        var context = new MeasurementContext(decomposed);
        return of(context.evaluator(), context.features(), value);
    }

    static OneHotImportances of(Evaluator evaluator, int features, double value) {
        SoftMask found = evaluator.importanceMask(SparseRows.of(MeasurementContext.oneHot(features, value)));
        List<ImportanceMatrix> layers = new ArrayList<>();
        for (int l = 0; l < found.layers(); l++) {
            Matrix own = found.layer(l);
            layers.add(new ImportanceMatrix(name(evaluator, found, l), Grid.of(own.rows(), own.columns(), own::get)));
        }
        return new OneHotImportances(value, layers);
    }

    /** Returns the name of a mask's layer for display. */
    static String name(Evaluator evaluator, SoftMask mask, int layer) {
        List<NetworkGraph.Layer> all = evaluator.components().graph().layers();
        return mask.isShared() && all.size() > 1 ? "all layers" : all.get(layer).node();
    }
}
