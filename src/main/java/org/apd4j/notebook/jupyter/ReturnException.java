package org.apd4j.notebook.jupyter;

/** Thrown for a {@code return} in a cell, which JShell would accept and ignore. */
final class ReturnException extends Exception {

    private static final long serialVersionUID = 1;

    private final String source;

    ReturnException(String source) {
        super("a cell is not a method and cannot return a value");
        this.source = source;
    }

    /** Returns the statement. */
    String source() {
        return source;
    }

    /** Returns whether a statement is a {@code return}. */
    static boolean isReturn(String source) {
        return source.strip().matches("(?s)return\\b.*");
    }
}
