package org.apd4j.decomposition;

/**
 * A kind of attributions {@code [batch, C]}, numbers that estimate how much each component matters on each sample (paper section 2 and
 * appendix A; step 2 of APD). They are at least 0; larger means more important.
 *
 * <pre>{@code
 * var batch = run.target().data().sample(0, 256);
 * var attributions = run.decomposition().evaluator().attributions(AttributionKind.ABLATION, batch);
 * }</pre>
 */
public enum AttributionKind {
    /**
     * Gradient attributions {@code Σ_o (Σ_l ∂y_o/∂h_l · (x_l P_cl))²}, with inputs {@code x_l}, outputs {@code h_l} and gradients of the target
     * network. The paper's formula is the square root of the mean over o, which gives the same ranking.
     */
    GRADIENT_FROM_TARGET,
    /** Gradient attributions with inputs, outputs and gradients of the network whose weights are the sum of all components. */
    GRADIENT_FROM_COMPONENTS,
    /** Ablation attributions: the mean over outputs of (output with all components − output without component c)². */
    ABLATION,
    /** Activation attributions {@code Σ_l |x_l P_cl|²}, with the inputs {@code x_l} of the network of all components. */
    ACTIVATION
}
