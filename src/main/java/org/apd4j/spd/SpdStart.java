package org.apd4j.spd;

/**
 * The initial values of SPD's subcomponents. {@code W [d_in, d_out]} is the layer's matrix.
 *
 * <pre>{@code
 * SpdConfig config = SpdConfig.paperTms5to2().with(c -> c.start = SpdStart.INDEPENDENT);
 * }</pre>
 */
public enum SpdStart {
    /**
     * The paper's: columns of A and rows of B of norm 1 and random direction, then each row of B times its overlap with the target,
     * {@code A[:,c]ᵀ W B[c,:]ᵀ}. On average the subcomponents sum to {@code C / (d_in · d_out) · W}.
     */
    PROJECTED,
    /** That of the authors' later code: {@code A ~ N(0, 1/d_in)} and {@code B ~ N(0, 1/C)}, whatever the target is. */
    INDEPENDENT
}
