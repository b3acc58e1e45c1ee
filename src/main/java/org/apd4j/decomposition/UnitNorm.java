package org.apd4j.decomposition;

import org.apd4j.kernel.ColumnLoops;
import org.apd4j.kernel.Matrix;
import org.apd4j.kernel.Workers;

/** Keeps every column {@code A_c[:, j]} at norm 1 (method: one training step, 7). */
final class UnitNorm {

    private UnitNorm() {
    }

    /** Scales all columns to norm 1. */
    static void normalise(Components components, Workers workers) {
        for (Factors factors : components.factors()) {
            workers.forEach(components.count(), 2L * factors.in() * factors.rank(), c -> normalise(factors.a(c)));
        }
    }

    private static void normalise(Matrix a) {
        float[] scale = new float[a.columns()];
        ColumnLoops.dots(a, a, scale);
        for (int j = 0; j < scale.length; j++) {
            scale[j] = (float) (1 / Math.sqrt(scale[j]));
        }
        ColumnLoops.scale(a, scale);
    }

    /** {@code g ← g − (g · a) a}, column by column. */
    static void removeParallelPart(Matrix a, Matrix gradient) {
        float[] factors = new float[a.columns()];
        ColumnLoops.dots(gradient, a, factors);
        for (int j = 0; j < factors.length; j++) {
            factors[j] = -factors[j];
        }
        ColumnLoops.addScaled(a, factors, gradient);
    }
}
