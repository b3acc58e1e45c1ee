package org.apd4j.interaction.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apd4j.interaction.internal.Instruction.Multiply;
import org.apd4j.math.internal.DoubleGemm;
import org.apd4j.math.internal.DoubleMatrix;
import org.jspecify.annotations.Nullable;

/** The stretch of a {@link Program} from one boundary to a later one, as one function of the joined vector. */
public final class Section {

    private final Program program;
    private final List<Instruction> instructions;
    private final Boundary from;
    private final Boundary to;

    Section(Program program, List<Instruction> instructions, Boundary from, Boundary to) {
        this.program = program;
        this.instructions = List.copyOf(instructions);
        this.from = from;
        this.to = to;
    }

    /** Returns the width d of the input. */
    public int inputs() {
        return program.width(from);
    }

    /** Returns the width of the output. */
    public int outputs() {
        return program.width(to);
    }

    /** Returns the number S of positions of the input. */
    public int inputPositions() {
        return program.positions(from);
    }

    /** Returns the number T of positions of the output. */
    public int outputPositions() {
        return program.positions(to);
    }

    /** Returns whether every output position depends on the input at the same position alone. */
    public boolean isPositionwise() {
        return instructions.stream().allMatch(Instruction::isPositionwise);
    }

    /** Returns the output {@code [samples · T, outputs]} at inputs {@code [samples · S, inputs]}. */
    public DoubleMatrix value(DoubleMatrix f) {
        return run(f).output();
    }

    /** Returns the output {@code [samples · T, outputs]} at inputs of which equal ones are shared. */
    DoubleMatrix value(SharedRows f) {
        LeanPass pass = leanPass(f, null);
        if (to.registers().size() == 1) {
            return pass.value(to.registers().get(0)).expanded();
        }
        DoubleMatrix joined = DoubleMatrix.zeros(f.rows() / inputPositions() * outputPositions(), outputs());
        int at = 0;
        for (int register : to.registers()) {
            Program.copyColumns(pass.value(register).expanded(), 0, joined, at, program.widths()[register]);
            at += program.widths()[register];
        }
        return joined;
    }

    /**
     * Returns the output times a map {@code [outputs, columns]} at inputs {@code f · entry}, without what only other columns of the output need.
     *
     * @param f     {@code [samples · S, n]}
     * @param entry {@code [n, inputs]}
     */
    DoubleMatrix product(SharedRows f, DoubleMatrix entry, DoubleMatrix map) {
        LeanPass pass = leanPass(f, entry);
        DoubleMatrix sum = DoubleMatrix.zeros(f.rows() / inputPositions() * outputPositions(), map.columns());
        int at = 0;
        for (int register : to.registers()) {
            sum.add(1, pass.product(register, map.rows(at, program.widths()[register])).expanded());
            at += program.widths()[register];
        }
        return sum;
    }

    private LeanPass leanPass(SharedRows f, @Nullable DoubleMatrix entry) {
        LeanPass pass = new LeanPass(program, instructions);
        int at = 0;
        for (int register : from.registers()) {
            int width = program.widths()[register];
            if (entry != null) {
                pass.set(register, f, from.registers().size() == 1 ? entry : entry.columns(at, width));
            } else {
                pass.set(register, from.registers().size() == 1 ? f : f.with(f.values().columns(at, width)), null);
            }
            at += width;
        }
        return pass;
    }

    /** Returns the section at given inputs, ready for backward passes. */
    public Run run(DoubleMatrix f) {
        Tape tape = new Tape(program.widths().length);
        if (from.registers().size() == 1) {
            tape.set(from.registers().get(0), f);
        } else {
            int at = 0;
            for (int register : from.registers()) {
                tape.set(register, f.columns(at, program.widths()[register]));
                at += program.widths()[register];
            }
        }
        instructions.forEach(instruction -> instruction.forward(tape));
        return new Run(tape);
    }

    /** The section at some inputs. */
    public final class Run {

        private final Tape tape;

        private Run(Tape tape) {
            this.tape = tape;
        }

        Tape tape() {
            return tape;
        }

