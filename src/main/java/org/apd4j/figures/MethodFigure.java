package org.apd4j.figures;

import java.awt.Color;
import java.awt.geom.Rectangle2D;
import java.util.List;
import java.util.Locale;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apd4j.charts.Figure;
import org.apd4j.charts.internal.Palette;
import org.apd4j.charts.internal.Panel;
import org.apd4j.charts.internal.Pen;
import org.apd4j.measures.MethodSample;
import org.apd4j.tables.NumberTable;
import org.apd4j.tables.internal.NumberText;
import tech.tablesaw.api.Table;

/** The picture of one step of the method on one sample, that {@link Figures#method} offers: boxes from left to right with the sample's numbers. */
final class MethodFigure {

    /** Largest number of features or components that have room for their numbers. */
    private static final int MOST = 12;
    private static final double LINE = 24;
    private static final double TOP = 54;
    private static final double GAP = 34;
    private static final double NAME = 20;
    private static final double BAR = 66;
    private static final double NUMBER = 50;
    private static final double LOSSES = 190;

    private MethodFigure() {
    }

    static Figure of(MethodSample sample) {
        int features = sample.inputs().size();
        int components = sample.attributions().size();
        int outputs = sample.target().size();
        if (Math.max(features, Math.max(components, outputs)) > MOST) {
            throw new IllegalArgumentException("there are " + features + " features, " + components + " components and " + outputs
                    + " outputs; this figure shows at most " + MOST + " of each");
        }
        double part = NAME + BAR + NUMBER;
        double mask = NAME + 46;
        double width = 4 * part + mask + LOSSES + 5 * GAP;
        double height = TOP + LINE * Math.max(5, Math.max(features, Math.max(components, outputs)));
        var body = new Panel(width, height, canvas -> {
            var pen = new Pen(canvas);
            double x = 0;
            bars(pen, x, "input x", "features", sample.inputs(), i -> Palette.feature(i, features), List.of());
            x = arrow(pen, x + part, height);
            bars(pen, x, "1 · target pass", "output y", sample.target(), o -> Palette.feature(o, outputs), List.of());
            x = arrow(pen, x + part, height);
            bars(pen, x, "2 · attributions", "of each component", sample.attributions(), c -> Palette.REFERENCE, List.of());
            x = arrow(pen, x + part, height);
            kept(pen, x, sample.kept());
            x = arrow(pen, x + mask, height);
            bars(pen, x, "4 · sparse pass", "output ŷ (outline: y)", sample.sparse(), o -> Palette.feature(o, outputs), sample.target());
            x = arrow(pen, x + part, height);
            losses(pen, x, sample);
        });
        String active = IntStream.range(0, features).filter(i -> sample.inputs().get(i) != 0)
                .mapToObj(i -> String.format(Locale.ROOT, "feature %d (%.2f)", i, sample.inputs().get(i))).collect(Collectors.joining(", "));
        String kept = IntStream.range(0, components).filter(c -> sample.kept().get(c)).mapToObj(Integer::toString).collect(Collectors.joining(", "));
        return new Figure("One step of the method on one sample",
                "Active: " + (active.isEmpty() ? "none" : active) + ". Numbers are this sample's own.",
                "One step of the method on one sample, from left to right. Active: " + (active.isEmpty() ? "none" : active) + ". Kept components: "
                + (kept.isEmpty() ? "none" : kept) + ". Faithfulness " + NumberText.of(sample.faithfulness()) + ", minimality "
                + NumberText.of(sample.minimality()) + ", simplicity " + NumberText.of(sample.simplicity()) + ".", List.of(), body, numbers(sample));
    }

    private static double down(int line) {
        return TOP + LINE * (line + 0.5);
    }

    private static void heading(Pen pen, double x, String title, String below) {
        pen.text(title, x, 8, Pen.START, Pen.START, Pen.HEADING, Pen.BLACK);
        pen.text(below, x, 28, Pen.START, Pen.START, Pen.SMALL, Pen.GREY);
    }

