package org.apd4j.sweep;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.apd4j.math.Statistics;
import org.apd4j.math.internal.Grid;

/**
 * Numbers measured on decompositions over a grid of two settings, several seeds for each pair of values. Those of runs
 * that are not finished are missing.
 *
 * <pre>{@code
 * var sweep = Sweep.of(Apd.METHOD, target.trained(), ApdConfig.paperTms5to2(), ApdAxis.simplicity(0.3, 0.7), ApdAxis.batchTopK(0.211, 0.3), 2);
 * SweepResult result = sweep.train().result();
 * System.out.println(result.mean("faithfulness").get(0, 1));
 * Tables.sweep(result)
 * }</pre>
 *
 * @param title       what was swept, for titles
 * @param rowTitle    the setting that changes from row to row
 * @param rows        its values
 * @param columnTitle the setting that changes from column to column
 * @param columns     its values
 * @param seeds       the number of runs for each pair of values; their seeds are 0 … {@code seeds − 1}
 * @param names       the names of the numbers, in the order of a table
 * @param found       the numbers of the finished runs, by name
 */
public record SweepResult(String title, String rowTitle, List<Double> rows, String columnTitle, List<Double> columns, int seeds, List<String> names,
                          Map<Cell, Map<String, Double>> found) {

    /**
     * One run's place in a sweep: each pair of values has one cell for each seed.
     *
     * @param row    from 0
     * @param column from 0
     * @param seed   the run's seed
     */
    public record Cell(int row, int column, int seed) {
    }

    /** @throws IllegalArgumentException if a number belongs to no run of the grid */
    public SweepResult {
        rows = List.copyOf(rows);
        columns = List.copyOf(columns);
        names = List.copyOf(names);
        found = Map.copyOf(found);
        List<Cell> all = cells(rows.size(), columns.size(), seeds);
        found.keySet().stream().filter(cell -> !all.contains(cell)).findFirst().ifPresent(cell -> {
            throw new IllegalArgumentException("found has numbers of " + cell + "; the last cell is " + all.get(all.size() - 1));
        });
    }

    /** Returns all cells: row by row, in a row column by column, and there seed by seed. */
    static List<Cell> cells(int rows, int columns, int seeds) {
        List<Cell> all = new ArrayList<>();
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                for (int seed = 0; seed < seeds; seed++) {
                    all.add(new Cell(row, column, seed));
                }
            }
        }
        return all;
    }

    /** Returns the numbers of this name for a pair of values, by seed, of the finished runs. */
    public List<Double> found(int row, int column, String name) {
        return IntStream.range(0, seeds).mapToObj(seed -> found.getOrDefault(new Cell(row, column, seed), Map.of()).get(name))
                .filter(Objects::nonNull).toList();
    }

    /** Returns the mean over the seeds for each pair of values, {@code [rows, columns]}; NaN where no run is finished. */
    public Grid mean(String name) {
        return Grid.of(rows.size(), columns.size(), (row, column) -> Statistics.mean(found(row, column, name)));
    }

    /** Returns the number of finished runs for a pair of values. */
    public int finished(int row, int column) {
        return (int) found.keySet().stream().filter(cell -> cell.row() == row && cell.column() == column).count();
    }

    /** Returns the number of finished runs. */
    public int finished() {
        return found.size();
    }

    /** Returns the number of all runs. */
    public int planned() {
        return rows.size() * columns.size() * seeds;
    }

    /** Returns whether all runs are finished. */
    public boolean isFinished() {
        return finished() == planned();
    }
}
