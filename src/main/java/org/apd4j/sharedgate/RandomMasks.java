package org.apd4j.sharedgate;

/**
 * The distribution of the random numbers r in the masks {@code m = g + (1 − g) · r} of the stochastic pass, one number for each sample and component,
 * the same in all matrices.
 *
 * <pre>{@code
 * SharedGateConfig config = SharedGateConfig.tms5to2().with(c -> c.masks = RandomMasks.CORNER);
 * }</pre>
 */
public enum RandomMasks {
    /** {@code r ~ U[0, 1)}, independent. */
    UNIFORM,
    /** {@code r} is 0 or 1: 1 with a probability that is drawn from {@code U[0, 1)} once for each sample. */
    CORNER
}
