package org.apd4j.reference;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.apd4j.reference.ReferenceNetwork.ResidualMlp;

/**
 * The measures of Stochastic Parameter Decomposition in double precision, the paper's and those of the authors' later code, with every formula as it
 * is printed. Adversarial reconstruction is {@link ReferenceSpd#adversary}.
 */
public final class ReferenceSpdMeasures {

    private ReferenceSpdMeasures() {
    }

    /**
     * How well the components recover the rows of TMS's encoder.
     *
     * @param mmcs mean over features of the largest cosine
     * @param mmcsDeviation its sample standard deviation over features
     * @param ml2r mean over features of the ratio of lengths at the largest cosine
     * @param ml2rDeviation its sample standard deviation over features
     * @param best c* by feature
     */
    public record Recovery(double mmcs, double mmcsDeviation, double ml2r, double ml2rDeviation, int[] best) { }

    /**
     * Recovery of W {@code [F, H]} by A {@code [F, C]} and B {@code [C, H]}: {@code P_c[i,:] = A[i,c] · B[c,:]} and
     * {@code c*(i) = argmax_c cos(P_c[i,:], W[i,:])}.
     */
    public static Recovery recovery(double[][] w, double[][] a, double[][] b) {
        int features = w.length;
        var cosines = new double[features];
        var ratios = new double[features];
        var best = new int[features];
        for (int i = 0; i < features; i++) {
            cosines[i] = Double.NEGATIVE_INFINITY;
            for (int c = 0; c < b.length; c++) {
                double weight = a[i][c];
                double[] p = Arrays.stream(b[c]).map(v -> weight * v).toArray();
                double cosine = dot(p, w[i]) / ((norm(p) + 1e-12) * (norm(w[i]) + 1e-12));
                if (cosine > cosines[i]) {
                    cosines[i] = cosine;
                    ratios[i] = norm(p) / norm(w[i]);
                    best[i] = c;
                }
            }
        }
        return new Recovery(mean(cosines), deviation(cosines), mean(ratios), deviation(ratios), best);
    }

    /** The components with {@code Σ_i |A[i,c]| · |B[c,:]|} above the threshold, the largest first. */
    public static int[] shown(double[][] a, double[][] b, double threshold) {
        var sizes = new double[b.length];
        for (int c = 0; c < b.length; c++) {
            for (double[] row : a) {
                sizes[c] += Math.abs(row[c]) * norm(b[c]);
            }
        }
        return largestFirst(sizes).filter(c -> sizes[c] > threshold).toArray();
    }

    /** X = 0.75 · I {@code [F, F]}. */
    public static double[][] oneHot(int features) {
        var x = new double[features][features];
        for (int i = 0; i < features; i++) {
            x[i][i] = 0.75;
        }
        return x;
    }

    /**
     * The greedy order of the columns of importances {@code [F, C]}: for feature 0, 1, … the unused component with the largest value in its row; the
     * rest in the order of their indices.
     */
    public static int[] sorting(double[][] importances) {
        int components = importances[0].length;
        var order = new ArrayList<Integer>();
        for (int i = 0; i < Math.min(importances.length, components); i++) {
            double[] row = importances[i];
            order.add(IntStream.range(0, components).boxed().filter(c -> !order.contains(c)).max(Comparator.comparingDouble(c -> row[c]))
                    .orElseThrow());
        }
        return completed(order, components);
    }

    /** {@code [layers][F][neurons]}: {@code Q_l[i,n] = (W_E W_in,l)[i,n] · (W_out,l W_Eᵀ)[n,i]}. */
    public static double[][][] contributionsOfTarget(ResidualMlp mlp) {
        var result = new double[mlp.blocks().size()][][];
        for (int l = 0; l < result.length; l++) {
            double[][] read = product(mlp.embedding(), mlp.blocks().get(l).in());
            double[][] written = product(mlp.blocks().get(l).out(), ReferenceNetwork.transposed(mlp.embedding()));
            result[l] = new double[read.length][read[0].length];
            for (int i = 0; i < read.length; i++) {
                for (int n = 0; n < read[i].length; n++) {
                    result[l][i][n] = read[i][n] * written[n][i];
                }
            }
        }
        return result;
    }

    /**
     * {@code [F][C][neurons]} of one layer: {@code K_l[i,c,n] = (W_E A_in,l)[i,c] · B_in,l[c,n] · (A_out,l B_out,l W_Eᵀ)[n,i]}.
     *
     * @param embedding W_E {@code [F, d_resid]}
     */
    public static double[][][] contributionsOfComponents(double[][] embedding, double[][] aIn, double[][] bIn, double[][] aOut, double[][] bOut) {
        double[][] read = product(embedding, aIn);
        double[][] written = product(product(aOut, bOut), ReferenceNetwork.transposed(embedding));
        var result = new double[embedding.length][bIn.length][bIn[0].length];
        for (int i = 0; i < embedding.length; i++) {
            for (int c = 0; c < bIn.length; c++) {
                for (int n = 0; n < bIn[c].length; n++) {
                    result[i][c][n] = read[i][c] * bIn[c][n] * written[n][i];
                }
            }
        }
        return result;
    }

