package org.apd4j.sharedgate.internal;

import org.apd4j.network.Network;
import org.apd4j.network.Parameter;

/**
 * The kinds of network that the rules for settings tell apart.
 *
 * <pre>{@code
 * NetworkKind kind = NetworkKind.of(target.trained().network());
 * }</pre>
 */
public enum NetworkKind {
    /** What later matrices read is linear in what gate matrices write, as in TMS. */
    CODE,
    /** Everything else: functions lie between gate matrices and later ones, as in residual MLPs, or there are no later ones. */
    FUNCTIONS;

    /** Returns the kind of a network all of whose weights are decomposed. */
    public static NetworkKind of(Network network) {
        Layout layout = new Layout(network, network.weights().stream().map(Parameter::name).toList());
        return !layout.others().isEmpty() && layout.isLinearBetween() ? CODE : FUNCTIONS;
    }
}
