package org.apd4j.notebook.jupyter;

import io.github.spencerpark.jupyter.kernel.ReplacementOptions;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import jdk.jshell.JShell;
import jdk.jshell.SourceCodeAnalysis.Suggestion;
import jdk.jshell.VarSnippet;

/** What Tab offers: first the notebook's own variables that fit, then what else fits, then the rest; JShell's numbered variables last. */
final class Completion {

    private final JShell shell;

    Completion(JShell shell) {
        this.shell = shell;
    }

    /**
     * The names that can stand at a place in a cell.
     *
     * @param code   the cell, in whatever state it is
     * @param cursor index into it
     * @return null if there is nothing to offer
     */
    ReplacementOptions options(String code, int cursor) {
        int at = Math.max(0, Math.min(cursor, code.length()));
        String before = code.substring(0, at);
        try {
            ReplacementOptions found = options(before);
            if (found != null) {
                return found;
            }
            String shorter = HalfTyped.withoutDeclarations(shell.sourceCodeAnalysis(), before);
            if (shorter.length() == before.length()) {
                return null;
            }
            found = options(shorter);
            int dropped = before.length() - shorter.length();
            return found == null ? null : new ReplacementOptions(found.getReplacements(), found.getSourceStart() + dropped, at);
        } catch (RuntimeException | AssertionError e) {
            return null; // half-typed code can be anything: nothing is known of it
        }
    }

    private ReplacementOptions options(String before) {
        int at = before.length();
        int[] anchor = {at};
        List<Suggestion> suggestions = shell.sourceCodeAnalysis().completionSuggestions(before, at, anchor);
        Set<String> variables = shell.variables().map(VarSnippet::name).collect(Collectors.toSet());
        List<String> options = sorted(suggestions, variables);
        return options.isEmpty() ? null : new ReplacementOptions(options, Math.max(0, Math.min(anchor[0], at)), at);
    }

    /** Each name once, the likeliest first; those of equal rank keep JShell's order. */
    static List<String> sorted(List<Suggestion> suggestions, Set<String> variables) {
        return suggestions.stream().sorted(Comparator.comparingInt(each -> rank(each, variables))).map(Suggestion::continuation).distinct().toList();
    }

    private static int rank(Suggestion suggestion, Set<String> variables) {
        String name = suggestion.continuation();
        if (name.startsWith("$")) {
            return 4;
        }
        boolean isVariable = variables.contains(name);
        return suggestion.matchesType() ? isVariable ? 0 : 1 : isVariable ? 2 : 3;
    }
}
