package org.apd4j.notebook.jupyter;

/** A {@code return} in a cell, which JShell takes for a statement like any other and which does nothing there. */
final class ReturnException extends Exception {

    private static final long serialVersionUID = 1;

    private final String source;

    ReturnException(String source) {
        super("a cell is no method and returns nothing");
        this.source = source;
    }

    /** The statement. */
    String source() {
        return source;
    }

    /** Whether a statement is one. */
    static boolean isReturn(String source) {
        return source.strip().matches("(?s)return\\b.*");
    }
}
