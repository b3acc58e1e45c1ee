package org.apd4j.math.internal;

import java.nio.FloatBuffer;
import org.bytedeco.javacpp.FloatPointer;

/** Floats outside of the Java heap, where BLAS reads and writes them. Grows as needed; freed with the object. */
public final class NativeFloats {

    private FloatPointer pointer = new FloatPointer();
    /** The same memory, copied to and from without leaving Java: for small blocks the calls would cost more than the copies. */
    private FloatBuffer buffer;
    private long capacity;

    /** Room for {@code size} floats, with unspecified values. */
    public FloatPointer reserve(int size) {
        if (size > capacity) {
            pointer.deallocate();
            pointer = new FloatPointer((long) size);
            buffer = pointer.asBuffer();
            capacity = size;
        }
        return pointer;
    }

    public FloatPointer copyFrom(float[] values, int offset, int size) {
        FloatPointer to = reserve(size);
        buffer.put(0, values, offset, size);
        return to;
    }

    public void copyTo(float[] values, int offset, int size) {
        buffer.get(0, values, offset, size);
    }

    public FloatPointer pointer() {
        return pointer;
    }
}
