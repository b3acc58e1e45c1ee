package org.apd4j.io.internal;

import java.io.EOFException;
import java.io.IOException;

/**
 * What a reader throws whatever a file's content caused: an {@link IOException} that says in one line where the file is wrong and why. Readers hold
 * their decoding of content in one {@code try} and hand all that comes out of it to {@link #of}.
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

    /** The longest name and the longest message that people are shown. */
    private static final int NAME = 120;
    private static final int MESSAGE = 600;

    private Refusal() {
    }

    /**
     * What a reader throws.
     *
     * @param place the file, and where in it
     * @param cause what came out of decoding it; it stays the cause of the exception
     */
    public static IOException of(String place, Throwable cause) {
        return new IOException(place + ": " + reason(cause), cause);
    }

    /** What is wrong, in one line without the words of Java. */
    public static String reason(Throwable cause) {
        String said = cause.getMessage();
        if (cause instanceof NumberFormatException) {
            return "holds a number that cannot be read";
        }
        if (cause instanceof IOException || cause instanceof IllegalArgumentException || cause instanceof IllegalStateException) {
            return said == null || said.isBlank() ? cause instanceof EOFException ? "ends too early" : "is damaged" : line(said);
        }
        if (cause instanceof ArithmeticException || cause instanceof IndexOutOfBoundsException || cause instanceof NegativeArraySizeException) {
            return "holds numbers that do not fit together";
        }
        return cause instanceof NullPointerException ? "lacks something that has to be there" : "is damaged";
    }

    /** A text of the file in one line, shortened if it is long. */
    public static String line(String text) {
        return shortened(text, MESSAGE);
    }

    /** A name of the file in one line, shortened if it is long. */
    public static String name(String name) {
        return shortened(name, NAME);
    }

    private static String shortened(String text, int most) {
        String start = text.length() > most ? text.substring(0, most) + "…" : text;
        return start.strip().replaceAll("[\\p{Cc}\\p{Zl}\\p{Zp}\\s]+", " ");
    }
}
