package org.apd4j.apd.internal;

import org.apd4j.decomposition.Components;
import org.apd4j.decomposition.Factors;
import org.apd4j.math.Matrix;
import org.apd4j.math.internal.ColumnOps;
import org.apd4j.math.internal.Workers;

/** Keeps every column {@code A_c[:, j]} at norm 1 (method: one training step, 7). */
public final class UnitNorm {

    /** Squares between this and its inverse have all digits of a float. */
    private static final float SAFE_SQUARE = 1e-25f;

    private UnitNorm() {
    }

    /** Scales all columns to norm 1; a column of zeros, which has no direction, stays as it is. */
    public static void normalise(Components components, Workers workers) {
        for (Factors factors : components.factors()) {
            workers.forEach(components.count(), 2L * factors.in() * factors.rank(), c -> normalise(factors.a(c)));
        }
    }

    private static void normalise(Matrix a) {
        float[] scale = new float[a.columns()];
        ColumnOps.dots(a, a, scale);
        for (int j = 0; j < scale.length; j++) {
            if (scale[j] > SAFE_SQUARE && scale[j] < 1 / SAFE_SQUARE) {
                scale[j] = (float) (1 / Math.sqrt(scale[j]));
            } else {
                normaliseColumn(a, j);
                scale[j] = 1;
            }
        }
        ColumnOps.scale(a, scale);
    }

    /** For columns so long or so short that their squares leave the range of floats. */
    private static void normaliseColumn(Matrix a, int column) {
        double square = 0;
        for (int i = 0; i < a.rows(); i++) {
            square += (double) a.get(i, column) * a.get(i, column);
        }
        if (square > 0) {
            for (int i = 0; i < a.rows(); i++) {
                a.set(i, column, (float) (a.get(i, column) / Math.sqrt(square)));
            }
        }
    }

    /** {@code g ← g − (g · a) a}, column by column. */
    public static void removeParallelPart(Matrix a, Matrix gradient) {
        float[] factors = new float[a.columns()];
        ColumnOps.dots(gradient, a, factors);
        for (int j = 0; j < factors.length; j++) {
            factors[j] = -factors[j];
        }
        ColumnOps.addScaled(a, factors, gradient);
    }
}
