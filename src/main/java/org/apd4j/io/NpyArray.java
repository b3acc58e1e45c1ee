package org.apd4j.io;

import java.util.Arrays;
import java.util.Objects;

/**
 * An array of numbers of any shape, as NumPy's {@code .npy} format holds it: row-major, immutable. A shape without
 * dimensions is a single number; a dimension may be 0.
 *
 * <pre>{@code
 * NpyArray array = NpyArray.of(new float[] {1, 2, 3, 4, 5, 6}, 2, 3);
 * System.out.println(array.type() + " " + Arrays.toString(array.shape()));
 * }</pre>
 */
public final class NpyArray {

    /** The types of an entry that are read and written; the array keeps the type it was made with. */
    public enum Type {
        /** Single precision, {@code <f4}. */
        FLOAT32("<f4", Float.BYTES),
        /** Double precision, {@code <f8}. */
        FLOAT64("<f8", Double.BYTES),
        /** Signed integers of 32 bits, {@code <i4}. */
        INT32("<i4", Integer.BYTES),
        /** Signed integers of 64 bits, {@code <i8}. */
        INT64("<i8", Long.BYTES),
        /** Integers from 0 to 255, {@code |u1}. */
        UINT8("|u1", 1),
        /** False or true, {@code |b1}; as numbers 0 and 1. */
        BOOL("|b1", 1);

        private final String descr;
        private final int bytes;

        Type(String descr, int bytes) {
            this.descr = descr;
            this.bytes = bytes;
        }

        /** The type in NumPy's words, such as {@code <f4}. */
        public String descr() {
            return descr;
        }

        /** Bytes per entry. */
        public int bytes() {
            return bytes;
        }
    }

    /** The most entries an array can have. */
    static final int MAX_SIZE = Integer.MAX_VALUE - 8;
    /** The largest dimension that is read of an array without entries: many rows of nothing take time and memory that no bytes stand for. */
    static final int MAX_EMPTY = 1 << 16;

    private final Type type;
    private final int[] shape;
    /** float[], double[], int[], long[] or (UINT8, BOOL) byte[], never handed out. */
    private final Object data;
    private final int size;

    /** Takes both arrays as its own. */
    NpyArray(Type type, Object data, int size, int... shape) {
        this.type = type;
        this.data = data;
        this.size = size;
        this.shape = shape;
    }

    /**
     * Single precision; the data are copied.
     *
     * @throws IllegalArgumentException if the shape does not hold as many entries as there are data
     */
    public static NpyArray of(float[] data, int... shape) {
        return new NpyArray(Type.FLOAT32, data.clone(), data.length, checked(shape, data.length));
    }

    /**
     * Double precision; the data are copied.
     *
     * @throws IllegalArgumentException if the shape does not hold as many entries as there are data
     */
    public static NpyArray of(double[] data, int... shape) {
        return new NpyArray(Type.FLOAT64, data.clone(), data.length, checked(shape, data.length));
    }

    /**
     * Integers of 32 bits; the data are copied.
     *
     * @throws IllegalArgumentException if the shape does not hold as many entries as there are data
     */
    public static NpyArray of(int[] data, int... shape) {
        return new NpyArray(Type.INT32, data.clone(), data.length, checked(shape, data.length));
    }

    /**
     * Integers of 64 bits; the data are copied.
     *
     * @throws IllegalArgumentException if the shape does not hold as many entries as there are data
     */
    public static NpyArray of(long[] data, int... shape) {
        return new NpyArray(Type.INT64, data.clone(), data.length, checked(shape, data.length));
    }

    /**
     * False and true; the data are copied.
     *
     * @throws IllegalArgumentException if the shape does not hold as many entries as there are data
     */
    public static NpyArray of(boolean[] data, int... shape) {
        var bytes = new byte[data.length];
        for (int i = 0; i < data.length; i++) {
            bytes[i] = (byte) (data[i] ? 1 : 0);
        }
        return new NpyArray(Type.BOOL, bytes, data.length, checked(shape, data.length));
    }

    /**
     * Integers from 0 to 255, each the value of a byte without sign; the data are copied.
     *
     * @throws IllegalArgumentException if the shape does not hold as many entries as there are data
     */
    public static NpyArray of(byte[] data, int... shape) {
        return new NpyArray(Type.UINT8, data.clone(), data.length, checked(shape, data.length));
    }

    private static int[] checked(int[] shape, int size) {
        long product = 1;
        for (int dimension : shape) {
            if (dimension < 0) {
                throw new IllegalArgumentException("negative dimension in the shape " + text(shape));
            }
            // A product that is too large stays too large, unless a later dimension is 0.
            product = Math.min(product * dimension, Integer.MAX_VALUE + 1L);
        }
        if (product != size) {
            throw new IllegalArgumentException("the shape " + text(shape) + " does not hold " + size + " entries");
        }
        return shape.clone();
    }

