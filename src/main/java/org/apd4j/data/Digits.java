package org.apd4j.data;

import java.util.List;
import java.util.stream.IntStream;
import org.apd4j.math.RandomStream;

/**
 * A generator of 8 × 8 grey-scale images of the ten digits, for a data set that needs no file. Each digit has two or three shapes, made of pen
 * strokes; each image is one of them, rotated, slanted, scaled, shifted and drawn with a pen of random width, with noise on every pixel. Images
 * depend on the seed alone, not on the machine.
 *
 * <pre>{@code
 * Dataset digits = Digits.draw(100, 0);
 * }</pre>
 */
public final class Digits {

    /** The number of pixels of a side. */
    public static final int SIDE = 8;

    private static final long IMAGES = 0x646967697473L;
    private static final double NOISE = 0.08;
    /** The width, in pixels, over which the edge of a stroke fades. */
    private static final double SOFT = 0.9;
    /** The number of line segments that approximate an ellipse. */
    private static final int PIECES = 24;

    /**
     * The shapes of each digit, as strokes in the unit square with y pointing down: {@code L x y x y …} is a polyline, {@code E x y rx ry from to} an
     * arc of an ellipse around (x, y), with angles in turns, clockwise from the right.
     */
    private static final String[][] SHAPES = {
        {"E .5 .5 .34 .48 0 1", "E .5 .5 .26 .48 0 1", "E .5 .5 .4 .4 0 1"},
        {"L .5 .02 .5 .98", "L .28 .24 .52 .02 .52 .98", "L .3 .22 .52 .02 .52 .98 L .26 .98 .78 .98"},
        {"E .5 .28 .32 .26 .5 1.12 L .73 .47 .18 .97 .84 .97", "L .2 .06 .78 .06 .78 .48 .2 .5 .2 .97 .82 .97"},
        {"E .46 .27 .3 .25 .58 1.25 E .46 .74 .34 .24 -.25 .42", "L .2 .03 .8 .03 .46 .4 E .46 .7 .33 .28 -.25 .42"},
        {"L .6 .98 .6 .02 .14 .66 .9 .66", "L .2 .04 .2 .5 .8 .5 L .72 .04 .72 .98"},
        {"L .8 .03 .26 .03 .23 .44 E .46 .68 .34 .29 -.33 .4", "L .8 .04 .2 .04 .2 .46 .78 .46 .78 .96 .2 .96"},
        {"E .5 .7 .31 .27 0 1 L .7 .03 .42 .22 .24 .5 .2 .7", "E .5 .72 .3 .25 0 1 L .2 .72 .2 .05"},
        {"L .16 .04 .84 .04 .4 .98", "L .16 .04 .84 .04 .4 .98 L .34 .52 .78 .52", "L .16 .2 .16 .04 .8 .04 .74 .98"},
        {"E .5 .26 .26 .24 0 1 E .5 .74 .33 .24 0 1", "L .24 .04 .76 .04 .24 .96 .76 .96 .24 .04"},
        {"E .5 .3 .31 .27 0 1 L .8 .3 .76 .55 .56 .97", "E .48 .28 .3 .25 0 1 L .78 .28 .78 .97"},
    };

    private Digits() {
    }

    /**
     * Draws images and labels them with their digits.
     *
     * @param perDigit the number of images of each digit, at least 1
     * @param seed     the seed of all random choices
     * @return rows of 64 values in [0, 1], line by line, where 0 is paper and 1 is ink; the labels cycle through 0 … 9
     * @throws IllegalArgumentException if {@code perDigit} is less than 1
     */
    public static Dataset draw(int perDigit, long seed) {
        if (perDigit < 1) {
            throw new IllegalArgumentException("perDigit is " + perDigit + "; it must be at least 1");
        }
        float[][] images = new float[Math.multiplyExact(perDigit, SHAPES.length)][];
        int[] labels = new int[images.length];
        for (int i = 0; i < images.length; i++) {
            labels[i] = i % SHAPES.length;
            images[i] = image(labels[i], RandomStream.of(seed, IMAGES, i));
        }
        return Dataset.of(images, labels, IntStream.range(0, SHAPES.length).mapToObj(Integer::toString).toList());
    }

    private static float[] image(int digit, RandomStream random) {
        List<double[]> strokes = Strokes.parse(SHAPES[digit][random.nextInt(SHAPES[digit].length)], PIECES);
        double angle = between(random, -0.18, 0.18);
        double slant = between(random, -0.15, 0.15);
        double width = between(random, 4.2, 5.6);
        double height = between(random, 5.6, 6.8);
        double x = SIDE / 2.0 + between(random, -0.6, 0.6);
        double y = SIDE / 2.0 + between(random, -0.5, 0.5);
        double pen = between(random, 0.8, 1.6);
        double cos = StrictMath.cos(angle);
        double sin = StrictMath.sin(angle);
        for (double[] stroke : strokes) {
            for (int i = 0; i < stroke.length; i += 2) {
                double v = (stroke[i + 1] - 0.5) * height;
                double u = (stroke[i] - 0.5) * width - slant * v;
                stroke[i] = x + cos * u - sin * v;
                stroke[i + 1] = y + sin * u + cos * v;
            }
        }
        float[] image = new float[SIDE * SIDE];
        for (int i = 0; i < image.length; i++) {
            double distance = Strokes.distance(strokes, i % SIDE + 0.5, i / SIDE + 0.5);
            double ink = Math.min(1, Math.max(0, 0.5 + (pen / 2 - distance) / SOFT));
            image[i] = (float) Math.min(1, Math.max(0, ink + NOISE * random.nextNormal()));
        }
        return image;
    }

    private static double between(RandomStream random, double low, double high) {
        return low + (high - low) * random.nextDouble();
    }
}
