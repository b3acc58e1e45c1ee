package org.apd4j.measures.superposition;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.IntStream;
import org.apd4j.decomposition.Components;
import org.apd4j.decomposition.Decomposition;
import org.apd4j.decomposition.DecompositionSource;
import org.apd4j.math.Matrix;
import org.apd4j.math.Statistics;
import org.apd4j.targets.Target;
import org.apd4j.targets.Tms;

/**
 * How well the components recover the rows of a weight matrix, such as the encoder of a toy model of superposition (paper section 3.1). Each
 * feature's row is compared with the row of the component that is closest in direction.
 *
 * <pre>{@code
 * var recovery = Recovery.of(run);
 * System.out.println("MMCS " + recovery.mmcs() + ", ML2R " + recovery.ml2r());
 * }</pre>
 *
 * @param parameter  name of the matrix {@code W [features, d_out]}
 * @param components number of components C
 * @param features   how well each feature is recovered
 */
public record Recovery(String parameter, int components, List<Feature> features) {

    /** The mean max cosine similarity above which a decomposition succeeds, if every feature has a component of its own. */
    public static final double SUCCESSFUL_MMCS = 0.99;

    /** The least mean L2 ratio at which components count as the features' rows and not as short pieces in their directions. */
    public static final double LEAST_ML2R = 0.8;

    /**
     * The recovery of one feature.
     *
     * @param feature   index i of the feature
     * @param component {@code c*(i) = argmax_c cos(P_c[i,:], W[i,:])}, the lowest index among equal ones
     * @param cosine    the largest cosine similarity, −1 … 1; a row of zeros has 0
     * @param l2Ratio   {@code ‖P_c*[i,:]‖ / ‖W[i,:]‖}, at least 0
     */
    public record Feature(int feature, int component, double cosine, double l2Ratio) {
    }

    public Recovery {
        features = List.copyOf(features);
    }

    /**
     * Measures how well the components recover the rows of the TMS encoder.
     *
     * @throws IllegalArgumentException if the target has no such encoder, or a row of it is zero
     */
    public static Recovery of(DecompositionSource decomposed) {
        Decomposition decomposition = decomposed.decomposition();
        Target target = decomposition.target();
        if (target.network().parameters().stream().noneMatch(parameter -> parameter.name().equals(Tms.ENCODER))) {
            throw new IllegalArgumentException("'" + target.name() + "' has no encoder '" + Tms.ENCODER
                    + "'; pass the name of the parameter whose rows are the features");
        }
        return of(decomposition, Tms.ENCODER);
    }

    /**
     * Measures how well the components recover the rows of a decomposed parameter, each of which stands for a feature.
     *
     * @throws java.util.NoSuchElementException if there is no decomposed parameter of that name
     * @throws IllegalArgumentException         if a row of the target's matrix is zero
     */
    public static Recovery of(DecompositionSource decomposed, String parameter) {
        int count = decomposed.decomposition().components().factors(parameter).components();
        return of(decomposed, parameter, IntStream.range(0, count).boxed().toList());
    }

    /**
     * Measures the same with some components only, such as the live ones: the direction of a component that is never important may by chance be the
     * closest, with a length that says nothing.
     *
     * @param among indices of the components that are compared with the rows; if there is none, every feature has component −1 and cosine 0
     * @throws java.util.NoSuchElementException if there is no decomposed parameter of that name
     * @throws IllegalArgumentException         if a row of the target's matrix is zero, or there is no such component
     */
    public static Recovery of(DecompositionSource decomposed, String parameter, List<Integer> among) {
        Decomposition decomposition = decomposed.decomposition();
        Components components = decomposition.components();
        int count = components.factors(parameter).components();
        Matrix target = decomposition.target().network().parameter(parameter).values();
        Matrix[] products = new Matrix[among.size()];
        for (int place = 0; place < products.length; place++) {
            int c = among.get(place);
            if (c < 0 || c >= count) {
                throw new IllegalArgumentException("there is no component " + c + "; they are numbered 0 … " + (count - 1));
            }
            products[place] = components.component(parameter, c);
        }
        List<Feature> features = new ArrayList<>();
        for (int i = 0; i < target.rows(); i++) {
            double length = Math.sqrt(dot(target, target, i));
            if (length == 0) {
                throw new IllegalArgumentException("row " + i + " of '" + parameter + "' is zero, so it has no direction to recover");
            }
            Feature best = products.length == 0 ? new Feature(i, -1, 0, 0) : new Feature(i, -1, Double.NEGATIVE_INFINITY, Double.NaN);
            for (int c = 0; c < products.length; c++) {
                double own = Math.sqrt(dot(products[c], products[c], i));
                double cosine = own == 0 ? 0 : dot(products[c], target, i) / (own * length);
                if (cosine > best.cosine()) {
                    best = new Feature(i, among.get(c), cosine, own / length);
                }
            }
            features.add(best);
        }
        return new Recovery(parameter, count, features);
    }