    /** {@code ĉ(i) = argmax_c max_n K[i,c,n]}, signed. */
    public static int[] bestContribution(double[][][] k) {
        return Arrays.stream(k).mapToInt(ofFeature -> largestFirst(
                Arrays.stream(ofFeature).mapToDouble(neurons -> Arrays.stream(neurons).max().orElseThrow()).toArray()).findFirst().orElseThrow())
                .toArray();
    }

    /** Pearson's correlation. */
    public static double correlation(double[] x, double[] y) {
        double meanX = mean(x);
        double meanY = mean(y);
        double xy = 0;
        double xx = 0;
        double yy = 0;
        for (int i = 0; i < x.length; i++) {
            xy += (x[i] - meanX) * (y[i] - meanY);
            xx += (x[i] - meanX) * (x[i] - meanX);
            yy += (y[i] - meanY) * (y[i] - meanY);
        }
        return xy / Math.sqrt(xx * yy);
    }

    /** The share of samples {@code [C]} on which an importance {@code [batch, C]} is above the threshold. */
    public static double[] frequencies(double[][] importances, double threshold) {
        var result = new double[importances[0].length];
        for (double[] sample : importances) {
            for (int c = 0; c < sample.length; c++) {
                result[c] += sample[c] > threshold ? 1.0 / importances.length : 0;
            }
        }
        return result;
    }

    /** L0: the mean number of components of a sample whose importance {@code [batch, C]} is above the threshold. */
    public static double l0(double[][] importances, double threshold) {
        return Arrays.stream(frequencies(importances, threshold)).sum();
    }

    /**
     * The assignment of the rows of g {@code [F, C]}, C ≥ F, to distinct columns that maximises {@code Σ_i g[i,σ(i)]}, then the columns that are left
     * in the order of their indices. Found among all assignments: column by column, the best value of every set of rows.
     */
    public static int[] permutation(double[][] g) {
        int features = g.length;
        int components = g[0].length;
        if (features > components || features > 20) {
            throw new IllegalArgumentException(features + " rows and " + components + " columns: rows must be no more than columns or 20");
        }
        var value = new double[components + 1][1 << features];
        Arrays.fill(value[0], Double.NEGATIVE_INFINITY);
        value[0][0] = 0;
        // taken[c][rows]: the row that column c has where the first c + 1 columns have these rows in the best way; −1 if none.
        var taken = new int[components][1 << features];
        for (int c = 0; c < components; c++) {
            for (int rows = 0; rows < 1 << features; rows++) {
                value[c + 1][rows] = value[c][rows];
                taken[c][rows] = -1;
                for (int i = 0; i < features; i++) {
                    if ((rows & 1 << i) != 0 && value[c][rows & ~(1 << i)] + g[i][c] > value[c + 1][rows]) {
                        value[c + 1][rows] = value[c][rows & ~(1 << i)] + g[i][c];
                        taken[c][rows] = i;
                    }
                }
            }
        }
        var order = new Integer[features];
        int rows = (1 << features) - 1;
        for (int c = components - 1; c >= 0; c--) {
            int i = taken[c][rows];
            if (i >= 0) {
                order[i] = c;
                rows &= ~(1 << i);
            }
        }
        return completed(List.of(order), components);
    }

    /** The identity error of g {@code [F, C]} on the one-hot inputs, for a layer where each feature should have one component. */
    public static int identityError(double[][] g, double tolerance) {
        int[] sigma = permutation(g);
        int error = 0;
        for (int i = 0; i < g.length; i++) {
            for (int c = 0; c < g[i].length; c++) {
                error += c == sigma[i] ? (g[i][c] < 1 - tolerance ? 1 : 0) : (g[i][c] > tolerance ? 1 : 0);
            }
        }
        return error;
    }

    /** The dense error of g {@code [F, C]} on the one-hot inputs, for a layer that should be one block of k components. */
    public static int denseError(double[][] g, int k, double tolerance) {
        int[] order = largestFirst(IntStream.range(0, g[0].length).mapToDouble(c -> Arrays.stream(g).mapToDouble(row -> row[c]).sum()).toArray())
                .toArray();
        int error = 0;
        for (int place = 0; place < order.length; place++) {
            int c = order[place];
            error += place < k ? (Arrays.stream(g).noneMatch(row -> row[c] >= 1 - tolerance) ? 1 : 0)
                    : (int) Arrays.stream(g).filter(row -> row[c] > tolerance).count();
        }
        return error;
    }

    private static int[] completed(List<Integer> order, int components) {
        return IntStream.concat(order.stream().mapToInt(c -> c), IntStream.range(0, components).filter(c -> !order.contains(c))).toArray();
    }

    private static IntStream largestFirst(double[] values) {
        return IntStream.range(0, values.length).boxed().sorted(Comparator.comparingDouble(c -> -values[c])).mapToInt(c -> c);
    }

    private static double[][] product(double[][] a, double[][] b) {
        var tape = new Tape();
        return tape.matmul(tape.leaf(a), tape.leaf(b)).values();
    }

    private static double dot(double[] x, double[] y) {
        return IntStream.range(0, x.length).mapToDouble(i -> x[i] * y[i]).sum();
    }

    private static double norm(double[] x) {
        return Math.sqrt(dot(x, x));
    }

    private static double mean(double[] values) {
        return Arrays.stream(values).sum() / values.length;
    }

    /** The sample standard deviation, n − 1. */
    private static double deviation(double[] values) {
        double mean = mean(values);
        return Math.sqrt(Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum() / (values.length - 1));
    }
}
