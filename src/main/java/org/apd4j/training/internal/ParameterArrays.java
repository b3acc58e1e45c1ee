package org.apd4j.training.internal;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apd4j.io.ArrayFile;
import org.apd4j.io.NpyArray;
import org.apd4j.math.Matrix;

/**
 * The parameters of a run in a file or a result: an array {@code parameter.[name]} for each.
 *
 * <pre>{@code
 * Optimizer adam = new Optimizer(0, Workers.all());
 * adam.add("w", Matrix.identity(2));
 * System.out.println(ParameterArrays.of(adam).keySet());     // [parameter.w]
 * }</pre>
 */
public final class ParameterArrays {

    private static final String PREFIX = "parameter.";

    private ParameterArrays() {
    }

    /** Returns copies of an optimiser's parameters, by the names of their arrays. Must be called between two steps. */
    public static Map<String, NpyArray> of(Optimizer optimizer) {
        Map<String, NpyArray> arrays = new LinkedHashMap<>();
        for (String name : optimizer.names()) {
            Matrix parameter = optimizer.parameter(name);
            arrays.put(PREFIX + name, NpyArray.of(parameter.toArray(), parameter.rows(), parameter.columns()));
        }
        return arrays;
    }

    /** Returns the shapes of an optimiser's parameters, by name. */
    public static Map<String, int[]> shapes(Optimizer optimizer) {
        Map<String, int[]> shapes = new LinkedHashMap<>();
        optimizer.names().forEach(name -> shapes.put(name, shape(optimizer.parameter(name))));
        return shapes;
    }

    /** Returns the shapes of parameters, by name. */
    public static Map<String, int[]> shapes(Map<String, Matrix> parameters) {
        Map<String, int[]> shapes = new LinkedHashMap<>();
        parameters.forEach((name, parameter) -> shapes.put(name, shape(parameter)));
        return shapes;
    }

    private static int[] shape(Matrix parameter) {
        return new int[] {parameter.rows(), parameter.columns()};
    }

    /**
     * Takes the parameters out of a file and checks them.
     *
     * @param shapes their shapes, by name
     * @return the parameters, by name
     * @throws IOException if an array is missing, has another shape, or holds a value that is not finite; the message names it
     */
    public static Map<String, NpyArray> take(ArrayFile file, Map<String, int[]> shapes) throws IOException {
        Map<String, NpyArray> parameters = new LinkedHashMap<>();
        for (Map.Entry<String, int[]> shape : shapes.entrySet()) {
            parameters.put(shape.getKey(), file.takeFinite(PREFIX + shape.getKey(), shape.getValue()));
        }
        return parameters;
    }

    /** Sets an optimiser's parameters to values that were {@linkplain #take taken}. */
    public static void restore(Map<String, NpyArray> parameters, Optimizer optimizer) {
        parameters.forEach((name, values) -> values.copyTo(optimizer.parameter(name).data()));
    }
}
