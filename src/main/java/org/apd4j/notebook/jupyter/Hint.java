package org.apd4j.notebook.jupyter;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import jdk.jshell.JShell;

/**
 * What can be said of an exception beyond its message.
 *
 * @param message the message in the words of the cell
 * @param advice  what to do; empty if the message says it all
 */
record Hint(String message, String advice) {

    private static final Pattern SHELL_CLASS = Pattern.compile("REPL\\.\\$JShell\\$\\w+[.$]");
    private static final Pattern NULL = Pattern.compile("because \"(?:this\\.)?([A-Za-z_]\\w*)\" is null");
    private static final Pattern PARAMETER = Pattern.compile("\"<parameter(\\d+)>\"");
    private static final Pattern LOCAL = Pattern.compile("\"<local\\d+>\"");

    static Hint of(String type, String message, JShell shell) {
        String text = message == null ? null : SHELL_CLASS.matcher(message).replaceAll("");
        return switch (type) {
            case "java.lang.NullPointerException" -> ofNull(text, shell);
            case "java.lang.StackOverflowError" -> new Hint("too many calls within one another.",
                    "A method that calls itself must stop doing so at some point.");
            case "java.lang.OutOfMemoryError" -> new Hint(text, outOfMemory(Runtime.getRuntime().maxMemory()));
            case "java.lang.InterruptedException" -> new Hint("the cell was stopped.", "");
            default -> new Hint(text, "");
        };
    }

    private static Hint ofNull(String text, JShell shell) {
        if (text == null) {
            return new Hint(null, "");
        }
        String plain = LOCAL.matcher(PARAMETER.matcher(text).replaceAll("parameter $1")).replaceAll("a local variable");
        Matcher variable = NULL.matcher(plain);
        boolean isOfACell = variable.find() && shell.variables().anyMatch(each -> each.name().equals(variable.group(1)));
        return new Hint(plain, isOfACell ? "Run the cell that gives '" + variable.group(1) + "' its value." : "");
    }

    /** How to come to more memory. */
    static String outOfMemory(long heap) {
        long megabytes = heap >> 20;
        long doubled = Math.max(2, Math.round(megabytes * 2 / 1024.0));
        return String.format(Locale.ROOT, "The kernel's heap is %,d MB. Drop what is no longer needed (x = null), or set APD_HEAP, "
                + "e.g. APD_HEAP=%dg, and start lab.py again.", megabytes, doubled);
    }
}
