package org.apd4j.interaction.internal;

import java.util.List;
import java.util.function.UnaryOperator;
import org.apd4j.math.internal.DoubleMatrix;

/**
 * A network in double precision whose biases are folded into its weights: a list of instructions on registers, and the places where it can be cut.
 *
 * @param inputs       values of a sample
 * @param start        computes register 0 from samples {@code [samples, inputs]}
 * @param instructions in order
 * @param widths       of each register, constants included
 * @param positions    of each register
 * @param boundaries   in the order of the computation; the last is the output
 */
public record Program(int inputs, UnaryOperator<DoubleMatrix> start, List<Instruction> instructions, int[] widths, int[] positions,
                      List<Boundary> boundaries) {

    public Program {
        instructions = List.copyOf(instructions);
        boundaries = List.copyOf(boundaries);
    }

    /** Returns the width of a boundary's vector. */
    public int width(Boundary boundary) {
        return boundary.registers().stream().mapToInt(register -> widths[register]).sum();
    }

    /** Returns the number of positions of a boundary. */
    public int positions(Boundary boundary) {
        return positions[boundary.registers().get(0)];
    }

    /** Returns the values at a boundary {@code [samples · positions, width]} of samples {@code [samples, inputs]}. */
    public DoubleMatrix valuesAt(Boundary boundary, DoubleMatrix samples) {
        Tape tape = new Tape(widths.length);
        tape.set(0, start.apply(samples));
        instructions.subList(0, boundary.at()).forEach(instruction -> instruction.forward(tape));
        return join(boundary, tape);
    }

    /** A consumer of the values {@code [samples · positions, width]} at the boundary of an index. */
    @FunctionalInterface
    public interface ValuesConsumer {
        /** Takes the values. */
        void accept(int index, DoubleMatrix values);
    }

    /** Passes the values at boundaries, which must be in the order of the computation, to a consumer. */
    public void valuesAt(List<Boundary> some, DoubleMatrix samples, ValuesConsumer consumer) {
        Tape tape = new Tape(widths.length);
        tape.set(0, start.apply(samples));
        int done = 0;
        for (int i = 0; i < some.size(); i++) {
            instructions.subList(done, some.get(i).at()).forEach(instruction -> instruction.forward(tape));
            done = some.get(i).at();
            consumer.accept(i, join(some.get(i), tape));
        }
    }

    /** Returns the section between two boundaries. */
    public Section section(Boundary from, Boundary to) {
        return new Section(this, instructions.subList(from.at(), to.at()), from, to);
    }

    DoubleMatrix join(Boundary boundary, Tape tape) {
        if (boundary.registers().size() == 1) {
            return tape.value(boundary.registers().get(0));
        }
        int rows = tape.value(boundary.registers().get(0)).rows();
        DoubleMatrix joined = DoubleMatrix.zeros(rows, width(boundary));
        int at = 0;
        for (int register : boundary.registers()) {
            copyColumns(tape.value(register), 0, joined, at, widths[register]);
            at += widths[register];
        }
        return joined;
    }

    static void copyColumns(DoubleMatrix from, int first, DoubleMatrix to, int at, int count) {
        for (int row = 0; row < from.rows(); row++) {
            System.arraycopy(from.data(), row * from.columns() + first, to.data(), row * to.columns() + at, count);
        }
    }
}
