package org.apd4j.decomposition.internal;

import java.io.IOException;
import java.util.Map;
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

    /** Adds vectors to the arrays of a file, rounded, and returns them as they will be read. */
    public static float[] write(String name, float[] values, int vectors, Map<String, NpyArray> arrays) {
        Rounded rounded = round(values, vectors);
        arrays.put(name, NpyArray.of(rounded.whole, vectors, rounded.width()));
        arrays.put(name + STEP, NpyArray.of(rounded.steps, vectors));
        return rounded.values();
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
        byte[] whole = file.take(name, NpyArray.Type.UINT8, vectors, width).toBytes();
        return new Rounded(whole, file.takeFinite(name + STEP, vectors).toFloats()).values();
    }

    private static Rounded round(float[] values, int vectors) {
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
        return new Rounded(whole, steps);
    }

    /** Vectors in whole steps. */
    private record Rounded(byte[] whole, float[] steps) {

        int width() {
            return steps.length == 0 ? 0 : whole.length / steps.length;
        }

        float[] values() {
            float[] values = new float[whole.length];
            for (int i = 0; i < values.length; i++) {
                values[i] = steps[i / width()] * (Byte.toUnsignedInt(whole[i]) - ZERO);
            }
            return values;
        }
    }
}
