package org.apd4j.explore.internal;

import java.util.List;
import org.apd4j.charts.Figure;
import org.apd4j.charts.internal.HeatCells;
import org.apd4j.math.internal.Grid;

/**
 * The HTML of a figure with heat maps, which shows the value of the cell below the pointer, or of the cell that the arrow keys have moved to.
 *
 * <pre>{@code
 * String html = HoverMap.html(Figures.ablation(ComponentAblation.of(run, 0, 1_000)));
 * }</pre>
 *
 * @param width  of the figure, in logical pixels
 * @param height of the figure, in logical pixels
 * @param maps   its heat maps
 */
public record HoverMap(int width, int height, List<Map> maps) {

    /**
     * A heat map.
     *
     * @param x           left edge of the first column, in logical pixels of the figure
     * @param y           upper edge of the first row
     * @param width       of all columns
     * @param height      of all rows
     * @param rowTitle    what the rows are
     * @param rows        names of the rows
     * @param columnTitle what the columns are
     * @param columns     names of the columns
     * @param valueTitle  what the numbers are
     * @param values      the numbers, row by row, as base64
     */
    public record Map(double x, double y, double width, double height, String rowTitle, List<String> rows, String columnTitle, List<String> columns,
                      String valueTitle, String values) {

        static Map of(HeatCells cells) {
            return new Map(cells.x(), cells.y(), cells.width(), cells.height(), cells.rowTitle(), cells.rows(), cells.columnTitle(), cells.columns(),
                    cells.valueTitle(), base64(cells.values()));
        }
    }

    /** Returns the HTML of a figure with at least one heat map. Where scripts may not run, it is the picture. */
    public static String html(Figure figure) {
        var data = new HoverMap(figure.width(), figure.height(), figure.cells().stream().map(Map::of).toList());
        return Page.html(figure, figure.png(), "", "hover", data, List.of("dom.js", "hover.js"), List.of("frame.css"));
    }

    static String base64(Grid grid) {
        double[] values = new double[grid.rows() * grid.columns()];
        for (int row = 0; row < grid.rows(); row++) {
            System.arraycopy(grid.row(row), 0, values, row * grid.columns(), grid.columns());
        }
        return Values.base64(values);
    }
}
