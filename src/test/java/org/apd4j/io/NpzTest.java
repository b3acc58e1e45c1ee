package org.apd4j.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apd4j.io.internal.AtomicFile;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

class NpzTest {

    @TempDir
    Path folder;

    private static Map<String, NpyArray> arrays() {
        var arrays = new LinkedHashMap<String, NpyArray>();
        arrays.put("layers.0.mlp_in.A", NpyArray.of(new float[] {1, -2.5f, Float.NaN, 4, 5, Float.NEGATIVE_INFINITY}, 1, 2, 3));
        arrays.put("double", NpyArray.of(new double[] {Math.PI, -0.0, Double.MIN_VALUE, 1e300}, 4));
        arrays.put("int", NpyArray.of(new int[] {Integer.MIN_VALUE, 7}, 2, 1));
        arrays.put("long", NpyArray.of(new long[] {Long.MAX_VALUE}));
        arrays.put("mask", NpyArray.of(new boolean[] {true, false, true}, 3));
        arrays.put("signs", NpyArray.ofSigned(new byte[] {1, -1, 127, -128}, 2, 2));
        arrays.put("nothing", NpyArray.of(new double[0], 0, 5));
        return arrays;
    }

    @Test
    void arraysOfEveryTypeAndShapeAreReadAsWritten() throws IOException {
        Path file = folder.resolve("arrays.npz");
        Npz.write(file, arrays());
        assertEquals(arrays(), Npz.read(file));
        assertArrayEquals(new int[] {1, 2, 3}, Npz.read(file).get("layers.0.mlp_in.A").shape());
        assertArrayEquals(new int[0], Npz.read(file).get("long").shape());
        assertArrayEquals(new boolean[] {true, false, true}, Npz.read(file).get("mask").toBooleans());
    }

    @Test
    void compressedArraysAreReadAsWrittenAndTakeLessSpace() throws IOException {
        Path file = folder.resolve("compressed.npz");
        Npz.writeCompressed(file, arrays());
        assertEquals(arrays(), Npz.read(file));
        Map<String, NpyArray> zeros = Map.of("zeros", NpyArray.of(new float[100_000], 100, 1_000));
        Npz.writeCompressed(file, zeros);
        assertEquals(zeros, Npz.read(file));
        assertTrue(Files.size(file) < 2_000);
    }

    @Test
    void anArrayLargerThanTheBufferIsReadAsWritten() throws IOException {
        var data = new float[100_003];
        for (int i = 0; i < data.length; i++) {
            data[i] = i * 0.1f;
        }
        Path file = folder.resolve("large.npz");
        Npz.write(file, Map.of("a", NpyArray.of(data, data.length)));
        assertArrayEquals(data, Npz.read(file).get("a").toFloats());
    }

    @Test
    void equalArraysGiveEqualFilesInAnyOrder() throws IOException {
        Path one = folder.resolve("one.npz");
        Path other = folder.resolve("other.npz");
        Npz.write(one, arrays());
        Npz.write(other, new java.util.HashMap<>(arrays()));
        assertEquals(-1, Files.mismatch(one, other));
    }

    @Test
    void theHeaderIsTheOneNumPyWrites() {
        String header = new String(NpyHeader.bytes(NpyArray.of(new float[12], 3, 4)), StandardCharsets.ISO_8859_1);
        assertEquals(128, header.length());
        assertEquals("\u0093NUMPY\u0001\u0000\u0076\u0000{'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }",
                header.stripTrailing());
        assertTrue(header.endsWith("\n"));
    }

    @Test
    void aHeaderOfAnyLengthIsAMultipleOf64BytesThatEndsWithALine() {
        for (int digits = 0; digits < 5; digits++) {
            for (int dimensions = 1; dimensions <= 32; dimensions++) {
                int[] shape = new int[dimensions];
                Arrays.fill(shape, (int) Math.pow(10, digits));
                shape[0] = 0;
                String header = new String(NpyHeader.bytes(NpyArray.of(new float[0], shape)), StandardCharsets.ISO_8859_1);
                assertEquals(0, header.length() % 64, header);
                assertTrue(header.endsWith("\n") && header.stripTrailing().endsWith(", }"), header);
                assertTrue(header.length() - header.stripTrailing().length() <= 64, header);
            }
        }
    }

    @Test
    void aHeaderOfMoreThan255BytesComesBack() throws IOException {
        int[] shape = new int[32];
        Arrays.fill(shape, 1, 32, 1 << 16);
        NpyArray array = NpyArray.of(new float[0], shape);
        assertEquals(320, NpyHeader.bytes(array).length);
        Path file = folder.resolve("dimensions.npz");
        Npz.write(file, Map.of("a", array));
        assertEquals(Map.of("a", array), Npz.read(file));
    }

