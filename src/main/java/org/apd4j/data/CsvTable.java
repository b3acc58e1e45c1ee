package org.apd4j.data;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The content of a file of comma-separated values: a line of column names, then rows of numbers, with an optional column of labels.
 *
 * <p>The names may follow a {@code #}, as NumPy's {@code savetxt} writes them. If the first line could be either names or data, the file is rejected,
 * since otherwise a row might be lost unnoticed.
 *
 * @param rows   {@code [rows][features]}
 * @param labels the label of each row, or an empty Optional if there is no such column
 * @param lines  the number of the line of each row, counted from 1
 */
record CsvTable(List<float[]> rows, Optional<List<String>> labels, List<Integer> lines) {

    private static final Pattern NUMBER = Pattern.compile("[-+]?(\\d+\\.?\\d*|\\.\\d+)([eE][-+]?\\d+)?");
    private static final Pattern NOT_FINITE = Pattern.compile("[-+]?(nan|inf(inity)?)", Pattern.CASE_INSENSITIVE);
    private static final int SHOWN = 40;

    /**
     * Reads a file.
     *
     * @param labelNames the possible names of the column of labels, in lower case
     * @throws IllegalArgumentException if the file does not have this form
     */
    static CsvTable read(Path file, List<String> labelNames) throws IOException {
        try (var reader = new CsvReader(file)) {
            CsvReader.@Nullable Line commented = null;
            CsvReader.@Nullable Line first = reader.next();
            while (first != null && first.cells().get(0).stripLeading().startsWith("#")) {
                commented = first;
                first = reader.next();
            }
            boolean namesAreCommented = commented != null && (first == null || first.cells().stream().anyMatch(CsvTable::isNumber)
                    || first.cells().stream().allMatch(String::isBlank));
            CsvReader.@Nullable Line heading = namesAreCommented ? commented : first;
            if (heading == null) {
                throw new IllegalArgumentException("is empty; the first line must name the columns");
            }
            List<String> names = names(heading, namesAreCommented);
            int label = labelColumn(names, labelNames);
            check(heading, names, label);
            var table = new CsvTable(new ArrayList<>(), label < 0 ? Optional.empty() : Optional.of(new ArrayList<>()), new ArrayList<>());
            for (CsvReader.@Nullable Line line = namesAreCommented ? first : reader.next(); line != null; line = reader.next()) {
                table.add(line, names, label);
            }
            return table;
        }
    }

    private static List<String> names(CsvReader.Line heading, boolean commented) {
        List<String> names = new ArrayList<>(heading.cells().stream().map(String::strip).toList());
        if (commented) {
            names.set(0, names.get(0).replaceFirst("^#+", "").strip());
        }
        return names;
    }

    private static int labelColumn(List<String> names, List<String> labelNames) {
        int label = -1;
        for (int i = 0; i < names.size(); i++) {
            if (labelNames.contains(names.get(i).toLowerCase(Locale.ROOT))) {
                if (label >= 0) {
                    throw new IllegalArgumentException("has two columns of labels, '" + names.get(label) + "' and '" + names.get(i) + "'");
                }
                label = i;
            }
        }
        return label;
    }

    private static void check(CsvReader.Line heading, List<String> names, int label) {
        if (names.size() == 1 && (names.get(0).contains(";") || names.get(0).contains("\t"))) {
            throw new IllegalArgumentException("line " + heading.number() + " is '" + shortened(names.get(0))
                    + "'; columns must be separated by commas, and decimals by a point");
        }
        int unnamed = names.indexOf("");
        if (unnamed >= 0) {
            throw new IllegalArgumentException("line " + heading.number() + " has no name for column " + (unnamed + 1)
                    + "; give it a name or leave the column out (pandas writes row numbers unless index=False)");
        }
        if (label < 0 && names.stream().anyMatch(CsvTable::isNumber)) {
            throw new IllegalArgumentException("line " + heading.number() + " is '" + shortened(String.join(",", names))
                    + "', which may be data; the first line must name the columns, and without a column of labels no name may be a number");
        }
    }

    private void add(CsvReader.Line line, List<String> names, int label) {
        List<String> cells = line.cells();
        if (cells.size() != names.size()) {
            throw new IllegalArgumentException("line " + line.number() + " has " + cells.size() + (cells.size() == 1 ? " value" : " values")
                    + " for " + names.size() + (names.size() == 1 ? " column" : " columns")
                    + "; every line needs one value per column, and decimals a point");
        }
        float[] row = new float[cells.size() - (label < 0 ? 0 : 1)];
        labels.ifPresent(all -> all.add(cells.get(label).strip()));
        for (int i = 0, at = 0; i < cells.size(); i++) {
            if (i != label) {
                row[at++] = number(cells.get(i), line.number(), names.get(i));
            }
        }
        rows.add(row);
        lines.add(line.number());
    }

    private static boolean isNumber(String cell) {
        String text = cell.strip();
        return NUMBER.matcher(text).matches() || NOT_FINITE.matcher(text).matches();
    }

    private static float number(String cell, int line, String column) {
        String text = cell.strip();
        boolean number = isPlain(text) || NUMBER.matcher(text).matches();
        if (number) {
            float value = Float.parseFloat(text);
            if (Float.isFinite(value)) {
                return value;
            }
        }
        String what = "line " + line + " has '" + shortened(cell) + "' in the column '" + shortened(column) + "'";
        if (number || NOT_FINITE.matcher(text).matches()) {
            throw new IllegalArgumentException(what + "; every value must be finite and of a magnitude below 3.4e38");
        }
        throw new IllegalArgumentException(what + " instead of a number" + (text.matches("[-+]?\\d+,\\d+") ? "; decimals need a point" : ""));
    }

    /** Returns whether the text is digits with at most one point. This is true of nearly all numbers, and faster to check than the pattern. */
    private static boolean isPlain(String text) {
        int points = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            points += c == '.' ? 1 : 0;
            if (c != '.' && (c < '0' || c > '9')) {
                return false;
            }
        }
        return points <= 1 && text.length() > points;
    }

    private static String shortened(String text) {
        String line = text.lines().findFirst().orElse("");
        return line.length() > SHOWN ? line.substring(0, SHOWN) + "…" : line;
    }
}
