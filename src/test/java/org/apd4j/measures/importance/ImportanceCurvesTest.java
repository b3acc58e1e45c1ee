package org.apd4j.measures.importance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.apd4j.data.SparseFeatures;
import org.apd4j.decomposition.ComponentMask;
import org.apd4j.decomposition.Decomposition;
import org.apd4j.decomposition.Evaluator;
import org.apd4j.decomposition.Importance;
import org.apd4j.decomposition.SoftMask;
import org.apd4j.math.Matrix;
import org.apd4j.math.SparseRows;
import org.apd4j.targets.Target;
import org.apd4j.testsupport.HandMade;
import org.apd4j.training.Provenance;
import org.junit.jupiter.api.Test;

class ImportanceCurvesTest {

    /** Component c is important as 4 |x_c| − 1 within 0 … 1, and a little with the next feature: a tenth of its size. */
    private static final class Gates implements Importance {

        @Override
        public SoftMask of(SparseRows x, Evaluator evaluator) {
            Matrix dense = x.toDense();
            Matrix g = Matrix.zeros(x.rows(), evaluator.components().count());
            for (int row = 0; row < g.rows(); row++) {
                for (int c = 0; c < dense.columns(); c++) {
                    float own = 4 * Math.abs(dense.get(row, c)) - 1;
                    float next = 0.1f * Math.abs(dense.get(row, (c + 1) % dense.columns()));
                    g.set(row, c, Math.min(1, Math.max(next, own)));
                }
            }
            return SoftMask.shared(g);
        }

        @Override
        public ComponentMask mask(SparseRows x, Evaluator evaluator) {
            return of(x, evaluator);
        }

        @Override
        public int batch() {
            return 8;
        }

        @Override
        public String describe() {
            return "size";
        }
    }

    private static Decomposition gated(double low) {
        Target target = HandMade.tms(new double[][] {{1, 0}, {0, 1}, {-1, 0}});
        Decomposition rows = HandMade.rows(new Target("toy", target.network(), new SparseFeatures(3, 0.1, low, 1), target.labels()), 4);
        return new Decomposition(rows.target(), rows.components(), new Gates(), Provenance.here(0, 0, 0, 1));
    }

    @Test
    void eachComponentFollowsItsOwnFeatureAndTheOthersAreKeptApart() {
        ImportanceCurves found = ImportanceCurves.of(gated(0), 0.75, 81);
        assertEquals(List.of(0, 1, 2), found.curves().stream().map(ImportanceCurves.Curve::component).toList());
        assertEquals(0.375, found.inputs().get(30), 1e-12);
        assertEquals(0.5, found.curves().get(1).own().get(30), 1e-6, "4 · 0.375 − 1");
        assertEquals(0.05, found.curves().get(1).others().get(40), 1e-6, "a tenth of 0.5");
        assertEquals(0.375, found.halfOpen(), 1e-12);
        assertEquals(0.1, found.largestOther(), 1e-6);
        assertEquals("half open at 0.38 on average; another feature opens a gate to at most 0.100", found.summary());
        assertEquals(0.05, found.others().get(40), 1e-6);
    }

    @Test
    void sizesCoverTheRangeOfTheDataToEitherSide() {
        ImportanceCurves found = ImportanceCurves.of(gated(-1), 0.75, 161);
        assertEquals(-1, found.inputs().get(0), 1e-12);
        assertEquals(1, found.inputs().get(160), 1e-12);
        assertEquals(0.375, found.halfOpen(), 1e-12, "the smaller side counts, without its sign");
    }

    @Test
    void aSelectionIsNoFunctionOfTheInput() {
        Decomposition selected = HandMade.rows(HandMade.tms(new double[][] {{1, 0}, {0, 1}}), 2);
        assertTrue(assertThrows(IllegalArgumentException.class, () -> ImportanceCurves.of(selected, 0.75, 5)).getMessage()
                .contains("comparing the samples of a batch"));
        assertThrows(IllegalArgumentException.class, () -> ImportanceCurves.of(gated(0), 0.75, 1));
    }
}
