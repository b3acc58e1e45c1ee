package org.apd4j.spd;

/**
 * A loss of SPD (paper section 2; step 5 of the {@linkplain org.apd4j.spd method}). N is the number of entries of all decomposed layers, y the target's
 * output, ŷ that of a pass with masks, g and u the lower- and upper-leaky importances.
 *
 * <pre>{@code
 * for (SpdLoss loss : SpdConfig.paperTms5to2().losses()) {
 *     System.out.println(loss.label());
 * }
 * }</pre>
 */
public enum SpdLoss {
    /** {@code (1/N) Σ_l |W_l − A_l B_l|²}: the subcomponents sum to the target's weights. */
    FAITHFULNESS("faithfulness"),
    /** Mean of {@code (ŷ − y)²} with all layers under random masks {@code g + (1 − g) r}, over the draws. */
    STOCHASTIC("stochastic reconstruction"),
    /** The same with one layer under random masks and the target's weights elsewhere, mean over layers and draws. */
    STOCHASTIC_LAYERWISE("layer-wise stochastic reconstruction"),
    /** {@code (1/batch) Σ_b Σ_l Σ_c u^p}: few subcomponents are important. */
    IMPORTANCE_MINIMALITY("importance minimality"),
    /** Mean of {@code (ŷ − y)²} with masks g, without noise. */
    RECONSTRUCTION("reconstruction"),
    /** The same layer by layer. */
    RECONSTRUCTION_LAYERWISE("layer-wise reconstruction"),
    /** Mean of {@code (ŷ − y)²} with all masks 1. */
    OUTPUT_RECONSTRUCTION("output reconstruction"),
    /** {@code Σ_l mean_b Σ_c u^p (|A_l[:,c]|² + |B_l[c,:]|²)}. */
    SCHATTEN("Schatten");

    private final String label;

    SpdLoss(String label) {
        this.label = label;
    }

    /** Returns the loss's name in displays, loss histories and files. */
    public String label() {
        return label;
    }
}
