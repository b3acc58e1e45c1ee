package org.apd4j.measures;

import java.util.List;
import java.util.function.ToDoubleFunction;
import org.apd4j.math.Statistics;
import org.apd4j.math.internal.Grid;

/**
 * Recovery over a grid of two settings, several seeds at each place (paper, appendix on hyperparameters).
 *
 * <pre>{@code
 * RecoveryMap map = Sensitivity.fiveToTwo(Profile.QUICK).train().recovery();
 * System.out.println(map.successes(0, 0) + " seeds succeed at the first place");
 * Figures.successRate(map)
 * }</pre>
 *
 * @param title       what was run, for people
 * @param rowTitle    the setting that changes from row to row
 * @param rows        its values
 * @param columnTitle the setting that changes from column to column
 * @param columns     its values
 * @param found       {@code [rows][columns][seeds]}; a place where nothing has been run yet is empty
 */
public record RecoveryMap(String title, String rowTitle, List<Double> rows, String columnTitle, List<Double> columns,
                          List<List<List<Recovery>>> found) {

    /** @throws IllegalArgumentException if {@code found} has another shape than rows and columns say */
    public RecoveryMap {
        rows = List.copyOf(rows);
        columns = List.copyOf(columns);
        found = found.stream().map(row -> row.stream().map(List::copyOf).toList()).toList();
        int width = columns.size();
        if (found.size() != rows.size() || found.stream().anyMatch(row -> row.size() != width)) {
            throw new IllegalArgumentException("found has " + found.size() + " rows of " + found.stream().map(List::size).toList()
                    + " places; it must be " + rows.size() + " rows of " + width);
        }
    }

    /** What was found with a row's and a column's settings, by seed. */
    public List<Recovery> at(int row, int column) {
        return found.get(row).get(column);
    }

    /** Number of seeds that {@linkplain Recovery#success succeed}. */
    public int successes(int row, int column) {
        return (int) at(row, column).stream().filter(Recovery::success).count();
    }

    /** Number of places. */
    public int places() {
        return rows.size() * columns.size();
    }

    /** Number of places at which every seed {@linkplain Recovery#success succeeds}. */
    public int placesWhereAllSucceed() {
        return (int) found.stream().flatMap(List::stream).filter(seeds -> !seeds.isEmpty() && seeds.stream().allMatch(Recovery::success)).count();
    }

    /** The part of the seeds that {@linkplain Recovery#success succeed}, 0 … 1; NaN where nothing has been run. */
    public Grid successRate() {
        return mean(recovery -> recovery.success() ? 1 : 0);
    }

    /** A measure's mean over the seeds; NaN where nothing has been run. */
    public Grid mean(ToDoubleFunction<Recovery> measure) {
        return Grid.of(rows.size(), columns.size(), (row, column) -> Statistics.mean(at(row, column).stream().mapToDouble(measure).toArray()));
    }
}
