package org.apd4j.figures;

import java.awt.Color;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.apd4j.charts.Charts;
import org.apd4j.charts.Figure;
import org.apd4j.charts.Scale;
import org.apd4j.charts.Series;
import org.apd4j.charts.internal.MatrixPanels;
import org.apd4j.charts.internal.Overlaid;
import org.apd4j.charts.internal.Palette;
import org.apd4j.charts.internal.PanelGrid;
import org.apd4j.charts.internal.Pen;
import org.apd4j.charts.internal.Scatter;
import org.apd4j.math.Statistics;
import org.apd4j.math.internal.Grid;
import org.apd4j.measures.importance.ImportanceCurves;
import org.apd4j.measures.residual.CrossLayerShare;
import org.apd4j.measures.residual.LengthFactors;
import org.apd4j.measures.superposition.OwnedRows;
import org.apd4j.tables.NumberTable;
import org.apd4j.tables.internal.NumberText;

/**
 * The figures of components that span all matrices of a network and have one importance each.
 *
 * <pre>{@code
 * SharedComponentFigures.sketch();
 * SharedComponentFigures.rows(Map.of("this run", OwnedRows.of(run, 0.75)))
 * }</pre>
 */
public final class SharedComponentFigures {

    private static final String COMPONENT_OF = "component of feature";
    /** Points of the curve on which two factors have the product 1. */
    private static final int ON_CURVE = 160;
    /** Curves of importances that are nowhere further apart cannot be told apart in a figure. */
    private static final double COINCIDING = 0.05;
    /** Number of components of a matrix in the sketch. */
    private static final int SKETCHED = 4;
    /** Colours of pieces that belong to the second matrix alone: neither those of the first nor black, which is that of gates. */
    private static final int[] OTHERS = {4, 5, 7, 9};

    private SharedComponentFigures() {
    }

    /** A way to cut a network of two matrices into components, for the sketch. */
    private enum Cut {
        TOP_K("whole components, top-k", "A component spans both matrices. Of all components and samples of a batch those with the largest "
                + "attributions are kept."),
        GATE_A_PIECE("pieces of one matrix, a gate each", "A piece belongs to one matrix and has a gate of its own, so that pieces of one mechanism "
                + "switch by themselves."),
        GATE_A_COMPONENT("whole components, one gate each", "A component spans both matrices, and one gate switches it in both at once.");

        private final String title;
        private final String words;

        Cut(String title, String words) {
            this.title = title;
            this.words = words;
        }

        private int gates() {
            return switch (this) {
                case TOP_K -> 0;
                case GATE_A_PIECE -> 2 * SKETCHED;
                case GATE_A_COMPONENT -> SKETCHED;
            };
        }
    }

    /**
     * Returns a sketch of three ways to cut a network of two matrices into components and to switch them: whole components of which a selection
     * keeps some, pieces of one matrix with a gate each, and whole components with one gate each.
     */
    public static Figure sketch() {
        List<Cut> cuts = List.of(Cut.values());
        double width = 270;
        double gap = 30;
        var table = NumberTable.named("Three ways to cut a network of two matrices")
                .texts("cut", cuts.stream().map(cut -> cut.title).toList())
                .integers("components", cuts.stream().mapToInt(cut -> cut == Cut.GATE_A_PIECE ? 2 * SKETCHED : SKETCHED).toArray())
                .integers("gates", cuts.stream().mapToInt(Cut::gates).toArray()).build();
        return Figure.of("What is cut, and what is switched",
                "Two matrices, cut in three ways. " + String.join(" ", cuts.stream().map(cut -> cut.words).toList()),
                cuts.size() * width + (cuts.size() - 1) * gap, 250, canvas -> {
                    var pen = new Pen(canvas);
                    for (int i = 0; i < cuts.size(); i++) {
                        paint(pen, cuts.get(i), i * (width + gap), width);
                    }
                }, table);
    }

