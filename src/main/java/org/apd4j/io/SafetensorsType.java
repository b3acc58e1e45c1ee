package org.apd4j.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.apd4j.io.NpyArray.Type;

/** The element types of {@code .safetensors} files that can be read, each with the type of the array it is converted to. */
enum SafetensorsType {
    F32(4, Type.FLOAT32),
    F64(8, Type.FLOAT64),
    F16(2, Type.FLOAT32),
    BF16(2, Type.FLOAT32),
    I64(8, Type.INT64),
    I32(4, Type.INT32),
    I16(2, Type.INT32),
    I8(1, Type.INT32),
    U32(4, Type.INT64),
    U16(2, Type.INT32),
    U8(1, Type.UINT8),
    BOOL(1, Type.BOOL);

    private final int bytes;
    private final Type becomes;

    SafetensorsType(int bytes, Type becomes) {
        this.bytes = bytes;
        this.becomes = becomes;
    }

    /** Returns the number of bytes of an entry in the file. */
    int bytes() {
        return bytes;
    }

    /** Returns the type of the array that entries are converted to. */
    Type becomes() {
        return becomes;
    }

    /** Allocates storage for the given number of entries. */
    Object allocate(int size) {
        return switch (becomes) {
            case FLOAT32 -> new float[size];
            case FLOAT64 -> new double[size];
            case INT32 -> new int[size];
            case INT64 -> new long[size];
            case INT8, UINT8, BOOL -> new byte[size];
        };
    }

    /**
     * Decodes the next entries of a little-endian buffer.
     *
     * @param data storage made by {@link #allocate}
     */
    void decode(ByteBuffer from, Object data, int first, int count) throws IOException {
        switch (this) {
            case F32 -> from.asFloatBuffer().get((float[]) data, first, count);
            case F64 -> from.asDoubleBuffer().get((double[]) data, first, count);
            case I32 -> from.asIntBuffer().get((int[]) data, first, count);
            case I64 -> from.asLongBuffer().get((long[]) data, first, count);
            case U8 -> from.get((byte[]) data, first, count);
            default -> {
                for (int i = first; i < first + count; i++) {
                    decode(from, data, i);
                }
            }
        }
    }

    private void decode(ByteBuffer from, Object data, int i) throws IOException {
        switch (this) {
            case F16 -> ((float[]) data)[i] = half(from.getShort());
            case BF16 -> ((float[]) data)[i] = Float.intBitsToFloat(from.getShort() << 16);
            case I16 -> ((int[]) data)[i] = from.getShort();
            case U16 -> ((int[]) data)[i] = from.getShort() & 0xffff;
            case I8 -> ((int[]) data)[i] = from.get();
            case U32 -> ((long[]) data)[i] = from.getInt() & 0xffffffffL;
            case BOOL -> {
                byte value = from.get();
                if (value != 0 && value != 1) {
                    throw new IOException("has a boolean with byte value " + (value & 0xff));
                }
                ((byte[]) data)[i] = value;
            }
            default -> throw new AssertionError(this);
        }
    }

    /** Converts IEEE 754 half precision: a sign bit, 5 bits of exponent with bias 15, 10 bits of fraction. */
    static float half(short bits) {
        int exponent = bits >> 10 & 0x1f;
        int fraction = bits & 0x3ff;
        float size;
        if (exponent == 0) {
            size = fraction * 0x1p-24f;
        } else if (exponent == 0x1f) {
            size = fraction == 0 ? Float.POSITIVE_INFINITY : Float.NaN;
        } else {
            size = Float.intBitsToFloat(exponent + 127 - 15 << 23 | fraction << 13);
        }
        return bits < 0 ? -size : size;
    }
}