    @Test
    void theGoldenFilesAreReadAndTheirFortranOrderIsTurned() throws Exception {
        Path golden = Path.of(NpzTest.class.getResource("/golden").toURI());
        int files = 0;
        try (var paths = Files.newDirectoryStream(golden, "*.npz")) {
            for (Path path : paths) {
                var arrays = Npz.read(path);
                assertFalse(arrays.isEmpty(), path::toString);
                files++;
            }
        }
        assertEquals(11, files);
        var arrays = Npz.read(golden.resolve("resid_mlp_2layer.npz"));
        assertEquals(NpyArray.Type.UINT8, arrays.get("topk_mask").type());
        assertArrayEquals(new int[] {11, 50, 14}, arrays.get("topk_mask").shape());
        double[] embedding = arrays.get("target.W_E").toDoubles();
        double[] unembedding = arrays.get("target.W_U").toDoubles();
        assertArrayEquals(new int[] {20, 8}, arrays.get("target.W_U").shape());
        for (int i = 0; i < 8; i++) {
            for (int r = 0; r < 20; r++) {
                assertEquals(embedding[i * 20 + r], unembedding[r * 8 + i]);
            }
        }
    }

    @Test
    void compressedEntriesAreRead() throws IOException {
        byte[] npy = npy(1, "{'descr': '<i4', 'fortran_order': True, 'shape': (2, 3)}", ints(1, 4, 2, 5, 3, 6));
        var array = Npz.read(zip("a.npy", npy)).get("a");
        assertEquals(NpyArray.of(new int[] {1, 2, 3, 4, 5, 6}, 2, 3), array);
    }

    @Test
    void formatVersionsTwoAndThreeAreRead() throws IOException {
        for (int version : new int[] {2, 3}) {
            byte[] npy = npy(version, "{\"shape\":(),'fortran_order':False,'descr':'<i4'}", ints(42));
            assertArrayEquals(new long[] {42}, Npz.read(zip("a.npy", npy)).get("a").toLongs());
        }
    }

    @Test
    void numbersOfEveryTypeAreProvidedInBothPrecisions() {
        assertArrayEquals(new double[] {0.5, 1}, NpyArray.of(new float[] {0.5f, 1}, 2).toDoubles());
        assertArrayEquals(new float[] {0.1f}, NpyArray.of(new double[] {0.1}, 1).toFloats());
        assertArrayEquals(new double[] {-3, 4}, NpyArray.of(new int[] {-3, 4}, 2).toDoubles());
        assertArrayEquals(new float[] {1, 0}, NpyArray.of(new boolean[] {true, false}, 2).toFloats());
        assertThrows(IllegalStateException.class, () -> NpyArray.of(new double[] {1}, 1).toLongs());
    }

    @Test
    void anArrayIsIndependentOfItsSourceAndOfItsCopies() {
        double[] data = {1, 2};
        int[] shape = {2};
        var array = NpyArray.of(data, shape);
        data[0] = 9;
        shape[0] = 9;
        array.toDoubles()[1] = 9;
        array.shape()[0] = 9;
        assertEquals(NpyArray.of(new double[] {1, 2}, 2), array);
    }