    private static void paint(Pen pen, Cut cut, double left, double width) {
        double top = 46;
        double band = 30;
        double matrix = 62;
        double first = left + 44;
        double second = left + width - 30 - matrix;
        double bottom = top + SKETCHED * band;
        pen.text(cut.title, left + width / 2, 0, Pen.MIDDLE, Pen.START, Pen.HEADING, Pen.BLACK);
        pen.text("first matrix", first + matrix / 2, top - 12, Pen.MIDDLE, Pen.MIDDLE, Pen.TINY, Pen.GREY);
        pen.text("second matrix", second + matrix / 2, top - 12, Pen.MIDDLE, Pen.MIDDLE, Pen.TINY, Pen.GREY);
        for (int c = 0; c < SKETCHED; c++) {
            double y = top + c * band;
            Color color = Palette.category(c);
            Color other = cut == Cut.GATE_A_PIECE ? Palette.category(OTHERS[c]) : color;
            if (cut != Cut.GATE_A_PIECE) {
                pen.rectangle(first + matrix, y + 1, second - first - matrix, band - 2, Palette.pale(color, 0.22));
            }
            pen.rectangle(first, y + 1, matrix, band - 2, color);
            pen.rectangle(second, y + 1, matrix, band - 2, other);
            switch (cut) {
                case TOP_K -> box(pen, left + 14, y + band / 2, c == 1);
                case GATE_A_PIECE -> {
                    gate(pen, first + matrix - 13, y + band / 2, c == 1);
                    gate(pen, second + 13, y + band / 2, c == 0 || c == 3);
                }
                case GATE_A_COMPONENT -> gate(pen, (first + matrix + second) / 2, y + band / 2, c == 1);
            }
        }
        pen.draw(new Rectangle2D.Double(first, top, matrix, SKETCHED * band), Pen.BLACK, 1.2);
        pen.draw(new Rectangle2D.Double(second, top, matrix, SKETCHED * band), Pen.BLACK, 1.2);
        if (cut == Cut.TOP_K) {
            pen.text("kept", left + 14, top - 12, Pen.MIDDLE, Pen.MIDDLE, Pen.TINY, Pen.GREY);
        }
        pen.text("x", first + matrix / 2, bottom + 22, Pen.MIDDLE, Pen.MIDDLE, Pen.LABEL, Pen.BLACK);
        pen.arrow(first + matrix / 2 + 10, bottom + 22, second + matrix / 2 - 10, bottom + 22, Pen.GREY, 1.4);
        pen.text("y", second + matrix / 2, bottom + 22, Pen.MIDDLE, Pen.MIDDLE, Pen.LABEL, Pen.BLACK);
        List<String> lines = Pen.wrap(cut.words, Pen.SMALL, width);
        for (int l = 0; l < lines.size(); l++) {
            pen.text(lines.get(l), left, bottom + 40 + 15 * l, Pen.START, Pen.START, Pen.SMALL, Pen.GREY);
        }
    }

    private static void box(Pen pen, double x, double y, boolean kept) {
        pen.draw(new Rectangle2D.Double(x - 7, y - 7, 14, 14), Pen.GREY, 1.2);
        if (kept) {
            var tick = new Path2D.Double();
            tick.moveTo(x - 4, y);
            tick.lineTo(x - 1, y + 4);
            tick.lineTo(x + 5, y - 4);
            pen.draw(tick, Pen.BLACK, 2);
        }
    }

    /** Draws a gate: a disc that is full where the gate is open. */
    private static void gate(Pen pen, double x, double y, boolean open) {
        pen.disc(x, y, 8.5, Color.WHITE);
        pen.disc(x, y, 7.5, Pen.BLACK);
        pen.disc(x, y, 6, open ? Pen.BLACK : Color.WHITE);
    }

    /**
     * Returns the importance of each feature's component over the size of the feature while it is active alone, one colour a feature, and the largest
     * importance that any of them has while another feature is active.
     */
    public static Figure curves(ImportanceCurves measured) {
        String title = "Gates as functions of the input";
        String across = "size of the only active feature";
        String up = "importance g of the feature's component";
        Series others = new Series("any of them, another feature active", Statistics.array(measured.others()));
        double[] inputs = Statistics.array(measured.inputs());
        if (measured.curves().size() > Palette.categories()) {
            return Overlaid.of(title, across, inputs, up, Overlaid.Form.LINE,
                    measured.curves().stream().map(curve -> Statistics.array(curve.own())).toArray(double[][]::new), others);
        }
        List<Series> series = new ArrayList<>();
        for (ImportanceCurves.Curve curve : measured.curves()) {
            series.add(new Series("feature " + curve.feature() + ", component " + curve.component(), Statistics.array(curve.own()))
                    .in(Palette.feature(curve.feature(), measured.curves().size())));
        }
        series.add(others.asReference());
        Figure figure = Charts.lines(title, across, inputs, up, Scale.LINEAR, series);
        String note = coincidence(measured);
        return note.isEmpty() ? figure : figure.withNote(note);
    }

