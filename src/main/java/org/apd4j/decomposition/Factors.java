package org.apd4j.decomposition;

import org.apd4j.math.Matrix;
import org.apd4j.math.RandomStream;
import org.apd4j.math.internal.Workers;

/**
 * The components of one parameter in factors, {@code P_c = A_c · B_c} (method: components). {@code A [C, d_in, m]}, {@code B [C, m, d_out]},
 * each in one array, component after component. They change while a run trains.
 *
 * <pre>{@code
 * Factors factors = run.decomposition().components().factors(Tms.ENCODER);
 * Matrix a = factors.a(0); // [d_in, m]
 * Matrix b = factors.b(0); // [m, d_out]
 * }</pre>
 */
public final class Factors {

    private static final long INITIAL_VALUES = 0x666163746f72L;

    private final String parameter;
    private final int components;
    private final int in;
    private final int out;
    private final int rank;
    private final Matrix a;
    private final Matrix b;
    private final Matrix[] aOf;
    private final Matrix[] bOf;

    /**
     * @param a {@code [C · d_in, m]}
     * @param b {@code [C · m, d_out]}
     */
    public Factors(String parameter, int components, Matrix a, Matrix b) {
        if (a.rows() % components != 0 || b.rows() != components * a.columns()) {
            throw new IllegalArgumentException("factors of '" + parameter + "' do not fit " + components + " components: A " + a + ", B " + b);
        }
        this.parameter = parameter;
        this.components = components;
        this.in = a.rows() / components;
        this.out = b.columns();
        this.rank = a.columns();
        this.a = a;
        this.b = b;
        this.aOf = new Matrix[components];
        this.bOf = new Matrix[components];
        for (int c = 0; c < components; c++) {
            aOf[c] = a.block(c * in, in);
            bOf[c] = b.block(c * rank, rank);
        }
    }

    /** All zero. */
    public static Factors zeros(String parameter, int components, int in, int out, int rank) {
        return new Factors(parameter, components, Matrix.zeros(components * in, rank), Matrix.zeros(components * rank, out));
    }

    /**
     * Random: {@code N(0, σ²)}, {@code σ = s · sqrt(2 / (fan_in + fan_out))}, for a tensor {@code [I, C, rows, columns]} with
     * {@code fan_in = C · rows · columns}, {@code fan_out = I · rows · columns}.
     *
     * @param scale  s
     * @param copies I
     * @param number of the parameter in its network: every one has its own random numbers
     */
    public static Factors random(String parameter, int components, int in, int out, int rank, double scale, int copies, long seed,
                                 int number, Workers workers) {
        Factors factors = zeros(parameter, components, in, out, rank);
        workers.forEach(components, 20L * rank * (in + out), c -> {
            RandomStream random = RandomStream.of(seed, INITIAL_VALUES, number, c);
            fill(factors.a(c), scale * deviation(components, copies, in, rank), random);
            fill(factors.b(c), scale * deviation(components, copies, rank, out), random);
        });
        return factors;
    }

    private static double deviation(int components, int copies, int rows, int columns) {
        return Math.sqrt(2.0 / ((double) (components + copies) * rows * columns));
    }

    private static void fill(Matrix matrix, double deviation, RandomStream random) {
        for (int i = matrix.offset(); i < matrix.offset() + matrix.size(); i++) {
            matrix.data()[i] = (float) (deviation * random.nextNormal());
        }
    }

    /** Name of the parameter. */
    public String parameter() {
        return parameter;
    }

    /** C. */
    public int components() {
        return components;
    }

    /** d_in of the parameter. */
    public int in() {
        return in;
    }

    /** d_out of the parameter. */
    public int out() {
        return out;
    }

    /** m. */
    public int rank() {
        return rank;
    }

    /** All of A, {@code [C · d_in, m]}. */
    public Matrix a() {
        return a;
    }

    /** All of B, {@code [C · m, d_out]}. */
    public Matrix b() {
        return b;
    }

    /** {@code A_c [d_in, m]}, a window. */
    public Matrix a(int component) {
        return aOf[component];
    }

    /** {@code B_c [m, d_out]}, a window. */
    public Matrix b(int component) {
        return bOf[component];
    }

    /** A copy that does not change any more. */
    public Factors copy() {
        return new Factors(parameter, components, a.copy(), b.copy());
    }

    @Override
    public String toString() {
        return components + " components of " + parameter + " [" + in() + ", " + out() + "], of rank at most " + rank();
    }
}
