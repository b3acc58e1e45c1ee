package org.apd4j.notebook.jupyter;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.OptionalInt;

/** A search for the bracket that incomplete code leaves open. */
final class Brackets {

    private static final String OPEN = "([{";
    private static final String CLOSED = ")]}";

    private final String code;
    private final Deque<Integer> open = new ArrayDeque<>();
    private int at;

    private Brackets(String code) {
        this.code = code;
    }

    /** Returns the index of the innermost bracket that is never closed, if there is one. */
    static OptionalInt unclosed(String code) {
        return new Brackets(code).scan();
    }

    /** Returns the closing bracket for an opening one. */
    static char closing(char opening) {
        return CLOSED.charAt(OPEN.indexOf(opening));
    }

    private OptionalInt scan() {
        while (at < code.length()) {
            char c = code.charAt(at);
            if (code.startsWith("//", at)) {
                skipTo("\n", at);
            } else if (code.startsWith("/*", at)) {
                skipTo("*/", at + 2);
            } else if (code.startsWith("\"\"\"", at)) {
                skipTo("\"\"\"", at + 3);
            } else if (c == '"' || c == '\'') {
                skipLiteral(c);
            } else {
                bracket(c);
                at++;
            }
        }
        return open.isEmpty() ? OptionalInt.empty() : OptionalInt.of(open.peek());
    }

    private void bracket(char c) {
        if (OPEN.indexOf(c) >= 0) {
            open.push(at);
        } else if (CLOSED.indexOf(c) >= 0 && !open.isEmpty() && closing(code.charAt(open.peek())) == c) {
            open.pop();
        }
    }

    private void skipTo(String end, int from) {
        int found = code.indexOf(end, from);
        at = found < 0 ? code.length() : found + end.length();
    }

    private void skipLiteral(char quote) {
        at++;
        while (at < code.length() && code.charAt(at) != quote && code.charAt(at) != '\n') {
            at += code.charAt(at) == '\\' ? 2 : 1;
        }
        at++;
    }
}
