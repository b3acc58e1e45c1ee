package org.apd4j.io;

import java.io.EOFException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apd4j.io.internal.FreeMemory;
import org.apd4j.io.internal.Refusal;

/**
 * Reads named arrays in the {@code .safetensors} format, in which PyTorch's weights are commonly kept: what
 * {@code safetensors.torch.save_file(model.state_dict(), file)} writes. Eight bytes give the length of a header, the header (JSON) gives
 * each array's type, shape and place, and the numbers follow without gaps.
 *
 * <pre>{@code
 * Map<String, NpyArray> arrays = Safetensors.read(Path.of("classifier.safetensors"));
 * }</pre>
 *
 * <p>Reading trusts nothing: every length in the file is held against the bytes that are there before memory is taken for it, and every
 * byte after the header must belong to exactly one array.
 */
public final class Safetensors {

    /** The longest header that is read, as in the format's own library. */
    static final int MAX_HEADER = 100_000_000;

    private static final int PREFIX = Long.BYTES;
    private static final int CHUNK = 1 << 16;
    /** The header's bytes, its text, and what is made of it. */
    private static final int HEADER_COPIES = 8;

    private Safetensors() {
    }

    /**
     * All arrays of a file by name, in the file's order; the map cannot be changed. Half precision and bfloat16 become single precision,
     * integers of 8 and 16 bits 32 bits, unsigned ones of 32 bits 64: no number changes.
     *
     * @throws IOException if there is no such file, it is not such a file, or it is damaged in any way; the message names the file, the
     *     array and what is wrong, in one sentence
     */
    public static Map<String, NpyArray> read(Path file) throws IOException {
        if (Files.notExists(file)) {
            throw new NoSuchFileException(file.toString(), null, "there is no such file");
        }
        if (Files.isDirectory(file)) {
            throw new IOException(file + ": is a folder, not a .safetensors file");
        }
        // Not a channel, which an interrupt closes.
        try (var in = new RandomAccessFile(file.toFile(), "r")) {
            List<SafetensorsHeader.Entry> entries;
            long first;
            try {
                int headerLength = headerLength(in);
                first = PREFIX + (long) headerLength;
                entries = SafetensorsHeader.parse(text(in, headerLength), in.length() - first);
            } catch (IOException | RuntimeException e) {
                throw Refusal.of(file.toString(), e);
            }
            Map<String, NpyArray> arrays = new LinkedHashMap<>();
            for (SafetensorsHeader.Entry entry : entries) {
                try {
                    arrays.put(entry.name(), array(in, first, entry));
                } catch (IOException | RuntimeException e) {
                    throw Refusal.of(file + ", array '" + Refusal.name(entry.name()) + "'", e);
                }
            }
            return Collections.unmodifiableMap(arrays);
        }
    }

    private static int headerLength(RandomAccessFile in) throws IOException {
        long size = in.length();
        if (size < PREFIX + 2) {
            throw new IOException("has " + size + " bytes, too few for a .safetensors file");
        }
        ByteBuffer prefix = ByteBuffer.allocate(PREFIX).order(ByteOrder.LITTLE_ENDIAN);
        readFully(in, 0, prefix);
        long length = prefix.getLong();
        if (length < 0 || length > size - PREFIX) {
            throw new IOException("claims a header of " + Long.toUnsignedString(length) + " bytes where " + (size - PREFIX)
                    + " are left; it is damaged or no .safetensors file");
        }
        FreeMemory.require(HEADER_COPIES * length, "reading its header");
        if (length > MAX_HEADER) {
            throw new IOException("claims a header of " + length + " bytes, more than " + MAX_HEADER);
        }
        return (int) length;
    }

    private static String text(RandomAccessFile in, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length);
        readFully(in, PREFIX, bytes);
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
        } catch (CharacterCodingException e) {
            throw new IOException("has a header that is not UTF-8 text", e);
        }
    }

    /** Fills the buffer, and makes it ready to be read. */
    private static void readFully(RandomAccessFile in, long from, ByteBuffer into) throws IOException {
        in.seek(from);
        try {
            in.readFully(into.array(), 0, into.limit());
        } catch (EOFException e) {
            throw new IOException("ends before all that its header lists", e);
        }
        into.rewind();
    }

    private static NpyArray array(RandomAccessFile in, long first, SafetensorsHeader.Entry entry) throws IOException {
        SafetensorsType type = entry.type();
        Object data = type.allocate(entry.size());
        ByteBuffer chunk = ByteBuffer.allocate(CHUNK).order(ByteOrder.LITTLE_ENDIAN);
        int most = CHUNK / type.bytes();
        for (int done = 0; done < entry.size();) {
            int count = Math.min(most, entry.size() - done);
            chunk.clear().limit(count * type.bytes());
            readFully(in, first + entry.begin() + (long) done * type.bytes(), chunk);
            type.decode(chunk, data, done, count);
            done += count;
        }
        return new NpyArray(type.becomes(), data, entry.size(), entry.shape());
    }
}
