package org.apd4j.io;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.CheckedOutputStream;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.apd4j.io.internal.AtomicFile;
import org.apd4j.io.internal.FreeMemory;
import org.apd4j.io.internal.Refusal;

/**
 * A reader and writer of NumPy's {@code .npz} format, a zip archive of {@code .npy} arrays: what {@code numpy.savez} and
 * {@code numpy.savez_compressed} write and {@code numpy.load} reads. Pickled objects are not supported.
 *
 * <pre>{@code
 * Npz.write(Path.of("numbers.npz"), Map.of("x", NpyArray.of(new double[] {1, 2, 3}, 3)));
 * double[] x = Npz.read(Path.of("numbers.npz")).get("x").toDoubles();
 * }</pre>
 *
 * <p>Reading trusts nothing in the file: every length is compared with the number of bytes present before memory is allocated for it, and every
 * entry with its checksum. Arrays in Fortran order are converted to row-major order.
 */
public final class Npz {

    static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};

    private static final String SUFFIX = ".npy";
    /** Limit of a header's length; that of an array of numbers takes about a hundred bytes. */
    private static final int MAX_HEADER = 1 << 16;
    /** The largest compression ratio of Deflate: 258 bytes from two bits. */
    private static final long MAX_RATIO = 1032;
    private static final int CHUNK = 1 << 16;
    /** Memory per array: the array as read and the one made from it. */
    private static final int COPIES = 2;
    /** The time stamp of all entries. Not 1 January 1980, the earliest of zip: for it Java adds a field that depends on the time zone. */
    private static final LocalDateTime TIME = LocalDateTime.of(1980, 2, 1, 0, 0);

    private Npz() {
    }

    /**
     * Returns all arrays of a file by name (without {@code .npy}), in the order of the file, as an unmodifiable map.
     *
     * @throws IOException if the file does not exist, is not an {@code .npz} file or is damaged; the message names the file, the entry and what is
     *     wrong
     */
    public static Map<String, NpyArray> read(Path file) throws IOException {
        return open(file, (zip, entries) -> {
            long length = Files.size(file);
            long total = 0;
            long packed = 0;
            for (ZipEntry entry : entries) {
                total += at(file, entry, () -> checkedSize(entry, length));
                packed += entry.getCompressedSize();
            }
            if (packed > length) {
                throw new IOException(file + ": its entries claim " + packed + " packed bytes in a file of " + length);
            }
            FreeMemory.require(COPIES * total, file + ": reading its arrays");
            var arrays = new LinkedHashMap<String, NpyArray>();
            for (ZipEntry entry : entries) {
                String key = at(file, entry, () -> key(entry));
                NpyArray array = at(file, entry, () -> read(zip, entry));
                if (arrays.put(key, array) != null) {
                    throw refusal(file, entry, new IOException("the file holds it twice"));
                }
            }
            return Collections.unmodifiableMap(arrays);
        });
    }

    /** Returns one array of a file, or an empty Optional if there is none of that name. */
    static Optional<NpyArray> read(Path file, String name) throws IOException {
        return open(file, (zip, entries) -> {
            ZipEntry entry = zip.getEntry(name + SUFFIX);
            if (entry == null) {
                return Optional.empty();
            }
            long size = at(file, entry, () -> checkedSize(entry, Files.size(file)));
            FreeMemory.require(COPIES * size, file + ": reading the array '" + name + "'");
            return Optional.of(at(file, entry, () -> read(zip, entry)));
        });
    }

    private interface ZipReader<T> {
        T read(ZipFile zip, List<? extends ZipEntry> entries) throws IOException;
    }

    private static <T> T open(Path file, ZipReader<T> reader) throws IOException {
        if (Files.notExists(file)) {
            throw new NoSuchFileException(file.toString(), null, "there is no such file");
        }
        if (Files.isDirectory(file)) {
            throw new IOException(file + ": is a folder, not an .npz file");
        }
        ZipFile zip;
        List<? extends ZipEntry> entries;
        try {
            zip = new ZipFile(file.toFile());
        } catch (IOException | RuntimeException e) {
            throw noArchive(file, e);
        }
        try (zip) {
            try {
                entries = Collections.list(zip.entries()); // decodes the names
            } catch (RuntimeException e) {
                throw noArchive(file, e);
            }
            return reader.read(zip, entries);
        }
    }

    private static IOException noArchive(Path file, Exception cause) {
        return new IOException(file + ": cannot be read as an .npz file, which is a zip archive (" + Refusal.reason(cause) + ")", cause);
    }

    /** Calls {@code decoding} and turns whatever exception the bytes of an entry cause into one that names the entry. */
    private static <T> T at(Path file, ZipEntry entry, Callable<T> decoding) throws IOException {
        try {
            return decoding.call();
        } catch (Exception e) {
            throw refusal(file, entry, e);
        }
    }

    private static IOException refusal(Path file, ZipEntry entry, Exception cause) {
        return Refusal.of(file + ", entry '" + Refusal.name(entry.getName()) + "'", cause);
    }

    private static String key(ZipEntry entry) throws IOException {
        String name = entry.getName();
        if (!name.endsWith(SUFFIX)) {
            throw new IOException("it is not an .npy array");
        }
        return name.substring(0, name.length() - SUFFIX.length());
    }

    /** Returns the unpacked size of an entry after checking that its packed bytes can have that size. */
    private static long checkedSize(ZipEntry entry, long fileLength) throws IOException {
        long size = entry.getSize();
        long packed = entry.getCompressedSize();
        if (size < 0 || packed < 0 || packed > fileLength) {
            throw new IOException("it claims " + packed + " packed bytes in a file of " + fileLength);
        }
        boolean stored = entry.getMethod() == ZipEntry.STORED;
        if (stored ? size != packed : size > (packed + 1) * MAX_RATIO) {
            throw new IOException("it claims " + size + " bytes, which its " + packed + " packed bytes cannot hold");
        }
        return size;
    }

    private static NpyArray read(ZipFile zip, ZipEntry entry) throws IOException {
        if (entry.getMethod() != ZipEntry.STORED) {
            checkUnpacked(zip, entry);
        }
        var checksum = new CRC32();
        try (var in = new CheckedInputStream(zip.getInputStream(entry), checksum)) {
            NpyArray array = array(in, entry.getSize());
            if (in.read() >= 0) {
                throw new IOException("it is longer than the archive's directory says");
            }
            if (checksum.getValue() != entry.getCrc()) {
                throw new IOException("it is damaged: its checksum is not the one in the archive");
            }
            return array;
        }
    }

    /**
     * Returns the array of a single {@code .npy} file: what {@code numpy.save} writes.
     *
     * @throws IOException if the file does not exist, is not an {@code .npy} file, is damaged or too large for the heap; the message names the file
     *     and what is wrong
     */
    public static NpyArray readArray(Path file) throws IOException {
        if (Files.notExists(file)) {
            throw new NoSuchFileException(file.toString(), null, "there is no such file");
        }
        if (Files.isDirectory(file)) {
            throw new IOException(file + ": is a folder, not an .npy file");
        }
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
            long size = Files.size(file);
            FreeMemory.require(size, "its array");
            return array(in, size);
        } catch (IOException | RuntimeException e) {
            throw Refusal.of(file.toString(), e);
        }
    }

    /** Reads an {@code .npy} array of some bytes. */
    private static NpyArray array(InputStream in, long size) throws IOException {
        byte[] prefix = in.readNBytes(MAGIC.length + 2);
        if (prefix.length < MAGIC.length + 2 || !Arrays.equals(prefix, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
            throw new IOException("it does not begin with NumPy's magic bytes");
        }
        int version = prefix[MAGIC.length];
        if (version < 1 || version > 3) {
            throw new IOException("it has the unknown format version " + (version & 0xff));
        }
        int lengthBytes = version == 1 ? 2 : 4;
        long left = size - prefix.length - lengthBytes;
        long headerLength = length(in.readNBytes(lengthBytes), lengthBytes);
        if (headerLength > left || headerLength > MAX_HEADER) {
            throw new IOException("it claims a header of " + headerLength + " bytes where " + Math.max(left, 0) + " are left");
        }
        byte[] text = in.readNBytes((int) headerLength);
        if (text.length < headerLength) {
            throw new IOException("it ends within its header");
        }
        var header = NpyHeader.parse(new String(text, version == 3 ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1));
        left -= headerLength;
        long needed = (long) header.size() * header.type().bytes();
        if (needed != left) {
            throw new IOException("its shape " + NpyArray.text(header.shape()) + " of " + header.type().descr() + " takes " + needed
                    + " bytes, but " + left + " follow the header");
        }
        return new NpyArray(header.type(), decode(in, header), header.size(), header.shape());
    }

    /** Unpacks an entry without keeping anything, since only then its size is known; memory is allocated afterwards. */
    private static void checkUnpacked(ZipFile zip, ZipEntry entry) throws IOException {
        try (InputStream in = zip.getInputStream(entry)) {
            var chunk = new byte[CHUNK];
            long unpacked = 0;
            for (int count = in.read(chunk); count >= 0 && unpacked <= entry.getSize(); count = in.read(chunk)) {
                unpacked += count;
            }
            if (unpacked != entry.getSize()) {
                throw new IOException("it claims " + entry.getSize() + " bytes, which its packed bytes do not hold");
            }
        }
    }

    /** Returns an unsigned little-endian number. */
    private static long length(byte[] bytes, int count) throws IOException {
        if (bytes.length < count) {
            throw new IOException("it ends before its header");
        }
        long length = 0;
        for (int i = count - 1; i >= 0; i--) {
            length = length << 8 | bytes[i] & 0xff;
        }
        return length;
    }

    private static Object decode(InputStream in, NpyHeader header) throws IOException {
        var type = header.type();
        int size = header.size();
        Object data = switch (type) {
            case FLOAT32 -> new float[size];
            case FLOAT64 -> new double[size];
            case INT32 -> new int[size];
            case INT64 -> new long[size];
            case INT8, UINT8, BOOL -> new byte[size];
        };
        var chunk = new byte[CHUNK];
        for (int done = 0; done < size;) {
            int count = Math.min(CHUNK / type.bytes(), size - done);
            if (in.readNBytes(chunk, 0, count * type.bytes()) < count * type.bytes()) {
                throw new IOException("it ends within its data");
            }
            var buffer = ByteBuffer.wrap(chunk).order(ByteOrder.LITTLE_ENDIAN);
            switch (type) {
                case FLOAT32 -> buffer.asFloatBuffer().get((float[]) data, done, count);
                case FLOAT64 -> buffer.asDoubleBuffer().get((double[]) data, done, count);
                case INT32 -> buffer.asIntBuffer().get((int[]) data, done, count);
                case INT64 -> buffer.asLongBuffer().get((long[]) data, done, count);
                case INT8, UINT8, BOOL -> buffer.get((byte[]) data, done, count);
            }
            done += count;
        }
        if (type == NpyArray.Type.BOOL) {
            for (byte value : (byte[]) data) {
                if (value != 0 && value != 1) {
                    throw new IOException("it has a boolean with byte value " + (value & 0xff));
                }
            }
        }
        return header.fortranOrder() && header.shape().length > 1 ? rowMajor(type, data, header.shape(), size) : data;
    }

    /** Converts entries from Fortran order, in which the first index varies fastest, to row-major order. */
    private static Object rowMajor(NpyArray.Type type, Object data, int[] shape, int size) throws IOException {
        FreeMemory.require((long) size * type.bytes(), "converting it from Fortran order");
        Object result = java.lang.reflect.Array.newInstance(data.getClass().getComponentType(), size);
        var index = new int[shape.length];
        for (int from = 0; from < size; from++) {
            int to = 0;
            for (int d = 0; d < shape.length; d++) {
                to = to * shape[d] + index[d];
            }
            System.arraycopy(data, from, result, to, 1);
            for (int d = 0; d < shape.length && ++index[d] == shape[d]; d++) {
                index[d] = 0;
            }
        }
        return result;
    }

    /**
     * Writes arrays to a file, or replaces it atomically (see {@link AtomicFile#write}). Entries are not compressed, are sorted by name and carry a
     * fixed time stamp, so that equal arrays make equal files, byte for byte.
     *
     * @param arrays by name, without {@code .npy}
     * @throws IllegalArgumentException if a name is empty
     * @throws IOException if the file cannot be written; the previous one is then untouched
     */
    public static void write(Path file, Map<String, NpyArray> arrays) throws IOException {
        write(file, arrays, false);
    }

    /**
     * Writes arrays as {@link #write(Path, Map)} does, but compressed, as {@code numpy.savez_compressed} does.
     *
     * @throws IllegalArgumentException if a name is empty
     * @throws IOException if the file cannot be written; the previous one is then untouched
     */
    public static void writeCompressed(Path file, Map<String, NpyArray> arrays) throws IOException {
        write(file, arrays, true);
    }

    private static void write(Path file, Map<String, NpyArray> arrays, boolean compressed) throws IOException {
        var sorted = new TreeMap<>(arrays);
        if (sorted.containsKey("")) {
            throw new IllegalArgumentException("the name of an array is empty");
        }
        AtomicFile.write(file, out -> {
            var zip = new ZipOutputStream(new BufferedOutputStream(out, CHUNK));
            zip.setMethod(compressed ? ZipOutputStream.DEFLATED : ZipOutputStream.STORED);
            zip.setLevel(Deflater.BEST_COMPRESSION);
            for (var named : sorted.entrySet()) {
                NpyArray array = named.getValue();
                byte[] header = NpyHeader.bytes(array);
                // the header of an uncompressed entry holds its checksum, which is computed first
                var checksum = new CheckedOutputStream(OutputStream.nullOutputStream(), new CRC32());
                encode(header, array, checksum);
                var entry = new ZipEntry(named.getKey() + SUFFIX);
                entry.setTimeLocal(TIME);
                if (!compressed) {
                    entry.setSize(header.length + (long) array.size() * array.type().bytes());
                    entry.setCrc(checksum.getChecksum().getValue());
                }
                zip.putNextEntry(entry);
                encode(header, array, zip);
                zip.closeEntry();
            }
            zip.finish();
            zip.flush();
        });
    }

    private static void encode(byte[] header, NpyArray array, OutputStream out) throws IOException {
        out.write(header);
        var chunk = new byte[CHUNK];
        int width = array.type().bytes();
        for (int done = 0; done < array.size();) {
            int count = Math.min(CHUNK / width, array.size() - done);
            var buffer = ByteBuffer.wrap(chunk).order(ByteOrder.LITTLE_ENDIAN);
            switch (array.type()) {
                case FLOAT32 -> buffer.asFloatBuffer().put((float[]) array.data(), done, count);
                case FLOAT64 -> buffer.asDoubleBuffer().put((double[]) array.data(), done, count);
                case INT32 -> buffer.asIntBuffer().put((int[]) array.data(), done, count);
                case INT64 -> buffer.asLongBuffer().put((long[]) array.data(), done, count);
                case INT8, UINT8, BOOL -> buffer.put((byte[]) array.data(), done, count);
            }
            out.write(chunk, 0, count * width);
            done += count;
        }
    }
}
