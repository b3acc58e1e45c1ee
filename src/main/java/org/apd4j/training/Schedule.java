package org.apd4j.training;

/**
 * How the learning rate goes on over a run (method: one training step, 6): a linear warm-up from 0, then a shape.
 *
 * <pre>{@code
 * Schedule schedule = Schedule.cosine().warmup(0.05);
 * double atTheMiddle = schedule.factor(5_000, 10_000);
 * }</pre>
 *
 * @param shape    after the warm-up
 * @param warmup   part of the run that is warm-up, 0 … 1; {@code floor(warmup · steps)} steps
 * @param halfLife steps in which {@link Shape#EXPONENTIAL} halves the rate; not used by the others
 */
public record Schedule(Shape shape, double warmup, double halfLife) {

    /** The learning rate's shape after the warm-up, as a factor over t = 0 … T − 1. */
    public enum Shape {
        /** 1. */
        CONSTANT,
        /** {@code 1 − t/T}. */
        LINEAR,
        /** {@code cos(π/2 · t/(T − 1))}; 1 when T is 1. */
        COSINE,
        /** {@code 0.5^(t / halfLife)}. */
        EXPONENTIAL
    }

    /** @throws IllegalArgumentException naming the value that is out of its range */
    public Schedule {
        if (!(warmup >= 0 && warmup <= 1)) {
            throw new IllegalArgumentException("warmup is " + warmup + "; it must be 0 … 1, a part of the run");
        }
        if (shape == Shape.EXPONENTIAL && !(halfLife > 0)) {
            throw new IllegalArgumentException("halfLife is " + halfLife + "; it must be above 0 steps");
        }
    }

    /** A constant rate. */
    public static Schedule constant() {
        return new Schedule(Shape.CONSTANT, 0, 0);
    }

    /** A quarter of a cosine down to 0. */
    public static Schedule cosine() {
        return new Schedule(Shape.COSINE, 0, 0);
    }

    /** A straight line down to 0. */
    public static Schedule linear() {
        return new Schedule(Shape.LINEAR, 0, 0);
    }

    /** Halved every {@code halfLife} steps. */
    public static Schedule exponential(double halfLife) {
        return new Schedule(Shape.EXPONENTIAL, 0, halfLife);
    }

    /** The same with a warm-up over this part of the run, 0 … 1. */
    public Schedule warmup(double part) {
        return new Schedule(shape, part, halfLife);
    }

    /** The factor of the learning rate at {@code step}, counted from 0, of {@code steps}. */
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
            case EXPONENTIAL -> Math.pow(0.5, t / halfLife);
        };
    }
}
