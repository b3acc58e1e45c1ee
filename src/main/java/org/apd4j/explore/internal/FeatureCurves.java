package org.apd4j.explore.internal;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.apd4j.decomposition.Components;
import org.apd4j.decomposition.Decomposition;
import org.apd4j.decomposition.Factors;
import org.apd4j.math.Matrix;
import org.apd4j.math.SparseRows;
import org.apd4j.math.internal.Gemm;
import org.apd4j.measures.internal.WeightedNetwork;

/** The response of every feature's own output with all components, with one alone, and with all but this one. */
final class FeatureCurves {

    private FeatureCurves() {
    }

    /**
     * Returns the curves: first those of all features with all components, then those with each feature's own component alone, then those without it.
     *
     * @param own    by feature, its component
     * @param inputs values of the feature
     * @return {@code [3 · features][inputs]}
     */
    static List<double[]> of(Decomposition decomposition, List<Integer> own, List<Double> inputs) {
        Components components = decomposition.components();
        Map<String, Matrix> sums = new HashMap<>();
        for (Factors factors : components.factors()) {
            Matrix sum = Matrix.zeros(factors.in(), factors.out());
            for (int c = 0; c < factors.components(); c++) {
                Gemm.addProduct(factors.a(c), factors.b(c), sum);
            }
            sums.put(factors.parameter(), sum);
        }
        Function<String, Matrix> summedValues = name -> Objects.requireNonNull(sums.get(name));
        List<double[]> all = new ArrayList<>();
        List<double[]> alone = new ArrayList<>();
        List<double[]> without = new ArrayList<>();
        WeightedNetwork summed = network(components, summedValues);
        for (int feature = 0; feature < own.size(); feature++) {
            int c = own.get(feature);
            SparseRows x = rows(own.size(), feature, inputs);
            all.add(column(summed.output(x), feature));
            alone.add(column(network(components, name -> components.component(name, c)).output(x), feature));
            without.add(column(network(components, name -> {
                Factors factors = components.factors(name);
                return Gemm.run(-1, factors.a(c), false, factors.b(c), false, 1, summedValues.apply(name).copy());
            }).output(x), feature));
        }
        List<double[]> curves = new ArrayList<>(all);
        curves.addAll(alone);
        curves.addAll(without);
        return curves;
    }

    private static WeightedNetwork network(Components components, Function<String, Matrix> values) {
        return new WeightedNetwork(components.graph(), values);
    }

    private static SparseRows rows(int features, int feature, List<Double> inputs) {
        SparseRows x = new SparseRows(features);
        for (double value : inputs) {
            x.add(feature, (float) value);
            x.endRow();
        }
        return x;
    }

    private static double[] column(Matrix outputs, int column) {
        double[] values = new double[outputs.rows()];
        for (int row = 0; row < values.length; row++) {
            values[row] = outputs.get(row, column);
        }
        return values;
    }
}
