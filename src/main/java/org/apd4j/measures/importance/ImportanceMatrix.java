package org.apd4j.measures.importance;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apd4j.math.internal.Assignment;
import org.apd4j.math.internal.Grid;

/**
 * The importances of a layer's components, with a row for each input, and how far they are from one component a feature or from one block
 * (SPD's authors' later "target solution error").
 *
 * <pre>{@code
 * ImportanceMatrix encoder = OneHotImportances.of(run, 0.75).layers().get(0);
 * System.out.println(encoder.identityError(0.1) + " entries are not those of one component a feature");
 * }</pre>
 *
 * @param name   the name of the layer, or of all layers where components are shared
 * @param values {@code [inputs, C]}
 */
public record ImportanceMatrix(String name, Grid values) {

    /** Above this many rows the assignment of {@link #identityError} is made row by row, as the reference does. */
    private static final int MOST_ASSIGNED = 500;

    /**
     * Returns how many entries are not those of an identity matrix, up to the order of columns: with the assignment of rows to distinct columns that has
     * the largest sum, the rows whose own entry is below {@code 1 − tolerance}, plus all other entries above {@code tolerance}. 0 is perfect.
     *
     * @throws IllegalArgumentException if there are fewer components than inputs
     */
    public int identityError(double tolerance) {
        if (values.columns() < values.rows()) {
            throw new IllegalArgumentException("layer '" + name + "' has " + values.columns() + " components for " + values.rows()
                    + " inputs; each needs one of its own");
        }
        int[] own = values.rows() < MOST_ASSIGNED ? Assignment.maximal(values.toArray()) : greedy();
        int errors = 0;
        for (int i = 0; i < values.rows(); i++) {
            for (int c = 0; c < values.columns(); c++) {
                if (c == own[i] ? values.get(i, c) < 1 - tolerance : values.get(i, c) > tolerance) {
                    errors++;
                }
            }
        }
        return errors;
    }

    /**
     * Returns how many entries are not those of one block of components: with the columns in descending order of their sums, the first {@code block}
     * columns without any entry of at least {@code 1 − tolerance}, plus all entries of other columns above {@code tolerance}. 0 is perfect.
     *
     * @throws IllegalArgumentException if the block is not 1 … C
     */
    public int denseError(int block, double tolerance) {
        if (block < 1 || block > values.columns()) {
            throw new IllegalArgumentException("the block has " + block + " components; it must be 1 … " + values.columns());
        }
        double[] sums = IntStream.range(0, values.columns())
                .mapToDouble(c -> IntStream.range(0, values.rows()).mapToDouble(i -> values.get(i, c)).sum()).toArray();
        List<Integer> order = IntStream.range(0, sums.length).boxed().sorted((one, other) -> Double.compare(sums[other], sums[one])).toList();
        int errors = 0;
        for (int place = 0; place < order.size(); place++) {
            int c = order.get(place);
            if (place < block) {
                errors += IntStream.range(0, values.rows()).anyMatch(i -> values.get(i, c) >= 1 - tolerance) ? 0 : 1;
            } else {
                errors += (int) IntStream.range(0, values.rows()).filter(i -> values.get(i, c) > tolerance).count();
            }
        }
        return errors;
    }

    /**
     * Returns the components in the order of the paper's figures: for each input in turn the component, not used yet, with the largest importance on it;
     * the others follow by their index.
     */
    public List<Integer> sorted() {
        int[] first = greedy();
        boolean[] used = new boolean[values.columns()];
        for (int c : first) {
            used[c] = true;
        }
        return IntStream.concat(Arrays.stream(first), IntStream.range(0, used.length).filter(c -> !used[c])).boxed().toList();
    }

    /** Returns the components whose importance exceeds a threshold on some input, in the order of {@link #sorted}. */
    public List<Integer> important(double threshold) {
        return sorted().stream().filter(c -> IntStream.range(0, values.rows()).anyMatch(i -> values.get(i, c) > threshold)).toList();
    }

    /**
     * Returns the components whose importance on one input exceeds a threshold, in ascending order.
     *
     * @throws IndexOutOfBoundsException if there is no such input
     */
    public List<Integer> above(int input, double threshold) {
        double[] row = values.row(input);
        return IntStream.range(0, row.length).filter(c -> row[c] > threshold).boxed().toList();
    }

    /** Returns the mean number of components a row whose importance exceeds a threshold. */
    public double meanAbove(double threshold) {
        return IntStream.range(0, values.rows()).map(i -> above(i, threshold).size()).average().orElse(Double.NaN);
    }

    /** Returns for each input in turn the component, not used yet, with the largest importance on it. */
    private int[] greedy() {
        int[] own = new int[Math.min(values.rows(), values.columns())];
        boolean[] used = new boolean[values.columns()];
        for (int i = 0; i < own.length; i++) {
            int best = -1;
            for (int c = 0; c < used.length; c++) {
                if (!used[c] && (best < 0 || values.get(i, c) > values.get(i, best))) {
                    best = c;
                }
            }
            own[i] = best;
            used[best] = true;
        }
        return own;
    }
}
