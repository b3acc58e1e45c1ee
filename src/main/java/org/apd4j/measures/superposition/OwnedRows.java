package org.apd4j.measures.superposition;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.apd4j.decomposition.Decomposition;
import org.apd4j.decomposition.DecompositionSource;
import org.apd4j.math.Matrix;
import org.apd4j.math.internal.Grid;
import org.apd4j.measures.importance.FeatureOwners;
import org.apd4j.targets.Tms;

/**
 * The rows of a toy model's encoder that each feature's own component holds: the component that is most important when the feature is active alone
 * ({@link FeatureOwners}), and the length of each of its rows relative to the target's. Where each feature has a component of its own that holds
 * its row and nothing else, the matrix is the identity. Features that often come together may end up in one component; then its other rows show it.
 *
 * <pre>{@code
 * var rows = OwnedRows.of(run, 0.75);
 * System.out.println("the largest foreign row has " + rows.largestOther() + " of its length in W");
 * }</pre>
 *
 * @param owners  for each feature i, the index of its own component c*(i)
 * @param lengths {@code [features, features]}, {@code ‖P_c*(i)[j,:]‖ / ‖W[j,:]‖} in row i and column j, at least 0
 */
public record OwnedRows(List<Integer> owners, Grid lengths) {

    /** Copies the list. */
    public OwnedRows {
        owners = List.copyOf(owners);
    }

    /**
     * Measures a decomposition of a toy model of superposition.
     *
     * @param value the value of the active feature that decides what its component is
     * @throws java.util.NoSuchElementException if the encoder is not decomposed
     * @throws IllegalArgumentException         if a row of it is zero
     */
    public static OwnedRows of(DecompositionSource decomposed, double value) {
        Decomposition decomposition = decomposed.decomposition();
        List<Integer> owners = FeatureOwners.of(decomposition, value).layers().get(0).owner();
        Matrix target = decomposition.target().network().parameter(Tms.ENCODER).values();
        double[] wanted = IntStream.range(0, target.rows()).mapToDouble(row -> length(target, row)).toArray();
        for (int row = 0; row < wanted.length; row++) {
            if (wanted[row] == 0) {
                throw new IllegalArgumentException("row " + row + " of '" + Tms.ENCODER + "' is zero, so that no part of it can be measured");
            }
        }
        List<Matrix> parts = owners.stream().map(c -> decomposition.components().component(Tms.ENCODER, c)).toList();
        return new OwnedRows(owners, Grid.of(wanted.length, wanted.length, (i, j) -> length(parts.get(i), j) / wanted[j]));
    }

    /**
     * Measures several decompositions of toy models of superposition, such as those of several seeds.
     *
     * @param value the value of the active feature that decides what a feature's component is
     * @throws java.util.NoSuchElementException if the encoder is not decomposed
     * @throws IllegalArgumentException         if a row of it is zero
     */
    public static List<OwnedRows> of(List<? extends DecompositionSource> decomposed, double value) {
        return decomposed.stream().map(one -> of(one, value)).toList();
    }

    /**
     * Returns the one of several whose components hold the largest part of a foreign row.
     *
     * @throws java.util.NoSuchElementException if there is none
     */
    public static OwnedRows worst(List<OwnedRows> measured) {
        return measured.stream().max(Comparator.comparingDouble(OwnedRows::largestOther)).orElseThrow();
    }

    private static double length(Matrix matrix, int row) {
        double sum = 0;
        for (int j = 0; j < matrix.columns(); j++) {
            sum += (double) matrix.get(row, j) * matrix.get(row, j);
        }
        return Math.sqrt(sum);
    }

    /** Returns the largest relative length of another feature's row in the component of a feature; 0 if there is no other. */
    public double largestOther(int feature) {
        return IntStream.range(0, lengths.columns()).filter(j -> j != feature).mapToDouble(j -> lengths.get(feature, j)).max().orElse(0);
    }

    /** Returns the largest relative length of another feature's row in the component of any feature. */
    public double largestOther() {
        return IntStream.range(0, lengths.rows()).mapToDouble(this::largestOther).max().orElse(0);
    }

    /** Returns the number of different components that own a feature. */
    public int distinct() {
        return (int) owners.stream().distinct().count();
    }

    /** Returns the numbers in one sentence. */
    public String summary() {
        double[] own = IntStream.range(0, lengths.rows()).mapToDouble(i -> lengths.get(i, i)).toArray();
        return String.format(Locale.ROOT, "%d components of their own for %d features; they hold %.2f … %.2f of their feature's row, and at most "
                + "%.3f of another one", distinct(), own.length, Arrays.stream(own).min().orElse(Double.NaN),
                Arrays.stream(own).max().orElse(Double.NaN), largestOther());
    }
}
