package org.apd4j.notebook.jupyter;

import org.jspecify.annotations.Nullable;

/** Thrown when a cell ends for a reason outside of its code: it was stopped, it took too long, or its value could not be displayed. */
final class CellException extends Exception {

    private static final long serialVersionUID = 1;

    private final String name;

    CellException(String name, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.name = name;
    }

    /** Returns the name that the notebook shows instead of that of an exception class. */
    String name() {
        return name;
    }
}
