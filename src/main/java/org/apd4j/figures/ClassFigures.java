package org.apd4j.figures;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.apd4j.charts.Figure;
import org.apd4j.charts.HeatMap;
import org.apd4j.charts.Scale;
import org.apd4j.charts.internal.ImageSheet;
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

    /** Largest number of rows of a contact sheet in one column. */
    private static final int LONG = 12;
    /** Largest number of components in one column. */
    private static final int MANY = 6;
    /** Smallest fraction of the images on which a component that is drawn is active. */
    private static final double RARE = 0.01;

    private ClassFigures() {
    }

    /**
     * Returns the first images of every class, one row for each class.
     *
     * @throws IllegalStateException    if the data has no labels
     * @throws IllegalArgumentException if the rows are not square images
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
     * Returns every component that is active on 1 % of the images or more, the most frequent first: the direction that it reads in the first
     * layer, with the sign for which the images beside it are brighter than the mean image where it is red; and the images with its largest
     * attributions, each with its class below.
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
            pictures.add(ImageSheet.Picture.signed("reads",
                    Statistics.array(use.towardsMostActivating(c, reads.components().get(c).reads(), images))));
            for (int row : use.mostActivating(c, images)) {
                pictures.add(ImageSheet.Picture.grey(use.data().isLabelled() ? use.data().classes().get(use.data().label(row)) : "",
                        use.data().row(row)));
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

    /** Returns the fraction of each class's images on which each component is active, components in the order of the class that uses them most. */
    public static Figure use(ComponentUse measured) {
        var byClass = measured.byClass();
        List<Integer> order = measured.byMostFrequentClass();
        double[][] values = order.stream().map(byClass::row).toArray(double[][]::new);
        return HeatMap.of("Who uses which component", "component", order.stream().map(c -> Integer.toString(c)).toList(), "class of the image",
                measured.data().classes(), "part of the images", 0, 1, rounded(values));
    }

    /** Returns the accuracy of every class with nothing removed and without each component. */
    public static Figure ablation(ClassAblation measured) {
        List<String> rows = new ArrayList<>(List.of("none"));
        List<double[]> values = new ArrayList<>();
        values.add(IntStream.range(0, measured.classes().size()).mapToDouble(measured.target()::accuracy).toArray());
        for (int c = 0; c < measured.components(); c++) {
            rows.add(Integer.toString(c));
            values.add(measured.accuracies().row(c));
        }
        return HeatMap.of("Accuracy when one component is removed", "component removed", rows, "class", measured.classes(),
                "accuracy", 0, 1, rounded(values.toArray(double[][]::new)));
    }

    /** Returns how many rows of each class the classifier assigns to each class. */
    public static Figure confusion(Confusion measured) {
        return HeatMap.of("Confusion: " + measured.name(), "true class", measured.classes(), "class given", measured.classes(), "images",
                Scale.LINEAR,
                measured.counts().toArray())
                        .withNote(String.format(Locale.ROOT, "%.1f %% of the images get their class.", 100 * measured.accuracy()));
    }

    /** Returns two confusions below each other, before and after. */
    public static Figure confusions(Confusion before, Confusion after) {
        return Figure.grid("Confusion before and after", 1, List.of(confusion(before), confusion(after)));
    }

    /** Rounds fractions to two digits. */
    private static double[][] rounded(double[][] values) {
        return Arrays.stream(values).map(row -> Arrays.stream(row).map(value -> Math.rint(100 * value) / 100).toArray()).toArray(double[][]::new);
    }
}
