package org.apd4j.notebook.jupyter;

import jdk.jshell.JShell;

/** Runs cells as the kernel does, without Jupyter. */
final class RunCells implements AutoCloseable {

    private final UserCode userCode = new UserCode(null);
    private final Cells cells = new Cells(userCode);
    private final ErrorText errors;
    private int number;

    RunCells() {
        cells.shell().addToClasspath(System.getProperty("java.class.path"));
        errors = new ErrorText(cells.shell());
    }

    JShell shell() {
        return cells.shell();
    }

    /** Runs a cell that must not fail. */
    Object run(String code) {
        try {
            return eval(code);
        } catch (Exception e) {
            throw new AssertionError(String.join("\n", errors.lines(e)), e);
        }
    }

    /** Runs a cell that must fail, and returns what it shows, without colours. */
    String failure(String code) {
        return Style.plain(String.join("\n", error(code).lines()));
    }

    /** Runs a cell that must fail. */
    Failure error(String code) {
        Object value;
        try {
            value = eval(code);
        } catch (Exception e) {
            return errors.failure(e);
        }
        throw new AssertionError("it did not fail: " + value);
    }

    private Object eval(String code) throws Exception {
        errors.begin(++number, code);
        userCode.begin();
        try {
            return cells.eval(code);
        } finally {
            userCode.end();
        }
    }

    @Override
    public void close() {
        cells.shell().close();
    }
}
