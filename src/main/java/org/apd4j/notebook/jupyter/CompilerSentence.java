package org.apd4j.notebook.jupyter;

import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Sentences for messages of the compiler, with advice on common mistakes. */
final class CompilerSentence {

    private static final Pattern CANDIDATE = Pattern.compile("(?m)^\\s*(?:method|constructor) (\\S.*) is not applicable$");
    private static final int MOST_CANDIDATES = 6;

    private CompilerSentence() {
    }

    /**
     * Returns the sentence for a message.
     *
     * @param code    the compiler's key of the error, which is the same in all languages
     * @param message the message of the compiler
     * @param marked  the code that the message is about
     */
    static String of(String code, String message, String marked) {
        return switch (code) {
            case "compiler.err.expected" -> message.startsWith("';'") ? "a ';' is missing here." : flat(message);
            case "compiler.err.prob.found.req" -> flat(message) + ". " + conversion(message, marked);
            case "compiler.err.unclosed.char.lit" -> flat(message) + ". Write a character in single quotes, text in double quotes: \"abc\".";
            case "compiler.err.unclosed.str.lit" -> "this string is not closed with a \" on its line.";
            case "compiler.err.illegal.start.of.expr", "compiler.err.illegal.start.of.stmt", "compiler.err.not.stmt" ->
                    flat(message) + ". Something is missing before this, or this does not belong here.";
            case "compiler.err.cant.apply.symbols" -> candidates(message);
            default -> flat(message).replaceFirst(" in class (?=cannot )", " ");
        };
    }

    private static String conversion(String message, String marked) {
        if (message.contains("boolean") && marked.matches("(?s)[^=]*[^=!<>]=[^=].*")) {
            return "To compare two values, write `==`.";
        }
        return message.contains("from double to") ? "Declare it as double, or round with (int) Math.round(…)." : "";
    }

    private static String candidates(String message) {
        List<String> names = CANDIDATE.matcher(message).results().map((MatchResult found) -> found.group(1).replace(",", ", ")).distinct().toList();
        String first = message.lines().findFirst().orElse("").strip().replace(",", ", ");
        return names.isEmpty() ? flat(message) : first + ". There " + (names.size() == 1 ? "is " : "are ")
                + names.stream().limit(MOST_CANDIDATES).map(name -> "`" + name + "`").collect(Collectors.joining(", "))
                + (names.size() > MOST_CANDIDATES ? ", …" : ".");
    }

    /** Returns the lines of a message as one. */
    private static String flat(String message) {
        List<String> lines = message.lines().map(line -> line.strip().replaceAll("\\s+", " ").replaceFirst(";$", "")).toList();
        return lines.get(0) + (lines.size() > 1 ? ": " + String.join("; ", lines.subList(1, lines.size())) : "");
    }
}
