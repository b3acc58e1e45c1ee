package org.apd4j.notebook.internal;

import java.awt.Color;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import org.apd4j.charts.internal.Palette;
import org.apd4j.tables.internal.Html;
import org.apd4j.training.LossHistory;
import org.apd4j.training.Progress;

/**
 * The small loss chart of a progress display, as SVG of a few kilobytes. It is cheap enough to be written twice a second on the thread that trains,
 * and its greys are legible on light and dark backgrounds. {@link org.apd4j.charts.Charts#lossCurves} makes the full figure.
 */
final class LossSketch {

    private static final int WIDTH = 380;
    private static final int HEIGHT = 130;
    private static final double LEFT = 34;
    private static final double RIGHT = 6;
    private static final double TOP = 6;
    private static final double BOTTOM = 16;
    private static final int MOST_POINTS = 160;
    /** Limits the width to that of the output area. */
    private static final String FITTING = "max-width:100%;height:auto";
    private static final String GREY = "#8a8a8a";

    private LossSketch() {
    }

    /** Returns the chart as inline SVG, which browsers update without flicker. */
    static String inline(Progress progress) {
        return svg(progress);
    }

    /** Returns the chart as an image, which is also shown by viewers that remove inline SVG from untrusted notebooks. */
    static String image(Progress progress) {
        String data = Base64.getEncoder().encodeToString(svg(progress).getBytes(StandardCharsets.UTF_8));
        return "<img width=\"" + WIDTH + "\" height=\"" + HEIGHT + "\" style=\"" + FITTING + "\" alt=\"" + Html.escape(alternative(progress))
                + "\" src=\"data:image/svg+xml;base64," + data + "\">";
    }

    /** Returns the colour of the i-th loss in HTML notation. */
    static String color(int i) {
        Color color = Palette.category(i);
        return String.format(Locale.ROOT, "#%06x", color.getRGB() & 0xFFFFFF);
    }

    private static String alternative(Progress progress) {
        return "Losses of " + progress.run() + " over " + progress.step() + " steps, logarithmic";
    }

    private static String svg(Progress progress) {
        LossHistory history = progress.history();
        int[] steps;
        double[][] losses;
        synchronized (history) {
            steps = history.steps();
            losses = history.names().stream().map(history::values).toArray(double[][]::new);
        }
        double[] logs = Arrays.stream(losses).flatMapToDouble(Arrays::stream)
                .filter(v -> v > 0 && Double.isFinite(v)).map(Math::log10).toArray();
        double low = Arrays.stream(logs).min().orElse(-1);
        double high = Arrays.stream(logs).max().orElse(0);
        double room = Math.max(0.05 * (high - low), 0.1);
        var view = new View(low - room, high + room, Math.max(1, progress.goal()));
        var svg = new StringBuilder(8000).append("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"").append(WIDTH)
                .append("\" height=\"").append(HEIGHT).append("\" viewBox=\"0 0 ").append(WIDTH).append(' ').append(HEIGHT)
                .append("\" role=\"img\" aria-label=\"").append(Html.escape(alternative(progress)))
                .append("\" style=\"" + FITTING + "\" font-family=\"sans-serif\" font-size=\"10\" fill=\"" + GREY + "\">");
        grid(svg, view);
        label(svg, WIDTH - RIGHT, HEIGHT - 3, "end", "step " + progress.goal());
        label(svg, LEFT, HEIGHT - 3, "start", "0");
        for (int i = losses.length - 1; i >= 0; i--) {
            svg.append("<path fill=\"none\" stroke-width=\"1.3\" stroke-linejoin=\"round\" stroke=\"").append(color(i)).append("\" d=\"");
            line(svg, view, steps, losses[i]);
            svg.append("\"/>");
        }
        return svg.append("</svg>").toString();
    }

    private record View(double low, double high, int steps) {

        double x(double step) {
            return LEFT + (WIDTH - LEFT - RIGHT) * Math.min(1, step / steps);
        }

        double y(double log) {
            return TOP + (HEIGHT - TOP - BOTTOM) * (high - log) / (high - low);
        }
    }

    private static void grid(StringBuilder svg, View view) {
        int stride = Math.max(1, (int) Math.ceil((view.high - view.low) / 5));
        int drawn = 0;
        for (int decade = (int) Math.ceil(view.low); decade <= view.high; decade++) {
            if (Math.floorMod(decade, stride) == 0) {
                tick(svg, view.y(decade), "1e" + decade);
                drawn++;
            }
        }
        if (drawn < 2) {
            for (double log : List.of(view.low, view.high)) {
                tick(svg, view.y(log), String.format(Locale.ROOT, "%.0e", Math.pow(10, log)).replaceAll("e([+-])0*", "e$1").replace("e+", "e"));
            }
        }
    }

    private static void tick(StringBuilder svg, double y, String label) {
        svg.append("<path stroke=\"" + GREY + "\" stroke-opacity=\"0.35\" stroke-width=\"0.7\" d=\"M").append(number(LEFT)).append(' ')
                .append(number(y)).append('H').append(number(WIDTH - RIGHT)).append("\"/>");
        label(svg, LEFT - 4, Math.max(8, y + 3.5), "end", label);
    }

    private static void label(StringBuilder svg, double x, double y, String anchor, String text) {
        svg.append("<text x=\"").append(number(x)).append("\" y=\"").append(number(y)).append("\" text-anchor=\"").append(anchor)
                .append("\">").append(text).append("</text>");
    }

    /** Appends the line through the medians of as many bins as the width can resolve. */
    private static void line(StringBuilder svg, View view, int[] steps, double[] values) {
        int size = Math.max(1, (values.length + MOST_POINTS - 1) / MOST_POINTS);
        boolean down = false;
        for (int from = 0; from < values.length; from += size) {
            int to = Math.min(values.length, from + size);
            double[] sorted = Arrays.stream(values, from, to).filter(v -> v > 0 && Double.isFinite(v)).sorted().toArray();
            if (sorted.length == 0) {
                down = false;
                continue;
            }
            svg.append(down ? 'L' : 'M').append(number(view.x((steps[from] + steps[to - 1]) / 2.0))).append(' ')
                    .append(number(view.y(Math.log10(sorted[sorted.length / 2]))));
            down = true;
        }
    }

    private static String number(double value) {
        return Double.toString(Math.rint(value * 10) / 10);
    }
}
