package org.apd4j.interaction;

/**
 * The measure of how strongly a node acts on a node of the next node layer.
 *
 * <pre>{@code
 * InteractionConfig old = InteractionConfig.paper().with(c -> c.edges = EdgeFormula.FUNCTIONAL);
 * }</pre>
 */
public enum EdgeFormula {
    /** The mean square of derivative times activation (paper section 3), the standard. */
    SQUARED,
    /** An older measure: activation times the gradient of the squared change of the output, integrated over α. */
    FUNCTIONAL
}
