package org.apd4j.tables.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleFunction;
import java.util.function.IntFunction;
import org.apd4j.Summary;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.FloatColumn;
import tech.tablesaw.api.NumericColumn;
import tech.tablesaw.api.Table;
import tech.tablesaw.columns.Column;

/**
 * Tables as HTML for a notebook, and as text for a console: numbers the same in every locale and at the right, a caption, long
 * tables shortened with a note that says so. Colours are JupyterLab's own, so that a table follows its light and dark theme;
 * nothing depends on a style sheet, which a viewer may drop.
 *
 * <pre>{@code
 * String html = TableHtml.of(Tables.losses(run));
 * String text = TableHtml.text(Tables.losses(run));
 * }</pre>
 */
public final class TableHtml {

    /** Largest number of rows of a table that is shown completely. */
    public static final int MOST_ROWS = 40;

    private static final int FIRST_ROWS = 20;
    private static final int LAST_ROWS = 10;
    private static final String TEXT = "color:var(--jp-content-font-color1, inherit)";
    private static final String LINE = "1px solid var(--jp-border-color1, #bdbdbd)";

    private static final String TABLE = "<table style=\"border-collapse:collapse;margin-left:0;table-layout:auto;" + TEXT + "\">";
    /** Largest length of a caption that may be wider than its table. */
    private static final int SHORT_CAPTION = 80;

    /** Largest length of a cell whose words are kept on one line, such as "27 of 30". */
    private static final int SHORT_CELL = 12;

    private TableHtml() {
    }

    /** Returns the table as an HTML element; its name is the caption. */
    public static String of(Table table) {
        List<IntFunction<String>> cells = cells(table);
        var html = new StringBuilder(TABLE);
        if (table.name() != null && !table.name().isBlank()) {
            html.append(caption(table.name()));
        }
        html.append("<thead><tr>");
        for (Column<?> column : table.columns()) {
            html.append("<th scope=\"col\" style=\"border-bottom:").append(LINE).append(';').append(align(column)).append("\">")
                    .append(Html.escape(column.name())).append("</th>");
        }
        html.append("</tr></thead><tbody>");
        for (int row : shownRows(table)) {
            html.append("<tr>");
            for (int c = 0; c < cells.size(); c++) {
                String cell = row < 0 ? "⋮" : cells.get(c).apply(row);
                html.append("<td style=\"").append(align(table.column(c)))
                        .append(cell.length() <= SHORT_CELL && cell.contains(" ") ? ";white-space:nowrap" : "").append("\">")
                        .append(Html.escape(cell)).append("</td>");
            }
            html.append("</tr>");
        }
        html.append("</tbody></table>");
        if (table.rowCount() > MOST_ROWS) {
            html.append("<div style=\"font-size:90%;color:var(--jp-content-font-color2, inherit)\">")
                    .append(Html.escape(shortening(table))).append("</div>");
        }
        return html.toString();
    }

    /** Returns a summary as an HTML table of two columns; its title is the caption. */
    public static String of(Summary summary) {
        var html = new StringBuilder(TABLE).append(caption(summary.title())).append("<tbody>");
        summary.entries().forEach((name, value) -> html
                .append("<tr><th scope=\"row\" style=\"text-align:left;font-weight:normal;color:var(--jp-content-font-color2, inherit)\">")
                .append(Html.escape(name)).append("</th><td style=\"text-align:left\">").append(Html.escape(value))
                .append("</td></tr>"));
        return html.append("</tbody></table>").toString();
    }

    /** Returns the table as aligned lines of text. */
    public static String text(Table table) {
        List<IntFunction<String>> cells = cells(table);
        List<Integer> rows = shownRows(table);
        var lines = new ArrayList<StringBuilder>();
        for (int r = 0; r <= rows.size(); r++) {
            lines.add(new StringBuilder());
        }
        for (int c = 0; c < cells.size(); c++) {
            var column = new ArrayList<>(List.of(table.column(c).name()));
            for (int row : rows) {
                column.add(row < 0 ? "..." : cells.get(c).apply(row));
            }
            int width = column.stream().mapToInt(String::length).max().orElse(0);
            for (int r = 0; r < column.size(); r++) {
                String padding = " ".repeat(width - column.get(r).length());
                boolean right = table.column(c) instanceof NumericColumn;
                lines.get(r).append(c == 0 ? "" : "  ").append(right ? padding + column.get(r) : column.get(r) + padding);
            }
        }
        var text = new StringBuilder(table.name() == null ? "" : table.name());
        lines.forEach(line -> text.append(text.length() == 0 ? "" : "\n").append(line.toString().stripTrailing()));
        return table.rowCount() > MOST_ROWS ? text.append('\n').append(shortening(table)).toString() : text.toString();
    }

    private static String caption(String text) {
        return "<caption style=\"caption-side:top;text-align:left;font-weight:600;padding:4px 0;" + TEXT
                + (text.length() <= SHORT_CAPTION ? ";white-space:nowrap" : "") + "\">" + Html.escape(text) + "</caption>";
    }

    private static String align(Column<?> column) {
        return column instanceof NumericColumn ? "text-align:right;font-variant-numeric:tabular-nums" : "text-align:left";
    }

    private static String shortening(Table table) {
        return (table.rowCount() - FIRST_ROWS - LAST_ROWS) + " of " + table.rowCount() + " rows are not shown.";
    }

    /** Returns row numbers; −1 stands for those that are left out. */
    private static List<Integer> shownRows(Table table) {
        var rows = new ArrayList<Integer>();
        boolean all = table.rowCount() <= MOST_ROWS;
        for (int row = 0; row < table.rowCount(); row++) {
            if (all || row < FIRST_ROWS || row >= table.rowCount() - LAST_ROWS) {
                rows.add(row);
            } else if (row == FIRST_ROWS) {
                rows.add(-1);
            }
        }
        return rows;
    }

    private static List<IntFunction<String>> cells(Table table) {
        var cells = new ArrayList<IntFunction<String>>();
        for (Column<?> column : table.columns()) {
            if (column instanceof DoubleColumn || column instanceof FloatColumn) {
                var numbers = (NumericColumn<?>) column;
                DoubleFunction<String> text = NumberText.column(numbers.asDoubleArray());
                cells.add(row -> numbers.isMissing(row) ? "–" : text.apply(numbers.getDouble(row)));
            } else {
                cells.add(row -> column.isMissing(row) ? "" : String.valueOf(column.get(row)));
            }
        }
        return cells;
    }
}