    /** Returns what to say of curves that cover one another; empty if they can be told apart. */
    static String coincidence(ImportanceCurves measured) {
        int curves = measured.curves().size();
        double apart = IntStream.range(0, measured.inputs().size()).mapToDouble(k -> range(measured, k)).max().orElse(0);
        return curves < 2 || apart > COINCIDING ? "" : String.format(Locale.ROOT,
                "The %d curves coincide: nowhere are they more than %s apart, and the last one covers the others.", curves, NumberText.of(apart));
    }

    /** Returns how far apart the features' own curves are at one input. */
    private static double range(ImportanceCurves measured, int input) {
        var values = measured.curves().stream().mapToDouble(curve -> curve.own().get(input)).summaryStatistics();
        return values.getMax() - values.getMin();
    }

    /**
     * Returns the rows that the features' components hold, side by side for several decompositions: in each map a row for each feature's component, a
     * column for each row of W, and their relative length to one decimal.
     *
     * @param measured heading → rows
     * @throws IllegalArgumentException if there is none, or they differ in their number of features
     */
    public static Figure rows(Map<String, OwnedRows> measured) {
        if (measured.isEmpty()) {
            throw new IllegalArgumentException("there are no rows to draw; those of at least one decomposition are needed");
        }
        List<double[][]> lengths = measured.values().stream().map(rows -> rounded(rows.lengths())).toList();
        return PanelGrid.figure("Rows of W in the components of the features",
                MatrixPanels.row(List.copyOf(measured.keySet()), lengths, COMPONENT_OF, "row of W", "length relative to W", 0, 1));
    }

    private static double[][] rounded(Grid values) {
        double[][] rounded = values.toArray();
        for (double[] row : rounded) {
            Arrays.setAll(row, j -> Math.rint(10 * row[j]) / 10);
        }
        return rounded;
    }

    /**
     * Returns how large each component that owns a feature is in the first layer (across) and in the second (up). A component that lives in one
     * layer only lies on an axis.
     *
     * @throws IllegalArgumentException if there are fewer than two layers, or each layer has components of its own
     */
    public static Figure layers(CrossLayerShare measured) {
        if (measured.norms().isEmpty() || measured.norms().get(0).size() < 2) {
            throw new IllegalArgumentException("sizes can be compared between two layers, in components that span both");
        }
        return Scatter.compared("Size of the components in both layers", "size in layer 1", "size in layer 2",
                List.of(new Scatter.Points("component that owns a feature", sizes(measured, 0), sizes(measured, 1), Palette.category(0))),
                "as large in both").withNote("Every dot is a component; its size in a layer is the norm of its pieces there.");
    }

    private static double[] sizes(CrossLayerShare measured, int layer) {
        return measured.norms().stream().mapToDouble(sizes -> sizes.get(layer)).toArray();
    }

    /**
     * Returns the two factors of each component's length: what its neurons read (across) and what they write (up), relative to the target's.
     * Components as large as the target on both sides lie at (1, 1); the length ratio cannot tell them from others on the curve.
     */
    public static Figure lengths(LengthFactors measured) {
        List<Scatter.Points> points = new ArrayList<>();
        double smallest = 1;
        double largest = 1;
        for (int l = 0; l < measured.layers(); l++) {
            int layer = l;
            double[] in = measured.features().stream().mapToDouble(feature -> feature.in().get(layer)).toArray();
            double[] out = measured.features().stream().mapToDouble(feature -> feature.out().get(layer)).toArray();
            points.add(new Scatter.Points(measured.layers() == 1 ? "feature's component" : "layer " + (l + 1), in, out, Palette.category(l)));
            smallest = Math.min(smallest, Arrays.stream(in).filter(value -> value > 0).min().orElse(1));
            largest = Math.max(largest, Arrays.stream(in).filter(Double::isFinite).max().orElse(1));
        }
        double low = Math.max(0.4, smallest);
        double high = Math.max(1.2, largest);
        double[] across = IntStream.range(0, ON_CURVE).mapToDouble(k -> low * Math.pow(high / low, (double) k / (ON_CURVE - 1))).toArray();
        points.add(new Scatter.Points("the target", new double[] {1}, new double[] {1}, Pen.BLACK, Scatter.Mark.CROSS));
        return Scatter.withCurve("Lengths of what components read and write", "read, relative to the target", "written, relative to the target", points,
                new Scatter.Points("product = 1", across, Arrays.stream(across).map(value -> 1 / value).toArray(), Palette.REFERENCE));
    }
}
