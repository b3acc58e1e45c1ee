package org.apd4j.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsTest {

    @TempDir
    Path folder;

    private Path file(long headerLength, String header, byte... data) throws IOException {
        byte[] text = header.getBytes(StandardCharsets.UTF_8);
        ByteBuffer bytes = ByteBuffer.allocate(8 + text.length + data.length).order(ByteOrder.LITTLE_ENDIAN).putLong(headerLength).put(text)
                .put(data);
        return Files.write(folder.resolve("weights.safetensors"), bytes.array());
    }

    private Path file(String header, byte... data) throws IOException {
        return file(header.getBytes(StandardCharsets.UTF_8).length, header, data);
    }

    private static byte[] bytes(int count, java.util.function.Consumer<ByteBuffer> fill) {
        ByteBuffer buffer = ByteBuffer.allocate(count).order(ByteOrder.LITTLE_ENDIAN);
        fill.accept(buffer);
        return buffer.array();
    }

    private void assertRefused(String message, Path file) {
        String actual = assertThrows(IOException.class, () -> Safetensors.read(file)).getMessage();
        assertEquals(message, actual.replace(file + ": ", "").replace(file.toString(), ""));
        assertTrue(actual.startsWith(file.toString()), actual);
    }

    private static String one(String dtype, String shape, String offsets) {
        return "{\"a\":{\"dtype\":\"" + dtype + "\",\"shape\":" + shape + ",\"data_offsets\":" + offsets + "}}";
    }

    @Test
    void arraysThatPyTorchSavedAreRead() throws IOException {
        var arrays = Safetensors.read(Path.of("notebooks/data/classifier.safetensors"));
        assertEquals(8, arrays.size());
        assertEquals("<f4 (16, 64)", arrays.get("fc1.weight").toString());
        assertEquals("<f4 (10,)", arrays.get("fc3.bias").toString());
        assertThrows(UnsupportedOperationException.class, arrays::clear);
    }

    @Test
    void numbersOfEveryTypeAreRead() throws IOException {
        var numbers = List.of(
                new Object[] {"F32", bytes(8, b -> b.putFloat(1.5f).putFloat(-3e38f)), new double[] {1.5, -3e38f}, "<f4 (2,)"},
                new Object[] {"F64", bytes(16, b -> b.putDouble(0.1).putDouble(-1e300)), new double[] {0.1, -1e300}, "<f8 (2,)"},
                // one, the largest, the smallest, minus two: bit patterns of IEEE 754
                new Object[] {"F16", bytes(8, b -> b.putShort((short) 0x3c00).putShort((short) 0x7bff).putShort((short) 1).putShort((short) 0xc000)),
                        new double[] {1, 65504, 0x1p-24, -2}, "<f4 (4,)"},
                new Object[] {"BF16", bytes(4, b -> b.putShort((short) 0x3f80).putShort((short) 0xc0a0)), new double[] {1, -5}, "<f4 (2,)"},
                new Object[] {"I64", bytes(8, b -> b.putLong(-(1L << 40))), new double[] {-(1L << 40)}, "<i8 (1,)"},
                new Object[] {"I32", bytes(4, b -> b.putInt(-7)), new double[] {-7}, "<i4 (1,)"},
                new Object[] {"I16", bytes(2, b -> b.putShort((short) -7)), new double[] {-7}, "<i4 (1,)"},
                new Object[] {"I8", new byte[] {-7}, new double[] {-7}, "<i4 (1,)"},
                new Object[] {"U32", bytes(4, b -> b.putInt(-1)), new double[] {4294967295.0}, "<i8 (1,)"},
                new Object[] {"U16", bytes(2, b -> b.putShort((short) -1)), new double[] {65535}, "<i4 (1,)"},
                new Object[] {"U8", new byte[] {-1}, new double[] {255}, "|u1 (1,)"},
                new Object[] {"BOOL", new byte[] {0, 1}, new double[] {0, 1}, "|b1 (2,)"});
        for (Object[] number : numbers) {
            byte[] data = (byte[]) number[1];
            double[] wanted = (double[]) number[2];
            NpyArray array = Safetensors.read(file(one((String) number[0], "[" + wanted.length + "]", "[0," + data.length + "]"), data)).get("a");
            assertArrayEquals(wanted, array.toDoubles(), (String) number[0]);
            assertEquals(number[3], array.toString());
        }
    }

    @Test
    void halfPrecisionIsThatOfEveryBitPattern() {
        for (int bits = 0; bits < 1 << 16; bits++) {
            int exponent = bits >> 10 & 31;
            double wanted = exponent == 31 ? (bits & 1023) == 0 ? Double.POSITIVE_INFINITY : Double.NaN
                    : exponent == 0 ? (bits & 1023) / 1024.0 * Math.pow(2, -14) : (1 + (bits & 1023) / 1024.0) * Math.pow(2, exponent - 15);
            assertEquals(bits >= 1 << 15 ? -wanted : wanted, SafetensorsType.half((short) bits), Integer.toHexString(bits));
        }
    }

    @Test
    void theOrderOfTheHeaderAndTheMetadataDoNotMatter() throws IOException {
        String header = "{\"__metadata__\":{\"format\":\"pt\"},\"b\":{\"data_offsets\":[4,8],\"shape\":[],\"dtype\":\"I32\"},"
                + "\"a\":{\"dtype\":\"I32\",\"shape\":[1,1],\"data_offsets\":[0,4]},\"none\":{\"dtype\":\"F32\",\"shape\":[0,3],\"data_offsets\":[8,8]}}   ";
        var arrays = Safetensors.read(file(header, bytes(8, b -> b.putInt(5).putInt(6))));
        assertEquals(List.of("b", "a", "none"), List.copyOf(arrays.keySet()));
        assertEquals(6, arrays.get("b").toLongs()[0]);
        assertEquals(5, arrays.get("a").toLongs()[0]);
        assertEquals(0, arrays.get("none").size());
    }

    @Test
    void aHeaderLargerThanTheFileIsRefusedBeforeMemoryIsAllocated() throws IOException {
        assertRefused("claims a header of 2000000000 bytes where 1024 are left; the file is damaged or not a .safetensors file", file(2_000_000_000, "{", new byte[1023]));
        assertRefused("claims a header of 18446744073709551615 bytes where 10 are left; the file is damaged or not a .safetensors file", file(-1, "{", new byte[9]));
        assertRefused("has a header that does not begin with '{'; the file is damaged or not a .safetensors file", file(0, "", new byte[8]));
        assertRefused("has 7 bytes, too few for a .safetensors file", Files.write(folder.resolve("short.safetensors"), new byte[7]));
        assertThrows(NoSuchFileException.class, () -> Safetensors.read(folder.resolve("none.safetensors")));
        assertRefused("is a folder, not a .safetensors file", folder);
    }

    @Test
    void aFileMayHoldNoArraysAtAll() throws IOException {
        assertEquals(Map.of(), Safetensors.read(file("{}")));
    }

    @Test
    void arraysOfManyBytesAfterOthersComeBackToTheLastNumber() throws IOException {
        int count = 20_000; // more than is read at a time
        String header = "{\"a\":{\"dtype\":\"I8\",\"shape\":[3],\"data_offsets\":[0,3]},\"b\":{\"dtype\":\"I64\",\"shape\":[" + count
                + "],\"data_offsets\":[3," + (3 + 8 * count) + "]}}";
        long[] numbers = LongStream.range(0, count).map(i -> i * i * i - 7).toArray();
        var arrays = Safetensors.read(file(header, bytes(3 + 8 * count, b -> {
            b.put(new byte[] {1, 2, 3});
            LongStream.of(numbers).forEach(b::putLong);
        })));
        assertArrayEquals(new long[] {1, 2, 3}, arrays.get("a").toLongs());
        assertArrayEquals(numbers, arrays.get("b").toLongs());
    }

    @Test
    void numbersThatTheHeapCannotHoldInTheirNewTypeAreRefusedBeforeTheyAreRead() throws IOException {
        long eighth = Runtime.getRuntime().maxMemory() / 8 + 1; // one byte becomes four, twice
        long each = Math.min(eighth, Integer.MAX_VALUE / 2);
        StringBuilder header = new StringBuilder();
        long end = 0;
        for (int i = 0; end < eighth; i++) {
            header.append(i == 0 ? "{" : ",").append("\"a").append(i).append("\":{\"dtype\":\"I8\",\"shape\":[").append(each)
                    .append("],\"data_offsets\":[").append(end).append(',').append(end + each).append("]}");
            end += each;
        }
        Path file = file(header.append('}').toString());
        try (var whole = new RandomAccessFile(file.toFile(), "rw")) {
            whole.setLength(whole.length() + end); // takes no place on the disk
        }
        String message = assertThrows(IOException.class, () -> Safetensors.read(file)).getMessage();
        assertTrue(message.matches(".*: reading its arrays would take [\\d,]+ MB of the Java heap, which has .*"), message);
    }

    @Test
    void placesThatAreNotThoseOfTheArraysAreRefused() throws IOException {
        byte[] eight = new byte[8];
        assertRefused("array 'a' claims the bytes 0 to 12 of 8", file(one("F32", "[3]", "[0,12]"), eight));
        assertRefused("array 'a' claims the bytes 8 to 0 of 8", file(one("F32", "[2]", "[8,0]"), eight));
        assertRefused("array 'a' claims 8 bytes for the shape [3] of F32, which takes 12", file(one("F32", "[3]", "[0,8]"), eight));
        assertRefused("array 'a' claims 8 bytes for the shape [1] of F32, which takes 4", file(one("F32", "[1]", "[0,8]"), eight));
        assertRefused("array 'a' begins at byte 4, 4 bytes after the array before it", file(one("F32", "[1]", "[4,8]"), eight));
        assertRefused("holds 8 bytes of numbers, but its header lists only 4", file(one("F32", "[1]", "[0,4]"), eight));
        assertRefused("holds 8 bytes of numbers, but its header lists only 0", file("{}", eight));
        assertRefused("array 'a' claims 4 bytes for the shape [2] of F32, which takes 8", file(one("F32", "[2]", "[4,8]"), eight));
        String gap = "{\"a\":{\"dtype\":\"I8\",\"shape\":[2],\"data_offsets\":[0,2]},\"b\":{\"dtype\":\"I8\",\"shape\":[3],\"data_offsets\":[5,8]}}";
        assertRefused("array 'b' begins at byte 5, 3 bytes after the array before it", file(gap, eight));
        String two = "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}";
        assertRefused("array 'b' begins at byte 4, within the array before it, which ends at 8", file(two, eight));
        assertRefused("array 'b' begins at byte 0, within the array before it, which ends at 8",
                file(two.replace("[4,8]", "[0,8]").replace("[1]", "[2]"), eight));
    }

    @Test
    void impossibleShapesAreRefused() throws IOException {
        assertRefused("array 'a' has the shape [65536, 65536], larger than an array can be", file(one("F32", "[65536,65536]", "[0,0]")));
        assertRefused("array 'a' has the shape [4611686018427387904, 4], larger than an array can be",
                file(one("F32", "[4611686018427387904,4]", "[0,0]")));
        assertRefused("array 'a' has the shape [0, 3000000000], larger than an array can be", file(one("F32", "[0,3000000000]", "[0,0]")));
        for (String entry : List.of("-1", "1.0", "\"1\"", "null", "99999999999999999999", "[1]")) {
            assertRefused("array 'a' has a shape with an entry that is not an integer of at least 0", file(one("F32", "[" + entry + "]", "[0,0]")));
        }
        assertRefused("array 'a' has a shape of more than 32 entries", file(one("F32", Arrays.toString(new int[33]), "[0,0]")));
    }

    @Test
    void headersWithMissingOrUnknownFieldsAreRefused() throws IOException {
        assertRefused("array 'a' is of type 'F8_E4M3', which is none of [F32, F64, F16, BF16, I64, I32, I16, I8, U32, U16, U8, BOOL]",
                file(one("F8_E4M3", "[1]", "[0,1]"), (byte) 0));
        String entry = one("F32", "[1]", "[0,4]");
        String inner = entry.substring(1, entry.length() - 1);
        byte[] four = new byte[4];
        assertRefused("lists 'a' twice", file("{" + inner + "," + inner + "}", four));
        assertRefused("array 'a' has two shapes", file(entry.replace("\"shape\"", "\"shape\":[1],\"shape\""), four));
        assertRefused("array 'a' has two data_offsets", file(entry.replace("\"shape\"", "\"data_offsets\":[0,4],\"shape\""), four));
        assertRefused("array 'a' needs exactly one dtype, a string", file(entry.replace("\"shape\"", "\"dtype\":\"F32\",\"shape\""), four));
        assertRefused("array 'a' has an unknown field 'size'", file(entry.replace("\"shape\"", "\"size\":1,\"shape\""), four));
        assertRefused("array 'a' lacks one of dtype, shape and data_offsets", file("{\"a\":{\"dtype\":\"F32\"}}", four));
        assertRefused("array 'a' is not described by an object", file("{\"a\":3}", four));
        assertRefused("array 'a' has 1 data_offsets instead of two", file(one("F32", "[1]", "[4]"), four));
        assertRefused("array 'a' needs exactly one dtype, a string", file("{\"a\":{\"dtype\":3}}", four));
        assertRefused("array 'a' has a shape that is not a list", file(one("F32", "1", "[0,4]"), four));
        assertRefused("has a header that does not begin with '{'; the file is damaged or not a .safetensors file", file("[1]", four));
        assertRefused("has a header with more than one object", file(entry + "{}", four));
        assertRefused(", array 'a': has a boolean with byte value 2", file(one("BOOL", "[1]", "[0,1]"), (byte) 2));
        String text = assertThrows(IOException.class, () -> Safetensors.read(file("{\"a\":", four))).getMessage();
        assertTrue(text.contains("has a header that is not JSON") && !text.contains("\n"), text);
        byte[] latin = entry.replace("\"a\"", "\"ä\"").getBytes(StandardCharsets.ISO_8859_1);
        ByteBuffer bytes = ByteBuffer.allocate(8 + latin.length + 4).order(ByteOrder.LITTLE_ENDIAN).putLong(latin.length).put(latin);
        assertRefused("has a header that is not UTF-8 text", Files.write(folder.resolve("latin.safetensors"), bytes.array()));
        String deep = assertThrows(IOException.class, () -> Safetensors.read(file("{\"__metadata__\":{\"format\":" + "[".repeat(100_000), four)))
                .getMessage();
        assertTrue(deep.contains("has a header that is not JSON"), deep);
    }

    @Test
    void fileWithAnyByteChangedOrMissingIsReadOrRejectedInOneSentence() throws IOException {
        byte[] whole = Files.readAllBytes(Path.of("notebooks/data/classifier.safetensors"));
        Path file = folder.resolve("damaged.safetensors");
        Random random = new Random(0);
        int refused = 0;
        for (int number = 0; number < 400; number++) {
            byte[] damaged = number % 4 == 0 ? Arrays.copyOf(whole, random.nextInt(whole.length)) : whole.clone();
            if (number % 4 != 0) {
                damaged[random.nextInt(number % 4 == 1 ? 8 : 700)] = (byte) random.nextInt(256);
            }
            Files.write(file, damaged);
            try {
                Safetensors.read(file);
            } catch (IOException e) {
                refused++;
                assertTrue(e.getMessage().startsWith(file.toString()) && !e.getMessage().contains("\n"), e.getMessage());
            }
        }
        assertTrue(refused > 250, refused + " refused");
    }

    @Test
    void anInterruptedThreadReadsAndStaysInterrupted() throws IOException {
        Thread.currentThread().interrupt();
        try {
            assertEquals(8, Safetensors.read(Path.of("notebooks/data/classifier.safetensors")).size());
        } finally {
            assertTrue(Thread.interrupted());
        }
    }

    @Test
    void hugeDimensionsOfEmptyArraysAreRefused() throws IOException {
        assertRefused("array 'a' has the shape [2147483639, 0] with a dimension of 2147483639, but holds no numbers",
                file(one("F32", "[2147483639,0]", "[0,0]")));
        assertEquals(0, Safetensors.read(file(one("F32", "[65536,0]", "[0,0]"))).get("a").size());
    }

    @Test
    void longNamesAreShortenedToOneLine() throws IOException {
        String name = "x\\n".repeat(20_000);
        String said = assertThrows(IOException.class, () -> Safetensors.read(
                file(one("F8", "[1]", "[0,1]").replace("\"a\"", "\"" + name + "\""), (byte) 0))).getMessage();
        assertTrue(said.length() < 1_000 && said.lines().count() == 1 && said.contains("is of type 'F8'"), said);
    }
}
