package org.apd4j.measures;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.apd4j.apd.ApdConfig;
import org.apd4j.data.Tensors;
import org.apd4j.decomposition.DecompositionRun;
import org.apd4j.figures.Figures;
import org.apd4j.math.SparseRows;
import org.apd4j.testsupport.Drawn;
import org.apd4j.testsupport.HandMade;
import org.apd4j.testsupport.SmallRun;
import org.junit.jupiter.api.Test;

class MethodSampleTest {

    /** Two features at right angles, one component for each, of a decoder without bias: the output is W Wᵀ x = (4 x₀, 9 x₁). */
    private static final double[][] ENCODER = {{2, 0}, {0, 3}};

    @Test
    void theNumbersAreThoseWorkedOutByHand() {
        var found = HandMade.rows(HandMade.tms(ENCODER), 2);
        SparseRows x = new SparseRows(2);
        x.add(1, 0.5f);
        x.endRow();
        MethodSample sample = MethodSample.of(found, x, 0, 1);
        assertEquals(List.of(0.0, 0.5), sample.inputs());
        assertEquals(List.of(0.0, 4.5), sample.target());
        assertEquals(List.of(false, true), sample.kept());
        assertEquals(List.of(0.0, 4.5), sample.sparse());
        // encoder and decoder each add the whole output to it: (4.5 + 4.5)²
        assertEquals(List.of(0.0, 81.0), sample.attributions());
        assertEquals(0, sample.faithfulness(), 0);
        assertEquals(0, sample.minimality(), 0);
        // one row of length 3, in encoder and decoder, over 2 · 4 weights
        assertEquals(2 * 3 / 8.0, sample.simplicity(), 1e-6);
    }

    @Test
    void lossesAgreeWithThoseOfTrainingOnTheSameBatch() {
        DecompositionRun<ApdConfig> run = SmallRun.TMS_FROM_COMPONENTS.run(3).train();
        SparseRows batch = run.target().data().sample(3, 64);
        double minimality = 0;
        for (int row = 0; row < batch.rows(); row++) {
            minimality += MethodSample.of(run, batch, row, run.config().power()).minimality() / batch.rows();
        }
        var evaluator = run.decomposition().evaluator();
        var y = Tensors.of(evaluator.target(batch));
        BatchLosses losses = BatchLosses.of(run, batch, run.config().power());
        assertEquals(losses.minimality(), minimality, 1e-6);
        assertEquals(losses.faithfulness(), MethodSample.of(run, batch, 0, 1).faithfulness(), 0);
        assertEquals(losses.faithfulness() + 2 * losses.minimality() + 3 * losses.simplicity(), losses.weighted(1, 2, 3), 1e-12);
        assertEquals(y.squaredDistance(Tensors.of(evaluator.masked(batch, evaluator.ownMask(batch)))) / y.length(), minimality, 1e-6);
    }

    @Test
    void theSimplicityOfABatchIsTheMeanOverItsSamples() {
        DecompositionRun<ApdConfig> run = SmallRun.TMS_FROM_COMPONENTS.run(4).train(3);
        var decomposition = run.decomposition();
        int batch = run.config().batch();
        BatchLosses losses = BatchLosses.of(decomposition, run.target().data().sample(11, batch), run.config().power());
        double simplicity = 0;
        for (int row = 0; row < batch; row++) {
            simplicity += MethodSample.of(decomposition, run.target().data().sample(11, batch), row, run.config().power()).simplicity() / batch;
        }
        assertEquals(simplicity, losses.simplicity(), 1e-9);
    }

    @Test
    void thePictureShowsEveryValueOfTheSample() {
        DecompositionRun<ApdConfig> run = SmallRun.TMS_FROM_COMPONENTS.run(2).train();
        SparseRows batch = run.target().data().sample(0, 64);
        var figure = Figures.method(MethodSample.of(run, batch, 1, 1));
        assertEquals(4 * 5 + 5 + 3, figure.numbers().rowCount());
        Drawn.check(figure);
        assertThrows(IllegalArgumentException.class, () -> MethodSample.of(run, batch, 64, 1));
    }
}
