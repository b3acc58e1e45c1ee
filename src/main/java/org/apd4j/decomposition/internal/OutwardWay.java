package org.apd4j.decomposition.internal;

import java.util.ArrayList;
import java.util.List;
import org.apd4j.math.Matrix;
import org.apd4j.math.internal.Gemm;
import org.apd4j.network.internal.LinearMap;
import org.apd4j.network.internal.NetworkGraph;
import org.apd4j.network.internal.Sink;

/** The way from the components of a masked layer to a sink. */
record OutwardWay(int layer, FoldedMap.OfFactor map) {

    /**
     * Returns the ways of all masked layers into a sink.
     *
     * @param graph  the graph whose layers are the masked ones
     * @param number by layer of the graph: its number among all decomposed layers
     */
    static List<OutwardWay> into(NetworkGraph graph, Sink sink, int[] number, Folds folds) {
        List<OutwardWay> ways = new ArrayList<>();
        for (int k = 0; k < number.length; k++) {
            LinearMap path = graph.path(graph.layerOutput(k), sink);
            if (!path.isZero()) {
                ways.add(new OutwardWay(number[k], folds.outward(number[k], path)));
            }
        }
        return ways;
    }

    /** Adds what the ways bring, {@code [samples, width]}. */
    static void collect(List<OutwardWay> ways, BatchPart part, Matrix to) {
        for (OutwardWay way : ways) {
            Gemm.addTransposedProduct(part.pass.z[way.layer()], way.map().value(), to);
        }
    }

    /** Adds the gradient of what the ways brought to those of components and maps. */
    static void distribute(List<OutwardWay> ways, BatchPart part, Matrix gradient) {
        for (OutwardWay way : ways) {
            Gemm.addProductTransposed(way.map().value(), gradient, part.pass.zGradient[way.layer()]);
            Gemm.addProduct(part.pass.z[way.layer()], gradient, way.map().gradient(part.index));
        }
    }
}
