package org.apd4j.interaction.internal;

import java.util.IdentityHashMap;
import java.util.function.Supplier;
import org.apd4j.math.internal.DoubleMatrix;
import org.jspecify.annotations.Nullable;

/** The values of the registers of a {@link Program} on some samples, and what instructions keep for their backward pass. */
public final class Tape {

    private final @Nullable DoubleMatrix[] values;
    private final IdentityHashMap<Instruction, DoubleMatrix> kept = new IdentityHashMap<>();

    Tape(int registers) {
        this.values = new DoubleMatrix[registers];
    }

    /**
     * Returns the value of a register.
     *
     * @throws IllegalStateException if it has not been computed
     */
    DoubleMatrix value(int register) {
        DoubleMatrix value = values[register];
        if (value == null) {
            throw new IllegalStateException("register " + register + " has no value");
        }
        return value;
    }

    void set(int register, DoubleMatrix value) {
        values[register] = value;
    }

    /** Returns what an instruction keeps, computed at the first call. */
    DoubleMatrix kept(Instruction owner, Supplier<DoubleMatrix> maker) {
        return kept.computeIfAbsent(owner, unused -> maker.get());
    }
}
