package org.apd4j.notebook.jupyter;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import jdk.jshell.DeclarationSnippet;
import jdk.jshell.Diag;
import jdk.jshell.JShell;
import jdk.jshell.Snippet;

/** The error messages of cells that do not compile: the position, a sentence, and the name that was probably meant. */
final class CompilationText {

    private static final int MOST_ERRORS = 3;
    private static final int MOST_MEMBERS = 12;
    private static final Set<String> OF_ALL = Set.of("class", "equals", "getClass", "hashCode", "notify", "notifyAll", "toString", "wait");
    private static final Pattern PACKAGE = Pattern.compile("\\b(?:[a-z][a-z0-9_]*\\.)+(?=[A-Z])");
    private static final Pattern NAME = Pattern.compile("[\\p{javaJavaIdentifierStart}][\\p{javaJavaIdentifierPart}]*");

    private final JShell shell;
    private final CellTexts cells;

    CompilationText(JShell shell, CellTexts cells) {
        this.shell = shell;
        this.cells = cells;
    }

    /**
     * Adds the positions of the errors, each but the last with its sentence.
     *
     * @param snippet the snippet that does not compile
     * @param to      receives the lines
     * @return the sentence of the last error
     */
    String write(Snippet snippet, List<String> to) {
        Map<Long, Diag> errors = new LinkedHashMap<>();
        shell.diagnostics(snippet).filter(Diag::isError).forEach(error -> errors.putIfAbsent(error.getPosition(), error));
        if (errors.isEmpty()) {
            return unresolved(snippet, to);
        }
        String sentence = "";
        int count = 0;
        for (Diag error : errors.values()) {
            if (!sentence.isEmpty()) {
                to.add(sentence);
                to.add("");
            }
            if (++count > MOST_ERRORS) {
                return "and " + (errors.size() - MOST_ERRORS) + " more like these.";
            }
            sentence = write(snippet.source(), error, to);
        }
        return sentence;
    }

    private String unresolved(Snippet snippet, List<String> to) {
        List<String> missing = snippet instanceof DeclarationSnippet declaration ? shell.unresolvedDependencies(declaration).toList() : List.of();
        String source = snippet.source();
        String name = missing.isEmpty() ? "" : name(missing.get(0));
        Matcher found = Pattern.compile("\\b" + Pattern.quote(name) + "\\b").matcher(source);
        int start = !name.isEmpty() && found.find() ? found.start() : 0;
        Mark.write(source, start, start + Math.max(1, name.length()), cells, to);
        if (missing.isEmpty()) {
            return "this cannot be compiled.";
        }
        String suggestion = suggestion(shell, name, source, start);
        return "cannot find " + String.join(", ", missing) + ". " + (suggestion.isEmpty() ? undeclared(missing.get(0)) : suggestion);
    }

    private String write(String source, Diag error, List<String> to) {
        int start = (int) Math.max(0, Math.min(source.length(), error.getStartPosition()));
        int end = (int) Math.min(source.length(), Math.max(start, error.getEndPosition()));
        String code = error.getCode();
        String message = PACKAGE.matcher(error.getMessage(null)).replaceAll("");
        Matcher name = NAME.matcher(source);
        if (!code.startsWith("compiler.err.cant.resolve") || !name.find((int) Math.max(0, Math.min(source.length(), error.getPosition())))) {
            Mark.write(source, start, end, cells, to);
            return CompilerSentence.of(code, message, source.substring(start, end));
        }
        Mark.write(source, name.start(), name.end(), cells, to);
        String[] lines = message.split("\n");
        String symbol = lines.length > 1 ? afterColon(lines[1]).replace(",", ", ") : name.group();
        String where = lines.length > 2 ? afterColon(lines[2]).replaceFirst("^variable ", "") : "";
        boolean isMember = where.matches("\\S+ .+");
        String suggestion = suggestion(shell, name.group(), source, name.start());
        return "cannot find " + symbol + (isMember ? " in " + where : "") + ". "
                + (suggestion.isEmpty() ? isMember ? members(source, name.start()) : undeclared(symbol) : suggestion);
    }

    private static String undeclared(String symbol) {
        if (symbol.startsWith("class ")) {
            return "Import it, or run the cell that declares it.";
        }
        return symbol.contains("(") ? "Declare it, or run the cell that does."
                : "Declare it, e.g. `var " + name(symbol) + " = …;`, or run the cell that does.";
    }

    /** Returns the members that exist, for a name to which none is similar. */
    private String members(String source, int at) {
        List<String> names = names(shell, source, at).stream().filter(each -> !OF_ALL.contains(each)).distinct().toList();
        return names.isEmpty() ? "" : "It has " + String.join(", ", names.subList(0, Math.min(MOST_MEMBERS, names.size())))
                + (names.size() > MOST_MEMBERS ? ", …" : ".");
    }

    private static String afterColon(String line) {
        return line.substring(line.indexOf(':') + 1).strip();
    }

    /** Returns the name in the compiler's description of a symbol, such as "variable x" or "method f(int)". */
    static String name(String symbol) {
        return symbol.replaceFirst("^\\w+ ", "").replaceFirst("\\(.*", "");
    }

    /**
     * Returns a suggestion, "Did you mean …?", with the most similar name that is valid at a position, or an empty string if none is similar.
     *
     * @param name   the name that cannot be found
     * @param source the code around the name
     * @param at     the index of the name in the code
     */
    static String suggestion(JShell shell, String name, String source, int at) {
        return Nearest.to(name, names(shell, source, at)).map(each -> "Did you mean `" + each + "`?").orElse("");
    }

    private static List<String> names(JShell shell, String source, int at) {
        return shell.sourceCodeAnalysis().completionSuggestions(source.substring(0, at), at, new int[1]).stream()
                .map(each -> each.continuation().replaceFirst("\\(.*", "")).toList();
    }
}
