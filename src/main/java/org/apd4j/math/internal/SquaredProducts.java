package org.apd4j.math.internal;

import org.apd4j.math.Matrix;
import org.apd4j.math.SparseRows;

/**
 * The kernel of gradient attributions, {@code sums[c] += (Σ_i value_i · table[i, c])²}, for one sample, one output and all components c. Most
 * samples have one or two active features; these cases need no pass over an intermediate result.
 *
 * <pre>{@code
 * SparseRows batch = SparseRows.of(Matrix.identity(3));
 * Matrix table = Matrix.over(new float[] {1, 2, 3}, 3, 1); // of one output: [inputs, components]
 * SquaredProducts.add(batch, 0, table, 3, 0, new float[1], 0, new float[1]);
 * }</pre>
 */
public final class SquaredProducts {

    private SquaredProducts() {
    }

    /**
     * Adds the squared products of one sample and one output.
     *
     * @param x        the batch
     * @param row      index of the sample
     * @param table    {@code [features · outputs, n]}
     * @param outputs  number of outputs
     * @param output   index of the output: feature f uses row {@code f · outputs + output} of the table
     * @param sums     the array that holds the n sums
     * @param at       index of the first sum
     * @param products working memory for n values
     */
    public static void add(SparseRows x, int row, Matrix table, int outputs, int output, float[] sums, int at, float[] products) {
        int first = x.start(row);
        int count = x.start(row + 1) - first;
        if (count == 0) {
            return;
        }
        int length = table.columns();
        float[] from = table.data();
        int a = table.rowStart(x.column(first) * outputs + output);
        float u = x.value(first);
        if (count == 1) {
            for (int c = 0; c < length; c++) {
                float product = u * from[a + c];
                sums[at + c] = Math.fma(product, product, sums[at + c]);
            }
            return;
        }
        int b = table.rowStart(x.column(first + 1) * outputs + output);
        float v = x.value(first + 1);
        if (count == 2) {
            for (int c = 0; c < length; c++) {
                float product = Math.fma(v, from[b + c], u * from[a + c]);
                sums[at + c] = Math.fma(product, product, sums[at + c]);
            }
            return;
        }
        for (int c = 0; c < length; c++) {
            products[c] = Math.fma(v, from[b + c], u * from[a + c]);
        }
        for (int i = first + 2; i < first + count; i++) {
            float w = x.value(i);
            int d = table.rowStart(x.column(i) * outputs + output);
            for (int c = 0; c < length; c++) {
                products[c] = Math.fma(w, from[d + c], products[c]);
            }
        }
        for (int c = 0; c < length; c++) {
            sums[at + c] = Math.fma(products[c], products[c], sums[at + c]);
        }
    }
}
