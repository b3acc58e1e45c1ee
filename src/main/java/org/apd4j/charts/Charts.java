package org.apd4j.charts;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apd4j.charts.internal.BarChart;
import org.apd4j.charts.internal.LineChart;
import org.apd4j.training.LossHistory;

/**
 * Lines and bars, drawn by XChart.
 *
 * <pre>{@code
 * Charts.lines("Squares", "x", new double[] {1, 2, 3}, "y", Scale.LINEAR, List.of(new Series("x squared", 1, 4, 9)))
 * }</pre>
 */
public final class Charts {

    private static final String LOSS = "loss";

    private Charts() {
    }

    /**
     * Returns the losses of a run over its steps, on a logarithmic scale.
     *
     * @param history what the run recorded; losses without coefficients
     */
    public static Figure lossCurves(String title, LossHistory history) {
        return lossCurves(title, LOSS, history);
    }

    /**
     * Returns the losses of a run over its steps, on a logarithmic scale, with a name of the axis that says what they are or in which unit.
     *
     * @param lossTitle such as "loss (nats per token)"
     * @param history   what the run recorded
     */
    public static Figure lossCurves(String title, String lossTitle, LossHistory history) {
        Map<String, double[]> losses = new LinkedHashMap<>();
        int[] steps;
        synchronized (history) {
            steps = history.steps();
            history.names().forEach(name -> losses.put(name, history.values(name)));
        }
        return lossCurves(title, lossTitle, steps, losses);
    }

    /**
     * Returns losses over steps, on a logarithmic scale.
     *
     * @param steps  [n], rising
     * @param losses name → [n]
     * @throws IllegalArgumentException if a loss has another number of values
     */
    public static Figure lossCurves(String title, int[] steps, Map<String, double[]> losses) {
        return lossCurves(title, LOSS, steps, losses);
    }

    private static Figure lossCurves(String title, String lossTitle, int[] steps, Map<String, double[]> losses) {
        var series = new ArrayList<Series>();
        losses.forEach((name, values) -> series.add(new Series(name, values)));
        return lines(title, "step", Arrays.stream(steps).asDoubleStream().toArray(), lossTitle, Scale.LOGARITHMIC, series);
    }

    /**
     * Returns lines without markers. Where there are more points than pixels, the line is the median of neighbouring points and a band shows
     * their range; the figure says so.
     *
     * @param x      [n], rising
     * @param scale  of the y axis
     * @param series each with n values
     * @throws IllegalArgumentException if a series has another number of values, or an x is not finite
     */
    public static Figure lines(String title, String xTitle, double[] x, String yTitle, Scale scale, List<Series> series) {
        return LineChart.lines(title, xTitle, x, yTitle, scale, series);
    }

    /**
     * Returns lines with markers over named places, such as the loss against the number of active features.
     *
     * @param categories [n] names of the places, in order
     * @param scale      of the y axis
     * @param series     each with n values
     * @throws IllegalArgumentException if a series has another number of values
     */
    public static Figure markedLines(String title, String xTitle, List<String> categories, String yTitle, Scale scale,
                                     List<Series> series) {
        return LineChart.marked(title, xTitle, categories, yTitle, scale, series);
    }

    /**
     * Returns lines with markers over numbers, for a few points that may be unevenly spaced. A line joins the places at which its series has a value;
     * a baseline has no markers.
     *
     * @param x      [n], rising
     * @param scale  of the y axis
     * @param series each with n values; NaN where it has none
     * @throws IllegalArgumentException if a series has another number of values, or an x is not finite
     */
    public static Figure markedLines(String title, String xTitle, double[] x, String yTitle, Scale scale, List<Series> series) {
        return LineChart.marked(title, xTitle, x, yTitle, scale, series);
    }

    /**
     * Returns lines with markers over named places, of which only the first are joined, where the others are of another kind: the loss for exactly
     * 1 … 5 active features,
     * and beside it that on natural inputs.
     *
     * @param joined number of places that are joined by lines, 0 … n
     * @throws IllegalArgumentException if a series has another number of values, or {@code joined} is out of range
     */
    public static Figure markedLines(String title, String xTitle, List<String> categories, int joined, String yTitle, Scale scale,
                                     List<Series> series) {
        return LineChart.marked(title, xTitle, categories, joined, yTitle, scale, series);
    }

    /**
     * Returns bars from 0, side by side where there is more than one series.
     *
     * @param categories [n] names of the places, in order
     * @param series     each with n values; a value that is not a number has no bar
     * @throws IllegalArgumentException if a series has another number of values
     */
    public static Figure bars(String title, String xTitle, List<String> categories, String yTitle, List<Series> series) {
        return bars(title, xTitle, categories, yTitle, series, Double.NaN, "");
    }

    /**
     * Returns bars from 0 with a reference line, such as the cosine similarity 1.
     *
     * @param reference     height of the line; NaN for none
     * @param referenceName text at the end of the line
     * @throws IllegalArgumentException if a series has another number of values than there are categories
     */
    public static Figure bars(String title, String xTitle, List<String> categories, String yTitle, List<Series> series,
                              double reference, String referenceName) {
        return BarChart.bars(title, xTitle, categories, yTitle, series, reference, referenceName);
    }
}
