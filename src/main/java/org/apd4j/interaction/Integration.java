package org.apd4j.interaction;

import java.util.ArrayList;
import java.util.List;
import org.apache.commons.math3.analysis.integration.gauss.GaussIntegrator;
import org.apache.commons.math3.analysis.integration.gauss.GaussIntegratorFactory;

/**
 * The rule by which derivatives are integrated along the straight line from 0 to an activation f: a weighted sum over points {@code α · f}.
 *
 * <pre>{@code
 * List<Integration.Point> points = Integration.GAUSS_LEGENDRE.points(3);
 * }</pre>
 */
public enum Integration {
    /** No integral: the derivative at f itself. */
    GRADIENT("gradient"),
    /** The trapezoidal rule, whose ends keep a distance of {@code 0.001 / (intervals + 1)} from 0 and 1. */
    TRAPEZOIDAL("trapezoidal"),
    /** Gauss–Legendre quadrature with {@code intervals + 1} points. */
    GAUSS_LEGENDRE("gauss-legendre");

    private static final double MARGIN = 0.001;

    private final String label;

    Integration(String label) {
        this.label = label;
    }

    /**
     * A point of a rule.
     *
     * @param alpha  α, 0 … 1
     * @param weight of the derivative at {@code α · f}
     */
    public record Point(double alpha, double weight) { }

    /** Returns the name for people. */
    public String label() {
        return label;
    }

    /**
     * Returns the points by increasing α.
     *
     * @param intervals at least 0; 0 for {@link #GRADIENT}
     * @throws IllegalArgumentException if the number of intervals is out of its range
     */
    public List<Point> points(int intervals) {
        if (intervals < 0 || this == GRADIENT && intervals != 0) {
            throw new IllegalArgumentException("the rule '" + label + "' cannot have " + intervals + " intervals; "
                    + (this == GRADIENT ? "it has 0, since it does not integrate" : "it needs at least 0"));
        }
        return switch (this) {
            case GRADIENT -> List.of(new Point(1, 1));
            case TRAPEZOIDAL -> trapezoidal(intervals);
            case GAUSS_LEGENDRE -> gauss(intervals + 1);
        };
    }

    private static List<Point> trapezoidal(int intervals) {
        if (intervals == 0) {
            return List.of(new Point(0.5, 1));
        }
        double margin = MARGIN / (intervals + 1);
        List<Point> points = new ArrayList<>();
        for (int i = 0; i <= intervals; i++) {
            double weight = 1.0 / intervals;
            points.add(new Point(margin + (1 - 2 * margin) * i / intervals, i == 0 || i == intervals ? weight / 2 : weight));
        }
        return List.copyOf(points);
    }

    private static List<Point> gauss(int count) {
        GaussIntegrator rule = new GaussIntegratorFactory().legendre(count, 0, 1);
        List<Point> points = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            points.add(new Point(rule.getPoint(i), rule.getWeight(i)));
        }
        return List.copyOf(points);
    }
}
