package org.apd4j.interaction;

import java.util.List;
import java.util.NoSuchElementException;

/**
 * The score of a network with only some of the nodes, or edges, of a node layer.
 *
 * <pre>{@code
 * AblationCurve curve = ablation.nodes("layers.1", AblationSchedule.paper());
 * int needed = curve.required(0.01);
 * }</pre>
 *
 * @param layer  name of the node layer
 * @param score  what the points hold
 * @param base   score of the untouched network
 * @param points from the largest number kept to the smallest
 */
public record AblationCurve(String layer, Score score, double base, List<Point> points) {

    public AblationCurve {
        points = List.copyOf(points);
    }

    /**
     * A point of the curve.
     *
     * @param kept  number of nodes, or edges, that are left; the constant counts among nodes, its edges do not count
     * @param value of the score
     */
    public record Point(int kept, double value) { }

    /**
     * Returns the smallest number kept of the points before the score becomes worse than the base score by more than is allowed.
     *
     * @throws NoSuchElementException if the first point is worse already
     */
    public int required(double allowed) {
        List<Point> good = points.stream().takeWhile(point -> score.holds(point.value(), base, allowed)).toList();
        if (good.isEmpty()) {
            throw new NoSuchElementException("no point of the curve of '" + layer + "' is within " + allowed + " of " + base);
        }
        return good.get(good.size() - 1).kept();
    }

    @Override
    public String toString() {
        return layer + ": " + points.size() + " points";
    }
}
