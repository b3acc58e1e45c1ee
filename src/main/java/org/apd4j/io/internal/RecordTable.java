package org.apd4j.io.internal;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.BiPredicate;

/**
 * A file of comma-separated values with a public record in each line. The first line names the record's components; where a component is itself a record,
 * its own components stand in its place. Components are texts, {@code int}, {@code long} and {@code double}; NaN is an empty cell. A text with a comma
 * stands between quotation marks.
 *
 * <pre>{@code
 * record Row(String name, int steps, double loss) {
 * }
 * String heading = new RecordTable<>(Row.class).heading(); // name,steps,loss
 * }</pre>
 */
public final class RecordTable<R extends Record> {

    /** Significant digits in the file; more than two machines agree on. */
    private static final MathContext DIGITS = new MathContext(6);

    private static final char QUOTE = '"';

    private final Class<R> type;
    private final List<String> names = new ArrayList<>();

    /** Creates the format of a class of records. */
    public RecordTable(Class<R> type) {
        this.type = type;
        addNames(type);
    }

    private void addNames(Class<?> record) {
        for (RecordComponent component : record.getRecordComponents()) {
            if (component.getType().isRecord()) {
                addNames(component.getType());
            } else {
                names.add(component.getName());
            }
        }
    }

    /** Returns the first line of a file. */
    public String heading() {
        return String.join(",", names);
    }

    /**
     * Reads a file.
     *
     * @param what what the file should be, with its article, for the message
     * @param same whether two records may not both be in a file
     * @throws IOException if there is no such file, or it is not such a file; the message names the line
     */
    public List<R> read(Path file, String what, BiPredicate<R, R> same) throws IOException {
        List<String> lines = Files.readAllLines(file, StandardCharsets.UTF_8);
        if (lines.isEmpty() || !lines.get(0).equals(heading())) {
            throw new IOException(file + " is not " + what + ": its first line is not \"" + heading() + "\"");
        }
        List<R> records = new ArrayList<>();
        for (int number = 1; number < lines.size(); number++) {
            try {
                R record = parse(lines.get(number));
                if (records.stream().anyMatch(other -> same.test(other, record))) {
                    throw new IllegalArgumentException("the run is there twice");
                }
                records.add(record);
            } catch (IllegalArgumentException e) {
                throw new IOException(file + ", line " + (number + 1) + ": " + e.getMessage(), e);
            }
        }
        return records;
    }

    private R parse(String line) {
        List<String> cells = cells(line);
        if (cells.size() != names.size()) {
            throw new IllegalArgumentException(cells.size() + " cells; it must be " + names.size());
        }
        return type.cast(parse(type, cells.iterator()));
    }

    /** Splits a line at the commas that are not between quotation marks; two of these stand for one in a cell. */
    private static List<String> cells(String line) {
        List<String> cells = new ArrayList<>();
        var cell = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < line.length(); i++) {
            char next = line.charAt(i);
            if (next == QUOTE && quoted && i + 1 < line.length() && line.charAt(i + 1) == QUOTE) {
                cell.append(line.charAt(++i));
            } else if (next == QUOTE) {
                quoted = !quoted;
            } else if (next == ',' && !quoted) {
                cells.add(cell.toString());
                cell.setLength(0);
            } else {
                cell.append(next);
            }
        }
        if (quoted) {
            throw new IllegalArgumentException("a quotation mark is not closed");
        }
        cells.add(cell.toString());
        return cells;
    }

    private static Object parse(Class<?> record, Iterator<String> cells) {
        RecordComponent[] components = record.getRecordComponents();
        Object[] values = new Object[components.length];
        Class<?>[] types = new Class<?>[components.length];
        for (int i = 0; i < components.length; i++) {
            types[i] = components[i].getType();
            values[i] = types[i].isRecord() ? parse(types[i], cells) : value(types[i], cells.next());
        }
        try {
            return record.getDeclaredConstructor(types).newInstance(values);
        } catch (InvocationTargetException e) {
            throw new IllegalArgumentException(e.getTargetException().getMessage(), e);
        } catch (InstantiationException | IllegalAccessException | NoSuchMethodException e) {
            throw new LinkageError("a record has a constructor of its components", e);
        }
    }

    private static Object value(Class<?> type, String cell) {
        if (type == int.class) {
            return Integer.valueOf(cell);
        }
        if (type == long.class) {
            return Long.valueOf(cell);
        }
        return type == double.class ? Double.valueOf(cell.isEmpty() ? "NaN" : cell) : cell;
    }

    /**
     * Writes a file, or replaces it; what it held before is lost only when the new one is complete.
     *
     * @throws IOException if it cannot be written
     */
    public void write(Path file, List<R> records) throws IOException {
        var text = new StringBuilder(heading()).append('\n');
        for (R record : records) {
            List<String> cells = new ArrayList<>();
            addCells(record, cells);
            text.append(String.join(",", cells)).append('\n');
        }
        AtomicFile.write(file.toAbsolutePath(), out -> out.write(text.toString().getBytes(StandardCharsets.UTF_8)));
    }

    private static void addCells(Object record, List<String> cells) {
        for (RecordComponent component : record.getClass().getRecordComponents()) {
            Object value;
            try {
                value = component.getAccessor().invoke(record);
            } catch (IllegalAccessException | InvocationTargetException e) {
                throw new LinkageError("components of a record can be read", e);
            }
            if (component.getType().isRecord()) {
                addCells(value, cells);
            } else {
                cells.add(quoted(text(value)));
            }
        }
    }

    private static String quoted(String cell) {
        String line = cell.replaceAll("[\\r\\n]+", " ");
        boolean needed = line.indexOf(',') >= 0 || line.indexOf(QUOTE) >= 0;
        return needed ? QUOTE + line.replace("\"", "\"\"") + QUOTE : line;
    }

    private static String text(Object value) {
        if (value instanceof Double number) {
            return Double.isFinite(number) ? Double.toString(BigDecimal.valueOf(number).round(DIGITS).doubleValue())
                    : Double.isNaN(number) ? "" : number.toString();
        }
        return value.toString();
    }
}
