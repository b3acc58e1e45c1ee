package org.apd4j.io.internal;

import java.io.EOFException;
import java.io.IOException;

/**
 * The exception of a reader whose file cannot be understood: an {@link IOException} whose message says in one line where the file is wrong and why.
 * A reader decodes content within one {@code try} and passes every exception from there to {@link #of}.
 *
 * <pre>{@code
 * try {
 *     System.out.println(Integer.parseInt(Files.readString(Path.of("count.txt"))));
 * } catch (NumberFormatException e) {
 *     throw Refusal.of("count.txt", e);
 * }
 * }</pre>
 */
public final class Refusal {

    /** The longest name and the longest message that are shown. */
    private static final int NAME = 120;
    private static final int MESSAGE = 600;

    private Refusal() {
    }

    /**
     * Returns the exception for a reader to throw.
     *
     * @param place the file and the position in it
     * @param cause the exception that decoding threw; it becomes the cause
     */
    public static IOException of(String place, Throwable cause) {
        return new IOException(place + ": " + reason(cause), cause);
    }

    /** Returns what is wrong with the file, in one line and without Java terms. */
    public static String reason(Throwable cause) {
        String said = cause.getMessage();
        if (cause instanceof NumberFormatException) {
            return "holds a number that cannot be read";
        }
        if (cause instanceof IOException || cause instanceof IllegalArgumentException || cause instanceof IllegalStateException) {
            return said == null || said.isBlank() ? cause instanceof EOFException ? "ends too early" : "is damaged" : line(said);
        }
        if (cause instanceof ArithmeticException || cause instanceof IndexOutOfBoundsException || cause instanceof NegativeArraySizeException) {
            return "holds inconsistent numbers";
        }
        return cause instanceof NullPointerException ? "lacks a required part" : "is damaged";
    }

    /** Returns a text from a file as one line, shortened if it is long. */
    public static String line(String text) {
        return shortened(text, MESSAGE);
    }

    /** Returns a name from a file as one line, shortened if it is long. */
    public static String name(String name) {
        return shortened(name, NAME);
    }

    private static String shortened(String text, int most) {
        String start = text.length() > most ? text.substring(0, most) + "…" : text;
        return start.strip().replaceAll("[\\p{Cc}\\p{Zl}\\p{Zp}\\s]+", " ");
    }
}
