package org.apd4j.explore.internal;

import java.awt.Color;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.apd4j.charts.internal.Palette;
import org.apd4j.data.Dataset;
import org.apd4j.data.GatedInputs;
import org.apd4j.data.Sampler;
import org.apd4j.data.SparseFeatures;
import org.apd4j.decomposition.Decomposition;
import org.apd4j.explore.internal.BoardData.Input;
import org.apd4j.math.Matrix;
import org.apd4j.math.SparseRows;
import org.apd4j.network.Network;
import org.apd4j.targets.GatedFunctions;
import org.apd4j.targets.Labels;
import org.apd4j.targets.Target;
import org.apd4j.targets.Tms;

/**
 * A board as it is at first: what its page holds, and its first input and ticks.
 *
 * <pre>{@code
 * BoardStart start = BoardStart.of(run.decomposition());
 * }</pre>
 *
 * @param data what the page holds
 * @param x    the first input, {@code [1, inputs]}
 */
public record BoardStart(BoardData data, Matrix x) {

    static final Color TARGET = Palette.category(0);
    static final Color ALL = Palette.category(2);
    static final Color TICKED = Palette.category(1);

    /** Least number of pixels of the side of an image that is drawn on. */
    private static final int LEAST_SIDE = 4;
    /** Largest number of values in the samples of a page. */
    private static final int MOST_VALUES = 8_192;
    private static final int MOST_SAMPLES = 256;
    /** Fraction of the largest importance from which a component is ticked at first. */
    private static final double IMPORTANT = 0.1;

    /** Returns the start of a decomposition's board. */
    public static BoardStart of(Decomposition decomposition) {
        Target target = decomposition.target();
        Network network = target.network();
        Sampler source = target.data();
        int rows = Math.max(1, Math.min(MOST_SAMPLES, MOST_VALUES / network.inputs()));
        int[] which = source instanceof Dataset set ? spread(set.size(), rows) : new int[0];
        SparseRows drawn = source instanceof Dataset set ? set.rows(which) : source.sample(0, rows);
        Matrix samples = drawn.toDense();
        List<Integer> labels = source instanceof Dataset set && set.isLabelled() ? Arrays.stream(which).map(set::label).boxed().toList() : List.of();
        int first = first(drawn, source instanceof GatedInputs ? 2 : 1);
        Matrix x = samples.block(first, 1).copy();
        int side = side(source, samples);
        boolean isTms = network.matrices().contains(Tms.ENCODER) && network.parameter(Tms.ENCODER).values().columns() == 2
                && decomposition.components().factors().stream().anyMatch(own -> own.parameter().equals(Tms.ENCODER));
        boolean isLogits = target.isClassifier();
        var data = new BoardData("Ablation board: " + target.name(), note(decomposition, side), inputs(source, samples), side,
                Values.base64(x.toArray()), NetworkData.of(network, decomposition.components()), decomposition.count(), ticked(decomposition, x),
                outputs(target), isLogits ? "class" : target.labels() == Labels.OWN_OUTPUT ? "output" : "feature", isLogits, isTms ? Tms.ENCODER : "",
                source instanceof GatedInputs && network.outputs() == 1, Values.of(samples), labels,
                target.labels().name().toLowerCase(Locale.ROOT), "Importance: mean of (output with all components \u2212 output without this one)\u00b2"
                        + (isLogits ? " over the logits." : " over the outputs."),
                Map.of("target", hex(TARGET), "all", hex(ALL), "kept", hex(TICKED)),
                IntStream.range(0, network.inputs()).mapToObj(i -> hex(Palette.feature(i, network.inputs()))).toList());
        return new BoardStart(data, x);
    }

    private static String note(Decomposition decomposition, int side) {
        return "Tick components and " + (side > 0 ? "draw on the image" : "move the inputs") + " to see what the target, the sum of all components and "
                + "the sum of the ticked ones compute. The network runs in this page. " + decomposition.count() + " components, seed "
                + decomposition.provenance().seed() + ", " + decomposition.provenance().step() + " steps.";
    }

    /** Returns numbers of rows, evenly spaced. */
    private static int[] spread(int size, int wanted) {
        int count = Math.min(size, wanted);
        return IntStream.range(0, count).map(i -> (int) ((long) i * size / count)).toArray();
    }

    /** Returns the first row with as many entries that are not 0, or the first of all. */
    private static int first(SparseRows rows, int entries) {
        return IntStream.range(0, rows.rows()).filter(row -> rows.start(row + 1) - rows.start(row) >= entries).findFirst().orElse(0);
    }

    /** Returns the pixels of a side if the rows of a data set are square images, otherwise 0. */
    private static int side(Sampler source, Matrix samples) {
        int side = (int) Math.round(Math.sqrt(samples.columns()));
        boolean isSquare = source instanceof Dataset && side >= LEAST_SIDE && side * side == samples.columns();
        for (float value : samples.toArray()) {
            isSquare &= value >= 0 && value <= 1;
        }
        return isSquare ? side : 0;
    }

    private static List<Input> inputs(Sampler source, Matrix samples) {
        List<Input> inputs = new ArrayList<>();
        for (int i = 0; i < samples.columns(); i++) {
            if (source instanceof GatedInputs gated) {
                inputs.add(i == 0 ? new Input("x", gated.low(), gated.high(), false) : new Input(GatedFunctions.bitName(i - 1), 0, 1, true));
            } else if (source instanceof SparseFeatures sparse) {
                inputs.add(new Input("feature " + i, Math.min(0, sparse.low()), Math.max(0, sparse.high()), false));
            } else {
                double low = 0;
                double high = 0;
                for (int row = 0; row < samples.rows(); row++) {
                    low = Math.min(low, samples.get(row, i));
                    high = Math.max(high, samples.get(row, i));
                }
                inputs.add(new Input("feature " + i, low, high > low ? high : low + 1, false));
            }
        }
        return inputs;
    }

    private static List<String> outputs(Target target) {
        if (target.data() instanceof Dataset set && set.isLabelled() && set.classes().size() == target.network().outputs()) {
            return set.classes();
        }
        return target.network().outputs() == 1 ? List.of("y") : IntStream.range(0, target.network().outputs()).mapToObj(Integer::toString).toList();
    }

    private static List<Integer> ticked(Decomposition decomposition, Matrix x) {
        Matrix importances = decomposition.evaluator().importances(SparseRows.of(x)).layer(0);
        double largest = 0;
        for (int c = 0; c < importances.columns(); c++) {
            largest = Math.max(largest, importances.get(0, c));
        }
        double least = IMPORTANT * largest;
        return IntStream.range(0, importances.columns()).filter(c -> importances.get(0, c) >= least).boxed().toList();
    }

    static String hex(Color color) {
        return String.format(Locale.ROOT, "#%06x", color.getRGB() & 0xffffff);
    }
}
