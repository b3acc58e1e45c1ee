package org.apd4j.kernel;

import org.bytedeco.javacpp.FloatPointer;

/** Floats outside of the Java heap, where BLAS reads and writes them. Grows as needed; freed with the object. */
final class NativeFloats {

    private FloatPointer pointer = new FloatPointer();
    private long capacity;

    /** Room for {@code size} floats, with unspecified values. */
    FloatPointer reserve(int size) {
        if (size > capacity) {
            pointer.deallocate();
            pointer = new FloatPointer((long) size);
            capacity = size;
        }
        return pointer;
    }

    FloatPointer copyFrom(float[] values, int offset, int size) {
        return reserve(size).put(values, offset, size);
    }

    void copyTo(float[] values, int offset, int size) {
        pointer.get(values, offset, size);
    }

    FloatPointer pointer() {
        return pointer;
    }
}
