package org.apd4j.interaction.internal;

import java.util.List;

/**
 * A place where a {@link Program} can be cut: the registers that are needed from there on, joined to one vector.
 *
 * @param name      of the node layer
 * @param at        number of instructions before it
 * @param registers in the order in which they are joined; the last one carries the protected constant
 * @param isOutput  whether it is the end, the logits, which have no constant
 * @param hasVariance whether entry 0 is the variance of a layer norm
 */
public record Boundary(String name, int at, List<Integer> registers, boolean isOutput, boolean hasVariance) {

    public Boundary {
        registers = List.copyOf(registers);
    }
}
