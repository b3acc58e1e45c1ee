package org.apd4j.interaction.internal;

import java.util.List;
import org.apd4j.math.internal.DoubleGemm;
import org.apd4j.math.internal.DoubleMatrix;

/** The score of a network with a node layer projected on its first directions, {@code f · C_r · C⁺}. */
public final class NodeAblation {

    private final NetworkScore scores;
    private final Section rest;
    private final DoubleMatrix basis;
    private final DoubleMatrix entry;
    private final List<SharedRows> nodes;

    /**
     * @param basis   C {@code [d, n]}
     * @param inverse C⁺ {@code [n, d]}
     */
    public NodeAblation(NetworkScore scores, Boundary layer, DoubleMatrix basis, DoubleMatrix inverse) {
        this.scores = scores;
        this.basis = basis;
        Section.Split split = scores.restFrom(layer).split();
        this.rest = split.rest();
        this.entry = DoubleGemm.product(inverse, split.entry());
        this.nodes = scores.sharedAt(layer).stream().map(f -> f.times(basis)).toList();
    }

    /** Returns the score with the first directions only. */
    public double score(int kept) {
        DoubleMatrix first = entry.rows(0, Math.min(kept, basis.columns()));
        return scores.of(batch -> rest.value(nodes.get(batch).with(DoubleGemm.product(nodes.get(batch).values().columns(0, first.rows()), first))));
    }
}
