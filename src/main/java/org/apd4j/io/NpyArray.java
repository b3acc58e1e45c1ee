package org.apd4j.io;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An immutable array of numbers of any shape, in row-major order, as in NumPy's {@code .npy} format. A shape without dimensions is a single number;
 * a dimension may be 0.
 *
 * <pre>{@code
 * NpyArray array = NpyArray.of(new float[] {1, 2, 3, 4, 5, 6}, 2, 3);
 * System.out.println(array.type() + " " + Arrays.toString(array.shape()));
 * }</pre>
 */
public final class NpyArray {

    /** The element types that can be read and written. */
    public enum Type {
        /** Single precision, {@code <f4}. */
        FLOAT32("<f4", Float.BYTES),
        /** Double precision, {@code <f8}. */
        FLOAT64("<f8", Double.BYTES),
        /** Signed 32-bit integers, {@code <i4}. */
        INT32("<i4", Integer.BYTES),
        /** Signed 64-bit integers, {@code <i8}. */
        INT64("<i8", Long.BYTES),
        /** Signed 8-bit integers, −128 … 127, {@code |i1}. */
        INT8("|i1", 1),
        /** Unsigned 8-bit integers, 0 … 255, {@code |u1}. */
        UINT8("|u1", 1),
        /** Booleans, {@code |b1}; as numbers 0 and 1. */
        BOOL("|b1", 1);

        private final String descr;
        private final int bytes;

        Type(String descr, int bytes) {
            this.descr = descr;
            this.bytes = bytes;
        }

        /** Returns NumPy's name of the type, such as {@code <f4}. */
        public String descr() {
            return descr;
        }

        /** Returns the number of bytes of an entry. */
        public int bytes() {
            return bytes;
        }
    }

    /** The largest number of entries of an array. */
    static final int MAX_SIZE = Integer.MAX_VALUE - 8;
    /** The largest dimension of an array without entries: many empty rows would take time and memory that no bytes of the file account for. */
    static final int MAX_EMPTY = 1 << 16;

    private final Type type;
    private final int[] shape;
    /** A float[], double[], int[], long[] or, for INT8, UINT8 and BOOL, byte[]; never passed out of this package. */
    private final Object data;
    private final int size;

    /** Creates an array from storage that is not copied. */
    NpyArray(Type type, Object data, int size, int... shape) {
        this.type = type;
        this.data = data;
        this.size = size;
        this.shape = shape;
    }

    /**
     * Returns an array of single precision; the data are copied.
     *
     * @throws IllegalArgumentException if the shape does not hold as many entries as there are data
     */
    public static NpyArray of(float[] data, int... shape) {
        return new NpyArray(Type.FLOAT32, data.clone(), data.length, checked(shape, data.length));
    }

    /**
     * Returns an array of double precision; the data are copied.
     *
     * @throws IllegalArgumentException if the shape does not hold as many entries as there are data
     */
    public static NpyArray of(double[] data, int... shape) {
        return new NpyArray(Type.FLOAT64, data.clone(), data.length, checked(shape, data.length));
    }

    /**
     * Returns an array of 32-bit integers; the data are copied.
     *
     * @throws IllegalArgumentException if the shape does not hold as many entries as there are data
     */
    public static NpyArray of(int[] data, int... shape) {
        return new NpyArray(Type.INT32, data.clone(), data.length, checked(shape, data.length));
    }

    /**
     * Returns an array of 64-bit integers; the data are copied.
     *
     * @throws IllegalArgumentException if the shape does not hold as many entries as there are data
     */
    public static NpyArray of(long[] data, int... shape) {
        return new NpyArray(Type.INT64, data.clone(), data.length, checked(shape, data.length));
    }

    /**
     * Returns an array of booleans; the data are copied.
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
     * Returns an array of unsigned 8-bit integers; the data are copied.
     *
     * @throws IllegalArgumentException if the shape does not hold as many entries as there are data
     */
    public static NpyArray of(byte[] data, int... shape) {
        return new NpyArray(Type.UINT8, data.clone(), data.length, checked(shape, data.length));
    }

