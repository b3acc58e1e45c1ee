package org.apd4j.decomposition.internal;

import java.util.List;
import org.apd4j.math.Matrix;
import org.apd4j.network.internal.LinearMap;
import org.apd4j.network.internal.NetworkGraph;
import org.apd4j.network.internal.Sink;
import org.apd4j.network.internal.Source;

/** A fixed map from a source that is no layer to a sink. */
record FixedWay(Source source, LinearMap map) {

    /** Returns all fixed ways into a sink. */
    static List<FixedWay> into(NetworkGraph graph, Sink sink) {
        return graph.sourcesBesideLayers().stream().filter(source -> !graph.path(source, sink).isZero())
                .map(source -> new FixedWay(source, graph.path(source, sink))).toList();
    }

    /** Computes what the ways bring, {@code [samples, width]}; functions that masked layers change have the values of the current pass. */
    static void collect(List<FixedWay> ways, BatchPart part, boolean[] changed, Matrix to) {
        to.fill(0);
        for (FixedWay way : ways) {
            if (way.source() instanceof Source.Input) {
                way.map().addApplied(part.x, 0, part.count, to.block(0, part.count));
            } else {
                way.map().addApplied(part.value(way.source(), changed), to);
            }
        }
    }

    /** Adds the gradient of what the ways brought to those of the changed functions. */
    static void distribute(List<FixedWay> ways, BatchPart part, boolean[] changed, Matrix gradient) {
        for (FixedWay way : ways) {
            if (way.source() instanceof Source.FunctionOutput from && changed[from.function()]) {
                way.map().addTransposed(gradient, part.pass.activationGradients[from.function()]);
            }
        }
    }
}
