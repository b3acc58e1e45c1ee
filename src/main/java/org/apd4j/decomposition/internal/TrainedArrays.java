package org.apd4j.decomposition.internal;

import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.apd4j.decomposition.RankCut;
import org.apd4j.io.ArrayFile;
import org.apd4j.io.NpyArray;

/**
 * The trained arrays of a decomposition as a result holds them: large ones with a byte per number ({@link RoundedArrays}), each vector along the last
 * axis rounded by itself, and then with the error of that:
 *
 * <pre>
 * factors.[array]  &lt;f4 [its shape], or as rounded arrays
 * rounded          &lt;f8 [error of the weights, error of the outputs], if any is rounded
 * </pre>
 *
 * @param values the arrays as they are in the result, by name
 * @param inFile the arrays of the file, without the error
 */
public record TrainedArrays(Map<String, float[]> values, Map<String, NpyArray> inFile) {

    private static final String FACTORS = "factors.";
    private static final String ROUNDED = "rounded";
    /** The largest size of an array that is kept as it is. */
    private static final int LARGE = 1 << 16;
    private static final int ERRORS = 2;

    /** Returns arrays as a result holds them, given those of the run. */
    public static TrainedArrays of(Map<String, float[]> trained, Map<String, int[]> shapes) {
        Map<String, float[]> values = new LinkedHashMap<>();
        Map<String, NpyArray> inFile = new LinkedHashMap<>();
        trained.forEach((name, own) -> {
            int[] shape = Objects.requireNonNull(shapes.get(name), name);
            if (own.length > LARGE) {
                values.put(name, RoundedArrays.write(FACTORS + name, own, vectors(shape), inFile));
            } else {
                values.put(name, own);
                inFile.put(FACTORS + name, NpyArray.of(own, shape));
            }
        });
        return new TrainedArrays(values, inFile);
    }

    /** Returns whether any array is rounded. */
    public boolean areRounded() {
        return values.values().stream().anyMatch(own -> own.length > LARGE);
    }

    /** Returns the arrays of the file with the error of rounding. */
    public Map<String, NpyArray> toFile(Optional<RankCut.CutError> error) {
        Map<String, NpyArray> all = new LinkedHashMap<>(inFile);
        error.ifPresent(of -> all.put(ROUNDED, NpyArray.of(new double[] {of.weights(), of.outputs()}, ERRORS)));
        return all;
    }

    /**
     * Takes the values of arrays out of a file.
     *
     * @throws IOException if one is missing, has another shape, or holds a number that is not finite
     */
    public static Map<String, float[]> take(ArrayFile file, Map<String, int[]> shapes) throws IOException {
        Map<String, float[]> values = new LinkedHashMap<>();
        for (var array : shapes.entrySet()) {
            String name = FACTORS + array.getKey();
            int[] shape = array.getValue();
            values.put(array.getKey(), RoundedArrays.areIn(file, name) ? RoundedArrays.read(file, name, vectors(shape), shape[shape.length - 1])
                    : file.takeFinite(name, shape).toFloats());
        }
        return values;
    }

    /**
     * Takes the error of rounding out of a file; empty if nothing in it is rounded.
     *
     * @throws IOException if it has another shape
     */
    public static Optional<RankCut.CutError> takeError(ArrayFile file) throws IOException {
        if (!file.has(ROUNDED)) {
            return Optional.empty();
        }
        double[] errors = file.take(ROUNDED, NpyArray.Type.FLOAT64, ERRORS).toDoubles();
        return Optional.of(RankCut.CutError.rounded(errors[0], errors[1]));
    }

    /** Returns the number of vectors along the last axis. */
    private static int vectors(int[] shape) {
        return Arrays.stream(shape, 0, shape.length - 1).reduce(1, Math::multiplyExact);
    }
}
