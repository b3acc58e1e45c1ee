package org.apd4j.notebook.jupyter;

/** Lines of code for error messages, truncated to the width of a cell, with marks below a part of them. */
final class CodeLine {

    private static final int WIDTH = 100;
    private static final String ELLIPSIS = "…";

    private CodeLine() {
    }

    /** Returns the line of a text that contains an index. */
    static String at(String text, int offset) {
        return text.substring(startOf(text, offset), endOf(text, offset));
    }

    /**
     * Returns the line of a text in which a range begins, with carets below the part of the range in that line.
     *
     * @param before the text in front of the line, for example its number
     */
    static String marked(String text, int start, int end, String before) {
        int first = startOf(text, start);
        String line = text.substring(first, endOf(text, start)).replace('\t', ' ');
        int from = start - first;
        int to = Math.max(from + 1, Math.min(line.length(), end - first));
        int cut = Math.max(0, Math.min(from - WIDTH / 3, line.length() - WIDTH));
        if (cut > 0) {
            line = ELLIPSIS + line.substring(cut);
            from += 1 - cut;
            to += 1 - cut;
        }
        return before + shortened(line) + "\n" + " ".repeat(before.length() + from) + "^".repeat(Math.max(1, Math.min(to, WIDTH) - from));
    }

    /** Returns a line, truncated if it is too long. */
    static String shortened(String line) {
        return line.length() <= WIDTH ? line : line.substring(0, WIDTH - 1) + ELLIPSIS;
    }

    private static int startOf(String text, int offset) {
        return text.lastIndexOf('\n', offset - 1) + 1;
    }

    private static int endOf(String text, int offset) {
        int end = text.indexOf('\n', offset);
        return end < 0 ? text.length() : end;
    }
}
