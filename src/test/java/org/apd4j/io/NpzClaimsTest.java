package org.apd4j.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an archive's directory claims of its entries, held against the file and the heap before anything is unpacked. */
class NpzClaimsTest {

    /** Offsets in the directory's record of an entry. */
    private static final int PACKED = 20;
    private static final int SIZE = 24;
    private static final int RECORD = 46 + "a0.npy".length();

    @TempDir
    private Path folder;

    private interface Claims {
        /** @param record the directory's record of one entry */
        void change(int entry, ByteBuffer record);
    }

    /** An archive of entries {@code a0}, {@code a1} … without meaning whose directory is changed. */
    private Path archive(int method, int entries, int bytesEach, Claims claims) throws IOException {
        var out = new ByteArrayOutputStream();
        var random = new Random(0);
        try (var zip = new ZipOutputStream(out)) {
            for (int i = 0; i < entries; i++) {
                byte[] content = new byte[bytesEach];
                random.nextBytes(content); // cannot be packed
                var entry = new ZipEntry("a" + i + ".npy");
                var checksum = new CRC32();
                checksum.update(content);
                entry.setMethod(method);
                entry.setSize(content.length);
                entry.setCrc(checksum.getValue());
                zip.putNextEntry(entry);
                zip.write(content);
                zip.closeEntry();
            }
        }
        byte[] bytes = out.toByteArray();
        int directory = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt(bytes.length - 6);
        for (int i = 0; i < entries; i++) {
            claims.change(i, ByteBuffer.wrap(bytes, directory + i * RECORD, RECORD).slice().order(ByteOrder.LITTLE_ENDIAN));
        }
        return Files.write(folder.resolve("claims.npz"), bytes);
    }

    private static String refusal(Path file) {
        String message = assertThrows(IOException.class, () -> Npz.read(file)).getMessage();
        assertTrue(message.startsWith(file.toString()), message);
        return message.substring(file.toString().length());
    }

    @Test
    void arraysThatTwiceDoNotFitIntoTheHeapAreRefusedBeforeTheyAreUnpacked() throws IOException {
        long half = Runtime.getRuntime().maxMemory() / 2 + 1;
        int entries = (int) (half / 4_000_000_000L + 1);
        int claimed = (int) (half / entries + 1); // a number without sign
        Path file = archive(ZipEntry.DEFLATED, entries, (int) (Integer.toUnsignedLong(claimed) / 1000), (i, record) -> record.putInt(SIZE, claimed));
        String message = refusal(file);
        assertTrue(message.matches(": reading its arrays would take [\\d,]+ MB of the Java heap, which has .*"), message);
    }

    @Test
    void oneArrayThatTwiceDoesNotFitIntoTheHeapIsRefusedBeforeItIsUnpacked() throws IOException {
        long half = Math.min(0xffff_fffeL, Runtime.getRuntime().maxMemory() / 2 + 1);
        Path file = archive(ZipEntry.DEFLATED, 1, (int) (half / 1000), (i, record) -> record.putInt(SIZE, (int) half));
        String message = assertThrows(IOException.class, () -> Npz.read(file, "a0")).getMessage();
        String wanted = 2 * half > Runtime.getRuntime().maxMemory() ? file + ": reading the array 'a0' would take " : "packed bytes do not hold";
        assertTrue(message.contains(wanted), message);
    }

    @Test
    void oneArrayIsReadByItsName() throws IOException {
        Path file = folder.resolve("two.npz");
        NpyArray one = NpyArray.of(new int[] {1, 2}, 2);
        Npz.write(file, Map.of("one", one, "two", NpyArray.of(new int[] {3}, 1)));
        assertEquals(Optional.of(one), Npz.read(file, "one"));
        assertEquals(Optional.empty(), Npz.read(file, "three"));
    }

    @Test
    void entriesThatTogetherClaimMoreThanTheFileAreRefused() throws IOException {
        Path file = archive(ZipEntry.STORED, 2, 1_000, (i, record) -> record.putInt(SIZE, 1_500).putInt(PACKED, 1_500));
        assertEquals(": its entries claim 3000 packed bytes in a file of " + Files.size(file), refusal(file));
    }

    @Test
    void anEntryThatClaimsMoreThanTheFileIsRefused() throws IOException {
        Path file = archive(ZipEntry.STORED, 1, 1_000, (i, record) -> record.putInt(SIZE, 5_000).putInt(PACKED, 5_000));
        assertEquals(", entry 'a0.npy': it claims 5000 packed bytes in a file of " + Files.size(file), refusal(file));
    }

    @Test
    void anEntryThatIsNotPackedHasOneSize() throws IOException {
        Path file = archive(ZipEntry.STORED, 1, 1_000, (i, record) -> record.putInt(SIZE, 999));
        assertEquals(", entry 'a0.npy': it claims 999 bytes, which its 1000 packed bytes cannot hold", refusal(file));
    }

    @Test
    void anEntryOfNothingIsNoArray() throws IOException {
        assertEquals(", entry 'a0.npy': it does not begin with NumPy's magic bytes", refusal(archive(ZipEntry.STORED, 1, 0, (i, record) -> { })));
    }
}
