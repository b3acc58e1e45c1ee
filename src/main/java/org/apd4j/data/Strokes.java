package org.apd4j.data;

import java.util.ArrayList;
import java.util.List;

/** The strokes of a pen: polylines through points {@code x, y, x, y, …}. */
final class Strokes {

    private Strokes() {
    }

    /**
     * Parses strokes written as {@code L x y x y …} and {@code E x y rx ry from to}.
     *
     * @param pieces the number of line segments that approximate a full ellipse
     */
    static List<double[]> parse(String text, int pieces) {
        List<double[]> strokes = new ArrayList<>();
        for (String part : text.split(" (?=[LE])")) {
            String[] words = part.substring(2).split(" ");
            double[] numbers = new double[words.length];
            for (int i = 0; i < words.length; i++) {
                numbers[i] = Double.parseDouble(words[i]);
            }
            strokes.add(part.charAt(0) == 'L' ? numbers : ellipse(numbers, pieces));
        }
        return strokes;
    }

    private static double[] ellipse(double[] e, int pieces) {
        int count = (int) Math.ceil(pieces * (e[5] - e[4]));
        double[] points = new double[2 * (count + 1)];
        for (int i = 0; i <= count; i++) {
            double angle = 2 * Math.PI * (e[4] + (e[5] - e[4]) * i / count);
            points[2 * i] = e[0] + e[2] * StrictMath.cos(angle);
            points[2 * i + 1] = e[1] + e[3] * StrictMath.sin(angle);
        }
        return points;
    }

    /** Returns the distance of a point from the nearest stroke. */
    static double distance(List<double[]> strokes, double x, double y) {
        double least = Double.POSITIVE_INFINITY;
        for (double[] stroke : strokes) {
            for (int i = 0; i + 3 < stroke.length; i += 2) {
                least = Math.min(least, distance(stroke[i], stroke[i + 1], stroke[i + 2], stroke[i + 3], x, y));
            }
        }
        return least;
    }

    private static double distance(double fromX, double fromY, double toX, double toY, double x, double y) {
        double dx = toX - fromX;
        double dy = toY - fromY;
        double length = dx * dx + dy * dy;
        double along = length == 0 ? 0 : Math.min(1, Math.max(0, ((x - fromX) * dx + (y - fromY) * dy) / length));
        double restX = fromX + along * dx - x;
        double restY = fromY + along * dy - y;
        return Math.sqrt(restX * restX + restY * restY);
    }
}
