package org.apd4j.notebook.jupyter;

/**
 * The few colours that errors use. JupyterLab gives each a shade that can be read on its ground; the text itself keeps the theme's own colour,
 * since black and white can be read in one theme only.
 */
final class Style {

    private static final String RESET = "\u001b[0m";

    private Style() {
    }

    /** The name of an error, or the mark below its place. */
    static String error(String text) {
        return "\u001b[31m" + text + RESET;
    }

    /** Numbers of cells and lines. */
    static String place(String text) {
        return "\u001b[34m" + text + RESET;
    }

    /** A text without its colours. */
    static String plain(String text) {
        return text.replaceAll("\u001b\\[[0-9;]*m", "");
    }
}
