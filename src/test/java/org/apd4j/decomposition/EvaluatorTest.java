package org.apd4j.decomposition;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.apd4j.apd.Apd;
import org.apd4j.apd.ApdConfig;
import org.apd4j.math.Matrix;
import org.apd4j.math.SparseRows;
import org.apd4j.math.internal.Workers;
import org.apd4j.network.Network;
import org.apd4j.network.internal.DensePass;
import org.apd4j.network.internal.LinearParts;
import org.apd4j.network.internal.NetworkGraph;
import org.apd4j.targets.Target;
import org.apd4j.targets.Tms;
import org.apd4j.targets.TmsConfig;
import org.apd4j.testsupport.SmallRun;
import org.junit.jupiter.api.Test;
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

    private static Matrix output(Network network, SparseRows x) {
        NetworkGraph graph = NetworkGraph.of(network);
        List<Matrix> weights = graph.layers().stream().map(layer -> layer.weights(network.parameter(layer.parameter()).values())).toList();
        return new DensePass(graph, Workers.one()).forward(x, new LinearParts(graph, weights)).output();
    }

    /** The first batch fills all the memory that there is for it, the second less, the third asks for more and has samples without components. */
    @ParameterizedTest
    @EnumSource(value = SmallRun.class, names = {"TMS_FROM_COMPONENTS", "RESIDUAL_MLP_WITH_UNIT_NORM", "OWN_CLASSIFIER"})
    void aMaskedPassGivesEverySampleTheOutputOfTheNetworkOfItsComponents(SmallRun kind) {
        DecompositionRun<ApdConfig> run = kind.run(3).train();
        Decomposition found = run.decomposition();
        Evaluator evaluator = found.evaluator();
        Random random = new Random(5);
        for (int rows : new int[] {4, 3, 8}) {
            SparseRows x = run.target().data().sample(rows, rows);
            boolean[][] active = new boolean[rows][found.count()];
            for (int row = 0; row < rows; row++) {
                for (int c = 0; c < found.count(); c++) {
                    active[row][c] = rows == 4 || row % 3 > 0 && random.nextBoolean();
                }
            }
            Matrix masked = evaluator.masked(x, Mask.of(active, found.count()));
            for (int row = 0; row < rows; row++) {
                boolean[] own = active[row];
                Matrix alone = output(found.only(IntStream.range(0, own.length).filter(c -> own[c]).toArray()).network(), x);
                for (int o = 0; o < masked.columns(); o++) {
                    float wanted = alone.get(row, o);
                    assertEquals(wanted, masked.get(row, o), 1e-4 * Math.max(1, Math.abs(wanted)), rows + " samples, output " + o + " of sample " + row);
                }
            }
        }
    }

    @Test
    void importanceByAttributionsIsSelectiveIfTrainingSelected() {
        assertTrue(new AttributionImportance(AttributionKind.ACTIVATION, Optional.of(Selection.batchTopK(1)), 4).isSelective());
        assertFalse(new AttributionImportance(AttributionKind.ACTIVATION, Optional.empty(), 4).isSelective());
    }

    @Test
    void anEvaluatorSaysWhatItsImportancesAreBy() {
        Target target = Tms.untrained(TmsConfig.paper5to2(), 0);
        String text = Apd.decompose(target, ApdConfig.paperTms5to2(), 0).decomposition().evaluator().toString();
        assertTrue(text.startsWith("evaluator of components with importance by "), text);
    }

    @ParameterizedTest
    @EnumSource(value = SmallRun.class, names = {"TMS_FROM_COMPONENTS", "RESIDUAL_MLP_WITH_UNIT_NORM", "OWN_CLASSIFIER"})
    void aMaskThatKeepsNothingGivesTheOutputOfTheNetworkWithoutComponents(SmallRun kind) {
        Decomposition found = kind.run(3).train().decomposition();
        SparseRows x = found.target().data().sample(0, 3);
        Matrix masked = found.evaluator().masked(x, Mask.of(new boolean[3][found.count()], found.count()));
        assertArrayEquals(output(found.only().network(), x).toArray(), masked.toArray(), 1e-5f);
    }
}
