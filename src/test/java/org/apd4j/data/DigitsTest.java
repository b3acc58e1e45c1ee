package org.apd4j.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DigitsTest {

    @Test
    void everyDigitHasTheSameNumberOfImagesWithValuesFromZeroToOne() {
        Dataset digits = Digits.draw(30, 1);
        assertEquals(300, digits.size());
        assertEquals(64, digits.features());
        for (int digit = 0; digit < 10; digit++) {
            assertEquals(30, digits.ofClass(digit).length);
        }
        for (int i = 0; i < digits.size(); i++) {
            double ink = 0;
            for (float value : digits.row(i)) {
                assertTrue(value >= 0 && value <= 1);
                ink += value;
            }
            assertTrue(ink > 4 && ink < 40, "image " + i + " has " + ink + " pixels of ink");
        }
    }

    @Test
    void imagesDependOnTheSeedAndTheirIndexOnly() {
        assertArrayEquals(Digits.draw(5, 3).row(17), Digits.draw(2, 3).row(17));
        assertFalse(Arrays.equals(Digits.draw(2, 3).row(17), Digits.draw(2, 4).row(17)));
    }

    /** The least that a reader of digits can do: an image goes to the nearest mean image. */
    @Test
    void theMeanImagesDistinguishMostDigits() {
        Dataset train = Digits.draw(100, 0);
        Dataset test = Digits.draw(50, 1);
        double[][] means = new double[10][64];
        for (int i = 0; i < train.size(); i++) {
            for (int pixel = 0; pixel < 64; pixel++) {
                means[train.label(i)][pixel] += train.row(i)[pixel] / 100;
            }
        }
        long right = IntStream.range(0, test.size()).filter(i -> nearest(means, test.row(i)) == test.label(i)).count();
        assertTrue(right > 0.6 * test.size() && right < test.size(), right + " of " + test.size());
    }

    private static int nearest(double[][] means, float[] image) {
        double[] distances = Arrays.stream(means)
                .mapToDouble(mean -> IntStream.range(0, 64).mapToDouble(i -> (mean[i] - image[i]) * (mean[i] - image[i])).sum()).toArray();
        return IntStream.range(0, 10).reduce((a, b) -> distances[b] < distances[a] ? b : a).orElseThrow();
    }

    @Test
    void aPointsDistanceToAPensLineIsThatToItsNearestPoint() {
        assertEquals(5, Strokes.distance(Strokes.parse("L 0 0 4 0", 8), 7, 4));
        assertEquals(2, Strokes.distance(Strokes.parse("L 0 0 4 0 4 3 L 9 9 9 9", 8), 1, 2));
        assertEquals(1, Strokes.distance(List.of(new double[] {1, 1, 1, 1}), 1, 2));
        assertEquals(2, Strokes.distance(Strokes.parse("E 0 0 2 2 0 1", 360), 0, 0), 1e-3);
    }

    @Test
    void aNumberOfZeroImagesIsRefused() {
        assertEquals("perDigit is 0; it must be at least 1", assertThrows(IllegalArgumentException.class, () -> Digits.draw(0, 0)).getMessage());
    }
}
