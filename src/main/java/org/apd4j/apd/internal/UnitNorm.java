package org.apd4j.apd.internal;

import org.apd4j.decomposition.Components;
import org.apd4j.decomposition.Factors;
import org.apd4j.math.Matrix;
import org.apd4j.math.internal.ColumnOps;
import org.apd4j.math.internal.Workers;

/** The constraint that every column {@code A_c[:, j]} has norm 1 (step 7 of the {@linkplain org.apd4j.apd method}). */
public final class UnitNorm {

    /** Squares between this and its inverse are exact to float precision; others are computed in doubles. */
    private static final float SAFE_SQUARE = 1e-25f;

    private UnitNorm() {
    }

    /** Scales all columns of A to norm 1; a column of zeros, which has no direction, is left as it is. */
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

    /** Scales a column whose square leaves the range of floats. */
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

    /**
     * Removes the part of a gradient that is parallel to the columns of A, {@code g ← g − (g · a) a} for each column.
     *
     * @param a        {@code A_c [d_in, m]}, columns of norm 1
     * @param gradient {@code [d_in, m]}, changed in place
     */
    public static void removeParallelPart(Matrix a, Matrix gradient) {
        float[] factors = new float[a.columns()];
        ColumnOps.dots(gradient, a, factors);
        for (int j = 0; j < factors.length; j++) {
            factors[j] = -factors[j];
        }
        ColumnOps.addScaled(a, factors, gradient);
    }
}
