package org.apd4j.decomposition;

/**
 * How much a component matters on a sample (method: one training step, 2).
 *
 * <pre>{@code
 * var batch = run.target().data().sample(0, 256);
 * var attributions = run.decomposition().evaluator().attributions(AttributionKind.ABLATION, batch);
 * }</pre>
 */
public enum AttributionKind {
    /** {@code Σ_o (Σ_l ∂y_o/∂h_l · x_l P_cl)²}, all of the target network (paper section 2.2, equation 3). */
    GRADIENT_FROM_TARGET,
    /** The same with inputs and gradients of the network whose weights are the sum of all components. */
    GRADIENT_FROM_COMPONENTS,
    /** Mean over outputs of (output with all components − output without c)². */
    ABLATION,
    /** {@code Σ_l |x_l P_cl|²}, with all components. */
    ACTIVATION
}
