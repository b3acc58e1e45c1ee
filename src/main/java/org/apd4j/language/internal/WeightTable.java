package org.apd4j.language.internal;

import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.apd4j.io.NpyArray;
import org.apd4j.io.internal.Refusal;
import org.apd4j.math.internal.DoubleMatrix;

/**
 * The arrays of a file of weights, taken by name with the shape that they must have.
 *
 * <pre>{@code
 * WeightTable table = new WeightTable(Map.of("transformer.ln_f.bias", org.apd4j.io.NpyArray.of(new float[] {0, 1}, 2)), "transformer.");
 * double[] shift = table.vector("ln_f.bias", 2);
 * table.checkNothingLeft();
 * }</pre>
 */
public final class WeightTable {

    private final Map<String, NpyArray> arrays;
    private final String prefix;
    private final Set<String> left;

    /**
     * Creates a table.
     *
     * @param prefix of the names in the file that names may go without; a file whose names all lack it is read as well
     */
    public WeightTable(Map<String, NpyArray> arrays, String prefix) {
        this.arrays = Map.copyOf(arrays);
        this.prefix = prefix;
        this.left = new LinkedHashSet<>(arrays.keySet());
    }

    /** Returns whether there is an array. */
    public boolean has(String name) {
        return arrays.containsKey(prefix + name) || arrays.containsKey(name);
    }

    /**
     * Returns a matrix {@code [rows, columns]}.
     *
     * @throws IOException if it is missing, has another shape, or a value that is not finite
     */
    public DoubleMatrix matrix(String name, int rows, int columns) throws IOException {
        return DoubleMatrix.over(take(name, rows, columns), rows, columns);
    }

    /**
     * Returns the transpose {@code [columns, rows]} of a matrix {@code [rows, columns]}: the weights of a linear layer of PyTorch are {@code [out, in]}.
     *
     * @throws IOException if it is missing, has another shape, or a value that is not finite
     */
    public DoubleMatrix transposed(String name, int rows, int columns) throws IOException {
        return matrix(name, rows, columns).transposed();
    }

    /**
     * Returns a vector.
     *
     * @throws IOException if it is missing, has another length, or a value that is not finite
     */
    public double[] vector(String name, int length) throws IOException {
        return take(name, length);
    }

    private double[] take(String name, int... shape) throws IOException {
        String full = arrays.containsKey(prefix + name) ? prefix + name : name;
        NpyArray array = arrays.get(full);
        if (array == null) {
            throw new IOException("lacks the array '" + prefix + name + "'");
        }
        if (!Arrays.equals(array.shape(), shape)) {
            throw new IOException("has an array '" + full + "' of shape " + Arrays.toString(array.shape()) + "; config.json makes it "
                    + Arrays.toString(shape));
        }
        if (array.type() != NpyArray.Type.FLOAT32 && array.type() != NpyArray.Type.FLOAT64) {
            throw new IOException("has an array '" + full + "' of " + array.type() + "; weights must be floating-point numbers");
        }
        double[] values = array.toDoubles();
        if (IntStream.range(0, values.length).anyMatch(i -> !Double.isFinite(values[i]))) {
            throw new IOException("has a value in '" + full + "' that is infinite or NaN");
        }
        left.remove(full);
        return values;
    }

    /**
     * Checks that all arrays have been taken, but for those that hold no weights: masks and frequencies.
     *
     * @throws IOException if one is left
     */
    public void checkNothingLeft() throws IOException {
        String other = left.stream().filter(name -> !name.matches(".*\\.(attn|attention)\\.(bias|masked_bias)|.*\\.rotary_emb\\.inv_freq"))
                .findFirst().orElse(null);
        if (other != null) {
            throw new IOException("has an array '" + Refusal.name(other) + "', for which a model of this kind has no use");
        }
    }
}
