package org.apd4j.measures;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apd4j.math.internal.Grid;

/**
 * How well the directions that a method has found match those of features that are known. Methods that say different things about a network can be
 * compared by it: a direction may be that of a node in a layer's activations, or the weights of a component.
 *
 * <pre>{@code
 * double[][] known = {{1, 0}, {0.6, 0.8}};
 * double[][] nodes = {{0, 2}, {3, 0}};
 * FeatureDirections directions = FeatureDirections.of(Grid.of(2, 2, (i, j) -> known[i][j]), Grid.of(2, 2, (i, j) -> nodes[i][j]));
 * System.out.println(directions.found() + " features found"); // 1: node 0 is only 0.8 of feature 1
 * }</pre>
 *
 * @param directions number of directions that the method has found
 * @param features   the closest direction of each feature
 */
public record FeatureDirections(int directions, List<Match> features) {

    /** The cosine from which a direction counts as that of a feature. */
    public static final double FOUND = 0.9;

    /** Copies the list. */
    public FeatureDirections {
        features = List.copyOf(features);
    }

    /**
     * The direction that is closest to a feature's.
     *
     * @param feature   index of the feature
     * @param direction index of the direction, the lowest of equal ones; −1 if there is none
     * @param cosine    of the angle between the two, at most 1
     */
    public record Match(int feature, int direction, double cosine) {
    }

    /**
     * Compares directions whose sign means nothing, such as those of nodes: the cosine is its absolute value.
     *
     * @param known {@code [features, d]}
     * @param found {@code [directions, d]}; a row of zeros matches nothing
     * @throws IllegalArgumentException if the widths differ, or a known direction is zero
     */
    public static FeatureDirections of(Grid known, Grid found) {
        if (known.columns() != found.columns()) {
            throw new IllegalArgumentException("known directions have " + known.columns() + " entries and those found " + found.columns());
        }
        double[] norms = new double[found.rows()];
        for (int n = 0; n < norms.length; n++) {
            norms[n] = norm(found, n);
        }
        List<Match> matches = new ArrayList<>();
        for (int i = 0; i < known.rows(); i++) {
            double length = length(known, i);
            Match best = new Match(i, -1, 0);
            for (int n = 0; n < norms.length; n++) {
                double cosine = norms[n] == 0 ? 0 : Math.abs(product(known, i, found, n)) / (length * norms[n]);
                best = cosine > best.cosine() ? new Match(i, n, cosine) : best;
            }
            matches.add(best);
        }
        return new FeatureDirections(norms.length, matches);
    }

    /**
     * Compares the matrices of components, in each of which one row should be a feature's and all others zero: the cosine is that of all entries, so a
     * component that holds two features has at most 0.71 for each if they are equally long.
     *
     * @param known      {@code [features, d]}
     * @param components {@code [features, d]} each; a matrix of zeros matches nothing
     * @throws IllegalArgumentException if the shapes differ, or a known direction is zero
     */
    public static FeatureDirections ofRows(Grid known, List<Grid> components) {
        double[] norms = new double[components.size()];
        for (int c = 0; c < norms.length; c++) {
            Grid component = components.get(c);
            if (component.rows() != known.rows() || component.columns() != known.columns()) {
                throw new IllegalArgumentException("component " + c + " is " + component + ", the known directions are " + known);
            }
            double squares = 0;
            for (int i = 0; i < component.rows(); i++) {
                squares += product(component, i, component, i);
            }
            norms[c] = Math.sqrt(squares);
        }
        List<Match> matches = new ArrayList<>();
        for (int i = 0; i < known.rows(); i++) {
            double length = length(known, i);
            Match best = new Match(i, -1, 0);
            for (int c = 0; c < norms.length; c++) {
                double cosine = norms[c] == 0 ? 0 : product(known, i, components.get(c), i) / (length * norms[c]);
                best = cosine > best.cosine() ? new Match(i, c, cosine) : best;
            }
            matches.add(best);
        }
        return new FeatureDirections(norms.length, matches);
    }

    private static double product(Grid a, int row, Grid b, int other) {
        double sum = 0;
        for (int j = 0; j < a.columns(); j++) {
            sum += a.get(row, j) * b.get(other, j);
        }
        return sum;
    }

    private static double norm(Grid grid, int row) {
        return Math.sqrt(product(grid, row, grid, row));
    }

    private static double length(Grid known, int feature) {
        double length = norm(known, feature);
        if (!(length > 0)) {
            throw new IllegalArgumentException("the direction of feature " + feature + " has the length " + length + "; it must be above 0");
        }
        return length;
    }

    /** Returns the number of features that are found: a direction with a cosine of at least {@value #FOUND} counts for one feature alone. */
    public int found() {
        return (int) features.stream().filter(match -> match.cosine() >= FOUND).mapToInt(Match::direction).distinct().count();
    }

    /** Returns the mean over features of the cosine with the closest direction. */
    public double meanCosine() {
        return features.stream().mapToDouble(Match::cosine).average().orElse(Double.NaN);
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%d of %d features found by %d directions, mean cosine %.3f", found(), features.size(), directions, meanCosine());
    }
}
