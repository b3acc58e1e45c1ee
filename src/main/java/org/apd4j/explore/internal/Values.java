package org.apd4j.explore.internal;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import org.apd4j.math.Matrix;

/**
 * A matrix in a page.
 *
 * <pre>{@code
 * Values stored = Values.of(w);
 * }</pre>
 *
 * @param rows    number of rows
 * @param columns number of columns
 * @param values  the values row by row, 32-bit floats in little-endian order, as base64
 */
public record Values(int rows, int columns, String values) {

    /** Returns the values of a matrix. */
    public static Values of(Matrix matrix) {
        return new Values(matrix.rows(), matrix.columns(), base64(matrix.toArray()));
    }

    /** Returns numbers as base64. */
    public static String base64(float... values) {
        ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        for (float value : values) {
            bytes.putFloat(value);
        }
        return Base64.getEncoder().encodeToString(bytes.array());
    }

    /** Returns numbers as base64, each rounded to the nearest float. */
    public static String base64(double... values) {
        float[] rounded = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            rounded[i] = (float) values[i];
        }
        return base64(rounded);
    }
}
