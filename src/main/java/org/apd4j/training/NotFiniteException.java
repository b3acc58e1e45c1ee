package org.apd4j.training;

/**
 * A loss, a gradient, or what an update would have made of a parameter or of Adam's moments became NaN or infinite. It was noticed before the update:
 * the run holds its last good state, which can be saved and loaded. (With unit norm, the columns of A have been brought to norm 1 already, as at the
 * beginning of every step.)
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

    /** @param what the loss, gradient, moment or parameter ("the loss 'simplicity'") */
    public NotFiniteException(String what, double value, int step) {
        super(what + " became " + value + " at step " + step
                + "; the run keeps the parameters from before that step. Try a lower learning rate, a longer warm-up, or inputs of a smaller scale.");
    }
}
