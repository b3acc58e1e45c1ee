package org.apd4j.fuzz;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SplittableRandom;

/** Arrays in NumPy's format with a changed header or changed numbers that are otherwise consistent. */
final class Npy {

    private static final int PREFIX = 10;
    private static final float[] FLOATS = {Float.NaN, Float.POSITIVE_INFINITY, -1, -0f, Float.MAX_VALUE, Float.MIN_VALUE, 1e20f};
    private static final String[] SHAPES = {"(2147483639, 0)", "(0, 2147483639)", "(65536, 0)", "()", "(0,)", "(-1,)", "(1, 1, 1, 1)", "(100000000,)",
            "(99999999999999999999,)", "(3, 5)", "(1, 0, 1)", "(46341, 46341)", "(4294967296, 4294967296)"};

    private Npy() {
    }

    private static int headerLength(byte[] array) {
        return array.length < PREFIX ? 0 : ByteBuffer.wrap(array).order(ByteOrder.LITTLE_ENDIAN).getShort(PREFIX - 2) & 0xffff;
    }

    /** The bytes of an array of bytes as text. */
    static String text(byte[] array) {
        return new String(array, Math.min(array.length, PREFIX + headerLength(array)), Math.max(0, array.length - PREFIX - headerLength(array)),
                StandardCharsets.UTF_8);
    }

    /** An array of bytes that holds a text. */
    static byte[] text(String text) {
        byte[] data = text.getBytes(StandardCharsets.UTF_8);
        return array("{'descr': '|u1', 'fortran_order': False, 'shape': (" + data.length + ",), }", data);
    }

    static byte[] array(String header, byte[] data) {
        byte[] coded = (header + "\n").getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(PREFIX + coded.length + data.length).order(ByteOrder.LITTLE_ENDIAN)
                .put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0}).putShort((short) coded.length).put(coded).put(data).array();
    }

    /** Some numbers are others. */
    static byte[] floats(SplittableRandom random, byte[] array) {
        byte[] changed = array.clone();
        int first = PREFIX + headerLength(array);
        int count = (array.length - first) / Float.BYTES;
        for (int times = 1 + random.nextInt(3); times > 0 && count > 0; times--) {
            ByteBuffer.wrap(changed).order(ByteOrder.LITTLE_ENDIAN)
                    .putFloat(first + Float.BYTES * random.nextInt(count), FLOATS[random.nextInt(FLOATS.length)]);
        }
        return changed;
    }

    /** Another shape, type or order, with the old numbers or with none. */
    static byte[] shape(SplittableRandom random, byte[] array) {
        int first = Math.min(array.length, PREFIX + headerLength(array));
        String header = new String(array, Math.min(PREFIX, first), Math.max(0, first - PREFIX), StandardCharsets.ISO_8859_1).strip();
        String changed = switch (random.nextInt(3)) {
            case 0 -> header.replaceAll("\\([^)]*\\)", SHAPES[random.nextInt(SHAPES.length)]);
            case 1 -> header.replaceAll("'[<|]..'", new String[] {"'<f4'", "'<f8'", "'<i4'", "'<i8'", "'|i1'", "'|u1'", "'|b1'",
                "'|O'"}[random.nextInt(8)]);
            default -> header.replace("False", "True");
        };
        return array(changed, random.nextInt(3) == 0 ? new byte[0] : Arrays.copyOfRange(array, first, array.length));
    }
}
