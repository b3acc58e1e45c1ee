package org.apd4j.sharedgate.internal;

import org.apd4j.decomposition.internal.RankOneLayer;
import org.apd4j.math.Matrix;
import org.apd4j.network.internal.NetworkGraph;

/**
 * The pieces of one parameter: each component has {@code rank} pieces of rank one, {@code A[:,c,r] · B[c,r,:]}. They are stored piece by piece, each
 * for all components: piece r of component c is row {@code r · C + c} of both factors.
 *
 * @param parameter  the name of the parameter
 * @param components number of components C
 * @param rank       number of pieces R of a component
 * @param a          {@code [R · C, in]}
 * @param b          {@code [R · C, out]}
 * @param weights    the target's values, {@code [in, out]}
 * @param uses       number of layers that use the parameter
 */
record Pieces(String parameter, int components, int rank, Matrix a, Matrix b, Matrix weights, int uses) {

    /** Returns pieces that are 0. */
    static Pieces zeros(String parameter, int components, int rank, Matrix weights, int uses) {
        return new Pieces(parameter, components, rank, Matrix.zeros(rank * components, weights.rows()),
                Matrix.zeros(rank * components, weights.columns()), weights, uses);
    }

    /** Returns the view of these pieces that a use of the parameter takes. */
    RankOneLayer layer(NetworkGraph.Layer use) {
        Matrix first = a.reshaped(a.rows(), a.columns()); // views of its own: each use has gradients of its own
        Matrix second = b.reshaped(b.rows(), b.columns());
        return use.transposed() ? new RankOneLayer(use.node(), second, first, weights.transposed(), 0) : new RankOneLayer(use.node(), first, second, weights, 0);
    }

    /** Returns room for the pieces of some of the components; these themselves if they are all. */
    Pieces room(int count) {
        return count == components ? this : zeros(parameter, count, rank, weights, uses);
    }

    /** Copies the pieces of the given components into {@code to}, in their order. */
    @SuppressWarnings("ReferenceEquality") // whether both have the same arrays
    void gather(int[] which, Pieces to) {
        if (to != this) {
            copyRows(a, to.a, which, to.components, true);
            copyRows(b, to.b, which, to.components, true);
        }
    }

    /**
     * Copies rows between an array of all components and one of some of them.
     *
     * @param all   {@code [R · C, width]}
     * @param some  {@code [R · count, width]}
     * @param which the components, {@code [count]}
     * @param out   whether from all to some, or back
     */
    void copyRows(Matrix all, Matrix some, int[] which, int count, boolean out) {
        int width = all.columns();
        for (int r = 0; r < rank; r++) {
            for (int i = 0; i < count; i++) {
                int own = all.rowStart(r * components + which[i]);
                int other = some.rowStart(r * count + i);
                System.arraycopy(out ? all.data() : some.data(), out ? own : other, out ? some.data() : all.data(), out ? other : own, width);
            }
        }
    }

    /** Sets rows of a component in an array of the shape of a factor, parameters or moments, to 0. */
    void clear(float[] values, int width, int component) {
        for (int r = 0; r < rank; r++) {
            int from = (r * components + component) * width;
            java.util.Arrays.fill(values, from, from + width, 0);
        }
    }
}
