package org.apd4j.interaction.internal;

import org.apd4j.math.internal.DoubleMatrix;
import org.jspecify.annotations.Nullable;

/** The gradients of the registers of a {@link Program} in one backward pass. */
final class Gradients {

    private final @Nullable DoubleMatrix[] values;
    private final boolean[] isOwn;

    Gradients(int registers) {
        values = new DoubleMatrix[registers];
        isOwn = new boolean[registers];
    }

    boolean has(int register) {
        return values[register] != null;
    }

    DoubleMatrix get(int register) {
        DoubleMatrix value = values[register];
        if (value == null) {
            throw new IllegalStateException("register " + register + " has no gradient");
        }
        return value;
    }

    /** Adds to a register's gradient; the matrix may be shared with other registers and is not written. */
    void add(int register, DoubleMatrix more) {
        DoubleMatrix value = values[register];
        if (value == null) {
            values[register] = more;
        } else if (isOwn[register]) {
            value.add(1, more);
        } else {
            values[register] = value.copy().add(1, more);
            isOwn[register] = true;
        }
    }

    /** Forgets the gradient of a register, which an earlier instruction may write again in its own meaning. */
    void clear(int register) {
        values[register] = null;
        isOwn[register] = false;
    }
}
