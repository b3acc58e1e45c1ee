package org.apd4j.notebook.jupyter;

import io.github.spencerpark.jupyter.kernel.ReplacementOptions;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import jdk.jshell.JShell;
import jdk.jshell.SourceCodeAnalysis.Suggestion;
import jdk.jshell.VarSnippet;
import org.jspecify.annotations.Nullable;

/**
 * The completion of code: variables of the notebook with a matching type first, then other matching names, then the rest; JShell's numbered
 * variables last.
 */
final class Completion {

    private final JShell shell;

    Completion(JShell shell) {
        this.shell = shell;
    }

    /**
     * Returns the names that are valid at a position in a cell.
     *
     * @param code   the text of the cell, which may be incomplete
     * @param cursor the index into the text
     * @return the options, or null if there are none, as IJava expects
     */
    @Nullable ReplacementOptions options(String code, int cursor) {
        int at = Math.max(0, Math.min(cursor, code.length()));
        String before = code.substring(0, at);
        try {
            @Nullable ReplacementOptions found = options(before);
            if (found != null) {
                return found;
            }
            String shorter = IncompleteCode.withoutDeclarations(shell.sourceCodeAnalysis(), before);
            if (shorter.length() == before.length()) {
                return null;
            }
            found = options(shorter);
            int dropped = before.length() - shorter.length();
            return found == null ? null : new ReplacementOptions(found.getReplacements(), found.getSourceStart() + dropped, at);
        } catch (RuntimeException | AssertionError e) {
            return null; // JShell can fail on incomplete code
        }
    }

    private @Nullable ReplacementOptions options(String before) {
        int at = before.length();
        int[] anchor = {at};
        List<Suggestion> suggestions = shell.sourceCodeAnalysis().completionSuggestions(before, at, anchor);
        Set<String> variables = shell.variables().map(VarSnippet::name).collect(Collectors.toSet());
        List<String> options = sorted(suggestions, variables);
        return options.isEmpty() ? null : new ReplacementOptions(options, Math.max(0, Math.min(anchor[0], at)), at);
    }

    /** Returns each name once, the most likely first; names of equal rank keep JShell's order. */
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
