package org.apd4j.decomposition;

import org.apd4j.math.Matrix;
import org.apd4j.math.RandomStream;
import org.apd4j.math.internal.Workers;

/**
 * The factors of one parameter's components, {@code P_c = A_c · B_c} with {@code A [C, d_in, m]} and {@code B [C, m, d_out]} (paper appendix A).
 * Each is one array, component after component. Training changes them in place.
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
     * Creates factors over the given arrays, which are not copied.
     *
     * @param parameter  name of the parameter
     * @param components number of components C, at least 1
     * @param a          {@code A [C · d_in, m]}
     * @param b          {@code B [C · m, d_out]}
     * @throws IllegalArgumentException if the shapes do not fit
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

    /** Returns factors that are 0: {@code A [C, in, rank]}, {@code B [C, rank, out]}. */
    public static Factors zeros(String parameter, int components, int in, int out, int rank) {
        return new Factors(parameter, components, Matrix.zeros(components * in, rank), Matrix.zeros(components * rank, out));
    }

    /**
     * Returns factors at random initial values: {@code A, B ~ N(0, σ²)} with {@code σ = s · sqrt(2 / (fan_in + fan_out))}. As in the reference
     * implementation, the fans are those of a tensor {@code [I, C, rows, columns]}, {@code fan_in = C · rows · columns} and
     * {@code fan_out = I · rows · columns}.
     *
     * @param parameter  name of the parameter
     * @param components number of components C
     * @param in         d_in
     * @param out        d_out
     * @param rank       m
     * @param scale      s
     * @param copies     I
     * @param seed       seed of the random numbers
     * @param number     index of the parameter among the decomposed ones; each has random numbers of its own
     * @param workers    the threads to use; their number does not change the result
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

    /** Returns the name of the parameter. */
    public String parameter() {
        return parameter;
    }

    /** Returns the number of components C. */
    public int components() {
        return components;
    }

    /** Returns the parameter's number of rows, d_in. */
    public int in() {
        return in;
    }

    /** Returns the parameter's number of columns, d_out. */
    public int out() {
        return out;
    }

    /** Returns the largest rank of a component, m. */
    public int rank() {
        return rank;
    }

    /** Returns the factors A of all components, {@code [C · d_in, m]}; not a copy. */
    public Matrix a() {
        return a;
    }

    /** Returns the factors B of all components, {@code [C · m, d_out]}; not a copy. */
    public Matrix b() {
        return b;
    }

    /** Returns {@code A_c [d_in, m]}, a view of A. */
    public Matrix a(int component) {
        return aOf[component];
    }

    /** Returns {@code B_c [m, d_out]}, a view of B. */
    public Matrix b(int component) {
        return bOf[component];
    }

    /** Returns a copy, which does not change when training goes on. */
    public Factors copy() {
        return new Factors(parameter, components, a.copy(), b.copy());
    }

    @Override
    public String toString() {
        return components + " components of " + parameter + " [" + in() + ", " + out() + "], of rank at most " + rank();
    }
}
