package org.apd4j.io.internal;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.EOFException;
import java.io.IOException;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class RefusalTest {

    @Test
    void exceptionOfAReaderNamesTheFileAndTheReasonAndKeepsItsCause() {
        var cause = new IllegalArgumentException("k is 0;\n it must be above 0");
        IOException refusal = Refusal.of("run.npz", cause);
        assertEquals("run.npz: k is 0; it must be above 0", refusal.getMessage());
        assertSame(cause, refusal.getCause());
    }

    @Test
    void messagesOfTheLibraryAreKeptAndThoseOfJavaAreNot() {
        assertEquals("said", Refusal.reason(new IOException("said")));
        assertEquals("said", Refusal.reason(new IllegalStateException("said")));
        assertEquals("is damaged", Refusal.reason(new IOException()));
        assertEquals("is damaged", Refusal.reason(new IllegalArgumentException("  ")));
        assertEquals("ends too early", Refusal.reason(new EOFException()));
        assertEquals("ends at byte 7", Refusal.reason(new EOFException("ends at byte 7")));
        assertEquals("holds a number that cannot be read", Refusal.reason(new NumberFormatException("For input string: \"x\"")));
        assertEquals("holds inconsistent numbers", Refusal.reason(new ArithmeticException("integer overflow")));
        assertEquals("holds inconsistent numbers", Refusal.reason(new ArrayIndexOutOfBoundsException("Index 3 out of bounds")));
        assertEquals("holds inconsistent numbers", Refusal.reason(new NegativeArraySizeException("-1")));
        assertEquals("lacks a required part", Refusal.reason(new NullPointerException("Cannot invoke")));
        assertEquals("is damaged", Refusal.reason(new ClassCastException("class x cannot be cast")));
    }

    @Test
    void onlyTextsLongerThanTheLimitAreShortened() {
        assertEquals("x".repeat(120), Refusal.name("x".repeat(120)));
        assertEquals("x".repeat(120) + "…", Refusal.name("x".repeat(121)));
        assertEquals("y".repeat(600), Refusal.line("y".repeat(600)));
        assertEquals("y".repeat(600) + "…", Refusal.line("y".repeat(601)));
    }

    @Test
    void tooLargeAllocationsAreRefusedWithNeededAndAvailableMemory() {
        assertDoesNotThrow(() -> FreeMemory.require(1, "a byte"));
        long all = Runtime.getRuntime().maxMemory();
        assertDoesNotThrow(() -> FreeMemory.require(Math.max(1, (all - Runtime.getRuntime().totalMemory()) / 2), "half of the room"));
        System.gc();
        long total = Runtime.getRuntime().totalMemory();
        long free = Runtime.getRuntime().freeMemory();
        assertDoesNotThrow(() -> FreeMemory.require(all - total + free / 2, "what is not taken yet, and half of what is free"));
        long whole = (all >> 20) + 1 << 20;
        String exact = assertThrows(IOException.class, () -> FreeMemory.require(whole, "its rows")).getMessage();
        assertTrue(exact.startsWith(String.format(Locale.ROOT, "its rows would take %,d MB of", whole >> 20)), exact);
        String message = assertThrows(IOException.class, () -> FreeMemory.require(all + 1, "its rows")).getMessage();
        String numbers = String.format(Locale.ROOT, "of %,d MB; start Java with a larger heap (-Xmx)", all >> 20);
        assertTrue(message.endsWith(numbers), message);
        String wanted = String.format(Locale.ROOT, "its rows would take %,d MB of the Java heap, which has ", all + (1 << 20) >> 20);
        assertTrue(message.startsWith(wanted), message + " / " + wanted);
    }
}
