package org.apd4j.decomposition.internal;

import java.io.IOException;
import java.util.Map;
import java.util.Objects;
import org.apd4j.io.ArrayFile;
import org.apd4j.io.NpyArray;

/**
 * Vectors of which each number is rounded to whole steps, a {@value LeadingFactors#STEPS}th of the largest of its vector, as the arrays of a file: a
 * byte a number.
 *
 * <pre>
 * [name]      |u1  [vectors, width]   whole steps, 128 for 0
 * [name].step &lt;f4  [vectors]
 * </pre>
 *
 * <p>Older files hold the numbers themselves as {@code <f4}, without steps.
 */
public final class RoundedArrays {

    private static final String STEP = ".step";
    private static final int ZERO = 128;

    private RoundedArrays() {
    }

    /** Adds vectors to the arrays of a file, rounded. */
    public static void write(String name, float[] values, int vectors, Map<String, NpyArray> arrays) {
        int width = vectors == 0 ? 0 : values.length / vectors;
        byte[] whole = new byte[values.length];
        float[] steps = new float[vectors];
        for (int v = 0; v < vectors; v++) {
            float largest = 0;
            for (int i = v * width; i < (v + 1) * width; i++) {
                largest = Math.max(largest, Math.abs(values[i]));
            }
            steps[v] = LeadingFactors.stepOf(largest);
            for (int i = v * width; i < (v + 1) * width; i++) {
                whole[i] = (byte) (ZERO + (steps[v] == 0 ? 0 : Math.round(values[i] / steps[v])));
            }
        }
        arrays.put(name, NpyArray.of(whole, vectors, width));
        arrays.put(name + STEP, NpyArray.of(steps, vectors));
    }

    /** Returns whether a file holds vectors of that name that were rounded. */
    public static boolean areIn(ArrayFile file, String name) {
        return file.has(name + STEP);
    }

    /**
     * Takes vectors out of a file, as they were rounded, or as they are if the file holds them without steps.
     *
     * @throws IOException if an array is missing, has another shape or holds a number that is not finite
     */
    public static float[] read(ArrayFile file, String name, int vectors, int width) throws IOException {
        if (!areIn(file, name)) {
            return file.takeFinite(name, vectors, width).toFloats();
        }
        return values(file.take(name, NpyArray.Type.UINT8, vectors, width), file.takeFinite(name + STEP, vectors));
    }

    /** Returns vectors that were {@linkplain #write added} to the arrays of a file, as they were rounded. */
    public static float[] read(Map<String, NpyArray> arrays, String name) {
        return values(Objects.requireNonNull(arrays.get(name), name), Objects.requireNonNull(arrays.get(name + STEP), name));
    }

    private static float[] values(NpyArray whole, NpyArray steps) {
        byte[] counts = whole.toBytes();
        float[] sizes = steps.toFloats();
        int width = sizes.length == 0 ? 0 : counts.length / sizes.length;
        float[] values = new float[counts.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = sizes[i / width] * (Byte.toUnsignedInt(counts[i]) - ZERO);
        }
        return values;
    }
}
