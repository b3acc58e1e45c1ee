package org.apd4j.figures;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.apd4j.charts.Figure;
import org.apd4j.charts.HeatMap;
import org.apd4j.charts.ImageSheet;
import org.apd4j.charts.Scale;
import org.apd4j.charts.internal.Axis;
import org.apd4j.data.Dataset;
import org.apd4j.math.Statistics;
import org.apd4j.measures.LeadingDirections;
import org.apd4j.measures.classification.ClassAblation;
import org.apd4j.measures.classification.ComponentUse;
import org.apd4j.measures.classification.Confusion;

/**
 * The figures of classifiers of images, drawn from what {@link org.apd4j.measures measures} return.
 *
 * <pre>{@code
 * ClassFigures.contactSheet(digits, 8)
 * }</pre>
 */
public final class ClassFigures {

    /** Rows of a contact sheet beyond which it has two columns. */
    private static final int LONG = 12;
    /** Rows of components beyond which they stand in two columns. */
    private static final int MANY = 6;
    /** A component that is active on a smaller part of the images is not drawn. */
    private static final double RARE = 0.01;

    private ClassFigures() {
    }

    /**
     * The first images of every class, a class a row.
     *
     * @throws IllegalStateException    if the data has no labels
     * @throws IllegalArgumentException if the rows make no square images
     */
    public static Figure contactSheet(Dataset data, int perClass) {
        List<ImageSheet.Line> lines = new ArrayList<>();
        for (int label = 0; label < data.classes().size(); label++) {
            lines.add(new ImageSheet.Line(data.classes().get(label), Arrays.stream(data.ofClass(label)).limit(perClass)
                    .mapToObj(row -> ImageSheet.Picture.grey("", data.row(row))).toList()));
        }
        return ImageSheet.of("Images of the data", "The first " + perClass + " images of each of the classes " + String.join(", ", data.classes())
                + ", in grey.", data.classes().size() > LONG ? 2 : 1, lines);
    }

    /**
     * Every component that is active on 1 % of the images or more, the most frequent first: the direction that it reads in the first
     * layer, turned so that the next images have more ink than the mean image where it is red and less where it is blue; and the images
     * with its largest attributions, each with its class below.
     *
     * @param reads  of the first layer's weights
     * @param images how many of the most activating images
     */
    public static Figure components(ComponentUse use, LeadingDirections reads, int images) {
        List<ImageSheet.Line> lines = new ArrayList<>();
        for (int c : use.byFrequency()) {
            if (use.frequency(c) < RARE) {
                continue;
            }
            List<ImageSheet.Picture> pictures = new ArrayList<>();
            List<Integer> rows = use.mostActivating(c, images);
            pictures.add(ImageSheet.Picture.signed("reads", towards(use.data(), rows, Statistics.array(reads.components().get(c).reads()))));
            for (int row : rows) {
                pictures.add(ImageSheet.Picture.grey(use.data().isLabelled() ? use.data().classes().get(use.data().label(row)) : "", use.data().row(row)));
            }
            lines.add(new ImageSheet.Line(String.format(Locale.ROOT, "component %d%nactive on %.0f %%", c, 100 * use.frequency(c)), pictures));
        }
        if (lines.isEmpty()) {
            throw new IllegalArgumentException("no component is active on 1 % of the rows; there is nothing to draw");
        }
        return ImageSheet.of("What components look for, and their most activating images", lines.size()
                + " components that are active on 1 % of the images or more, the most frequent first. In each row first"
                + " the weights that the component reads with, then the " + images + " images with its largest attributions.",
                lines.size() > MANY ? 2 : 1, lines);
    }

    /** A direction, or its opposite: the one in which these rows lie from the mean of all. */
    private static double[] towards(Dataset data, List<Integer> rows, double[] direction) {
        float[] mean = data.mean().toFloatVector();
        double along = 0;
        for (int row : rows) {
            float[] values = data.row(row);
            for (int i = 0; i < direction.length; i++) {
                along += direction[i] * (values[i] - mean[i]);
            }
        }
        double sign = along < 0 ? -1 : 1;
        return Arrays.stream(direction).map(value -> sign * value).toArray();
    }

    /** On what part of each class's images each component is active; components in the order of the class that uses them most. */
    public static Figure use(ComponentUse measured) {
        var byClass = measured.byClass();
        List<Integer> order = IntStream.range(0, measured.components()).boxed().filter(c -> measured.frequency(c) > 0)
                .sorted(Comparator.comparingInt((Integer c) -> most(byClass.row(c))).thenComparing(c -> -measured.frequency(c))).toList();
        double[][] values = order.stream().map(byClass::row).toArray(double[][]::new);
        return HeatMap.of("Who uses which component", "component", order.stream().map(c -> Integer.toString(c)).toList(), "class of the image",
                measured.data().classes(), Axis.exactly("part of the images", 0, 1), rounded(values));
    }

    private static int most(double[] values) {
        return IntStream.range(0, values.length).reduce((a, b) -> values[b] > values[a] ? b : a).orElseThrow();
    }

    /** Accuracy of every class with nothing removed and without each component. */
    public static Figure ablation(ClassAblation measured) {
        List<String> rows = new ArrayList<>(List.of("none"));
        List<double[]> values = new ArrayList<>();
        values.add(IntStream.range(0, measured.classes().size()).mapToDouble(measured.target()::accuracy).toArray());
        for (int c = 0; c < measured.components(); c++) {
            rows.add(Integer.toString(c));
            values.add(measured.accuracies().row(c));
        }
        return HeatMap.of("Accuracy when one component is removed", "component removed", rows, "class", measured.classes(),
                Axis.exactly("accuracy", 0, 1), rounded(values.toArray(double[][]::new)));
    }

    /** How many rows of each class are given which class. */
    public static Figure confusion(Confusion measured) {
        return HeatMap.of("Confusion: " + measured.name(), "true class", measured.classes(), "class given", measured.classes(), "images", Scale.LINEAR,
                measured.counts().toArray()).withNote(String.format(Locale.ROOT, "%.1f %% of the images get their class.", 100 * measured.accuracy()));
    }

    /** Two of them below each other: before and after. */
    public static Figure confusions(Confusion before, Confusion after) {
        return Figure.grid("Confusion before and after", 1, List.of(confusion(before), confusion(after)));
    }

    /** Two digits are enough for a part. */
    private static double[][] rounded(double[][] values) {
        return Arrays.stream(values).map(row -> Arrays.stream(row).map(value -> Math.rint(100 * value) / 100).toArray()).toArray(double[][]::new);
    }
}
