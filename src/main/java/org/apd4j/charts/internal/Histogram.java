package org.apd4j.charts.internal;

import java.awt.Color;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.DoublePredicate;
import java.util.stream.DoubleStream;
import org.apd4j.charts.Figure;
import org.apd4j.charts.Scale;
import org.apd4j.tables.NumberTable;
import org.apd4j.tables.internal.NumberText;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * How often values of several kinds fall into the same bins, as step lines, drawn by XChart. XChart's own histogram is bars over linear bins.
 *
 * <pre>{@code
 * var losses = Scrubbing.of(run, 0, 10_000).losses();
 * Histogram.logarithmic("Scrubbing", "mean squared error", 1e-8, 40, "samples", List.of(
 *         new Histogram.Sample("scrubbed", losses.get(Scrubbing.Kind.SCRUBBED).values(), Palette.category(0))), List.of())
 * }</pre>
 */
public final class Histogram {

    /**
     * Values of one kind.
     *
     * @param name   label in the legend
     * @param values [n]
     * @param color  of its line
     */
    public record Sample(String name, double[] values, Color color) {
        public Sample {
            values = values.clone();
        }

        @Override
        public String toString() {
            return name + " " + Arrays.toString(values);
        }

        @Override
        public double[] values() {
            return values.clone();
        }
    }

    /**
     * An upright line at a value, such as a mean.
     *
     * @param name  label in the legend
     * @param at    its place
     * @param color its colour
     */
    public record Line(String name, double at, Color color) {
    }

    /** Smallest width of all bins together, in decades; values that differ in their last digits only share one bin. */
    private static final double NARROWEST = 1e-6;

    private Histogram() {
    }

    /**
     * Returns step lines over bins of equal width in logarithms. Values below the lowest bin, or not finite, are counted in the note, not drawn.
     *
     * @param lowest lower end of the first bin, above 0
     * @param bins   their number; they end at the largest value
     * @param lines  upright dashed lines; one that is not above 0 has no place on the axis
     * @throws IllegalArgumentException if no value lies above the lowest
     */
    public static Figure logarithmic(String title, String xTitle, double lowest, int bins, String yTitle, List<Sample> samples,
                                     List<Line> lines) {
        double highest = samples.stream().flatMapToDouble(sample -> Arrays.stream(sample.values)).filter(Double::isFinite).max().orElse(0);
        if (!(lowest > 0 && highest > lowest)) {
            throw new IllegalArgumentException("the bins would go from " + lowest + " to " + highest
                    + "; they must begin above 0 and below the largest value that is finite");
        }
        if (bins < 1) {
            throw new IllegalArgumentException("bins is " + bins + "; it must be 1 or more");
        }
        double from = Math.log10(lowest);
        double width = Math.max(NARROWEST, Math.log10(highest) - from) / bins;
        double[] edges = new double[bins + 1];
        Arrays.setAll(edges, i -> from + i * width);
        List<double[]> counts = samples.stream().map(sample -> counts(sample.values, from, width, bins)).toList();
        double most = counts.stream().flatMapToDouble(Arrays::stream).max().orElse(1);
        double[] ends = DoubleStream.concat(DoubleStream.of(lowest, highest), lines.stream().mapToDouble(Line::at)).toArray();
        Axis across = Axis.around(xTitle, Scale.LOGARITHMIC, 0, List.of(ends));
        var frame = new ChartFrame(ChartFrame.WIDTH + 120, ChartFrame.HEIGHT, across, Axis.exactly(yTitle, 0, 1.06 * most));
        var chart = new XYChart((int) ChartFrame.WIDTH, (int) ChartFrame.HEIGHT);
        for (int s = 0; s < samples.size(); s++) {
            XYSeries drawn = chart.addSeries(s + " " + samples.get(s).name(), corners(edges), heights(counts.get(s)));
            drawn.setMarker(SeriesMarkers.NONE).setLineColor(samples.get(s).color()).setLineStyle(Pen.stroke(1.6));
            drawn.setLineWidth(1.6f);
        }
        for (Line line : lines) {
            double at = across.drawn(line.at());
            if (!Double.isNaN(at)) {
                frame.with((pen, f) -> pen.dashed(f.acrossOf(at), f.downOf(1.06 * most), f.acrossOf(at), f.downOf(0), line.color(), 1.6));
            }
        }
        frame.with(chart);
        List<Key> keys = new ArrayList<>();
        samples.forEach(sample -> keys.add(new Key(sample.name(), sample.color(), Key.Mark.LINE)));
        lines.forEach(line -> keys.add(new Key(line.name(), line.color(), Key.Mark.DASHES)));
        NumberTable table = NumberTable.named(title).numbers(xTitle + ", from", powers(edges, 0, bins))
                .numbers(xTitle + ", to", powers(edges, 1, bins));
        for (int s = 0; s < samples.size(); s++) {
            table.integers(samples.get(s).name(), Arrays.stream(counts.get(s)).mapToInt(count -> (int) count).toArray());
        }
        return new Figure(title, notes(samples, lowest), describe(title, samples, lines), keys, frame.panel(),
                wide -> frame.resized(wide).panel(), table.build());
    }

    private static double[] counts(double[] values, double from, double width, int bins) {
        double[] counts = new double[bins];
        for (double value : values) {
            double place = (Math.log10(value) - from) / width;
            if (place >= 0 && Double.isFinite(value)) {
                counts[(int) Math.min(bins - 1, place)]++;
            }
        }
        return counts;
    }

    /** Returns two points for every inner edge, which makes steps. */
    private static double[] corners(double[] edges) {
        double[] corners = new double[2 * edges.length];
        Arrays.setAll(corners, i -> edges[i / 2]);
        return corners;
    }

    private static double[] heights(double[] counts) {
        double[] heights = new double[2 * counts.length + 2];
        for (int i = 0; i < counts.length; i++) {
            heights[2 * i + 1] = counts[i];
            heights[2 * i + 2] = counts[i];
        }
        return heights;
    }

    private static double[] powers(double[] edges, int first, int count) {
        return Arrays.stream(edges, first, first + count).map(edge -> Math.min(Double.MAX_VALUE, Math.pow(10, edge))).toArray();
    }

    private static String notes(List<Sample> samples, double lowest) {
        String below = count("Not drawn, because below " + Axis.label(lowest) + ": ", samples, value -> value < lowest
                && value != Double.NEGATIVE_INFINITY);
        String none = count("Not drawn, because not finite: ", samples, value -> !Double.isFinite(value));
        return (below + " " + none).strip();
    }

    private static String count(String what, List<Sample> samples, DoublePredicate counted) {
        List<String> parts = new ArrayList<>();
        for (Sample sample : samples) {
            long count = Arrays.stream(sample.values).filter(counted).count();
            if (count > 0) {
                parts.add(String.format(Locale.ROOT, "%,d of %s", count, sample.name()));
            }
        }
        return parts.isEmpty() ? "" : what + String.join(", ", parts) + ".";
    }

    private static String describe(String title, List<Sample> samples, List<Line> lines) {
        var words = new StringBuilder(title).append(". Histogram of ").append(String.join(", ", samples.stream().map(Sample::name).toList()))
                .append('.');
        lines.forEach(line -> words.append(' ').append(line.name()).append(" at ").append(NumberText.of(line.at())).append('.'));
        return words.toString();
    }
}
