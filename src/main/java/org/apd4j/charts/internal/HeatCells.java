package org.apd4j.charts.internal;

import java.util.List;
import org.apd4j.math.internal.Grid;

/**
 * The cells of a heat map within a drawing, so that a page can show the value of a cell. Places and sizes are in logical pixels.
 *
 * <pre>{@code
 * var map = HeatMap.of("Products", "a", List.of("1", "2"), "b", List.of("1", "2"), "a b", Scale.LINEAR, new double[][] {{1, 2}, {2, 4}});
 * HeatCells cells = map.cells().get(0);
 * }</pre>
 *
 * @param x           left edge of the first column
 * @param y           upper edge of the first row
 * @param width       of all columns
 * @param height      of all rows
 * @param rowTitle    what the rows are
 * @param rows        names of the rows
 * @param columnTitle what the columns are
 * @param columns     names of the columns
 * @param valueTitle  what the numbers are
 * @param values      {@code [rows, columns]}
 */
public record HeatCells(double x, double y, double width, double height, String rowTitle, List<String> rows, String columnTitle,
                        List<String> columns, String valueTitle, Grid values) {

    public HeatCells {
        rows = List.copyOf(rows);
        columns = List.copyOf(columns);
    }

    /** Returns the same cells at another place. */
    public HeatCells moved(double right, double down) {
        return new HeatCells(x + right, y + down, width, height, rowTitle, rows, columnTitle, columns, valueTitle, values);
    }
}
