package org.apd4j.data;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;

/**
 * 1,797 grey-scale images of 8 × 8 pixels of digits that 13 people wrote by hand, known as scikit-learn's {@code load_digits}. They come with the
 * library.
 *
 * <pre>{@code
 * Dataset digits = HandwrittenDigits.read();
 * Dataset.Split split = digits.split(0.8, 0);
 * }</pre>
 *
 * <p>Source: E. Alpaydin and C. Kaynak (1998), <i>Optical Recognition of Handwritten Digits</i>, test set, UCI Machine Learning Repository, <a
 * href="https://doi.org/10.24432/C50P49">doi:10.24432/C50P49</a>, under the licence <a href="https://creativecommons.org/licenses/by/4.0/">CC BY
 * 4.0</a>; the file is the unchanged copy of scikit-learn 1.9.1. Whoever passes the images on must name their authors.
 */
public final class HandwrittenDigits {

    /** The number of pixels of a side. */
    public static final int SIDE = 8;

    private static final String FILE = "digits.csv.gz";
    private static final int PIXELS = SIDE * SIDE;
    private static final float DARKEST = 16;
    private static final int DIGITS = 10;

    private HandwrittenDigits() {
    }

    /**
     * Returns the images, in the order of the file.
     *
     * @return 1,797 rows of 64 values in [0, 1], line by line, where 0 is paper and 1 is ink, in steps of 1/16; the labels are the digits
     */
    public static Dataset read() {
        try (var lines = new BufferedReader(new InputStreamReader(new GZIPInputStream(
                Objects.requireNonNull(HandwrittenDigits.class.getResourceAsStream(FILE), FILE)), StandardCharsets.US_ASCII))) {
            List<int[]> images = lines.lines().map(HandwrittenDigits::numbers).toList();
            float[][] values = new float[images.size()][PIXELS];
            int[] labels = new int[images.size()];
            for (int i = 0; i < labels.length; i++) {
                for (int pixel = 0; pixel < PIXELS; pixel++) {
                    values[i][pixel] = images.get(i)[pixel] / DARKEST;
                }
                labels[i] = images.get(i)[PIXELS];
            }
            return Dataset.of(values, labels, IntStream.range(0, DIGITS).mapToObj(Integer::toString).toList());
        } catch (IOException e) {
            throw new UncheckedIOException("the library's own file " + FILE + " cannot be read", e);
        }
    }

    private static int[] numbers(String line) {
        return Arrays.stream(line.split(",", -1)).mapToInt(Integer::parseInt).toArray();
    }
}