    private static void bars(Pen pen, double x, String title, String below, List<Double> values, IntFunction<Color> color, List<Double> outline) {
        heading(pen, x, title, below);
        double largest = 1e-12;
        for (int i = 0; i < values.size(); i++) {
            largest = Math.max(largest, Math.max(Math.abs(values.get(i)), outline.isEmpty() ? 0 : Math.abs(outline.get(i))));
        }
        for (int i = 0; i < values.size(); i++) {
            double y = down(i);
            pen.text(Integer.toString(i), x + NAME - 6, y, Pen.END, Pen.MIDDLE, Pen.SMALL, Pen.GREY);
            pen.line(x + NAME, y - 9, x + NAME, y + 9, Pen.AXIS, 1);
            pen.rectangle(x + NAME, y - 7, BAR * Math.abs(values.get(i)) / largest, 14, color.apply(i));
            if (!outline.isEmpty()) {
                pen.draw(new Rectangle2D.Double(x + NAME, y - 8.5, BAR * Math.abs(outline.get(i)) / largest, 17), Pen.BLACK, 1);
            }
            pen.text(text(values.get(i)), x + NAME + BAR + 6, y, Pen.START, Pen.MIDDLE, Pen.SMALL, Pen.BLACK);
        }
    }

    private static String text(double value) {
        return value == 0 ? "0" : Math.abs(value) < 0.0005 ? "0.000" : String.format(Locale.ROOT, "%.3f", value);
    }

    private static void kept(Pen pen, double x, List<Boolean> kept) {
        heading(pen, x, "3 · mask", "batch top-k");
        for (int c = 0; c < kept.size(); c++) {
            double y = down(c);
            pen.text(Integer.toString(c), x + NAME - 6, y, Pen.END, Pen.MIDDLE, Pen.SMALL, Pen.GREY);
            var box = new Rectangle2D.Double(x + NAME, y - 8, 16, 16);
            if (kept.get(c)) {
                pen.fill(box, Palette.category(2));
            }
            pen.draw(box, Pen.GREY, 1);
            pen.text(kept.get(c) ? "1" : "0", x + NAME + 24, y, Pen.START, Pen.MIDDLE, Pen.SMALL, Pen.BLACK);
        }
    }

    private static double arrow(Pen pen, double x, double height) {
        double y = (TOP + height) / 2;
        pen.arrow(x + 4, y, x + GAP - 8, y, Pen.GREY, 1.6);
        return x + GAP;
    }

    private static void losses(Pen pen, double x, MethodSample sample) {
        heading(pen, x, "5 · three losses", "of the weights and of this sample");
        String[][] rows = {{"faithfulness", "mean (W − Σ P)²", NumberText.of(sample.faithfulness())},
            {"minimality", "mean (ŷ − y)²", NumberText.of(sample.minimality())},
            {"simplicity", "size of what is kept", NumberText.of(sample.simplicity())}};
        for (int r = 0; r < rows.length; r++) {
            double y = TOP + 8 + r * 40;
            pen.text(rows[r][0], x, y, Pen.START, Pen.MIDDLE, Pen.LABEL, Pen.BLACK);
            pen.text(rows[r][1], x, y + 16, Pen.START, Pen.MIDDLE, Pen.TINY, Pen.GREY);
            pen.text(rows[r][2], x + LOSSES - 8, y, Pen.END, Pen.MIDDLE, Pen.LABEL, Pen.BLACK);
        }
    }

    private static Table numbers(MethodSample sample) {
        List<Table> parts = List.of(
                part("x", sample.inputs()), part("y", sample.target()), part("attribution", sample.attributions()),
                part("mask", sample.kept().stream().map(kept -> kept ? 1.0 : 0.0).toList()), part("ŷ", sample.sparse()),
                part("loss", List.of(sample.faithfulness(), sample.minimality(), sample.simplicity())));
        return NumberTable.stack("One step on one sample", "part", parts.stream().map(Table::name).toList(), parts);
    }

    private static Table part(String name, List<Double> values) {
        return NumberTable.named(name).integers("index", IntStream.range(0, values.size()).toArray())
                .numbers("value", values.stream().mapToDouble(Double::doubleValue).toArray()).build();
    }
}
