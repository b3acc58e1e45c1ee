package org.apd4j.math.internal;

import java.nio.FloatBuffer;
import org.bytedeco.javacpp.FloatPointer;

/** A buffer of floats in native memory, for BLAS. Grows as needed; its memory is freed when the object is collected. */
public final class NativeFloats {

    private FloatPointer pointer = new FloatPointer();
    /** A view of the same memory. Copying through it needs no native call, which would cost more than the copy of a small block. */
    private FloatBuffer buffer = FloatBuffer.allocate(0);
    private long capacity;

    /** Makes room for {@code size} floats, whose values are unspecified, and returns the memory. */
    public FloatPointer reserve(int size) {
        if (size > capacity) {
            pointer.deallocate();
            pointer = new FloatPointer((long) size);
            buffer = pointer.asBuffer();
            capacity = size;
        }
        return pointer;
    }

    /** Copies values in, makes room for them before, and returns the memory. */
    public FloatPointer copyFrom(float[] values, int offset, int size) {
        FloatPointer to = reserve(size);
        buffer.put(0, values, offset, size);
        return to;
    }

    /** Copies the first {@code size} values out. */
    public void copyTo(float[] values, int offset, int size) {
        buffer.get(0, values, offset, size);
    }

    /** Returns the memory. */
    public FloatPointer pointer() {
        return pointer;
    }
}
