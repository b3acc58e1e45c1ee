package org.apd4j.decomposition;

/**
 * A loss of APD (paper section 2 and appendix A; step 5 of APD). N is the number of entries of all decomposed layers, y the target's output, ŷ
 * that of the sparse pass.
 *
 * <pre>{@code
 * for (Loss loss : run.config().losses()) {
 *     System.out.println(loss.label() + " " + run.loss(loss.label()));
 * }
 * }</pre>
 */
public enum Loss {
    /** Faithfulness, {@code (1/N) Σ_l |W_l − Σ_c P_cl|²}: the components sum to the target's weights. */
    FAITHFULNESS("faithfulness"),
    /**
     * Minimality: mean over batch and outputs of {@code (ŷ − y)²}, or the mean over the batch of {@code KL(softmax(y) ‖ softmax(ŷ))}; in the Lp
     * formulation {@code mean_b Σ_c w[b,c]}.
     */
    MINIMALITY("minimality"),
    /**
     * Simplicity, {@code (1/(N · batch)) Σ_l Σ_b Σ_c Σ_j (mask[b,c] · |A_cl[:,j]|² · |B_cl[j,:]|² + 1e-16)^(p/2)}: a Schatten-p quasi-norm of the
     * active components.
     */
    SIMPLICITY("simplicity"),
    /**
     * Hidden reconstruction: {@code |ReLU(ĥ_l) − ReLU(h_l)|²} between sparse pass and target, over the observed layers, divided by the number of
     * their neurons, mean over the batch; without ReLU where layers are not rectified.
     */
    HIDDEN_RECONSTRUCTION("hidden reconstruction"),
    /** Output reconstruction: mean over batch and outputs of (output with all components − y)². */
    OUTPUT_RECONSTRUCTION("output reconstruction");

    private final String label;

    Loss(String label) {
        this.label = label;
    }

    /** Returns the loss's name in displays, loss histories and files. */
    public String label() {
        return label;
    }
}
