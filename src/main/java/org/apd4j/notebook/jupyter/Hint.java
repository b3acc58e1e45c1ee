package org.apd4j.notebook.jupyter;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import jdk.jshell.JShell;
import org.jspecify.annotations.Nullable;

/**
 * The message of an exception in the terms of the cell, with advice.
 *
 * @param message the message; null if the exception has none
 * @param advice  what to do about it; an empty string if there is nothing to add
 */
record Hint(@Nullable String message, String advice) {

    private static final Pattern SHELL_CLASS = Pattern.compile("REPL\\.\\$JShell\\$\\w+[.$]");
    private static final Pattern NULL = Pattern.compile("because \"(?:this\\.)?([A-Za-z_]\\w*)\" is null");
    private static final Pattern PARAMETER = Pattern.compile("\"<parameter(\\d+)>\"");
    private static final Pattern LOCAL = Pattern.compile("\"<local\\d+>\"");

    /**
     * Returns the hint for an exception.
     *
     * @param type    the name of its class
     * @param message its message; null if it has none
     */
    static Hint of(String type, @Nullable String message, JShell shell) {
        @Nullable String text = message == null ? null : SHELL_CLASS.matcher(message).replaceAll("");
        return switch (type) {
            case "java.lang.NullPointerException" -> ofNull(text, shell);
            case "java.lang.StackOverflowError" -> new Hint("calls are nested too deeply.",
                    "Check that a method that calls itself ends at some point.");
            case "java.lang.OutOfMemoryError" -> new Hint(text, outOfMemory(Runtime.getRuntime().maxMemory()));
            case "java.lang.InterruptedException" -> new Hint("the cell was stopped.", "");
            default -> new Hint(text, "");
        };
    }

    private static Hint ofNull(@Nullable String text, JShell shell) {
        if (text == null) {
            return new Hint(null, "");
        }
        String plain = LOCAL.matcher(PARAMETER.matcher(text).replaceAll("parameter $1")).replaceAll("a local variable");
        Matcher variable = NULL.matcher(plain);
        boolean isOfACell = variable.find() && shell.variables().anyMatch(each -> each.name().equals(variable.group(1)));
        return new Hint(plain, isOfACell ? "Run the cell that assigns '" + variable.group(1) + "'." : "");
    }

    /** Returns advice on how to get more memory. */
    static String outOfMemory(long heap) {
        long megabytes = heap >> 20;
        long doubled = Math.max(2, Math.round(megabytes * 2 / 1024.0));
        return String.format(Locale.ROOT, "The kernel's heap is %,d MB. Release what is no longer needed (x = null), or set APD_HEAP, "
                + "e.g. APD_HEAP=%dg, and restart lab.py.", megabytes, doubled);
    }
}
