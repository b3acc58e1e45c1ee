package org.apd4j.measures;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apd4j.decomposition.Components;
import org.apd4j.decomposition.Decomposition;
import org.apd4j.decomposition.DecompositionSource;
import org.apd4j.math.Matrix;
import org.apd4j.math.Statistics;
import org.apd4j.targets.Target;
import org.apd4j.targets.Tms;

/**
 * How well the rows of the encoder are found again as rows of components (paper section 3.1; method: measures).
 *
 * <pre>{@code
 * var recovery = Recovery.of(run);
 * System.out.println("MMCS " + recovery.mmcs() + ", ML2R " + recovery.ml2r());
 * }</pre>
 *
 * @param parameter  name of the encoder matrix W {@code [features, d_out]}
 * @param components C
 * @param features   what was found of every feature, in their order
 */
public record Recovery(String parameter, int components, List<Feature> features) {

    /** MMCS that a run has to exceed to be a success. */
    public static final double SUCCESSFUL_MMCS = 0.99;

    /**
     * A feature's row of W and the component that points closest to it.
     *
     * @param feature   i
     * @param component {@code c*(i) = argmax_c cos(P_c[i,:], W[i,:])}, the lowest of equal ones
     * @param cosine    the largest cosine; that of a row of zeros is 0
     * @param l2Ratio   {@code |P_{c*}[i,:]| / |W[i,:]|}
     */
    public record Feature(int feature, int component, double cosine, double l2Ratio) {
    }

    public Recovery {
        features = List.copyOf(features);
    }

    /** Of TMS's encoder. */
    public static Recovery of(DecompositionSource decomposed) {
        Decomposition decomposition = decomposed.decomposition();
        Target target = decomposition.target();
        if (target.network().parameters().stream().noneMatch(parameter -> parameter.name().equals(Tms.ENCODER))) {
            throw new IllegalArgumentException("'" + target.name() + "' has no encoder '" + Tms.ENCODER
                    + "'; name the parameter whose rows are to be compared");
        }
        return of(decomposition, Tms.ENCODER);
    }

    /**
     * Of any decomposed parameter, whose rows are taken as features.
     *
     * @throws java.util.NoSuchElementException if the parameter is not decomposed
     * @throws IllegalArgumentException         if a row of the target's matrix is zero
     */
    public static Recovery of(DecompositionSource decomposed, String parameter) {
        Decomposition decomposition = decomposed.decomposition();
        Components components = decomposition.components();
        components.factors(parameter);
        Matrix target = decomposition.target().network().parameter(parameter).values();
        Matrix[] products = new Matrix[components.count()];
        for (int c = 0; c < products.length; c++) {
            products[c] = components.component(parameter, c);
        }
        List<Feature> features = new ArrayList<>();
        for (int i = 0; i < target.rows(); i++) {
            double length = Math.sqrt(dot(target, target, i));
            if (length == 0) {
                throw new IllegalArgumentException("row " + i + " of '" + parameter + "' is zero: it has no direction to compare with");
            }
            Feature best = new Feature(i, -1, Double.NEGATIVE_INFINITY, Double.NaN);
            for (int c = 0; c < products.length; c++) {
                double own = Math.sqrt(dot(products[c], products[c], i));
                double cosine = own == 0 ? 0 : dot(products[c], target, i) / (own * length);
                if (cosine > best.cosine()) {
                    best = new Feature(i, c, cosine, own / length);
                }
            }
            features.add(best);
        }
        return new Recovery(parameter, components.count(), features);
    }

    private static double dot(Matrix left, Matrix right, int row) {
        double sum = 0;
        for (int j = 0; j < left.columns(); j++) {
            sum += (double) left.get(row, j) * right.get(row, j);
        }
        return sum;
    }

    /** Mean max cosine similarity: the mean over features of the largest cosine. */
    public double mmcs() {
        return features.stream().mapToDouble(Feature::cosine).average().orElse(Double.NaN);
    }

    /** Mean L2 ratio: the mean over features of the ratio of lengths. */
    public double ml2r() {
        return features.stream().mapToDouble(Feature::l2Ratio).average().orElse(Double.NaN);
    }

    /** Sample standard deviation of the cosines over features. */
    public double cosineDeviation() {
        return Statistics.standardDeviation(features.stream().mapToDouble(Feature::cosine).toArray());
    }

    /** Sample standard deviation of the L2 ratios over features. */
    public double l2RatioDeviation() {
        return Statistics.standardDeviation(features.stream().mapToDouble(Feature::l2Ratio).toArray());
    }

    /** Number of different components among the best ones. */
    public int distinctComponents() {
        Set<Integer> found = new HashSet<>();
        features.forEach(feature -> found.add(feature.component()));
        return found.size();
    }

    /** Whether MMCS is above {@value #SUCCESSFUL_MMCS} and every feature has a component of its own. */
    public boolean success() {
        return mmcs() > SUCCESSFUL_MMCS && distinctComponents() == features.size();
    }
}