    @Test
    void aShapeThatDoesNotFitTheDataIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> NpyArray.of(new double[6], 2, 4));
        assertThrows(IllegalArgumentException.class, () -> NpyArray.of(new double[6], -2, -3));
        assertThrows(IllegalArgumentException.class, () -> NpyArray.of(new double[0], 1 << 16, 1 << 16));
        assertEquals(0, NpyArray.of(new double[0], 1 << 30, 1 << 30, 0).size());
    }

    @Test
    void aFailedWriteKeepsThePreviousFileAndLeavesNoOther() throws IOException {
        Path file = folder.resolve("run.npz");
        Npz.write(file, arrays());
        var failure = assertThrows(IOException.class, () -> AtomicFile.write(file, out -> {
            out.write(1);
            throw new IOException("no space");
        }));
        assertEquals(file + " could not be written: no space; the previous file is unchanged", failure.getMessage());
        assertEquals(arrays(), Npz.read(file));
        try (var left = Files.list(folder)) {
            assertEquals(List.of(file), left.toList());
        }
    }

    @Test
    void aFileIsReplacedEvenByAnInterruptedThread() throws IOException {
        Path file = folder.resolve("run.npz");
        Npz.write(file, arrays());
        Thread.currentThread().interrupt();
        try {
            Npz.write(file, Map.of("step", NpyArray.of(new long[] {3})));
            assertEquals(Map.of("step", NpyArray.of(new long[] {3})), Npz.read(file));
        } finally {
            assertTrue(Thread.interrupted());
        }
    }

    @Test
    void aMissingFileOrFolderIsNamed() {
        Path missing = folder.resolve("missing.npz");
        assertEquals(missing + ": there is no such file", assertThrows(IOException.class, () -> Npz.read(missing)).getMessage());
        Path nowhere = folder.resolve("nowhere").resolve("a.npz");
        assertEquals(nowhere + ": its folder does not exist",
                assertThrows(IOException.class, () -> Npz.write(nowhere, arrays())).getMessage());
        assertEquals(folder + ": is a folder, not an .npz file", assertThrows(IOException.class, () -> Npz.read(folder)).getMessage());
    }

    @TestFactory
    Stream<DynamicTest> aMalformedEntryIsNamedWithWhatIsWrong() {
        String f4 = "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }";
        var cases = new LinkedHashMap<String, byte[]>();
        cases.put("magic bytes", "no array at all".getBytes(StandardCharsets.US_ASCII));
        cases.put("magic bytes ", new byte[0]);
        cases.put("format version 9", npy(9, f4, ints(1, 2)));
        cases.put("claims a header of 65535 bytes where 4 are left",
                new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, -1, -1, 1, 2, 3, 4});
        cases.put("claims a header of 4294967295 bytes where 2 are left",
                new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 2, 0, -1, -1, -1, -1, 1, 2});
        cases.put("ends before its header", new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, 5});
        cases.put("takes 8 bytes, but 4 follow", npy(1, f4, ints(1)));
        cases.put("takes 8 bytes, but 12 follow", npy(1, f4, ints(1, 2, 3)));
        cases.put("negative dimension", npy(1, f4.replace("(2,)", "(-2, -1)"), ints(1, 2)));
        cases.put("larger than an array can be", npy(1, f4.replace("(2,)", "(65536, 65536)"), ints(1, 2)));
        cases.put("larger than an array can be ", npy(1, f4.replace("(2,)", "(4294967296, 4294967296)"), new byte[0]));
        cases.put("larger than an array can be  ", npy(1, f4.replace("(2,)", "(0, 4294967296)"), new byte[0]));
        cases.put("a dimension of 30 digits", npy(1, f4.replace("(2,)", "(" + "9".repeat(30) + ",)"), new byte[0]));
        cases.put("33 dimensions", npy(1, f4.replace("(2,)", "(" + "1, ".repeat(33) + ")"), ints(1)));
        cases.put("takes 4000000000 bytes, but 8 follow", npy(1, f4.replace("(2,)", "(1000000000,)"), ints(1, 2)));
        cases.put("pickled Python objects", npy(1, f4.replace("<f4", "|O"), ints(1, 2)));
        cases.put("array of records", npy(1, f4.replace("'<f4'", "[('a', '<f4')]"), ints(1, 2)));
        cases.put("its type '>f4' is none of", npy(1, f4.replace("<f4", ">f4"), ints(1, 2)));
        cases.put("its type '<c8' is none of", npy(1, f4.replace("<f4", "<c8"), ints(1, 2)));
        cases.put("has a boolean with byte value 7", npy(1, f4.replace("<f4", "|b1"), new byte[] {1, 7}));
        cases.put("lacks one of", npy(1, "{'descr': '<f4', 'shape': (2,)}", ints(1, 2)));
        cases.put("unknown key 'extra'", npy(1, f4.replace("'shape'", "'extra': 1, 'shape'"), ints(1, 2)));
        cases.put("'descr' twice", npy(1, f4.replace("'shape'", "'descr': '<f4', 'shape'"), ints(1, 2)));
        cases.put("'shape' twice", npy(1, f4.replace("'shape'", "'shape': (2,), 'shape'"), ints(1, 2)));
        cases.put("'fortran_order' twice", npy(1, f4.replace("'shape'", "'fortran_order': False, 'shape'"), ints(1, 2)));
        cases.put("has a dimension of 2147483639, but holds no numbers", npy(1, f4.replace("(2,)", "(0, 2147483639)"), new byte[0]));
        cases.put("takes 8589934556 bytes, but 0 follow", npy(1, f4.replace("(2,)", "(2147483639,)"), new byte[0]));
        cases.put("expected an integer at character 11", npy(1, "{'shape': (", ints(1, 2)));
        cases.put("expected ')' at character 12", npy(1, "{'shape': (2", ints(1, 2)));
        cases.put("expected an integer at character 12", npy(1, "{'shape': (-", ints(1, 2)));
        cases.put("expected True or False", npy(1, f4.replace("False", "exit()"), ints(1, 2)));
        cases.put("expected '{'", npy(1, "[1, 2]", ints(1, 2)));
        cases.put("expected the end of the header", npy(1, f4 + " + 1", ints(1, 2)));
        cases.put("expected a closing quote", npy(1, "{'descr", ints(1, 2)));
        cases.put("expected ')'", npy(1, f4.replace("(2,)", "(2 3)"), ints(1, 2)));
        return cases.entrySet().stream().map(malformed -> DynamicTest.dynamicTest(malformed.getKey().strip(), () -> {
            Path file = zip("weights.npy", malformed.getValue());
            String message = assertThrows(IOException.class, () -> Npz.read(file)).getMessage();
            assertTrue(message.startsWith(file + ", entry 'weights.npy': "), message);
            assertTrue(message.contains(malformed.getKey().strip()), message);
        }));
    }

    @Test
    void aFileThatIsNoZipIsNamed() throws IOException {
        for (byte[] content : List.of(new byte[0], "plain text".getBytes(StandardCharsets.US_ASCII), npy(1, "{}", new byte[0]))) {
            Path file = Files.write(folder.resolve("no.npz"), content);
            String message = assertThrows(IOException.class, () -> Npz.read(file)).getMessage();
            assertTrue(message.startsWith(file + ": cannot be read as an .npz file"), message);
        }
    }

    @Test
    void anEntryThatIsNoArrayIsNamed() throws IOException {
        Path file = zip("readme.txt", new byte[3]);
        assertEquals(file + ", entry 'readme.txt': it is not an .npy array",
                assertThrows(IOException.class, () -> Npz.read(file)).getMessage());
    }

    @Test
    void anImpossibleSizeIsRefusedBeforeMemoryIsAllocated() throws IOException {
        byte[] bytes = Files.readAllBytes(zip("a.npy", npy(1, "{'descr': '<f4', 'fortran_order': False, 'shape': (500000000,)}", ints(1))));
        var buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        int directory = buffer.getInt(bytes.length - 6);
        buffer.putInt(directory + 24, 2_000_000_074);
        Path file = Files.write(folder.resolve("bomb.npz"), bytes);
        String message = assertThrows(IOException.class, () -> Npz.read(file)).getMessage();
        assertTrue(message.contains("it claims 2000000074 bytes, which its"), message);
    }

    @Test
    void anyChangedByteIsDetectedOrHarmless() throws IOException {
        Path file = folder.resolve("a.npz");
        var written = Map.of("a", NpyArray.of(new float[] {1, 2, 3}, 3), "b", NpyArray.of(new boolean[] {true}, 1));
        Npz.write(file, written);
        byte[] bytes = Files.readAllBytes(file);
        int noticed = 0;
        for (int i = 0; i < bytes.length; i++) {
            for (int flip : new int[] {1, 0x80, 0xff}) {
                byte[] changed = bytes.clone();
                changed[i] ^= (byte) flip;
                try {
                    for (var array : Npz.read(Files.write(file, changed)).values()) {
                        assertTrue(written.containsValue(array), "byte " + i);
                    }
                } catch (IOException e) {
                    noticed++;
                }
            }
        }
        assertTrue(noticed > bytes.length, "noticed " + noticed);
    }

    @Test
    void aTruncatedFileIsDetected() throws IOException {
        Path file = folder.resolve("a.npz");
        Npz.write(file, Map.of("a", NpyArray.of(new float[] {1, 2, 3}, 3)));
        byte[] bytes = Files.readAllBytes(file);
        for (int length = 0; length < bytes.length; length++) {
            Files.write(file, Arrays.copyOf(bytes, length));
            assertThrows(IOException.class, () -> Npz.read(file), "cut to " + length);
        }
    }

    private static byte[] ints(int... values) {
        var buffer = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        for (int value : values) {
            buffer.putInt(value);
        }
        return buffer.array();
    }

    private static byte[] npy(int version, String header, byte[] data) {
        byte[] text = header.getBytes(StandardCharsets.UTF_8);
        var buffer = ByteBuffer.allocate(12 + text.length + data.length).order(ByteOrder.LITTLE_ENDIAN);
        buffer.put(Npz.MAGIC).put((byte) version).put((byte) 0);
        if (version == 1) {
            buffer.putShort((short) text.length);
        } else {
            buffer.putInt(text.length);
        }
        buffer.put(text).put(data);
        return Arrays.copyOf(buffer.array(), buffer.position());
    }

    /** One deflated entry. */
    private Path zip(String entry, byte[] content) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var zip = new ZipOutputStream(bytes)) {
            zip.putNextEntry(new ZipEntry(entry));
            zip.write(content);
            zip.closeEntry();
        }
        return Files.write(Files.createTempFile(folder, "test", ".npz"), bytes.toByteArray());
    }
}
