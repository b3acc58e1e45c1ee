package org.apd4j.charts.internal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.StringJoiner;
import org.apd4j.charts.Scale;
import org.apd4j.charts.Series;
import org.apd4j.tables.NumberTable;
import org.apd4j.tables.internal.NumberText;
import tech.tablesaw.api.Table;

/** The words, the legend and the table of a chart of {@link Series}. */
final class SeriesText {

    private SeriesText() {
    }

    /** Returns a note, and what the axis cannot show; empty if there is nothing to say. */
    static String notes(Axis up, List<Series> series, String note) {
        List<Series> zero = series.stream().filter(one -> isZero(up, one)).toList();
        long absent = series.stream().filter(one -> !zero.contains(one)).flatMapToDouble(one -> Arrays.stream(one.values()))
                .filter(v -> Double.isNaN(up.drawn(v))).count();
        List<String> sentences = new ArrayList<>();
        if (!note.isEmpty()) {
            sentences.add(note);
        }
        if (!zero.isEmpty()) {
            sentences.add("0 everywhere, and so not on this logarithmic axis: " + String.join(", ", zero.stream().map(Series::name).toList()) + ".");
        }
        if (absent > 0) {
            boolean tooLarge = series.stream().flatMapToDouble(one -> Arrays.stream(one.values()))
                    .anyMatch(v -> Double.isFinite(v) && Math.abs(v) > Axis.LARGEST);
            sentences.add(absent + (absent == 1 ? " value is" : " values are") + " not shown: not a finite "
                    + (up.scale == Scale.LOGARITHMIC ? "positive number." : tooLarge ? "number of at most 1e300 in size." : "number."));
        }
        return String.join(" ", sentences);
    }

    /** Tells whether a series has no place on the axis because it is 0 everywhere. */
    static boolean isZero(Axis up, Series series) {
        return up.scale == Scale.LOGARITHMIC && series.values().length > 0 && Arrays.stream(series.values()).allMatch(v -> v == 0);
    }

    static List<Key> keys(List<Series> series, boolean bars) {
        var keys = new ArrayList<Key>();
        for (int s = 0; s < series.size(); s++) {
            Key.Mark mark = bars ? Key.Mark.BOX : series.get(s).dashed() ? Key.Mark.DASHES : Key.Mark.LINE;
            keys.add(new Key(series.get(s).name(), series.get(s).colorOr(s), mark));
        }
        return keys;
    }

    static String describe(String title, String xTitle, String yTitle, Scale scale, List<Series> series) {
        var each = new StringJoiner("; ");
        for (Series one : series) {
            double[] numbers = Arrays.stream(one.values()).filter(Double::isFinite).toArray();
            each.add(one.name() + (numbers.length == 0 ? " without a number" : " from " + NumberText.of(numbers[0]) + " to "
                    + NumberText.of(numbers[numbers.length - 1]) + ", lowest "
                    + NumberText.of(Arrays.stream(numbers).min().orElseThrow()) + ", highest "
                    + NumberText.of(Arrays.stream(numbers).max().orElseThrow())));
        }
        return title + ". " + yTitle + (scale == Scale.LOGARITHMIC ? " (logarithmic)" : "") + " against " + xTitle + ": " + each + ".";
    }

    static Table table(String title, String xTitle, double[] x, List<Series> series) {
        boolean whole = Arrays.stream(x).allMatch(v -> v == (int) v);
        NumberTable table = whole
                ? NumberTable.named(title).integers(xTitle, Arrays.stream(x).mapToInt(v -> (int) v).toArray())
                : NumberTable.named(title).numbers(xTitle, x);
        return addSeries(table, series);
    }

    static Table table(String title, String xTitle, List<String> categories, List<Series> series) {
        return addSeries(NumberTable.named(title).texts(xTitle, categories), series);
    }

    static Table addSeries(NumberTable table, List<Series> series) {
        for (Series one : series) {
            table.numbers(one.name(), one.values());
            if (one.spread().length > 0) {
                table.numbers(one.name() + " ±", one.spread());
            }
        }
        return table.build();
    }

    static List<double[]> allValues(List<Series> series) {
        var values = new ArrayList<double[]>();
        for (Series one : series) {
            double[] middle = one.values();
            values.add(middle);
            if (one.spread().length > 0) {
                double[] spread = one.spread();
                var ends = new double[2 * middle.length];
                Arrays.setAll(ends, i -> middle[i / 2] + (i % 2 == 0 ? 1 : -1) * spread[i / 2]);
                values.add(ends);
            }
        }
        return values;
    }

    static void checkLengths(List<Series> series, int n, String what) {
        for (Series one : series) {
            if (one.values().length != n) {
                throw new IllegalArgumentException("series '" + one.name() + "' has " + one.values().length
                        + " values for " + n + " " + what);
            }
        }
    }
}