    /**
     * Returns an array of signed 8-bit integers; the data are copied.
     *
     * @throws IllegalArgumentException if the shape does not hold as many entries as there are data
     */
    public static NpyArray ofSigned(byte[] data, int... shape) {
        return new NpyArray(Type.INT8, data.clone(), data.length, checked(shape, data.length));
    }

    private static int[] checked(int[] shape, int size) {
        long product = 1;
        for (int dimension : shape) {
            if (dimension < 0) {
                throw new IllegalArgumentException("shape " + text(shape) + " has a negative dimension");
            }
            // capped, so that it cannot overflow; a later dimension of 0 still makes it 0
            product = Math.min(product * dimension, Integer.MAX_VALUE + 1L);
        }
        if (product != size) {
            throw new IllegalArgumentException("shape " + text(shape) + " does not hold " + size + " entries");
        }
        return shape.clone();
    }

    /** Returns a shape as Python prints it: {@code (3, 4)}, {@code (3,)}, {@code ()}. */
    static String text(int... shape) {
        var text = new StringBuilder("(");
        for (int i = 0; i < shape.length; i++) {
            text.append(i > 0 ? ", " : "").append(shape[i]);
        }
        return text.append(shape.length == 1 ? ",)" : ")").toString();
    }

    /** Returns the type of the entries. */
    public Type type() {
        return type;
    }

    /** Returns a copy of the dimensions. */
    public int[] shape() {
        return shape.clone();
    }

    /** Returns the number of entries, the product of the dimensions. */
    public int size() {
        return size;
    }

    /** Returns all entries in row-major order; integers of more than 53 bits are rounded. */
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

    /** Returns all entries in row-major order, rounded to single precision. */
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
     * Returns all entries in row-major order.
     *
     * @throws IllegalStateException if the entries are neither integers nor booleans
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
     * Returns all entries in row-major order.
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
     * Returns all entries in row-major order, as unsigned bytes.
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
     * Copies all entries to an array of the same length.
     *
     * @throws IllegalArgumentException if the type is not {@link Type#FLOAT32} or the lengths differ
     */
    public void copyTo(float[] to) {
        if (type != Type.FLOAT32 || to.length != size) {
            throw new IllegalArgumentException("cannot copy " + size + " entries of type " + type.descr + " to a float array of length " + to.length);
        }
        System.arraycopy((float[]) data, 0, to, 0, size);
    }

    /** Returns the index of the first entry that is NaN or infinite, or −1 if all are finite. */
    int firstNotFinite() {
        for (int i = 0; i < size; i++) {
            if (data instanceof float[] values && !Float.isFinite(values[i]) || data instanceof double[] doubles && !Double.isFinite(doubles[i])) {
                return i;
            }
        }
        return -1;
    }

    /** Returns an entry; an integer of more than 53 bits is rounded. */
    double number(int i) {
        return data instanceof float[] values ? values[i] : data instanceof double[] doubles ? doubles[i] : integer(i);
    }

    /** Returns the index of the first negative entry, or −1 if there is none. */
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
        byte value = ((byte[]) data)[i];
        return type == Type.INT8 ? value : value & 0xff;
    }

    /** Returns the storage itself, which must not be changed. */
    Object data() {
        return data;
    }

    /** Returns the shape itself, which must not be changed. */
    int[] dimensions() {
        return shape;
    }

    /** Returns whether the other is an array of the same type, shape and entries; NaN equals NaN, 0.0 does not equal −0.0. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof NpyArray that && type == that.type && Arrays.equals(shape, that.shape)
                && Objects.deepEquals(data, that.data);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * type.hashCode() + Arrays.hashCode(shape)) + Arrays.deepHashCode(new Object[] {data});
    }

    /** Returns type and shape, such as {@code <f4 (3, 4)}. */
    @Override
    public String toString() {
        return type.descr + " " + text(shape);
    }
}
