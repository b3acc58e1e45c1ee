package org.apd4j.sharedgate.internal;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apd4j.math.Matrix;
import org.apd4j.math.SparseRows;
import org.apd4j.network.Network;
import org.apd4j.network.internal.LayeredPass;
import org.apd4j.network.internal.NetworkGraph;
import org.apd4j.sharedgate.SharedGateConfig.Start;

/** The initial values of components: what the target's weights do on one sample each, samples that differ as much as possible. */
final class InitialValues {

    /** Added to a norm before it divides. */
    private static final double NOT_ZERO = 1e-12;
    /** Size of the further pieces' B in means of the first pieces' norms. */
    private static final double FURTHER = 0.05;

    /** Fills in standard normal numbers for a further piece of a parameter's components. */
    interface Normals {

        /**
         * Fills in the numbers of A or B of a piece.
         *
         * @param parameter the number of the parameter
         * @param piece     the number of the piece, from 1
         * @param to        A or B of one component
         */
        void fill(int parameter, int component, int piece, boolean ofA, Matrix to);
    }

    private InitialValues() {
    }

    /** Returns what the first decomposed layer reads on each sample, scaled to norm 1, as columns {@code [width][samples]}. */
    static double[][] directions(Network network, NetworkGraph graph, SparseRows x) {
        Matrix input = inputs(network, graph, x.toDense(), 0);
        double[][] columns = new double[input.columns()][input.rows()];
        for (int row = 0; row < input.rows(); row++) {
            double norm = norm(input, row) + NOT_ZERO;
            for (int i = 0; i < input.columns(); i++) {
                columns[i][row] = input.get(row, i) / norm;
            }
        }
        return columns;
    }

    /**
     * Picks samples, each time the one whose largest |cos| with those picked before is smallest; of equal ones the first.
     *
     * @param directions of norm 1, as columns {@code [width][samples]}
     */
    static int[] pick(double[][] directions, int count) {
        int samples = directions[0].length;
        double[] largest = new double[samples];
        int[] picked = new int[count];
        double[] cosines = new double[samples];
        largest[0] = 2; // larger than any |cos|, so that a picked one is not picked again
        for (int next = 1; next < count; next++) {
            cosines(directions, picked[next - 1], cosines);
            int best = -1;
            for (int i = 0; i < samples; i++) {
                largest[i] = Math.max(largest[i], Math.abs(cosines[i]));
                if (best < 0 || largest[i] < largest[best]) {
                    best = i;
                }
            }
            picked[next] = best;
            largest[best] = 2;
        }
        return picked;
    }

    /** Computes the cosines of one sample with all. */
    static void cosines(double[][] directions, int sample, double[] to) {
        Arrays.fill(to, 0);
        for (double[] row : directions) {
            double own = row[sample];
            if (own != 0) {
                for (int i = 0; i < to.length; i++) {
                    to[i] += own * row[i];
                }
            }
        }
    }

    /** Returns some samples, multiplied by −1 where the sum of their entries is below 0. */
    static Matrix upright(SparseRows x, int[] picked) {
        Matrix all = Matrix.zeros(picked.length, x.columns());
        for (int row = 0; row < picked.length; row++) {
            double sum = 0;
            for (int i = x.start(picked[row]); i < x.start(picked[row] + 1); i++) {
                sum += x.value(i);
            }
            for (int i = x.start(picked[row]); i < x.start(picked[row] + 1); i++) {
                all.set(row, x.column(i), sum < 0 ? -x.value(i) : x.value(i));
            }
        }
        return all;
    }

    private static Matrix inputs(Network network, NetworkGraph graph, Matrix x, int layer) {
        Map<String, Matrix> values = LayeredPass.values(network, x);
        return input(values, network, graph, layer);
    }

    private static Matrix input(Map<String, Matrix> values, Network network, NetworkGraph graph, int layer) {
        return LayeredPass.value(values, network.node(graph.layers().get(layer).node()).reads().get(0));
    }

    private static double norm(Matrix matrix, int row) {
        double sum = 0;
        for (int i = matrix.rowStart(row); i < matrix.rowStart(row) + matrix.columns(); i++) {
            sum += (double) matrix.data()[i] * matrix.data()[i];
        }
        return Math.sqrt(sum);
    }

    /** Makes the first piece of some components of every parameter from one sample each. */
    static void firstPieces(Network network, Layout layout, List<Pieces> all, Matrix x, int[] components, Start start) {
        NetworkGraph graph = layout.graph();
        Map<String, Matrix> values = LayeredPass.values(network, x);
        for (Pieces own : all) {
            int l = 0;
            while (!graph.layers().get(l).parameter().equals(own.parameter())) {
                l++;
            }
            NetworkGraph.Layer use = graph.layers().get(l);
            Matrix weights = use.weights(own.weights());
            Matrix input = input(values, network, graph, l);
            Matrix in = use.transposed() ? own.b() : own.a();
            Matrix out = use.transposed() ? own.a() : own.b();
            boolean outward = start == Start.OUTPUT && !layout.isGate(own.parameter());
            for (int i = 0; i < components.length; i++) {
                firstPiece(input, i, weights, outward, in, out, components[i]);
            }
        }
    }

    private static void firstPiece(Matrix input, int row, Matrix weights, boolean outward, Matrix in, Matrix out, int component) {
        double[] v = new double[weights.rows()];
        double scale = 1 / (norm(input, row) + NOT_ZERO);
        for (int i = 0; i < v.length; i++) {
            v[i] = input.get(row, i) * scale;
        }
        double[] o = new double[weights.columns()];
        double square = 0;
        for (int j = 0; j < o.length; j++) {
            for (int i = 0; i < v.length; i++) {
                o[j] += v[i] * weights.get(i, j);
            }
            square += o[j] * o[j];
        }
        if (outward) {
            double length = Math.sqrt(square) + NOT_ZERO;
            for (int j = 0; j < o.length; j++) {
                o[j] /= length;
            }
            for (int i = 0; i < v.length; i++) {
                v[i] = 0;
                for (int j = 0; j < o.length; j++) {
                    v[i] += weights.get(i, j) * o[j];
                }
            }
        }
        for (int i = 0; i < v.length; i++) {
            in.set(component, i, (float) v[i]);
        }
        for (int j = 0; j < o.length; j++) {
            out.set(component, j, (float) o[j]);
        }
    }

    /** Makes the further pieces of all components: {@code A ~ N(0, 1/d_in)}, {@code B ~ N(0, (0.05 · mean_c |B[c,1,:]|)² / d_out)}. */
    static void furtherPieces(List<Pieces> all, Normals normals) {
        for (int p = 0; p < all.size(); p++) {
            Pieces own = all.get(p);
            double mean = 0;
            for (int c = 0; c < own.components(); c++) {
                mean += norm(own.b(), c) / own.components();
            }
            for (int r = 1; r < own.rank(); r++) {
                for (int c = 0; c < own.components(); c++) {
                    int row = r * own.components() + c;
                    Matrix a = own.a().block(row, 1);
                    Matrix b = own.b().block(row, 1);
                    normals.fill(p, c, r, true, a);
                    scale(a, 1 / Math.sqrt(a.columns()));
                    normals.fill(p, c, r, false, b);
                    scale(b, FURTHER * mean / Math.sqrt(b.columns()));
                }
            }
        }
    }

    static void scale(Matrix vector, double factor) {
        for (int i = vector.offset(); i < vector.offset() + vector.size(); i++) {
            vector.data()[i] = (float) (vector.data()[i] * factor);
        }
    }
}
