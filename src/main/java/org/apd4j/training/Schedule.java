package org.apd4j.training;

/**
 * A schedule of the learning rate over a run: a linear warm-up from 0, then a shape.
 *
 * <pre>{@code
 * Schedule schedule = Schedule.cosine().warmup(0.05);
 * double atTheMiddle = schedule.factor(5_000, 10_000);
 * }</pre>
 *
 * @param shape    the shape after the warm-up
 * @param warmup   the fraction of the run that is warm-up, in [0, 1]; it takes {@code floor(warmup · steps)} steps
 * @param halfLife the number of steps in which {@link Shape#EXPONENTIAL} halves the rate; not used by other shapes
 */
public record Schedule(Shape shape, double warmup, double halfLife) {

    /** The factor of the learning rate over the T steps after the warm-up, t = 0 … T − 1. */
    public enum Shape {
        /** 1. */
        CONSTANT,
        /** {@code 1 − t/T}. */
        LINEAR,
        /** {@code cos(π/2 · t/(T − 1))}; 1 when T is 1. */
        COSINE,
        /** {@code 0.5^(t / halfLife)}. */
        EXPONENTIAL,
        /** {@code ½ (1 + cos(π · t/(T − 1)))}; 1 when T is 1. */
        HALF_COSINE
    }

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if a value is out of range; the message names it
     */
    public Schedule {
        if (!(warmup >= 0 && warmup <= 1)) {
            throw new IllegalArgumentException("warmup is " + warmup + "; it must be 0 … 1, a fraction of the run");
        }
        if (shape == Shape.EXPONENTIAL && !(halfLife > 0)) {
            throw new IllegalArgumentException("halfLife is " + halfLife + "; it must be above 0 steps");
        }
    }

    /** Returns the schedule of a constant rate. */
    public static Schedule constant() {
        return new Schedule(Shape.CONSTANT, 0, 0);
    }

    /** Returns the schedule of a quarter of a cosine down to 0. */
    public static Schedule cosine() {
        return new Schedule(Shape.COSINE, 0, 0);
    }

    /** Returns the schedule of half a period of a cosine, from 1 down to 0, which falls slowly at both ends. */
    public static Schedule halfCosine() {
        return new Schedule(Shape.HALF_COSINE, 0, 0);
    }

    /** Returns the schedule of a straight line down to 0. */
    public static Schedule linear() {
        return new Schedule(Shape.LINEAR, 0, 0);
    }

    /** Returns the schedule that halves the rate every {@code halfLife} steps. */
    public static Schedule exponential(double halfLife) {
        return new Schedule(Shape.EXPONENTIAL, 0, halfLife);
    }

    /** Returns this schedule with a warm-up over the given fraction of the run. */
    public Schedule warmup(double part) {
        return new Schedule(shape, part, halfLife);
    }

    /** Returns the factor of the learning rate at {@code step}, counted from 0, of {@code steps}. */
    public double factor(int step, int steps) {
        int warm = (int) Math.floor(warmup * steps);
        if (step < warm) {
            return (double) step / warm;
        }
        int t = step - warm;
        int length = steps - warm;
        return switch (shape) {
            case CONSTANT -> 1;
            case LINEAR -> 1 - (double) t / length;
            case COSINE -> length == 1 ? 1 : Math.cos(Math.PI / 2 * t / (length - 1));
            case HALF_COSINE -> length == 1 ? 1 : (1 + Math.cos(Math.PI * t / (length - 1))) / 2;
            case EXPONENTIAL -> Math.pow(0.5, t / halfLife);
        };
    }
}
