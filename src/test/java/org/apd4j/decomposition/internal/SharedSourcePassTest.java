package org.apd4j.decomposition.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
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
            double[][] gradients = pass.backward(outputGradient);
            for (int l = 0; l < sources.size(); l++) {
                assertNear(ofSources(maskGradient.layer(l), importances.layer(l)), gradients[l]);
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

    private static double[] ofSources(Matrix maskGradient, Matrix g) {
        double[] sums = new double[g.columns()];
        for (int c = 0; c < g.columns(); c++) {
            for (int row = 0; row < g.rows(); row++) {
                sums[c] += maskGradient.get(row, c) * (1.0 - g.get(row, c));
            }
        }
        return sums;
    }

    private static void assertNear(Matrix expected, Matrix actual) {
        assertNear(doubles(expected), doubles(actual));
    }

    private static double[] doubles(Matrix matrix) {
        return IntStream.range(0, matrix.size()).mapToDouble(i -> matrix.toArray()[i]).toArray();
    }

    private static void assertNear(double[] expected, double[] actual) {
        double largest = Arrays.stream(expected).map(Math::abs).max().orElseThrow();
        assertTrue(largest > 0, "nothing to compare");
        assertArrayEquals(expected, actual, 1e-5 * largest);
    }

    @Test
    void whatDoesNotFitIsRefusedWithItsShape() {
        var run = SmallRun.TMS_FROM_COMPONENTS.run(3);
        Components components = run.decomposition().components();
        SparseRows x = run.target().data().sample(1, ROWS);
        SoftMask tooMany = SoftMask.shared(Matrix.zeros(ROWS, components.count() + 1));
        var e = assertThrows(IllegalArgumentException.class, () -> new SharedSourcePass(components, x, tooMany, Workers.all()));
        assertTrue(e.getMessage().contains("[" + ROWS + ", " + (components.count() + 1) + "]"), e.getMessage());
        SoftMask threeLayers = SoftMask.ofLayers(Collections.nCopies(3, Matrix.zeros(ROWS, components.count())));
        e = assertThrows(IllegalArgumentException.class, () -> new SharedSourcePass(components, x, threeLayers, Workers.all()));
        assertEquals("the importances have 3 layers, 2 are decomposed", e.getMessage());
        var pass = new SharedSourcePass(components, x, SoftMask.shared(Matrix.zeros(ROWS, components.count())), Workers.all());
        e = assertThrows(IllegalArgumentException.class, () -> pass.forward(List.of()));
        assertEquals("there are sources of 0 layers, and importances of 1", e.getMessage());
        e = assertThrows(IllegalArgumentException.class, () -> pass.forward(List.of(Matrix.zeros(1, components.count() + 2))));
        assertEquals("sources " + Matrix.zeros(1, components.count() + 2) + " of '" + Tms.ENCODER + "' must be [1, " + components.count() + "]",
                e.getMessage());
    }
}
