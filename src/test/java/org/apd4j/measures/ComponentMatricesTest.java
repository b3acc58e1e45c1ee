package org.apd4j.measures;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.apd4j.decomposition.Decomposition;
import org.apd4j.decomposition.Selection;
import org.apd4j.math.Matrix;
import org.apd4j.math.internal.Grid;
import org.apd4j.measures.residual.ComponentCategories;
import org.apd4j.targets.ResidualMlp;
import org.apd4j.testsupport.HandMade;
import org.junit.jupiter.api.Test;

class ComponentMatricesTest {

    @Test
    void effectiveRankCountsDirectionsThatMatter() {
        assertEquals(3, ComponentMatrices.effectiveRank(HandMade.matrix(new double[][] {{0, 2, 0, 0}, {2, 0, 0, 0}, {0, 0, 0, -2}})), 1e-6);
        assertEquals(1, ComponentMatrices.effectiveRank(HandMade.matrix(new double[][] {{1, 2}, {2, 4}, {3, 6}})), 1e-4);
        assertEquals(0, ComponentMatrices.effectiveRank(Matrix.zeros(2, 3)), 0);
        // p = ¾, ¼: exp(¾ ln 4/3 + ¼ ln 4)
        assertEquals(Math.pow(4.0 / 3, 0.75) * Math.pow(4, 0.25),
                ComponentMatrices.effectiveRank(HandMade.matrix(new double[][] {{Math.sqrt(3), 0}, {0, 1}})), 1e-6);
    }

    @Test
    void componentsWithDifferentNeuronsAreOrthogonalAndOneWithAllNeuronsIsSimilarToEach() {
        // W_out of four neurons, rows at right angles and of length 1: components 0 … 3 one row each, 4 nothing
        Decomposition perfect = HandMade.neurons(HandMade.perfectMlp(1), 5, Selection.batchTopK(1));
        ComponentMatrices rows = ComponentMatrices.of(perfect, ResidualMlp.out(0));
        List<Integer> alive = ComponentCategories.of(perfect).alive();
        assertEquals(List.of(0, 1, 2, 3), alive);
        assertEquals(4, rows.wholeRank(), 1e-6);
        assertEquals(1, rows.meanEffectiveRank(alive), 1e-6);
        assertEquals(0, rows.meanSimilarity(alive), 1e-6);
        assertEquals(0, rows.norms().get(4), 0);
        assertEquals(0, rows.similarity().get(4, 0), 0);

        // component 0 holds all four rows, component 1 the first with the other sign: cosine −1 / (2 · 1)
        ComponentMatrices whole = ComponentMatrices.of(HandMade.decomposition(HandMade.perfectMlp(1), HandMade.config(2, Selection.batchTopK(1)),
                (parameter, c) -> {
                    Matrix own = parameter.values().copy();
                    for (int i = 0; i < own.rows() && c == 1; i++) {
                        for (int j = 0; j < own.columns(); j++) {
                            own.set(i, j, i == 0 ? -own.get(i, j) : 0);
                        }
                    }
                    return own;
                }), ResidualMlp.out(0));
        assertEquals(2, whole.norms().get(0), 1e-6);
        assertEquals(4, whole.effectiveRanks().get(0), 1e-5);
        assertEquals(-0.5, whole.similarity().get(0, 1), 1e-6);
        assertEquals(0.5, whole.meanSimilarity(List.of(0, 1)), 1e-6);
        assertEquals(Grid.of(2, 2, (i, j) -> whole.similarity().get(1 - i, 1 - j)), whole.similarity(List.of(1, 0)));
    }
}
