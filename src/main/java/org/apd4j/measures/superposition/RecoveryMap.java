package org.apd4j.measures.superposition;

import java.util.List;
import java.util.function.ToDoubleFunction;
import org.apd4j.math.Statistics;
import org.apd4j.math.internal.Grid;

/**
 * Recovery over a grid of two settings, with several seeds in each cell (paper, appendix on hyperparameters).
 *
 * <pre>{@code
 * RecoveryMap map = Sensitivity.fiveToTwo(Profile.QUICK).train().recovery();
 * System.out.println(map.successes(0, 0) + " seeds succeed in the first cell");
 * Figures.successRate(map)
 * }</pre>
 *
 * @param title       name of the experiment, for display
 * @param rowTitle    name of the setting that changes from row to row
 * @param rows        the values of that setting
 * @param columnTitle name of the setting that changes from column to column
 * @param columns     the values of that setting
 * @param found       {@code [rows][columns][seeds]}; a cell in which nothing has run yet is empty
 */
public record RecoveryMap(String title, String rowTitle, List<Double> rows, String columnTitle, List<Double> columns,
                          List<List<List<Recovery>>> found) {

    /**
     * Creates a map.
     *
     * @throws IllegalArgumentException if {@code found} does not have a list for each row and column
     */
    public RecoveryMap {
        rows = List.copyOf(rows);
        columns = List.copyOf(columns);
        found = found.stream().map(row -> row.stream().map(List::copyOf).toList()).toList();
        int width = columns.size();
        if (found.size() != rows.size() || found.stream().anyMatch(row -> row.size() != width)) {
            throw new IllegalArgumentException("found has " + found.size() + " rows of " + found.stream().map(List::size).toList()
                    + " cells; it must have " + rows.size() + " rows of " + width);
        }
    }

    /** Returns the recovery of each seed in a cell. */
    public List<Recovery> at(int row, int column) {
        return found.get(row).get(column);
    }

    /** Returns the number of seeds in a cell that {@linkplain Recovery#success succeed}. */
    public int successes(int row, int column) {
        return (int) at(row, column).stream().filter(Recovery::success).count();
    }

    /** Returns the number of cells. */
    public int cells() {
        return rows.size() * columns.size();
    }

    /** Returns the number of cells in which every seed {@linkplain Recovery#success succeeds}. */
    public int cellsWhereAllSucceed() {
        return (int) found.stream().flatMap(List::stream).filter(seeds -> !seeds.isEmpty() && seeds.stream().allMatch(Recovery::success)).count();
    }

    /** Returns the fraction of seeds that {@linkplain Recovery#success succeed}, {@code [rows, columns]}; NaN where nothing has run. */
    public Grid successRate() {
        return mean(recovery -> recovery.success() ? 1 : 0);
    }

    /** Returns the mean of a measure over the seeds, {@code [rows, columns]}; NaN where nothing has run. */
    public Grid mean(ToDoubleFunction<Recovery> measure) {
        return Grid.of(rows.size(), columns.size(), (row, column) -> Statistics.mean(at(row, column).stream().mapToDouble(measure).toArray()));
    }
}
