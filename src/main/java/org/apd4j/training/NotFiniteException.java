package org.apd4j.training;

/**
 * A loss or gradient became NaN or infinite. It was noticed before the update: the run holds its last good state.
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

    /** @param what the loss or gradient ("the loss 'simplicity'") */
    public NotFiniteException(String what, double value, int step) {
        super(what + " became " + value + " at step " + step
                + "; the run keeps the parameters from before that step. Try a lower learning rate or a longer warm-up.");
    }
}
