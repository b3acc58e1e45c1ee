package org.apd4j.notebook.jupyter;

/**
 * The colours of error messages, as ANSI escape sequences. JupyterLab has shades of them that are legible in its light and dark themes; all other
 * text keeps the colour of the theme.
 */
final class Style {

    private static final String RESET = "\u001b[0m";

    private Style() {
    }

    /** Returns the name of an error, or the mark below its position, in colour. */
    static String error(String text) {
        return "\u001b[31m" + text + RESET;
    }

    /** Returns the number of a cell or line in colour. */
    static String place(String text) {
        return "\u001b[34m" + text + RESET;
    }

    /** Returns a text without colours. */
    static String plain(String text) {
        return text.replaceAll("\u001b\\[[0-9;]*m", "");
    }
}
