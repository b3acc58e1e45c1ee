package org.apd4j.decomposition.internal;

import java.util.List;
import java.util.stream.IntStream;
import org.apd4j.math.Matrix;
import org.apd4j.math.internal.Gemm;
import org.apd4j.math.internal.MaskOps;
import org.apd4j.network.internal.LinearMap;
import org.apd4j.network.internal.NetworkGraph;
import org.apd4j.network.internal.Sink;
import org.apd4j.network.internal.Source;

/**
 * The activations of a layer's components, {@code a = x A}: from the layer's input x, or folded, where the ways to A are narrower than x.
 */
final class LayerEntry {

    private record Inward(Source source, FoldedMap.OfFactor map) {
    }

    private record Between(int layer, FoldedMap.OfPair map) {
    }

    private final List<FixedWay> fixed;
    private final boolean folded;
    private final List<Integer> before;
    /** Where folded. */
    private final List<Inward> inward;
    private final List<Between> between;
    /** Where not folded: ways of earlier layers to the input, and the way from it. */
    private final List<OutwardWay> outward;
    private final List<FoldedMap.OfFactor> entry;

    /**
     * @param graph  the graph whose layers are the masked ones
     * @param sink   the input of one of its layers
     * @param number by layer of the graph: its number among all decomposed layers
     * @param observed whether the input is wanted for itself, so that it is computed even where folding would be faster
     */
    LayerEntry(NetworkGraph graph, Sink.LayerInput sink, int[] number, Folds folds, boolean observed) {
        int layer = number[sink.layer()];
        this.fixed = FixedWay.into(graph, sink);
        this.before = IntStream.range(0, number.length).filter(k -> !graph.path(graph.layerOutput(k), sink).isZero()).boxed().toList();
        RankOneLayer own = folds.layer(layer);
        this.folded = !observed && isWorthFolding(own, number, folds);
        this.inward = folded ? fixed.stream().map(way -> new Inward(way.source(), folds.inward(layer, way.map()))).toList() : List.of();
        this.between = folded ? before.stream().map(k -> new Between(number[k],
                folds.between(number[k], graph.path(graph.layerOutput(k), sink), layer))).toList() : List.of();
        this.outward = folded ? List.of() : OutwardWay.into(graph, sink, number, folds);
        this.entry = folded ? List.of() : List.of(folds.inward(layer, LinearMap.identity(own.in())));
    }

    /** Returns whether folding takes fewer multiplications than the layer's input, in a forward pass over a batch. */
    private boolean isWorthFolding(RankOneLayer own, int[] number, Folds folds) {
        double samples = folds.batch();
        double direct = samples * own.in() * own.components();
        double through = 0;
        for (FixedWay way : fixed) {
            boolean identity = way.map().isIdentity();
            through += (double) way.source().width() * own.components() * (samples + (identity ? 0 : own.in()));
            direct += identity ? 0 : samples * way.source().width() * own.in();
        }
        for (int k : before) {
            int components = folds.layer(number[k]).components();
            through += (double) components * own.components() * (samples + own.in());
            direct += samples * components * own.in();
        }
        return through < direct;
    }

    /** Returns whether the layer's input is not computed. */
    boolean isFolded() {
        return folded;
    }

    /** Returns whether a masked layer or a changed function comes before. */
    boolean isChanged(boolean[] changed) {
        return !before.isEmpty() || fixed.stream().anyMatch(way -> way.source() instanceof Source.FunctionOutput from && changed[from.function()]);
    }

    /**
     * Computes the activations.
     *
     * @param changed by function: whether masked layers change it
     * @param input   memory for the layer's input, {@code [samples, in]}
     * @param a       receives the activations, {@code [C, samples]}
     */
    void forward(BatchPart part, boolean[] changed, Matrix input, Matrix a) {
        if (!folded) {
            input(part, changed, input);
            Gemm.productTransposed(entry.get(0).value(), input, a);
            return;
        }
        float keep = 0;
        for (Inward way : inward) {
            Gemm.run(1, way.map().value(), false, part.value(way.source(), changed), true, keep, a);
            keep = 1;
        }
        for (Between way : between) {
            Gemm.run(1, way.map().value(), true, part.pass.z[way.layer()], false, keep, a);
            keep = 1;
        }
        if (keep == 0) {
            a.fill(0);
        }
    }

    /** Computes the layer's input, where it is not folded. */
    void input(BatchPart part, boolean[] changed, Matrix input) {
        FixedWay.collect(fixed, part, changed, input);
        OutwardWay.collect(outward, part, input);
    }

    /** Adds to the gradients of the maps, given that of the activations, after {@link #forward} with the same input. */
    void addMapGradients(BatchPart part, boolean[] changed, Matrix input, Matrix aGradient) {
        if (!folded) {
            Gemm.addProduct(aGradient, input, entry.get(0).gradient(part.index));
        }
        for (Inward way : inward) {
            Gemm.addProduct(aGradient, part.value(way.source(), changed), way.map().gradient(part.index));
        }
        for (Between way : between) {
            Gemm.addProductTransposed(part.pass.z[way.layer()], aGradient, way.map().gradient(part.index));
        }
    }

    /**
     * Adds to the gradients of what comes before; the input is overwritten.
     *
     * @param observed a further gradient with respect to the input, if it has rows
     */
    void distribute(BatchPart part, boolean[] changed, Matrix input, Matrix aGradient, Matrix observed) {
        if (!folded) {
            Matrix inputGradient = Gemm.transposedProduct(aGradient, entry.get(0).value(), input);
            if (observed.rows() > 0) {
                MaskOps.add(observed.data(), inputGradient.data(), 0, inputGradient.size());
            }
            FixedWay.distribute(fixed, part, changed, inputGradient);
            OutwardWay.distribute(outward, part, inputGradient);
        }
        for (Inward way : inward) {
            if (way.source() instanceof Source.FunctionOutput from && changed[from.function()]) {
                Gemm.addTransposedProduct(aGradient, way.map().value(), part.pass.activationGradients[from.function()]);
            }
        }
        for (Between way : between) {
            Gemm.addProduct(way.map().value(), aGradient, part.pass.zGradient[way.layer()]);
        }
    }
}
