package org.apd4j.training;

/**
 * Thrown when a loss, a gradient, or the updated value of a parameter or of one of Adam's moments is NaN or infinite. It is thrown before the
 * update, so the run keeps its last finite state, which can be saved and loaded. (With unit norm, the columns of A are normalised at the beginning
 * of a step and therefore already are.)
 *
 * <pre>{@code
 * try {
 *     run.train();
 * } catch (NotFiniteException e) {
 *     System.out.println(e.getMessage() + " " + run.step()); // the state from before that step is kept
 * }
 * }</pre>
 */
public final class NotFiniteException extends RuntimeException {

    private static final long serialVersionUID = 1;

    /**
     * Creates an exception.
     *
     * @param what  the loss, gradient, moment or parameter ("the loss 'simplicity'")
     * @param value its value
     * @param step  the step, counted from 0
     */
    public NotFiniteException(String what, double value, int step) {
        super(what + " became " + value + " at step " + step
                + "; the run keeps the parameters from before that step. Try a lower learning rate, a longer warm-up, or inputs of a smaller scale.");
    }
}
