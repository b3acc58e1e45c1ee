package org.apd4j.sharedgate.internal;

import org.apd4j.math.Matrix;
import org.apd4j.sharedgate.GateKind;

/**
 * The readings of gates, for measures.
 *
 * <pre>{@code
 * float n = Readings.of(GateKind.ABSOLUTE, Matrix.over(new float[] {-2}, 1, 1), 0); // 2
 * }</pre>
 */
public final class Readings {

    private Readings() {
    }

    /**
     * Returns what a gate reads of a component's activations.
     *
     * @param a {@code [samples, R]}
     */
    public static float of(GateKind kind, Matrix a, int row) {
        float[] n = new float[1];
        SharedGates.read(kind, a.columns(), a.data(), a.rowStart(row), 1, 1, n, 0);
        return n[0];
    }
}
