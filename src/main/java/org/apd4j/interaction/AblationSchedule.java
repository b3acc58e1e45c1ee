package org.apd4j.interaction;

import java.util.List;
import java.util.OptionalInt;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * The numbers of directions of a node layer that are ablated, one after the other.
 *
 * <pre>{@code
 * List<Integer> kept = AblationSchedule.exponential(10, 1.05).kept(129); // 129, 125, 119, … 2, 1, 0
 * }</pre>
 *
 * @param kind     how the numbers are spread
 * @param cutOff   of an exponential schedule: near the end, this many numbers follow without a gap; empty for every number
 * @param base     of an exponential schedule: growth of the gaps
 * @param points   of a linear schedule: how many numbers
 * @param also     further counts, of directions kept; those above the width are ignored
 * @param stopAt   ends the run once the score differs by more than this from that of the first point; infinite for never
 */
public record AblationSchedule(Kind kind, OptionalInt cutOff, double base, int points, List<Integer> also, double stopAt) {

    /** How the numbers are spread. */
    public enum Kind {
        /** Gaps that grow with the number of directions kept. */
        EXPONENTIAL,
        /** Equal gaps. */
        LINEAR
    }

    /** @throws IllegalArgumentException if a value is out of its range */
    public AblationSchedule {
        also = List.copyOf(also);
        require(cutOff.isEmpty() || cutOff.getAsInt() >= 0, "cut-off", cutOff, "at least 0");
        require(base >= 1 && base < Double.POSITIVE_INFINITY, "base", base, "a finite number of at least 1");
        require(kind != Kind.LINEAR || points >= 2, "number of points", points, "at least 2");
        require(also.stream().allMatch(count -> count >= 0), "list of further counts", also, "of numbers of at least 0");
        require(stopAt > 0, "difference at which it stops", stopAt, "above 0");
    }

    private static void require(boolean holds, String what, Object value, String range) {
        if (!holds) {
            throw new IllegalArgumentException("the " + what + " of a schedule is " + value + "; it must be " + range);
        }
    }

    /** Returns a schedule of all numbers for up to {@code cutOff} directions kept, and gaps 1, b, b², … from there on. */
    public static AblationSchedule exponential(int cutOff, double base) {
        return new AblationSchedule(Kind.EXPONENTIAL, OptionalInt.of(cutOff), base, 0, List.of(), Double.POSITIVE_INFINITY);
    }

    /** Returns the schedule of the paper's node ablations, {@code exponential(10, 1.05)}. */
    public static AblationSchedule paper() {
        return exponential(10, 1.05);
    }

    /** Returns the schedule of every number. */
    public static AblationSchedule every() {
        return new AblationSchedule(Kind.EXPONENTIAL, OptionalInt.empty(), 2, 0, List.of(), Double.POSITIVE_INFINITY);
    }

    /** Returns a schedule of equally spaced numbers. */
    public static AblationSchedule linear(int points) {
        return new AblationSchedule(Kind.LINEAR, OptionalInt.empty(), 2, points, List.of(), Double.POSITIVE_INFINITY);
    }

    /** Returns this schedule with further counts of directions kept. */
    public AblationSchedule withKept(Integer... counts) {
        return new AblationSchedule(kind, cutOff, base, points, List.of(counts), stopAt);
    }

    /** Returns this schedule, ended once the score differs by more than this from that of the first point. */
    public AblationSchedule stoppingAt(double difference) {
        return new AblationSchedule(kind, cutOff, base, points, also, difference);
    }

    /** Returns the numbers of ablated directions of a node layer of width d, in increasing order. */
    public List<Integer> ablated(int d) {
        TreeSet<Integer> numbers = new TreeSet<>();
        if (kind == Kind.LINEAR) {
            double step = (0.0 - d) / (points - 1);
            IntStream.range(0, points).forEach(i -> numbers.add(i == points - 1 ? 0 : (int) (d + i * step)));
        } else {
            int value = d;
            numbers.add(value);
            int without = cutOff.isPresent() ? Math.min(d, cutOff.getAsInt()) : d;
            while (value > d - without) {
                value--;
                numbers.add(value);
            }
            for (int x = 0; value > 0; x++) {
                value = (int) (value - Math.pow(base, x));
                numbers.add(Math.max(0, value));
            }
        }
        also.stream().filter(count -> count <= d).forEach(count -> numbers.add(d - count));
        return List.copyOf(numbers);
    }

    /** Returns the numbers of directions kept, in decreasing order. */
    public List<Integer> kept(int d) {
        return ablated(d).stream().map(number -> d - number).toList();
    }
}
