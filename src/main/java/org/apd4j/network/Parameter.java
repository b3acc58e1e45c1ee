package org.apd4j.network;

import java.util.Objects;
import org.apd4j.math.Matrix;

/**
 * A named matrix of numbers that one or more nodes of a network use.
 *
 * <pre>{@code
 * for (Parameter parameter : target.trained().network().weights()) {
 *     System.out.println(parameter.name() + " " + parameter.values());
 * }
 * }</pre>
 *
 * @param name   its name in files, figures and messages
 * @param role   whether training changes it
 * @param values {@code [d_in, d_out]}; a bias is {@code [1, d_out]}. They must not be changed: a network with other values is another network.
 */
public record Parameter(String name, Role role, Matrix values) {

    /** Whether training changes a parameter. */
    public enum Role {
        /** Changed by the training of the network. */
        TRAINED,
        /** Never changed. */
        FIXED
    }

    /** @throws IllegalArgumentException if there is no value, or one is not finite */
    public Parameter {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(role, "role");
        if (values.size() == 0) {
            throw new IllegalArgumentException("parameter '" + name + "' " + values + " is empty");
        }
        for (int i = 0; i < values.rows(); i++) {
            for (int j = 0; j < values.columns(); j++) {
                if (!Float.isFinite(values.get(i, j))) {
                    throw new IllegalArgumentException("parameter '" + name + "' holds " + values.get(i, j) + " at [" + i + ", " + j
                            + "]; every value must be finite");
                }
            }
        }
    }

    Parameter with(Matrix other) {
        return new Parameter(name, role, other);
    }
}
