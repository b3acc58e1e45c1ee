package org.apd4j.notebook.jupyter;

import java.util.List;
import jdk.jshell.JShell;

/** The error messages of cells, in terms of the code and lines of the cells. */
final class ErrorText {

    private final JShell shell;
    private final CellTexts cells = new CellTexts();

    ErrorText(JShell shell) {
        this.shell = shell;
    }

    /** Records that a cell begins to run. */
    void begin(int number, String code) {
        cells.begin(number, code);
    }

    /** Returns the failure that an exception in a cell stands for. */
    Failure failure(Throwable thrown) {
        return Failure.of(thrown, shell, cells);
    }

    /** Returns the lines that are shown below the cell. */
    List<String> lines(Throwable thrown) {
        return failure(thrown).lines();
    }
}
