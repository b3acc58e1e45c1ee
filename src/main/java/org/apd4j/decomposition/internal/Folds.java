package org.apd4j.decomposition.internal;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apd4j.math.Matrix;
import org.apd4j.network.internal.LinearMap;

/** The folded maps of all passes over a network. Passes share those that are equal. */
public final class Folds {

    private final List<RankOneLayer> layers;
    private final int parts;
    private final int batch;
    private final List<FoldedMap> all = new ArrayList<>();

    /**
     * @param layers all decomposed layers
     * @param parts  the number of parts that a batch is divided into
     * @param batch  the number of samples, for the decision what to fold
     */
    public Folds(List<RankOneLayer> layers, int parts, int batch) {
        this.layers = layers;
        this.parts = parts;
        this.batch = batch;
    }

    RankOneLayer layer(int number) {
        return layers.get(number);
    }

    int batch() {
        return batch;
    }

    /** Returns the way from a source to the components of a layer: its A and a map {@code [width, in]}. */
    public FoldedMap.OfFactor inward(int layer, LinearMap map) {
        return ofFactor(layer(layer).a(), map, true);
    }

    /** Returns the way from the components of a layer to a sink: its B and a map {@code [out, width]}. */
    public FoldedMap.OfFactor outward(int layer, LinearMap map) {
        return ofFactor(layer(layer).b(), map, false);
    }

    private FoldedMap.OfFactor ofFactor(Matrix factor, LinearMap map, boolean inward) {
        for (FoldedMap known : all) {
            if (known instanceof FoldedMap.OfFactor own && own.isOf(factor, map, inward)) {
                return own;
            }
        }
        var made = new FoldedMap.OfFactor(factor, map, inward, parts);
        all.add(made);
        return made;
    }

    /** Returns the way from the components of a layer to those of a later one. */
    FoldedMap.OfPair between(int first, LinearMap path, int second) {
        var made = new FoldedMap.OfPair(layer(first).b(), path, layer(second).a(), parts);
        all.add(made);
        return made;
    }

    /** Returns all maps. */
    public List<FoldedMap> all() {
        return Collections.unmodifiableList(all);
    }
}
