package org.apd4j.sharedgate;

/**
 * What a shared gate reads of its component: n in {@code γ = b + Σ_l s_l · n_l}, made of the component's activations {@code a = x_l A_l} in each gate
 * matrix.
 *
 * <pre>{@code
 * SharedGateConfig config = SharedGateConfig.tms5to2().with(c -> c.gate = GateKind.SIGNED);
 * }</pre>
 */
public enum GateKind {
    /** {@code |a|}; for pieces of a higher rank, {@link #NORM}. */
    ABSOLUTE,
    /** {@code √(Σ_r a_r² + 1e-12)} over the component's rank-one pieces. */
    NORM,
    /** {@code a} itself, which tells a reading from its negative. It needs pieces of rank one in the gate matrices. */
    SIGNED,
    /**
     * A small network of its own for each component and gate matrix, as SPD's gates are, {@code Σ_j v_j GELU(a w_j + u_j) + v_0}, in place of slope and
     * offset. Such a gate may open whatever its component reads: where only outputs are compared, components often keep a part of another feature. It
     * needs pieces of rank one in the gate matrices.
     */
    MLP
}