        /** Returns the output {@code [samples · T, outputs]}. */
        public DoubleMatrix output() {
            return program.join(to, tape);
        }

        /** Returns the gradient {@code [samples · S, inputs]} of {@code Σ gradient ⊙ output}. */
        public DoubleMatrix pull(DoubleMatrix gradient) {
            Gradients gradients = new Gradients(program.widths().length);
            int at = 0;
            for (int register : to.registers()) {
                int width = program.widths()[register];
                gradients.add(register, to.registers().size() == 1 ? gradient : gradient.columns(at, width));
                at += width;
            }
            for (int i = instructions.size() - 1; i >= 0; i--) {
                Instruction instruction = instructions.get(i);
                if (gradients.has(instruction.to())) {
                    instruction.backward(tape, gradients);
                    gradients.clear(instruction.to());
                }
            }
            int rows = gradient.rows() / outputPositions() * inputPositions();
            if (from.registers().size() == 1 && gradients.has(from.registers().get(0))) {
                return gradients.get(from.registers().get(0));
            }
            DoubleMatrix joined = DoubleMatrix.zeros(rows, inputs());
            int column = 0;
            for (int register : from.registers()) {
                if (gradients.has(register)) {
                    Program.copyColumns(gradients.get(register), 0, joined, column, program.widths()[register]);
                }
                column += program.widths()[register];
            }
            return joined;
        }
    }

    /**
     * A section as {@code f · entry}, then another section.
     *
     * @param entry {@code [inputs, rest.inputs]}
     * @param rest  what follows
     */
    public record Split(DoubleMatrix entry, Section rest) { }

    /** Returns this section with the linear maps at its beginning multiplied out and taken off; their product is the identity if there are none. */
    public Split split() {
        DoubleMatrix entry = null;
        Section rest = this;
        for (Multiply first = first(); first != null; first = rest.first()) {
            entry = entry == null ? first.weights() : DoubleGemm.product(entry, first.weights());
            List<Instruction> others = rest.instructions.subList(1, rest.instructions.size());
            rest = new Section(program, others, new Boundary(from.name(), from.at(), List.of(first.to()), from.isOutput(), false), to);
        }
        return new Split(entry == null ? DoubleMatrix.identity(inputs()) : entry, rest);
    }

    /** Returns the linear map that is all the use made of the input, or null. */
    private @Nullable Multiply first() {
        if (from.registers().size() != 1 || instructions.isEmpty() || !(instructions.get(0) instanceof Multiply first)) {
            return null;
        }
        int register = from.registers().get(0);
        boolean isUsedAgain = to.registers().contains(register)
                || instructions.subList(1, instructions.size()).stream().anyMatch(other -> other.from().contains(register));
        return first.source() == register && !isUsedAgain ? first : null;
    }

    /** Returns whether nothing is computed: the output is the input. */
    public boolean isEmpty() {
        return instructions.isEmpty() && from.registers().equals(to.registers());
    }

    /**
     * An elementwise function and a linear map.
     *
     * @param function the first instruction
     * @param exit     {@code [inputs, outputs]}
     */
    public record Layer(Instruction.Apply function, DoubleMatrix exit) { }

    /** Returns the section as a function of every value followed by linear maps, if it is one. */
    public Optional<Layer> asLayer() {
        if (from.registers().size() != 1 || to.registers().size() != 1 || instructions.isEmpty()
                || !(instructions.get(0) instanceof Instruction.Apply function)) {
            return Optional.empty();
        }
        DoubleMatrix exit = DoubleMatrix.identity(inputs());
        int register = function.to();
        List<Instruction> others = new ArrayList<>(instructions.subList(1, instructions.size()));
        for (Instruction other : others) {
            if (!(other instanceof Multiply linear) || linear.source() != register) {
                return Optional.empty();
            }
            exit = DoubleGemm.product(exit, linear.weights());
            register = linear.to();
        }
        return function.source() == from.registers().get(0) && to.registers().get(0) == register ? Optional.of(new Layer(function, exit))
                : Optional.empty();
    }
}
