package org.apd4j.measures.residual;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.apd4j.data.SparseFeatures;
import org.apd4j.decomposition.Decomposition;
import org.apd4j.decomposition.Selection;
import org.apd4j.math.Matrix;
import org.apd4j.measures.residual.Scrubbing.Kind;
import org.apd4j.targets.Target;
import org.apd4j.testsupport.HandMade;
import org.junit.jupiter.api.Test;

/** {@code y = x} of two features, one active at a time: component 0 has ¾ of feature 0, component 1 its last quarter and feature 1. */
class ScrubbedSplitTest {

    private static Decomposition split() {
        Target tms = HandMade.tms(new double[][] {{1, 0}, {0, 1}});
        Target one = new Target("one at a time", tms.network(), ((SparseFeatures) tms.data()).exactly(1), tms.labels());
        Matrix[] parts = {HandMade.matrix(new double[][] {{0.75, 0}, {0, 0}}), HandMade.matrix(new double[][] {{0.25, 0}, {0, 1}})};
        return HandMade.decomposition(one, HandMade.config(2, Selection.batchTopK(1)), (parameter, c) -> parts[c]);
    }

    /**
     * Over two outputs and x uniform in [0, 1] a part p of x that is missing costs p² / 6. The decoder is the same matrix: what is left of a
     * weight w comes out as w² x.
     */
    @Test
    void onlyTheComponentOfTheActiveFeatureIsForcedAndTheOtherIsRandom() {
        Scrubbing scrubbing = Scrubbing.of(split(), 5, 40_000);
        double none = 1.0 / 6;
        double quarter = Math.pow(1 - 0.0625, 2) / 6;
        double most = Math.pow(1 - 0.5625, 2) / 6;
        // feature 0: component 1 is there or not; feature 1: its own is all
        assertEquals(0.5 * (0.5 * most), scrubbing.of(Kind.SCRUBBED).mean(), 5e-4);
        assertEquals(0.5 * (0.5 * none + 0.5 * quarter) + 0.5 * none, scrubbing.of(Kind.ANTI_SCRUBBED).mean(), 5e-3);
        assertEquals(0.5 * 0.25 * (none + quarter + most) + 0.5 * 0.5 * none, scrubbing.of(Kind.RANDOM).mean(), 5e-3);
        assertEquals(none, scrubbing.of(Kind.ZERO).mean(), 5e-3);
    }
}
