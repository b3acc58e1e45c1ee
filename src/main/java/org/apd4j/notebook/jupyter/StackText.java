package org.apd4j.notebook.jupyter;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import jdk.jshell.EvalException;
import jdk.jshell.JShell;
import jdk.jshell.Snippet;
import org.jspecify.annotations.Nullable;

/**
 * The stack traces of cells, for their authors: outermost call first, the lines of cells with their text, the calls by which they enter a library,
 * and the number of calls within it.
 */
final class StackText {

    private static final int MOST_LINES = 12;
    private static final int MOST_OF_ONE_LINE = 2;
    private static final int MOST_CAUSES = 3;
    private static final String INDENT = "    ";

    private final JShell shell;
    private final CellTexts cells;

    StackText(JShell shell, CellTexts cells) {
        this.shell = shell;
        this.cells = cells;
    }

    /** Adds a trace, truncated to about a screen. */
    void write(StackTraceElement[] trace, List<String> to) {
        new Folding(to).write(trace);
    }

    /** Adds the causes of an exception, a line for each. */
    void writeCauses(@Nullable Throwable cause, List<String> to) {
        @Nullable Throwable each = cause;
        for (int i = 0; each != null && i < MOST_CAUSES; i++, each = each.getCause()) {
            String name = each instanceof EvalException e ? e.getExceptionClassName() : each.getClass().getName();
            @Nullable String said = Hint.of(name, each.getMessage(), shell).message();
            String message = said == null || said.equals("null") ? "" : ": " + said;
            to.add("caused by " + Failure.simple(name) + CodeLine.shortened(message.lines().findFirst().orElse("")) + origin(each));
        }
        if (each != null) {
            to.add("… and further causes");
        }
    }

    private String origin(Throwable cause) {
        for (StackTraceElement frame : cause.getStackTrace()) {
            Optional<CellTexts.Position> place = place(frame);
            if (place.isPresent()) {
                return " (" + place.get().name() + ")";
            }
        }
        return cause.getStackTrace().length == 0 ? "" : " (" + call(cause.getStackTrace()[0]) + ")";
    }

    private Optional<Snippet> snippet(StackTraceElement frame) {
        @Nullable String file = frame.getFileName();
        return file == null || !file.startsWith("#") ? Optional.empty() : shell.snippets() // a declaration has the id of the one it replaces
                .filter(each -> each.id().equals(file.substring(1)) && shell.status(each) != Snippet.Status.REJECTED
                        && each.subKind() != Snippet.SubKind.VAR_DECLARATION_SUBKIND) // has no code
                .reduce((older, newer) -> newer);
    }

    private Optional<CellTexts.Position> place(StackTraceElement frame) {
        return snippet(frame).flatMap(snippet -> {
            String source = snippet.source();
            int offset = 0;
            for (int line = 1; line < frame.getLineNumber() && source.indexOf('\n', offset) >= 0; line++) {
                offset = source.indexOf('\n', offset) + 1;
            }
            return cells.find(source, offset);
        });
    }

    private static boolean isOfACell(StackTraceElement frame) {
        @Nullable String file = frame.getFileName();
        return file != null && file.startsWith("#");
    }

    private static String call(StackTraceElement frame) {
        String method = frame.getMethodName().equals("<init>") ? "new " + Failure.simple(frame.getClassName())
                : Failure.simple(frame.getClassName()) + "." + frame.getMethodName();
        return method + (frame.getLineNumber() < 0 ? "" : ", " + frame.getFileName() + ":" + frame.getLineNumber());
    }

    /** The writer of one trace, which folds calls within libraries and repeated lines. */
    private final class Folding {
        private final List<String> to;
        private final Map<String, Integer> shown = new HashMap<>();
        private final Set<String> entries = new HashSet<>();
        private final Map<String, Integer> hidden = new LinkedHashMap<>();
        private int lines;
        private int repeated;

        Folding(List<String> to) {
            this.to = to;
        }

        void write(StackTraceElement[] trace) {
            List<StackTraceElement> frames = new ArrayList<>(List.of(trace));
            frames.removeIf(frame -> frame.getClassName().equals(StopCheck.class.getName())); // inserted by the kernel
            Collections.reverse(frames);
            boolean isEntry = true;
            for (StackTraceElement frame : frames) {
                if (isOfACell(frame)) {
                    ownLine(frame);
                    isEntry = true;
                } else if (isEntry && lines < MOST_LINES && entries.add(frame.toString())) {
                    unfold();
                    add(INDENT + call(frame));
                    isEntry = false;
                } else {
                    hidden.merge(inside(frame), 1, Integer::sum);
                    isEntry = false;
                }
            }
            unfold();
            if (repeated > 0) {
                to.add(INDENT + String.format(Locale.ROOT, "… %,d more", repeated)
                        + (repeated == 1 ? " call of these lines" : " calls of these lines"));
            }
        }

        private void ownLine(StackTraceElement frame) {
            String key = frame.getFileName() + ":" + frame.getLineNumber();
            if (lines >= MOST_LINES || shown.merge(key, 1, Integer::sum) > MOST_OF_ONE_LINE) {
                repeated++;
                return;
            }
            unfold();
            String method = frame.getMethodName().isEmpty() || frame.getMethodName().contains("$") ? "" : ", in "
                    + (frame.getMethodName().equals("<init>") ? "new " + Failure.simple(frame.getClassName()) : frame.getMethodName());
            add(place(frame).map(place -> Style.place(place.name() + method + ":") + "  " + CodeLine.shortened(place.text().strip()))
                    .orElseGet(() -> Style.place("code before the first cell" + method)));
        }

        private void unfold() {
            if (!hidden.isEmpty()) {
                int count = hidden.values().stream().mapToInt(Integer::intValue).sum();
                add(INDENT + "… " + count + (count == 1 ? " call inside " : " calls inside ")
                        + String.join(" and ", hidden.keySet().stream().limit(2).toList()));
                hidden.clear();
            }
        }

        private void add(String line) {
            to.add(line);
            lines++;
        }

        private static String inside(StackTraceElement frame) {
            String type = frame.getClassName();
            if (type.startsWith("org.apd4j.")) {
                return "the library";
            }
            if (type.matches("(?:java|javax|jdk|sun|com\\.sun)\\..*")) {
                return "Java";
            }
            return type.replaceFirst("^((?:[^.]+\\.){0,2}).*$", "$1").replaceFirst("\\.$", "");
        }
    }
}
