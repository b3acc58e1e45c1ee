package org.apd4j.notebook.jupyter;

import java.util.List;
import jdk.jshell.Snippet;
import jdk.jshell.SourceCodeAnalysis;
import jdk.jshell.SourceCodeAnalysis.CompletionInfo;

/** The part of a cell that JShell can complete: it completes after statements, but not after an import, a method or a class in the same cell. */
final class IncompleteCode {

    private IncompleteCode() {
    }

    /**
     * Returns code without the imports, methods and classes before its last statement.
     *
     * @param code the code up to the cursor
     */
    static String withoutDeclarations(SourceCodeAnalysis analysis, String code) {
        var kept = new StringBuilder();
        String rest = code;
        while (!rest.isBlank()) {
            CompletionInfo info = analysis.analyzeCompletion(rest);
            boolean isLast = !info.completeness().isComplete() || info.remaining() == null || info.remaining().isBlank()
                    || info.remaining().length() >= rest.length();
            if (isLast) {
                break;
            }
            String statement = rest.substring(0, rest.length() - info.remaining().length());
            if (!isDeclaration(analysis, statement)) {
                kept.append(statement);
            }
            rest = info.remaining();
        }
        return kept.append(rest).toString();
    }

    private static boolean isDeclaration(SourceCodeAnalysis analysis, String statement) {
        List<Snippet> snippets = analysis.sourceToSnippets(statement);
        return snippets.stream().anyMatch(snippet -> switch (snippet.kind()) {
            case IMPORT, METHOD, TYPE_DECL -> true;
            default -> false;
        });
    }
}
