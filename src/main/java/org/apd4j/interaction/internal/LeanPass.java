package org.apd4j.interaction.internal;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apd4j.interaction.internal.Instruction.Add;
import org.apd4j.interaction.internal.Instruction.Copy;
import org.apd4j.interaction.internal.Instruction.LastPositions;
import org.apd4j.interaction.internal.Instruction.Multiply;
import org.apd4j.math.internal.DoubleGemm;
import org.apd4j.math.internal.DoubleMatrix;
import org.jspecify.annotations.Nullable;

/**
 * A forward pass of a section that computes equal rows once, and of the output only what a map of it needs: linear maps at both ends are multiplied out
 * with those around them first. Ablations of edges run a section once for almost every node of its output, read a single one, and begin with few
 * nodes.
 */
final class LeanPass {

    private final int registers;
    private final Map<Integer, Instruction> writers = new HashMap<>();
    private final Map<Integer, Input> inputs = new HashMap<>();
    private final Map<Integer, SharedRows> values = new HashMap<>();

    /** A register that the section begins with, {@code rows · map}; null for the identity. */
    private record Input(SharedRows rows, @Nullable DoubleMatrix map) {
        SharedRows times(DoubleMatrix other) {
            return rows.times(map == null ? other : DoubleGemm.product(map, other));
        }

        SharedRows value() {
            return map == null ? rows : rows.times(map);
        }
    }

    LeanPass(Program program, List<Instruction> instructions) {
        this.registers = program.widths().length;
        instructions.forEach(instruction -> writers.put(instruction.to(), instruction));
    }

    /** Sets a register that the section begins with to {@code rows · map}; null for the identity. */
    void set(int register, SharedRows rows, @Nullable DoubleMatrix map) {
        inputs.put(register, new Input(rows, map));
    }

    /** Returns the input that a register is a copy of, or null. */
    private @Nullable Input inputOf(int register) {
        Input own = inputs.get(register);
        return own == null && writers.get(register) instanceof Copy copy ? inputOf(copy.source()) : own;
    }

    /** Returns the value of a register times a map {@code [width, columns]}. */
    SharedRows product(int register, DoubleMatrix map) {
        Input input = inputOf(register);
        if (input != null) {
            return input.times(map);
        }
        Instruction writer = values.containsKey(register) ? null : writers.get(register);
        if (writer instanceof Multiply linear) {
            return product(linear.source(), DoubleGemm.product(linear.weights(), map));
        }
        if (writer instanceof Add sum) {
            SharedRows left = product(sum.left(), map);
            SharedRows right = product(sum.right(), map);
            return left.isSharedAs(right) ? left.with(left.values().copy().add(1, right.values()))
                    : SharedRows.plain(left.expanded().copy().add(1, right.expanded()));
        }
        return value(register).times(map);
    }

    /** Returns the value of a register. */
    SharedRows value(int register) {
        SharedRows known = values.get(register);
        if (known == null) {
            Input input = inputOf(register);
            known = input != null ? input.value() : computed(Objects.requireNonNull(writers.get(register)));
            values.put(register, known);
        }
        return known;
    }

    private SharedRows computed(Instruction instruction) {
        if (instruction instanceof LastPositions last) {
            return value(last.source()).lastOf(last.positions(), last.kept());
        }
        if (instruction instanceof Multiply linear) {
            Input input = inputOf(linear.source());
            if (input != null) {
                return input.times(linear.weights());
            }
        }
        SharedRows first = value(instruction.from().get(0));
        boolean isShared = instruction.isRowwise() && instruction.from().stream().allMatch(register -> value(register).isSharedAs(first));
        Tape tape = new Tape(registers);
        instruction.from().forEach(register -> tape.set(register, isShared ? value(register).values() : value(register).expanded()));
        instruction.forward(tape);
        DoubleMatrix result = tape.value(instruction.to());
        return isShared ? first.with(result) : SharedRows.plain(result);
    }
}
