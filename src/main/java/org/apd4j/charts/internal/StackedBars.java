package org.apd4j.charts.internal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apd4j.charts.Figure;
import org.apd4j.charts.Series;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategorySeries;
import tech.tablesaw.api.Table;

/** Bars on top of one another, drawn by XChart. */
public final class StackedBars {

    private StackedBars() {
    }

    /**
     * Returns many thin bars.
     *
     * @param categories [n] names of the places, in order
     * @param parts      from below upwards, each with n values of 0 or more
     * @param highest    upper end of the axis, which several figures can share
     * @param words      text alternative
     * @param table      the numbers of the figure
     */
    public static Figure of(String title, String xTitle, List<String> categories, String yTitle, List<Series> parts, double highest, String words,
                     Table table, double width) {
        var frame = new ChartFrame(width, 230, Axis.categories(xTitle, categories), Axis.exactly(yTitle, 0, highest));
        var chart = new CategoryChart((int) width, 230);
        chart.getStyler().setStacked(true).setAvailableSpaceFill(0.86);
        List<Integer> places = new ArrayList<>();
        for (int i = 0; i < categories.size(); i++) {
            places.add(i);
        }
        for (int s = 0; s < parts.size(); s++) {
            List<Double> heights = Arrays.stream(parts.get(s).values()).map(v -> Double.isFinite(v) ? v : 0).boxed().toList();
            CategorySeries drawn = chart.addSeries(s + " " + parts.get(s).name(), places, heights);
            drawn.setFillColor(parts.get(s).colorOr(s));
            drawn.setLineColor(parts.get(s).colorOr(s));
        }
        frame.with(chart);
        List<Key> keys = new ArrayList<>();
        for (int s = 0; s < parts.size(); s++) {
            keys.add(new Key(parts.get(s).name(), parts.get(s).colorOr(s), Key.Mark.BOX));
        }
        return new Figure(title, "", words, keys, frame.panel(), wide -> frame.resized(wide).panel(), table);
    }
}
