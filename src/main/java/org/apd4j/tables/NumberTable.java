package org.apd4j.tables;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.StringJoiner;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.LongColumn;
import tech.tablesaw.api.NumericColumn;
import tech.tablesaw.api.Row;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;
import tech.tablesaw.columns.Column;

/**
 * A builder of Tablesaw tables from arrays, column by column.
 *
 * <pre>{@code
 * Table table = NumberTable.named("Recovery")
 *         .integers("feature", 0, 1, 2)
 *         .numbers("cosine similarity", 0.998, 0.997, 0.999)
 *         .build();
 * }</pre>
 */
public final class NumberTable {

    private final String name;
    private final List<Column<?>> columns = new ArrayList<>();

    private NumberTable(String name) {
        this.name = Objects.requireNonNull(name, "name");
    }

    /** Returns a builder of a table with this name, which is its caption. */
    public static NumberTable named(String name) {
        return new NumberTable(name);
    }

    /** Adds a column of texts. A column whose name is taken already gets a number after it. */
    public NumberTable texts(String column, List<String> values) {
        return add(StringColumn.create(column, values));
    }

    /** Adds a column of whole numbers. */
    public NumberTable integers(String column, int... values) {
        // Tablesaw takes the smallest int for a missing value.
        boolean smallest = Arrays.stream(values).anyMatch(value -> value == Integer.MIN_VALUE);
        return add(smallest ? LongColumn.create(column, Arrays.stream(values).asLongStream().toArray()) : IntColumn.create(column, values));
    }

    /** Adds a column of numbers; NaN is a missing value. */
    public NumberTable numbers(String column, double... values) {
        return add(DoubleColumn.create(column, values));
    }

    private NumberTable add(Column<?> column) {
        if (!columns.isEmpty() && columns.get(0).size() != column.size()) {
            throw new IllegalArgumentException("column '" + column.name() + "' has " + column.size() + " rows, '"
                    + columns.get(0).name() + "' has " + columns.get(0).size());
        }
        String wanted = column.name();
        for (int copy = 2; columns.stream().anyMatch(c -> c.name().equalsIgnoreCase(column.name())); copy++) {
            column.setName(wanted + " (" + copy + ")");
        }
        columns.add(column);
        return this;
    }

    /** Returns the table. */
    public Table build() {
        return Table.create(name, columns.toArray(new Column<?>[0]));
    }

    /**
     * Returns a matrix with named rows and columns.
     *
     * @param corner heading of the column that holds the rows' names
     * @param values [rows, columns]
     * @throws IllegalArgumentException if the numbers of values and of names differ
     */
    public static Table matrix(String name, String corner, List<String> rows, List<String> columns, double[][] values) {
        if (values.length != rows.size()) {
            throw new IllegalArgumentException("the table '" + name + "' has " + rows.size() + " row names for " + values.length + " rows of values");
        }
        for (int r = 0; r < values.length; r++) {
            if (values[r].length != columns.size()) {
                throw new IllegalArgumentException("row '" + rows.get(r) + "' of the table '" + name + "' has " + values[r].length + " values for "
                        + columns.size() + " columns");
            }
        }
        NumberTable table = named(name).texts(corner, rows);
        for (int c = 0; c < columns.size(); c++) {
            var column = new double[values.length];
            for (int r = 0; r < values.length; r++) {
                column[r] = values[r][c];
            }
            table.numbers(columns.get(c), column);
        }
        return table.build();
    }

    /**
     * Returns tables below one another, with a first column that says which part a row comes from. A column that a part does not have is empty
     * there.
     */
    public static Table stack(String name, String partColumn, List<String> partNames, List<Table> parts) {
        var partOf = StringColumn.create(partColumn);
        Map<String, Column<?>> columns = new LinkedHashMap<>();
        int rows = 0;
        for (int p = 0; p < parts.size(); p++) {
            Table part = parts.get(p);
            for (int r = 0; r < part.rowCount(); r++) {
                partOf.append(partNames.get(p));
            }
            for (Column<?> column : part.columns()) {
                boolean number = column instanceof NumericColumn;
                // A column is one kind in the whole table: numbers where both parts have numbers, else text.
                Column<?> whole = columns.get(column.name());
                if (whole == null) {
                    whole = number ? DoubleColumn.create(column.name()) : StringColumn.create(column.name());
                } else if (whole instanceof DoubleColumn && !number) {
                    whole = asText(whole);
                }
                columns.put(column.name(), whole);
                fill(whole, rows);
                for (int r = 0; r < column.size(); r++) {
                    append(whole, column, r);
                }
            }
            rows += part.rowCount();
        }
        Table table = Table.create(name, partOf);
        for (Column<?> column : columns.values()) {
            fill(column, rows);
            table.addColumns(column);
        }
        return table;
    }

    private static StringColumn asText(Column<?> column) {
        var text = StringColumn.create(column.name());
        for (int r = 0; r < column.size(); r++) {
            append(text, column, r);
        }
        return text;
    }

    private static void fill(Column<?> column, int rows) {
        while (column.size() < rows) {
            column.appendMissing();
        }
    }

    private static void append(Column<?> whole, Column<?> part, int row) {
        if (part.isMissing(row)) {
            whole.appendMissing();
        } else if (whole instanceof DoubleColumn numbers) {
            numbers.append(((NumericColumn<?>) part).getDouble(row));
        } else {
            ((StringColumn) whole).append(String.valueOf(part.get(row)));
        }
    }

    /** Returns the table as comma-separated values with a heading line, numbers in full precision and the same in every locale. */
    public static String csv(Table table) {
        var text = new StringBuilder();
        var heading = new StringJoiner(",", "", "\n");
        table.columnNames().forEach(column -> heading.add(quoted(column)));
        text.append(heading);
        for (Row row : table) {
            var line = new StringJoiner(",", "", "\n");
            for (String column : table.columnNames()) {
                line.add(row.isMissing(column) ? "" : quoted(String.valueOf(row.getObject(column))));
            }
            text.append(line);
        }
        return text.toString();
    }

    private static String quoted(String cell) {
        boolean special = cell.chars().anyMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
        return special ? '"' + cell.replace("\"", "\"\"") + '"' : cell;
    }

    @Override
    public String toString() {
        return "table of " + name + ": " + String.join(", ", columns.stream().map(Column::name).toList());
    }
}
