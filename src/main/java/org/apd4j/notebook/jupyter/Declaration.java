package org.apd4j.notebook.jupyter;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import jdk.jshell.SourceCodeAnalysis;

/** The declaration of a variable with {@code var}. */
record Declaration(String modifiers, String name, String initializer) {

    private static final Pattern VAR = Pattern.compile(
            "\\s*((?:(?:public|protected|private|static|final)\\s+)*)var\\s+(\\w+)\\s*=\\s*(.+?)\\s*;?\\s*", Pattern.DOTALL);
    /** A class without a name has members that no other type has. */
    private static final Pattern ANONYMOUS = Pattern.compile("\\bnew\\s[^;{]*\\)\\s*\\{", Pattern.DOTALL);
    /** What a type is written with; a captured, an intersection's or null's type is written in ways of the compiler's own. */
    private static final Pattern TYPE = Pattern.compile("[\\w.$<>\\[\\],? ]+");

    /** The parts of a snippet of code; null if it is something else. */
    static Declaration of(String code) {
        Matcher parts = VAR.matcher(code);
        return parts.matches() ? new Declaration(parts.group(1), parts.group(2), parts.group(3)) : null;
    }

    /**
     * The declaration with its type. JShell declares {@code var x = e} anew whenever something in {@code e} is, but {@code T x = e} only when
     * {@code T} is. Null where the type cannot be written down.
     */
    String typed(SourceCodeAnalysis analysis) {
        if (ANONYMOUS.matcher(initializer).find()) {
            return null;
        }
        String type = analysis.analyzeType(initializer, 0);
        return type == null || !TYPE.matcher(type).matches() || type.contains("capture") || type.startsWith("<")
                ? null : modifiers + type + " " + name + " = " + initializer + ";";
    }
}
