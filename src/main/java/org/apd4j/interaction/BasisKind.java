package org.apd4j.interaction;

/**
 * The kinds of basis that a node layer can be given.
 *
 * <pre>{@code
 * InteractionConfig components = InteractionConfig.paper().with(c -> c.basis = BasisKind.PRINCIPAL_COMPONENTS);
 * }</pre>
 */
public enum BasisKind {
    /** The Local Interaction Basis: the directions to which the next node layer reacts, by the Jacobian (paper section 3). */
    JACOBIAN("LIB"),
    /** The principal components of the activations, unscaled. */
    PRINCIPAL_COMPONENTS("PCA"),
    /** The activations as they are. */
    NEURONS("neurons"),
    /**
     * An older basis: the gradient of {@code −Σ(F(f) − F(αf))²}, integrated over α. It is kept in the reference implementation and was not used for
     * published results.
     */
    INTEGRATED_DIFFERENCE("(1-alpha)^2"),
    /** An older basis: the gradient of {@code Σ F(αf) · F(f)}, integrated over α. */
    INTEGRATED_PRODUCT("(1-0)*alpha");

    private final String label;

    BasisKind(String label) {
        this.label = label;
    }

    /** Returns the name for people. */
    public String label() {
        return label;
    }
}
