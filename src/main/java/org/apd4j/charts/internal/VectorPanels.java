package org.apd4j.charts.internal;

import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apd4j.charts.Figure;
import org.apd4j.tables.NumberTable;
import org.apd4j.tables.internal.NumberText;
import tech.tablesaw.api.Table;

/**
 * The rows of weight matrices as arrows from the origin, one colour a feature, the same axes in all panels (the paper's
 * Figure 3, upper row).
 */
public final class VectorPanels {

    private static final double MARGIN = 1.12;

    private VectorPanels() {
    }

    /**
     * Returns a row of panels, which {@link PanelGrid#figure} puts together with others.
     *
     * @param names    [panels]
     * @param matrices [panels][features, 2]; an arrow that is not finite is left out
     * @throws IllegalArgumentException if the numbers of names and matrices differ, the matrices differ in their number of features, or a
     *                                  row is not of length 2
     */
    public static PanelRow row(List<String> names, List<double[][]> matrices) {
        check(names, matrices);
        int features = matrices.get(0).length;
        double limit = MARGIN * largest(matrices);
        var dimension = Axis.exactly("", -limit, limit);
        double tick = tickOf(limit);
        boolean ordered = features > Palette.categories();
        var keys = new ArrayList<Key>();
        for (int f = 0; f < features && !ordered; f++) {
            keys.add(new Key("feature " + f, Palette.feature(f, features), Key.Mark.ARROW));
        }
        Optional<ColorBar> bar = !ordered ? Optional.empty() : Optional.of(new ColorBar(Axis.exactly("feature", 0, features - 1.0),
                t -> Palette.feature((int) Math.round(t * (features - 1)), features)));
        PanelRow.Cell cell = (pen, panel, width, height) -> {
            double middleX = width / 2;
            double middleY = height / 2;
            pen.line(0, middleY, width, middleY, Pen.GRID, 1);
            pen.line(middleX, 0, middleX, height, Pen.GRID, 1);
            pen.draw(new Rectangle2D.Double(0, 0, width, height), Pen.GRID, 1);
            for (double at : new double[] {-tick, 0, tick}) {
                double x = width * dimension.fraction(at);
                pen.line(x, height, x, height + 3, Pen.AXIS, 1);
                pen.text(Axis.label(at), x, height + 6, Pen.MIDDLE, Pen.START, Pen.TINY, Pen.GREY);
            }
            pen.text("hidden 0", middleX, height + 20, Pen.MIDDLE, Pen.START, Pen.TINY, Pen.GREY);
            double[][] vectors = matrices.get(panel);
            for (int f = 0; f < features; f++) {
                double x = vectors[f][0];
                double y = vectors[f][1];
                if (Math.abs(x) <= Axis.LARGEST && Math.abs(y) <= Axis.LARGEST) {
                    pen.arrow(middleX, middleY, width * dimension.fraction(x), height * (1 - dimension.fraction(y)),
                            Palette.feature(f, features), ordered ? 1.2 : 2);
                }
            }
        };
        PanelRow.Side left = (pen, width, height) -> {
            for (double at : new double[] {-tick, 0, tick}) {
                double y = height * (1 - dimension.fraction(at));
                pen.line(width - 3, y, width, y, Pen.AXIS, 1);
                pen.text(Axis.label(at), width - 6, y, Pen.END, Pen.MIDDLE, Pen.TINY, Pen.GREY);
            }
            pen.vertical("hidden 1", width - 14 - Pen.width(Axis.label(-tick), Pen.TINY), height / 2, Pen.TINY, Pen.GREY);
        };
        return new PanelRow(names, 1, cell, left, 24 + Pen.width(Axis.label(-tick), Pen.TINY), 30, bar, keys,
                numbers(names, matrices), "Weight vectors of " + features
                + " features as arrows in two hidden dimensions, the largest entry " + NumberText.of(limit / MARGIN) + ".");
    }

    /** Returns {@link #row} as a figure of its own. */
    public static Figure figure(String title, List<String> names, List<double[][]> matrices) {
        return PanelGrid.figure(title, row(names, matrices));
    }

    private static void check(List<String> names, List<double[][]> matrices) {
        if (names.size() != matrices.size()) {
            throw new IllegalArgumentException(names.size() + " names for " + matrices.size() + " matrices");
        }
        if (matrices.isEmpty() || matrices.get(0).length == 0) {
            throw new IllegalArgumentException("there is no weight vector to draw; at least one is needed");
        }
        for (int p = 0; p < matrices.size(); p++) {
            double[][] matrix = matrices.get(p);
            if (matrix.length != matrices.get(0).length) {
                throw new IllegalArgumentException("'" + names.get(p) + "' has " + matrix.length + " features, '"
                        + names.get(0) + "' has " + matrices.get(0).length);
            }
            for (double[] vector : matrix) {
                if (vector.length != 2) {
                    throw new IllegalArgumentException("'" + names.get(p) + "' has vectors of " + vector.length
                            + " dimensions; arrows can be drawn in 2");
                }
            }
        }
    }

    private static double largest(List<double[][]> matrices) {
        double largest = 0;
        for (double[][] matrix : matrices) {
            for (double[] vector : matrix) {
                for (double entry : vector) {
                    largest = Math.abs(entry) <= Axis.LARGEST ? Math.max(largest, Math.abs(entry)) : largest;
                }
            }
        }
        return largest > 1 / Axis.LARGEST ? largest : 1;
    }

    /** Returns a round number at about three quarters of the axis. */
    private static double tickOf(double limit) {
        double power = Math.pow(10, Math.floor(Math.log10(limit)));
        double tick = power;
        for (double nice : new double[] {1, 2, 5}) {
            tick = nice * power <= 0.92 * limit ? nice * power : tick;
        }
        return tick <= limit ? tick : power / 2;
    }

    private static Table numbers(List<String> names, List<double[][]> matrices) {
        int features = matrices.get(0).length;
        int rows = names.size() * features;
        return NumberTable.named("weight vectors")
                .texts("panel", IntStream.range(0, rows).mapToObj(i -> names.get(i / features)).toList())
                .integers("feature", IntStream.range(0, rows).map(i -> i % features).toArray())
                .numbers("hidden 0", IntStream.range(0, rows).mapToDouble(i -> matrices.get(i / features)[i % features][0]).toArray())
                .numbers("hidden 1", IntStream.range(0, rows).mapToDouble(i -> matrices.get(i / features)[i % features][1]).toArray())
                .build();
    }
}
