package org.apd4j.notebook;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What an exercise of a notebook says about an answer: right, or not yet with a hint. As the last value of a cell it shows this sentence.
 *
 * <pre>{@code
 * double answer = Double.NaN; // the mean cosine similarity
 * Exercise.check(answer, Recovery.of(run).mmcs(), 0.005, "the mean over features of the largest cosine")
 * }</pre>
 *
 * @param right   whether the answer is right
 * @param message "Right." or "Not yet: …"
 */
public record Exercise(boolean right, String message) {

    private static final String RIGHT = "Right.";

    public Exercise {
        Objects.requireNonNull(message, "message");
    }

    /**
     * Checks a number.
     *
     * @param answer    the answer; NaN for none yet
     * @param expected  the right number
     * @param tolerance the largest difference, at least 0
     * @param hint      what to think of, shown while the answer is wrong
     * @throws IllegalArgumentException if the tolerance is negative or not a number
     */
    public static Exercise check(double answer, double expected, double tolerance, String hint) {
        if (!(tolerance >= 0)) {
            throw new IllegalArgumentException("tolerance is " + tolerance + "; it must be at least 0");
        }
        if (Double.isNaN(answer) && !Double.isNaN(expected)) {
            return unanswered(hint);
        }
        boolean right = Double.compare(answer, expected) == 0 || Math.abs(answer - expected) <= tolerance;
        return right ? new Exercise(true, RIGHT)
                : notYet(String.format(Locale.ROOT, "%s is too %s", number(answer), answer < expected ? "small" : "large"), hint);
    }

    /**
     * Checks a whole number.
     *
     * @param answer   the answer; a negative number for none yet, if the right one is not negative
     * @param expected the right number
     * @param hint     what to think of, shown while the answer is wrong
     */
    public static Exercise check(long answer, long expected, String hint) {
        if (answer < 0 && expected >= 0) {
            return unanswered(hint);
        }
        return answer == expected ? new Exercise(true, RIGHT) : notYet(answer + " is too " + (answer < expected ? "small" : "large"), hint);
    }

    /**
     * Checks a list, such as the component of each feature; the order counts.
     *
     * @param answer   the answer; empty for none yet, if the right one is not empty
     * @param expected the right elements in their order
     * @param hint     what to think of, shown while the answer is wrong
     */
    public static <T> Exercise check(List<? extends T> answer, List<? extends T> expected, String hint) {
        if (answer.isEmpty() && !expected.isEmpty()) {
            return unanswered(hint);
        }
        if (answer.size() != expected.size()) {
            return notYet("it has " + answer.size() + " elements and not " + expected.size(), hint);
        }
        long wrong = IntStream.range(0, answer.size()).filter(i -> !answer.get(i).equals(expected.get(i))).count();
        return wrong == 0 ? new Exercise(true, RIGHT) : notYet(wrong + " of " + answer.size() + " elements are wrong", hint);
    }

    /**
     * Checks a set; order and repetitions do not count.
     *
     * @param answer   the answer; empty for none yet, if the right one is not empty
     * @param expected the right elements
     * @param hint     what to think of, shown while the answer is wrong
     */
    public static <T> Exercise check(Collection<? extends T> answer, Collection<? extends T> expected, String hint) {
        Set<T> given = new HashSet<>(answer);
        Set<T> wanted = new HashSet<>(expected);
        if (given.isEmpty() && !wanted.isEmpty()) {
            return unanswered(hint);
        }
        Set<T> hits = new HashSet<>(given);
        hits.retainAll(wanted);
        return given.equals(wanted) ? new Exercise(true, RIGHT) : notYet(String.format(Locale.ROOT, "%d of your %d belong to it, and %d %s missing",
                hits.size(), given.size(), wanted.size() - hits.size(), wanted.size() - hits.size() == 1 ? "is" : "are"), hint);
    }

    /**
     * Checks a yes or no.
     *
     * @param answer   the answer; null for none yet
     * @param expected the right one
     * @param hint     what to think of, shown while the answer is wrong
     */
    public static Exercise check(@Nullable Boolean answer, boolean expected, String hint) {
        if (answer == null) {
            return unanswered(hint);
        }
        return answer == expected ? new Exercise(true, RIGHT) : notYet("it is the other way round", hint);
    }

    private static Exercise unanswered(String hint) {
        return notYet("there is no answer", hint);
    }

    private static Exercise notYet(String why, String hint) {
        return new Exercise(false, "Not yet: " + why + ". Hint: " + hint);
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.4g", value);
    }

    /** Returns the message. */
    @Override
    public String toString() {
        return message;
    }
}
