package org.apd4j.decomposition;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.Arrays;
import org.apd4j.apd.ApdConfig;
import org.apd4j.math.SparseRows;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class EvaluatorTest {

    @ParameterizedTest
    @EnumSource(value = SmallRun.class, names = {"TMS_FROM_COMPONENTS", "RESIDUAL_MLP_WITH_UNIT_NORM", "GATED_FUNCTIONS"})
    void whatIsKeptFromEarlierBatchesChangesNoNumber(SmallRun kind) {
        DecompositionRun<ApdConfig> run = kind.run(3).train();
        Evaluator one = run.decomposition().evaluator();
        for (int batch = 0; batch < 3; batch++) {
            SparseRows x = run.target().data().sample(batch, 30);
            for (AttributionKind attributions : AttributionKind.values()) {
                Evaluator fresh = run.decomposition().evaluator();
                assertArrayEquals(fresh.attributions(attributions, x).toArray(), one.attributions(attributions, x).toArray());
            }
            assertArrayEquals(run.decomposition().evaluator().allComponents(x).toArray(), one.allComponents(x).toArray());
        }
    }

    @ParameterizedTest
    @EnumSource(value = SmallRun.class, names = {"TMS_FROM_COMPONENTS", "RESIDUAL_MLP_WITH_UNIT_NORM"})
    void anEvaluatorShowsTheRunAsItWasAndTheNextOneAsItIs(SmallRun kind) {
        DecompositionRun<ApdConfig> run = kind.run(6).train(3);
        SparseRows x = run.target().data().sample(1, 30);
        Evaluator before = run.decomposition().evaluator();
        float[] then = before.attributions(AttributionKind.GRADIENT_FROM_TARGET, x).toArray();
        run.train();
        assertArrayEquals(then, before.attributions(AttributionKind.GRADIENT_FROM_TARGET, x).toArray());
        assertFalse(Arrays.equals(then, run.decomposition().evaluator().attributions(AttributionKind.GRADIENT_FROM_TARGET, x).toArray()));
    }
}
