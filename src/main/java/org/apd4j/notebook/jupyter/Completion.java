package org.apd4j.notebook.jupyter;

import io.github.spencerpark.jupyter.kernel.ReplacementOptions;
import java.util.Comparator;
import java.util.List;
import jdk.jshell.JShell;
import jdk.jshell.SourceCodeAnalysis.Suggestion;

/** What Tab offers. */
final class Completion {

    private final JShell shell;

    Completion(JShell shell) {
        this.shell = shell;
    }

    /** What could stand at the cursor, those of the right type first; null for nothing. */
    ReplacementOptions options(String code, int cursor) {
        int[] start = new int[1];
        List<String> found = shell.sourceCodeAnalysis().completionSuggestions(code, cursor, start).stream()
                .sorted(Comparator.comparing(Suggestion::matchesType).reversed())
                .map(Suggestion::continuation).distinct().toList();
        return found.isEmpty() ? null : new ReplacementOptions(found, start[0], cursor);
    }
}
