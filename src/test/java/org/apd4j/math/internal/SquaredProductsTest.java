package org.apd4j.math.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.Random;
import org.apd4j.math.Matrix;
import org.apd4j.math.SparseRows;
import org.junit.jupiter.api.Test;

class SquaredProductsTest {

    @Test
    void squaresAreAddedForAnyNumberOfActiveFeaturesAsByNaiveLoops() {
        Random random = new Random(2);
        int features = 7;
        int outputs = 3;
        int components = 5;
        Matrix table = Matrix.zeros(features * outputs + 1, components).block(1, features * outputs);
        for (int i = 0; i < table.size(); i++) {
            table.data()[components + i] = random.nextInt(7) - 3; // whole numbers: no rounding
        }
        SparseRows batch = new SparseRows(features);
        for (int active = 0; active <= features; active++) {
            for (int i = 0; i < active; i++) {
                batch.add(i + (i + 1) * (features - active) / (active + 1), 1 + random.nextInt(4));
            }
            batch.endRow();
        }
        Matrix dense = batch.toDense();
        for (int row = 0; row < batch.rows(); row++) {
            for (int output = 0; output < outputs; output++) {
                float[] wanted = {9, 9, 1, 2, 3, 4, 5, 9};
                float[] sums = wanted.clone();
                for (int c = 0; c < components; c++) {
                    float product = 0;
                    for (int feature = 0; feature < features; feature++) {
                        product += dense.get(row, feature) * table.get(feature * outputs + output, c);
                    }
                    wanted[2 + c] += product * product;
                }
                float[] products = {77, 77, 77, 77, 77};
                SquaredProducts.add(batch, row, table, outputs, output, sums, 2, products);
                assertArrayEquals(wanted, sums, row + " active features, output " + output);
            }
        }
    }
}
