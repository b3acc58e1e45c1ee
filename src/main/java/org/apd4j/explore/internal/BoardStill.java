package org.apd4j.explore.internal;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apd4j.charts.Charts;
import org.apd4j.charts.Figure;
import org.apd4j.charts.Scale;
import org.apd4j.charts.Series;
import org.apd4j.decomposition.Decomposition;
import org.apd4j.decomposition.Evaluator;
import org.apd4j.decomposition.Mask;
import org.apd4j.explore.internal.BoardData.Input;
import org.apd4j.math.Matrix;
import org.apd4j.math.SparseRows;
import org.apd4j.network.internal.Softmax;

/** The still picture of a board: the outputs on its first input, of target, all and the ticked components. */
public final class BoardStill {

    private static final int POINTS = 101;

    private BoardStill() {
    }

    /** Returns the picture of a board as it is at first. */
    public static Figure of(Decomposition decomposition, BoardStart start) {
        BoardData data = start.data();
        Evaluator evaluator = decomposition.evaluator();
        Matrix x = data.curve() ? sweep(start) : start.x();
        SparseRows rows = SparseRows.of(x);
        boolean[][] keep = new boolean[x.rows()][];
        for (int row = 0; row < keep.length; row++) {
            keep[row] = new boolean[data.count()];
            for (int c : data.ticked()) {
                keep[row][c] = true;
            }
        }
        List<Series> series = List.of(
                new Series("target", shown(evaluator.target(rows), data)).in(BoardStart.TARGET),
                new Series("all components", shown(evaluator.allComponents(rows), data)).in(BoardStart.ALL),
                new Series("ticked components", shown(evaluator.masked(rows, Mask.of(keep, data.count())), data)).in(BoardStart.TICKED));
        String ticked = (data.ticked().size() == 1 ? "Ticked: component " : "Ticked: components ") + data.ticked().stream().map(String::valueOf).collect(Collectors.joining(", ")) + ".";
        if (data.curve()) {
            double[] across = IntStream.range(0, x.rows()).mapToDouble(row -> x.get(row, 0)).toArray();
            return Charts.lines(data.title(), data.inputs().get(0).name(), across, "output", Scale.LINEAR, series).withNote(ticked);
        }
        return Charts.bars(data.title() + ", first sample", data.outputTitle(), data.outputs(), data.classifier() ? "probability" : "output", series)
                .withNote(ticked);
    }

    /** Returns the first input with other values of its first entry. */
    private static Matrix sweep(BoardStart start) {
        Input first = start.data().inputs().get(0);
        Matrix rows = Matrix.zeros(POINTS, start.x().columns());
        for (int row = 0; row < POINTS; row++) {
            rows.block(row, 1).copyFrom(start.x());
            rows.set(row, 0, (float) (first.low() + (first.high() - first.low()) * row / (POINTS - 1)));
        }
        return rows;
    }

    private static double[] shown(Matrix outputs, BoardData data) {
        float[] values = (data.classifier() ? Softmax.probabilities(outputs) : outputs).toArray();
        return IntStream.range(0, values.length).mapToDouble(i -> values[i]).toArray();
    }
}
