package org.apd4j.decomposition;

/**
 * The losses of a decomposition (method: one training step, 5).
 *
 * <pre>{@code
 * for (Loss loss : run.config().losses()) {
 *     System.out.println(loss.label() + " " + run.loss(loss.label()));
 * }
 * }</pre>
 */
public enum Loss {
    /** {@code (1/N) Σ_l |W_l − Σ_c P_cl|²}: the components sum to the weights. */
    FAITHFULNESS("faithfulness"),
    /** Mean over batch and outputs of (ŷ − y)², or the Kullback-Leibler divergence; with Lp {@code mean_b Σ_c w_bc}. */
    MINIMALITY("minimality"),
    /** The Schatten-p quasi-norm of the active components. */
    SIMPLICITY("simplicity"),
    /** Difference of observed layers' outputs, sparse pass against target. */
    HIDDEN_RECONSTRUCTION("hidden reconstruction"),
    /** Mean of (output with all components − y)². */
    OUTPUT_RECONSTRUCTION("output reconstruction");

    private final String label;

    Loss(String label) {
        this.label = label;
    }

    /** The loss's name for people, and in histories. */
    public String label() {
        return label;
    }
}