    /** A shape as Python writes it: {@code (3, 4)}, {@code (3,)}, {@code ()}. */
    static String text(int... shape) {
        var text = new StringBuilder("(");
        for (int i = 0; i < shape.length; i++) {
            text.append(i > 0 ? ", " : "").append(shape[i]);
        }
        return text.append(shape.length == 1 ? ",)" : ")").toString();
    }

    /** The type of the entries. */
    public Type type() {
        return type;
    }

    /** The dimensions, a copy. */
    public int[] shape() {
        return shape.clone();
    }

    /** The number of entries, the product of the shape. */
    public int size() {
        return size;
    }

    /** All entries, row-major; integers of more than 53 bits are rounded. */
    public double[] toDoubles() {
        if (data instanceof double[] values) {
            return values.clone();
        }
        var result = new double[size];
        if (data instanceof float[] values) {
            for (int i = 0; i < size; i++) {
                result[i] = values[i];
            }
        } else {
            for (int i = 0; i < size; i++) {
                result[i] = integer(i);
            }
        }
        return result;
    }

    /** All entries, row-major; what single precision does not hold is rounded. */
    public float[] toFloats() {
        if (data instanceof float[] values) {
            return values.clone();
        }
        var result = new float[size];
        if (data instanceof double[] values) {
            for (int i = 0; i < size; i++) {
                result[i] = (float) values[i];
            }
        } else {
            for (int i = 0; i < size; i++) {
                result[i] = integer(i);
            }
        }
        return result;
    }

    /**
     * All entries, row-major.
     *
     * @throws IllegalStateException if the type is not one of integers or booleans
     */
    public long[] toLongs() {
        if (type == Type.FLOAT32 || type == Type.FLOAT64) {
            throw new IllegalStateException("an array of type " + type.descr + " does not hold integers");
        }
        var result = new long[size];
        for (int i = 0; i < size; i++) {
            result[i] = integer(i);
        }
        return result;
    }

    /**
     * All entries, row-major.
     *
     * @throws IllegalStateException if the type is not {@link Type#BOOL}
     */
    public boolean[] toBooleans() {
        if (type != Type.BOOL) {
            throw new IllegalStateException("an array of type " + type.descr + " does not hold booleans");
        }
        var result = new boolean[size];
        for (int i = 0; i < size; i++) {
            result[i] = ((byte[]) data)[i] != 0;
        }
        return result;
    }

    /**
     * All entries, row-major, as bytes without sign.
     *
     * @throws IllegalStateException if the type is not {@link Type#UINT8}
     */
    public byte[] toBytes() {
        if (type != Type.UINT8) {
            throw new IllegalStateException("an array of type " + type.descr + " does not hold bytes");
        }
        return ((byte[]) data).clone();
    }

    /**
     * Writes all entries into an array of their number.
     *
     * @throws IllegalArgumentException if the type is not {@link Type#FLOAT32} or the array has another length
     */
    public void copyTo(float[] to) {
        if (type != Type.FLOAT32 || to.length != size) {
            throw new IllegalArgumentException(size + " entries of type " + type.descr + " do not fit a float array of " + to.length);
        }
        System.arraycopy((float[]) data, 0, to, 0, size);
    }

    /** Where the first entry stands that is NaN or infinite; −1 if none is. */
    int firstNotFinite() {
        for (int i = 0; i < size; i++) {
            if (data instanceof float[] values && !Float.isFinite(values[i]) || data instanceof double[] doubles && !Double.isFinite(doubles[i])) {
                return i;
            }
        }
        return -1;
    }

    /** An entry; an integer of more than 53 bits is rounded. */
    double number(int i) {
        return data instanceof float[] values ? values[i] : data instanceof double[] doubles ? doubles[i] : integer(i);
    }

    /** Where the first entry stands that is below 0; −1 if none is. */
    public int firstNegative() {
        for (int i = 0; i < size; i++) {
            if (number(i) < 0) {
                return i;
            }
        }
        return -1;
    }

    private long integer(int i) {
        if (data instanceof int[] values) {
            return values[i];
        }
        if (data instanceof long[] values) {
            return values[i];
        }
        return ((byte[]) data)[i] & 0xff;
    }

    /** The storage itself, for reading only. */
    Object data() {
        return data;
    }

    /** The shape itself, for reading only. */
    int[] dimensions() {
        return shape;
    }

    /** Equal in type, shape and every entry; NaN equals NaN, 0.0 does not equal −0.0. */
    @Override
    public boolean equals(Object other) {
        return other instanceof NpyArray that && type == that.type && Arrays.equals(shape, that.shape)
                && Objects.deepEquals(data, that.data);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * type.hashCode() + Arrays.hashCode(shape)) + Arrays.deepHashCode(new Object[] {data});
    }

    /** Type and shape, such as {@code <f4 (3, 4)}. */
    @Override
    public String toString() {
        return type.descr + " " + text(shape);
    }
}
