package org.apd4j.notebook.jupyter;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class Utf8Test {

    private static final String TEXT = "a, ä, €, 😀, ñ.";

    @Test
    void charactersCutAtAnyByteAreJoined() {
        byte[] bytes = TEXT.getBytes(StandardCharsets.UTF_8);
        for (int size = 1; size <= bytes.length; size++) {
            var decoder = new Utf8();
            var text = new StringBuilder();
            for (int from = 0; from < bytes.length; from += size) {
                text.append(decoder.decode(bytes, from, Math.min(size, bytes.length - from)));
            }
            assertEquals(TEXT, text.toString(), "pieces of " + size + " bytes");
        }
    }

    @Test
    void invalidBytesBecomeReplacementCharacters() {
        var decoder = new Utf8();
        assertEquals("a\uFFFDb", decoder.decode(new byte[] {'a', (byte) 0xFF, 'b'}, 0, 3));
        assertEquals("c", decoder.decode(new byte[] {'x', 'c', 'x'}, 1, 1));
    }

    @Test
    void halfACharacterWaitsForItsOtherHalf() {
        var decoder = new Utf8();
        byte[] euro = "€".getBytes(StandardCharsets.UTF_8);
        assertEquals("", decoder.decode(euro, 0, 1));
        assertEquals("", decoder.decode(euro, 1, 1));
        assertEquals("€", decoder.decode(euro, 2, 1));
    }
}
