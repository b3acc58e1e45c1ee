package org.apd4j.decomposition.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apd4j.decomposition.Components;
import org.apd4j.decomposition.SoftMask;
import org.apd4j.math.Matrix;
import org.apd4j.math.SparseRows;
import org.apd4j.math.internal.Workers;
import org.apd4j.targets.Tms;
import org.apd4j.testsupport.SmallRun;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SharedSourcePassTest {

    private static final int ROWS = 20;
    private final Random random = new Random(5);

    @ParameterizedTest(name = "{0}, one importance for all layers: {1}, share of important pairs: {2}")
    @CsvSource({"TMS_FROM_COMPONENTS, true, 0.2", "TMS_FROM_COMPONENTS, false, 0.2", "RESIDUAL_MLP_WITH_UNIT_NORM, true, 0.2",
        "RESIDUAL_MLP_WITH_UNIT_NORM, false, 1", "OWN_CLASSIFIER, true, 0.5", "OWN_CLASSIFIER, false, 0"})
    void outputAndGradientAreThoseOfTheMasksThatTheSourcesMake(SmallRun kind, boolean shared, double share) {
        var run = kind.run(3).train();
        Components components = run.decomposition().components();
        SparseRows x = run.target().data().sample(1, ROWS);
        int count = components.count();
        SoftMask importances = shared ? SoftMask.shared(importances(count, share))
                : SoftMask.ofLayers(components.layers().stream().map(layer -> importances(count, share)).toList());
        List<Matrix> sources = new ArrayList<>();
        for (int l = 0; l < importances.layers(); l++) {
            sources.add(randomly(Matrix.zeros(1, count)));
        }

        var wanted = new MaskedPass(components, Workers.all());
        Matrix output = wanted.forward(x, masks(importances, sources));
        Matrix outputGradient = randomly(Matrix.zeros(output.rows(), output.columns()));
        SoftMask maskGradient = wanted.backward(outputGradient);
        var pass = new SharedSourcePass(components, x, importances, Workers.all());
        for (int again = 0; again < 2; again++) { // nothing is left of an earlier pass
            assertNear(output, pass.forward(sources));
            List<Matrix> gradients = pass.backward(outputGradient);
            for (int l = 0; l < sources.size(); l++) {
                assertNear(ofSources(maskGradient.layer(l), importances.layer(l)), gradients.get(l));
            }
        }
    }

    private Matrix importances(int components, double share) {
        Matrix g = randomly(Matrix.zeros(ROWS, components));
        for (int i = 0; i < g.size(); i++) {
            g.data()[i] = random.nextDouble() < share ? random.nextBoolean() ? 1 : g.data()[i] : 0;
        }
        return g;
    }

    private Matrix randomly(Matrix matrix) {
        for (int i = 0; i < matrix.size(); i++) {
            matrix.data()[i] = random.nextFloat();
        }
        return matrix;
    }

    private static SoftMask masks(SoftMask importances, List<Matrix> sources) {
        List<Matrix> masks = new ArrayList<>();
        for (int l = 0; l < importances.layers(); l++) {
            Matrix mask = importances.layer(l).copy();
            for (int row = 0; row < mask.rows(); row++) {
                for (int c = 0; c < mask.columns(); c++) {
                    mask.set(row, c, mask.get(row, c) + (1 - mask.get(row, c)) * sources.get(l).get(0, c));
                }
            }
            masks.add(mask);
        }
        return importances.isShared() ? SoftMask.shared(masks.get(0)) : SoftMask.ofLayers(masks);
    }

    private static Matrix ofSources(Matrix maskGradient, Matrix g) {
        Matrix sums = Matrix.zeros(1, g.columns());
        for (int c = 0; c < g.columns(); c++) {
            double sum = 0;
            for (int row = 0; row < g.rows(); row++) {
                sum += maskGradient.get(row, c) * (1.0 - g.get(row, c));
            }
            sums.set(0, c, (float) sum);
        }
        return sums;
    }

    private static void assertNear(Matrix expected, Matrix actual) {
        float largest = 0;
        for (float value : expected.toArray()) {
            largest = Math.max(largest, Math.abs(value));
        }
        assertTrue(largest > 0, "nothing to compare");
        assertArrayEquals(expected.toArray(), actual.toArray(), 1e-5f * largest);
    }

    @Test
    void whatDoesNotFitIsRefusedWithItsShape() {
        var run = SmallRun.TMS_FROM_COMPONENTS.run(3);
        Components components = run.decomposition().components();
        SparseRows x = run.target().data().sample(1, ROWS);
        SoftMask tooMany = SoftMask.shared(Matrix.zeros(ROWS, components.count() + 1));
        var e = assertThrows(IllegalArgumentException.class, () -> new SharedSourcePass(components, x, tooMany, Workers.all()));
        assertTrue(e.getMessage().contains("[" + ROWS + ", " + (components.count() + 1) + "]"), e.getMessage());
        var pass = new SharedSourcePass(components, x, SoftMask.shared(Matrix.zeros(ROWS, components.count())), Workers.all());
        e = assertThrows(IllegalArgumentException.class, () -> pass.forward(List.of(Matrix.zeros(1, components.count() + 2))));
        assertEquals("sources " + Matrix.zeros(1, components.count() + 2) + " of '" + Tms.ENCODER + "' must be [1, " + components.count() + "]",
                e.getMessage());
    }
}
