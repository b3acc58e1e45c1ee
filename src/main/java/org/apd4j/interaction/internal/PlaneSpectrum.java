package org.apd4j.interaction.internal;

import java.util.Arrays;
import org.apd4j.math.internal.DoubleGemm;
import org.apd4j.math.internal.DoubleMatrix;

/**
 * The discrete Fourier transform of a square grid of real values, {@code A[i,j] = Σ_x,y f(x,y) exp(−2πi (ix + jy) / p)}.
 *
 * @param real      {@code [p, p]}
 * @param imaginary {@code [p, p]}
 */
public record PlaneSpectrum(DoubleMatrix real, DoubleMatrix imaginary) {

    /** Transforms values {@code [p, p]}. */
    public static PlaneSpectrum of(DoubleMatrix values) {
        int p = values.rows();
        // i · x modulo p first: an angle stays below 2π, and its cosine exact
        DoubleMatrix cosines = DoubleMatrix.of(p, p, (i, x) -> Math.cos(2 * Math.PI * ((long) i * x % p) / p));
        DoubleMatrix sines = DoubleMatrix.of(p, p, (i, x) -> -Math.sin(2 * Math.PI * ((long) i * x % p) / p));
        DoubleMatrix real = DoubleGemm.product(cosines, values);
        DoubleMatrix imaginary = DoubleGemm.product(sines, values);
        return new PlaneSpectrum(DoubleGemm.product(real, cosines).add(-1, DoubleGemm.product(imaginary, sines)),
                DoubleGemm.product(real, sines).add(1, DoubleGemm.product(imaginary, cosines)));
    }

    /** Returns {@code |A[i,j]|}; indices are taken modulo p. */
    public double size(int i, int j) {
        int p = real.rows();
        int row = Math.floorMod(i, p);
        int column = Math.floorMod(j, p);
        return Math.hypot(real.get(row, column), imaginary.get(row, column));
    }

    /** Returns {@code Σ |A|²}. */
    public double total() {
        return Arrays.stream(real.data()).map(x -> x * x).sum() + Arrays.stream(imaginary.data()).map(x -> x * x).sum();
    }
}
