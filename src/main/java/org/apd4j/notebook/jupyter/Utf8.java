package org.apd4j.notebook.jupyter;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/** A decoder of UTF-8 text that arrives in pieces. The bytes of an incomplete character are kept until the rest arrives. */
final class Utf8 {

    private final CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder()
            .onMalformedInput(CodingErrorAction.REPLACE).onUnmappableCharacter(CodingErrorAction.REPLACE);
    private byte[] waiting = {};

    /** Returns the characters that are complete with the given bytes. */
    String decode(byte[] bytes, int offset, int length) {
        ByteBuffer in = ByteBuffer.allocate(waiting.length + length).put(waiting).put(bytes, offset, length).flip();
        CharBuffer out = CharBuffer.allocate(in.remaining());
        decoder.decode(in, out, false);
        waiting = new byte[in.remaining()];
        in.get(waiting);
        return out.flip().toString();
    }
}
