package org.apd4j.decomposition;

/**
 * A measure by which the outputs of a pass with masks are compared with the target's.
 *
 * <pre>{@code
 * ApdConfig config = ApdConfig.paperTms5to2().with(c -> c.divergence = Divergence.KL);
 * }</pre>
 */
public enum Divergence {
    /** Mean squared error over batch and outputs. */
    MSE,
    /** Kullback-Leibler divergence {@code KL(softmax(y) ‖ softmax(ŷ))} in nats, mean over the batch; y is the target's output. */
    KL
}
