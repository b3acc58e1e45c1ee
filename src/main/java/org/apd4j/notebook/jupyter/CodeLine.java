package org.apd4j.notebook.jupyter;

/** A line of code with a part of it marked below, cut to what fits beside a cell. */
final class CodeLine {

    private static final int WIDTH = 100;
    private static final String ELLIPSIS = "…";

    private CodeLine() {
    }

    /** The line of a text that an index lies in. */
    static String at(String text, int offset) {
        return text.substring(startOf(text, offset), endOf(text, offset));
    }

    /**
     * The line that a range of a text begins in, and carets below the part of the range that is in it.
     *
     * @param before what stands before the line, for example its number
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

    /** A line without its end, if it is longer than a screen is wide. */
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
