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

/**
 * A forward pass of a section that computes equal rows once, and of the output only what a map of it needs: a linear map at the end is multiplied out
 * with that map first. Ablations of edges run a section once for almost every node of its output, and read a single one.
 */
final class LeanPass {

    private final int registers;
    private final Map<Integer, Instruction> writers = new HashMap<>();
    private final Map<Integer, SharedRows> values = new HashMap<>();

    LeanPass(Program program, List<Instruction> instructions) {
        this.registers = program.widths().length;
        instructions.forEach(instruction -> writers.put(instruction.to(), instruction));
    }

    /** Sets a register that the section begins with. */
    void set(int register, SharedRows value) {
        values.put(register, value);
        writers.remove(register);
    }

    /** Returns the value of a register times a map {@code [width, columns]}. */
    SharedRows product(int register, DoubleMatrix map) {
        Instruction writer = values.containsKey(register) ? null : writers.get(register);
        if (writer instanceof Multiply linear) {
            return product(linear.source(), DoubleGemm.product(linear.weights(), map));
        }
        if (writer instanceof Copy copy) {
            return product(copy.source(), map);
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
            known = computed(Objects.requireNonNull(writers.get(register)));
            values.put(register, known);
        }
        return known;
    }

    private SharedRows computed(Instruction instruction) {
        if (instruction instanceof LastPositions last) {
            return value(last.source()).lastOf(last.positions(), last.kept());
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
