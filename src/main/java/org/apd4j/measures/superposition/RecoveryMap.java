package org.apd4j.measures.superposition;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.apd4j.decomposition.DecompositionRun;
import org.apd4j.math.Statistics;
import org.apd4j.math.internal.Grid;
import org.apd4j.math.internal.PlainNumber;
import org.apd4j.sweep.Sweep;

/**
 * Recovery over a grid of two settings, with several seeds in each cell (paper, appendix on hyperparameters).
 *
 * <pre>{@code
 * RecoveryMap map = RecoveryMap.of(TmsExperiment.fiveToTwoSweep(Profile.QUICK).train());
 * System.out.println(map.successes(0, 0) + " seeds succeed at the first cell");
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

    /** Returns what the finished runs of a sweep recovered; runs whose numbers came from a folder are not among them. */
    public static RecoveryMap of(Sweep<?> sweep) {
        List<Double> rows = sweep.rows().values();
        List<Double> columns = sweep.columns().values();
        return new RecoveryMap(sweep.name() + ", " + sweep.seeds() + (sweep.seeds() == 1 ? " seed each" : " seeds each"), sweep.rows().name(), rows,
                sweep.columns().name(), columns, IntStream.range(0, rows.size()).mapToObj(row -> IntStream.range(0, columns.size())
                        .mapToObj(column -> finished(sweep, row, column)).toList()).toList());
    }

    private static List<Recovery> finished(Sweep<?> sweep, int row, int column) {
        return sweep.runs(row, column).stream().filter(DecompositionRun::isFinished).map(Recovery::of).toList();
    }

    /** Returns the recovery of each seed in a cell. */
    public List<Recovery> at(int row, int column) {
        return found.get(row).get(column);
    }

    /** Returns the recovery of the seeds in a cell with its means and deviations. */
    public RecoveryOfSeeds seeds(int row, int column) {
        return new RecoveryOfSeeds(at(row, column));
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

    /**
     * Returns the fraction of seeds that {@linkplain Recovery#succeedsAtLength succeed and keep the lengths}, {@code [rows, columns]}; NaN where
     * nothing has run.
     */
    public Grid successRateAtLength() {
        return mean(recovery -> recovery.succeedsAtLength() ? 1 : 0);
    }

    /**
     * A pair of values of the two settings.
     *
     * @param row    value of the setting that changes from row to row
     * @param column value of the setting that changes from column to column
     */
    public record Pair(double row, double column) {

        /** Returns the pair with the digits that it was given: "0.7 and 0.211". */
        @Override
        public String toString() {
            return PlainNumber.of(row) + " and " + PlainNumber.of(column);
        }
    }

    /** Returns the settings at which every seed {@linkplain Recovery#succeedsAtLength succeeds and keeps the lengths}, row by row. */
    public List<Pair> successesAtLength() {
        List<Pair> pairs = new ArrayList<>();
        for (int row = 0; row < rows.size(); row++) {
            for (int column = 0; column < columns.size(); column++) {
                List<Recovery> seeds = at(row, column);
                if (!seeds.isEmpty() && seeds.stream().allMatch(Recovery::succeedsAtLength)) {
                    pairs.add(new Pair(rows.get(row), columns.get(column)));
                }
            }
        }
        return List.copyOf(pairs);
    }

    /**
     * Returns whether no cell has a larger mean of a measure than the one at these values.
     *
     * @throws IllegalArgumentException if the map has no such row or column
     */
    public boolean isHighest(double row, double column, ToDoubleFunction<Recovery> measure) {
        int r = rows.indexOf(row);
        int c = columns.indexOf(column);
        if (r < 0 || c < 0) {
            throw new IllegalArgumentException("there is no cell at " + new Pair(row, column) + "; rows are " + rows + ", columns are " + columns);
        }
        Grid means = mean(measure);
        double here = means.get(r, c);
        return IntStream.range(0, cells()).noneMatch(cell -> means.get(cell / columns.size(), cell % columns.size()) > here);
    }
}
