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
 * A reader of the {@code .safetensors} format, which is commonly used for the weights of PyTorch models: what
 * {@code safetensors.torch.save_file(model.state_dict(), file)} writes. Eight bytes give the length of the header; the header, in JSON, gives the
 * type, shape and position of every array; the numbers follow without gaps.
 *
 * <pre>{@code
 * Map<String, NpyArray> arrays = Safetensors.read(Path.of("classifier.safetensors"));
 * }</pre>
 *
 * <p>Reading trusts nothing in the file: every length is compared with the number of bytes present before memory is allocated for it, and every byte
 * after the header must belong to exactly one array.
 */
public final class Safetensors {

    /** The longest header that is read, the same as in the reference implementation. */
    static final int MAX_HEADER = 100_000_000;

    private static final int PREFIX = Long.BYTES;
    private static final int CHUNK = 1 << 16;
    /** Memory for the header's bytes, its text and the objects made from it, as a multiple of its length. */
    private static final int HEADER_COPIES = 8;

    private Safetensors() {
    }

    /**
     * Returns all arrays of a file by name, in the order of the header, as an unmodifiable map. Half precision and bfloat16 are widened to single
     * precision, 8-bit and 16-bit integers to 32 bits, unsigned 32-bit integers to 64 bits: no value changes.
     *
     * @throws IOException if the file does not exist, is not a {@code .safetensors} file or is damaged; the message names the file, the array and
     *     what is wrong
     */
    public static Map<String, NpyArray> read(Path file) throws IOException {
        if (Files.notExists(file)) {
            throw new NoSuchFileException(file.toString(), null, "there is no such file");
        }
        if (Files.isDirectory(file)) {
            throw new IOException(file + ": is a folder, not a .safetensors file");
        }
        // not a FileChannel, which an interrupt of the thread would close
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
                    + " are left; the file is damaged or not a .safetensors file");
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

    /** Fills a buffer and rewinds it for reading. */
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
