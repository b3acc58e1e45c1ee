package org.apd4j.decomposition;

/**
 * The squashing of what a gate says, γ, to the importance g that makes masks. The importance u that is counted is the same in both kinds.
 *
 * <pre>{@code
 * SpdConfig config = SpdConfig.paperTms5to2().with(c -> c.squashing = GateSquashing.CLAMPED);
 * }</pre>
 */
public enum GateSquashing {
    /** The paper's: {@code g = 0.01 γ} where γ ≤ 0, γ up to 1, and 1 above, with its derivative. */
    LEAKY,
    /**
     * That of the authors' later code: {@code g = min(max(γ, 0), 1)}. Where γ ≤ 0, 0.01 of the gradient with respect to g passes back where it asks for
     * a larger importance, and nothing otherwise. With it, importance minimality sums {@code (u + 1e-12)^p}.
     */
    CLAMPED
}
