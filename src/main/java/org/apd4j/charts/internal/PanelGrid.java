package org.apd4j.charts.internal;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import org.apd4j.charts.Figure;
import org.apd4j.tables.NumberTable;
import tech.tablesaw.api.Table;

/**
 * Rows of small panels below one another with aligned columns, such as the paper's Figure 3: vectors above, networks below.
 *
 * <pre>{@code
 * double[][] rows = {{1, 0}, {0, 1}};
 * PanelGrid.figure("Directions", VectorPanels.row(List.of("W"), List.<double[][]>of(rows)))
 * }</pre>
 */
public final class PanelGrid {

    private static final double FULL_WIDTH = 900;
    private static final double GAP = 10;
    private static final double NAME_LINE = 16;
    private static final double ROW_GAP = 14;
    /** Room for the last label of an axis, which may extend to the right. */
    private static final double OVERHANG = 12;

    private PanelGrid() {
    }

    /**
     * Returns rows with the same panels below one another. Panels that do not fit side by side continue in further lines.
     *
     * @throws IllegalArgumentException if there is no row, or the panels of the rows differ
     */
    public static Figure figure(String title, PanelRow... rows) {
        return figure(title, List.of(rows));
    }

    /** Returns the same as {@link #figure(String, PanelRow...)}. */
    public static Figure figure(String title, List<PanelRow> rows) {
        if (rows.isEmpty()) {
            throw new IllegalArgumentException("a grid of panels is empty; it needs at least one row");
        }
        List<String> names = rows.get(0).names;
        for (PanelRow row : rows) {
            if (!row.names.equals(names)) {
                throw new IllegalArgumentException("the rows have different panels: " + names + " and " + row.names);
            }
        }
        double left = rows.stream().mapToDouble(row -> row.leftWidth).max().orElse(0);
        double bars = rows.stream().mapToDouble(row -> row.bar.map(bar -> bar.width() + GAP).orElse(0.0)).max().orElse(0);
        double right = Math.max(bars, OVERHANG);
        double room = FULL_WIDTH - left - right;
        double narrowest = rows.stream().mapToDouble(row -> row.narrowest).max().orElseThrow();
        double widest = rows.stream().mapToDouble(row -> row.widest).max().orElseThrow();
        int across = (int) Math.max(1, Math.min(names.size(), Math.floor((room + GAP) / (narrowest + GAP))));
        // As many lines as needed, and then lines of equal length.
        int lines = (names.size() + across - 1) / across;
        int perLine = (names.size() + lines - 1) / lines;
        double cell = Math.floor(Math.min(widest, (room + GAP) / perLine - GAP));
        double nameHeight = 4 + NAME_LINE * names.stream().mapToInt(name -> Pen.wrap(name, Pen.HEADING, cell).size()).max().orElse(1);
        double lineHeight = nameHeight;
        for (PanelRow row : rows) {
            lineHeight += Math.rint(cell * row.aspect) + row.below + ROW_GAP;
        }
        double width = left + perLine * (cell + GAP) - GAP + right;
        double oneLine = lineHeight;
        var body = new Panel(Math.max(width, 320), lines * oneLine - ROW_GAP, canvas -> {
            var pen = new Pen(canvas);
            for (int line = 0; line < lines; line++) {
                paintLine(pen, rows, line * perLine, Math.min(names.size(), (line + 1) * perLine), left, cell,
                        line * oneLine, nameHeight);
            }
        });
        var keys = new LinkedHashSet<Key>();
        rows.forEach(row -> keys.addAll(row.keys));
        var alternative = new StringBuilder(title).append(". Panels: ").append(String.join(", ", names)).append('.');
        rows.forEach(row -> alternative.append(' ').append(row.description));
        return new Figure(title, "", alternative.toString(), new ArrayList<>(keys), body, numbers(title, rows));
    }

    private static void paintLine(Pen pen, List<PanelRow> rows, int from, int to, double left, double cell, double top,
                                  double nameHeight) {
        List<String> names = rows.get(0).names;
        for (int i = from; i < to; i++) {
            double middle = left + (i - from) * (cell + GAP) + cell / 2;
            List<String> lines = Pen.wrap(names.get(i), Pen.HEADING, cell);
            for (int l = 0; l < lines.size(); l++) {
                pen.text(lines.get(l), middle, top + nameHeight - 6 - (lines.size() - 1 - l) * NAME_LINE, Pen.MIDDLE, Pen.END,
                        Pen.HEADING, Pen.BLACK);
            }
        }
        double y = top + nameHeight;
        for (PanelRow row : rows) {
            double height = Math.rint(cell * row.aspect);
            double rowTop = y;
            new Panel(left, height + row.below, canvas -> row.left.paint(new Pen(canvas), left, height)).paintAt(pen.g, 0, rowTop);
            for (int i = from; i < to; i++) {
                int panel = i;
                new Panel(cell, height + row.below, canvas -> row.cell.paint(new Pen(canvas), panel, cell, height))
                        .paintAt(pen.g, left + (i - from) * (cell + GAP), rowTop);
            }
            row.bar.ifPresent(bar -> {
                double length = Math.min(height, 140);
                bar.paint(pen, left + (to - from) * (cell + GAP), rowTop + (height - length) / 2, length);
            });
            y += height + row.below + ROW_GAP;
        }
    }

    private static Table numbers(String title, List<PanelRow> rows) {
        if (rows.size() == 1) {
            return rows.get(0).numbers;
        }
        return NumberTable.stack(title, "part", rows.stream().map(row -> row.numbers.name()).toList(),
                rows.stream().map(row -> row.numbers).toList());
    }
}
