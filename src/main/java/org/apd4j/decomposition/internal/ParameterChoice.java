package org.apd4j.decomposition.internal;

import java.util.List;
import java.util.Set;
import org.apd4j.network.Network;
import org.apd4j.network.Parameter;

/** The choice of the parameters to decompose, by the names that a method's settings give. */
public final class ParameterChoice {

    private ParameterChoice() {
    }

    /**
     * Returns the decomposed parameters in the network's order: those that are named, or else all weights of the network.
     *
     * @param names   the names; empty for all weights
     * @param setting the name of the setting, for messages
     * @throws IllegalArgumentException if anything but the matrix of a linear map is named, or there is nothing to decompose
     */
    public static List<Parameter> of(Network network, List<String> names, String setting) {
        Set<String> matrices = network.matrices();
        for (String name : names) {
            if (!matrices.contains(name)) {
                throw new IllegalArgumentException(setting + " names '" + name + "', which is not the matrix of a linear map; choose from " + matrices);
            }
        }
        List<Parameter> chosen = names.isEmpty() ? network.weights()
                : network.parameters().stream().filter(parameter -> names.contains(parameter.name())).toList();
        if (chosen.isEmpty()) {
            throw new IllegalArgumentException("the network has no trained matrix to decompose; name matrices in " + setting + ", from " + matrices);
        }
        return chosen;
    }

    /** Returns the names of the chosen parameters; none if they are all weights, so that naming a default and omitting it describe the same run. */
    public static List<String> withoutDefault(Network network, List<Parameter> chosen) {
        return chosen.equals(network.weights()) ? List.of() : chosen.stream().map(Parameter::name).toList();
    }
}