    private static double dot(Matrix left, Matrix right, int row) {
        double sum = 0;
        for (int j = 0; j < left.columns(); j++) {
            sum += (double) left.get(row, j) * right.get(row, j);
        }
        return sum;
    }

    /** Returns the mean max cosine similarity (MMCS): the mean over features of the largest cosine similarity. */
    public double mmcs() {
        return features.stream().mapToDouble(Feature::cosine).average().orElse(Double.NaN);
    }

    /** Returns the mean L2 ratio (ML2R): the mean over features of {@link Feature#l2Ratio}. */
    public double ml2r() {
        return features.stream().mapToDouble(Feature::l2Ratio).average().orElse(Double.NaN);
    }

    /** Returns the sample standard deviation of the cosine similarities over features. */
    public double cosineDeviation() {
        return Statistics.standardDeviation(features.stream().mapToDouble(Feature::cosine).toArray());
    }

    /** Returns the sample standard deviation of the L2 ratios over features. */
    public double l2RatioDeviation() {
        return Statistics.standardDeviation(features.stream().mapToDouble(Feature::l2Ratio).toArray());
    }

    /** Returns the number of different components that are closest to some feature. */
    public int distinctComponents() {
        Set<Integer> found = new HashSet<>();
        features.forEach(feature -> found.add(feature.component()));
        return found.size();
    }

    /** Returns whether the decomposition succeeds: MMCS is above {@value #SUCCESSFUL_MMCS} and every feature has a component of its own. */
    public boolean success() {
        return mmcs() > SUCCESSFUL_MMCS && distinctComponents() == features.size();
    }

    /**
     * Returns whether the decomposition succeeds and its components keep the lengths of the rows: {@link #ml2r} is at least {@value #LEAST_ML2R}.
     * With a large simplicity coefficient, components that are short pieces of several rows can meet the definition of {@link #success} alone.
     */
    public boolean succeedsAtLength() {
        return success() && ml2r() >= LEAST_ML2R;
    }

    /** Returns the features in the order of their cosine similarity, the smallest first. */
    public List<Feature> worstFirst() {
        return features.stream().sorted(Comparator.comparingDouble(Feature::cosine)).toList();
    }

    /** Returns all components, ordered by the first feature to which each is closest, with those that are closest to none last. */
    public List<Integer> order() {
        Set<Integer> order = new LinkedHashSet<>();
        features.stream().map(Feature::component).filter(component -> component >= 0).forEach(order::add);
        IntStream.range(0, components).forEach(order::add);
        return List.copyOf(order);
    }

    /**
     * Returns the recovery in one sentence: MMCS, ML2R, the number of different components, and the feature that is recovered worst, if its cosine
     * similarity is not above {@value #SUCCESSFUL_MMCS}.
     */
    public String summary() {
        Feature worst = worstFirst().get(0);
        String means = String.format(Locale.ROOT, "MMCS %.3f, ML2R %.3f; %d different components for %d features", mmcs(), ml2r(),
                distinctComponents(), features.size());
        return worst.cosine() > SUCCESSFUL_MMCS ? means
                : means + String.format(Locale.ROOT, "; recovered worst: feature %d, cosine %.3f", worst.feature(), worst.cosine());
    }
}
