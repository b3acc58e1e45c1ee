package org.apd4j.notebook.jupyter;

/** The end of a cell for a reason that is not in its code: it was stopped, it took too long, or its value could not be shown. */
final class CellException extends Exception {

    private static final long serialVersionUID = 1;

    private final String name;

    CellException(String name, String message, Throwable cause) {
        super(message, cause);
        this.name = name;
    }

    /** What the notebook shows in the place of an exception's name. */
    String name() {
        return name;
    }
}
