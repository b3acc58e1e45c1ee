package org.apd4j.notebook.jupyter;

import java.util.List;
import jdk.jshell.JShell;

/** What cells show of errors, in the words and the lines of the cells. */
final class ErrorText {

    private final JShell shell;
    private final CellTexts cells = new CellTexts();

    ErrorText(JShell shell) {
        this.shell = shell;
    }

    /** Notes the text of a cell that begins to run, and its number. */
    void begin(int number, String code) {
        cells.begin(number, code);
    }

    /** What ended the cell. */
    Failure failure(Throwable thrown) {
        return Failure.of(thrown, shell, cells);
    }

    /** What stands below the cell. */
    List<String> lines(Throwable thrown) {
        return failure(thrown).lines();
    }
}
