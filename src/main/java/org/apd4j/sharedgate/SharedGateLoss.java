package org.apd4j.sharedgate;

/**
 * A loss of the shared-gate method (step 4 of the {@linkplain org.apd4j.sharedgate method}). N is the number of entries of all decomposed matrices of
 * the network as it was trained, B the number of samples, w the share of samples that are not empty, y the target's output, ŷ and ỹ those of the
 * stochastic and the keep pass.
 *
 * <pre>{@code
 * for (SharedGateLoss loss : SharedGateConfig.tms5to2().losses()) {
 *     System.out.println(loss.label());
 * }
 * }</pre>
 */
public enum SharedGateLoss {
    /** {@code (1/N) Σ_l |W_l − Σ_c P_{c,l}|²}: the components sum to the target's weights. A tied matrix counts for each of its uses. */
    FAITHFULNESS("faithfulness"),
    /** {@code w · mean_{b,o} (ŷ − y)²} with all matrices under random masks {@code g + (1 − g) r}, or w times the mean KL divergence. */
    STOCHASTIC("stochastic reconstruction"),
    /** {@code w · mean_{b,o} (ỹ − y)²} with the gates themselves as masks, or w times the mean KL divergence. */
    KEEP("keep"),
    /** {@code w · mean_b Σ_c u[b,c] + (1 − w) Σ_c u_c(0)}: few gates are open. */
    MINIMALITY("minimality"),
    /** {@code (w/H) mean_b Σ (ĥ − h)²}, summed over both passes: what the other matrices read is what they read in the target. */
    HIDDEN("hidden reconstruction"),
    /** {@code (w/H) mean_b Σ_l |ṽ_l − λ v_l|² / max(λ, 0.3)²}, summed over both passes: what gate matrices make of the input alone has its direction. */
    DIRECTION("direction");

    private final String label;

    SharedGateLoss(String label) {
        this.label = label;
    }

    /** Returns the loss's name in displays, loss histories and files. */
    public String label() {
        return label;
    }
}
