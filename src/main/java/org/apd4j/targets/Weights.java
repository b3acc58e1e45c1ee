package org.apd4j.targets;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.function.Function;
import org.apd4j.Summarized;
import org.apd4j.Summary;
import org.apd4j.data.Tensors;
import org.apd4j.io.NpyArray;
import org.apd4j.io.Npz;
import org.apd4j.io.Safetensors;
import org.apd4j.math.Matrix;
import org.apd4j.network.Network;
import org.apd4j.targets.internal.WeightNames;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Named weights that were trained elsewhere, to be used in a network. Immutable.
 *
 * <p>Files may be {@code .npz} (NumPy) or {@code .safetensors} (PyTorch). ONNX is not supported, because ND4J's importer adds TensorFlow, MKL-DNN
 * and ONNX Runtime for every platform, hundreds of megabytes. A linear map's matrix is {@code [in, out]} here, {@code h = x · W} with samples as
 * rows. PyTorch's {@code Linear} stores {@code [out, in]}: read it with {@link #transposed} or {@link WeightNames#transposed}. A matrix that fits
 * only when transposed is reported; a square matrix fits both ways, so its orientation cannot be checked.
 *
 * <pre>{@code
 * Network described = Network.builder(64).dense("hidden", "input", 32, RandomStream.of(0)).activation("relu", "hidden", Activation.RELU)
 *         .dense("logits", "relu", 10, RandomStream.of(1)).softmax("digit", "logits").build();
 * Network trained = Weights.read(Path.of("classifier.safetensors")).into(described)
 *         .transposed("fc1.weight", "hidden.weight").direct("fc1.bias", "hidden.bias")
 *         .transposed("fc2.weight", "logits.weight").direct("fc2.bias", "logits.bias")
 *         .network();
 * }</pre>
 */
public final class Weights implements Summarized {

    private final String source;
    private final Map<String, Function<String, Matrix>> matrices = new LinkedHashMap<>();
    private final Map<String, String> kinds = new LinkedHashMap<>();

    private Weights(String source) {
        this.source = source;
    }

    /**
     * Reads the arrays of a file.
     *
     * @param file a path that ends with {@code .npz} or {@code .safetensors}
     * @throws IllegalArgumentException if it has another ending; the message says how to convert such a file
     * @throws IOException              if the file cannot be read or is damaged
     */
    public static Weights read(Path file) throws IOException {
        String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
        Weights weights = new Weights(file.toString());
        if (name.endsWith(".npz")) {
            Npz.read(file).forEach(weights::add);
        } else if (name.endsWith(".safetensors")) {
            Safetensors.read(file).forEach(weights::add);
        } else {
            throw new IllegalArgumentException(file + ": weights are read from .npz and .safetensors files"
                    + (name.endsWith(".pt") || name.endsWith(".pth") || name.endsWith(".bin") ? ", not from pickled ones, which can run any program;"
                    + " in PyTorch, safetensors.torch.save_file(model.state_dict(), \"model.safetensors\") writes one"
                    : name.endsWith(".onnx") ? ", not from ONNX; numpy.savez with onnx.numpy_helper.to_array of each initializer writes one" : ""));
        }
        return weights;
    }

    /** Returns weights given as arrays of one or two dimensions, by name. The arrays are copied. */
    public static Weights of(Map<String, INDArray> arrays) {
        Weights weights = new Weights("the given arrays");
        arrays.forEach((name, array) -> {
            INDArray own = array.dup('c');
            weights.kinds.put(name, Arrays.toString(own.shape()));
            weights.matrices.put(name, n -> weights.finite(n, own.rank() == 1
                    ? Tensors.matrix(own.reshape(1, own.length())) : Tensors.matrix(own)));
        });
        return weights;
    }

    private void add(String name, NpyArray array) {
        kinds.put(name, Arrays.toString(array.shape()));
        matrices.put(name, n -> {
            int[] shape = array.shape();
            if (shape.length != 1 && shape.length != 2) {
                throw new IllegalArgumentException(source + ": '" + n + "' is " + Arrays.toString(shape)
                        + "; a weight has one or two dimensions");
            }
            if (array.size() == 0) {
                throw new IllegalArgumentException(source + ": '" + n + "' is " + Arrays.toString(shape) + ", which holds no numbers");
            }
            return finite(n, Matrix.over(array.toFloats(), shape.length == 1 ? 1 : shape[0], shape[shape.length - 1]));
        });
    }

    private Matrix finite(String name, Matrix matrix) {
        for (int i = 0; i < matrix.rows(); i++) {
            for (int j = 0; j < matrix.columns(); j++) {
                if (!Float.isFinite(matrix.get(i, j))) {
                    throw new IllegalArgumentException(source + ": '" + name + "' holds " + matrix.get(i, j) + " at [" + i + ", " + j
                            + "]; every value must be finite and fit single precision");
                }
            }
        }
        return matrix;
    }

    /** Returns where the weights come from, for messages: the file's path, or "the given arrays". */
    public String source() {
        return source;
    }

    /** Returns the names of the arrays, in the order of the file. */
    public Set<String> names() {
        return Collections.unmodifiableSet(matrices.keySet());
    }

    /**
     * Returns a copy of an array in single precision. An array {@code [n]}, such as a bias, becomes {@code [1, n]}.
     *
     * @throws NoSuchElementException   if there is no array of that name; the message lists the names
     * @throws IllegalArgumentException if the array does not have one or two dimensions, is empty, or holds a value that is not finite
     */
    public Matrix matrix(String name) {
        Function<String, Matrix> found = matrices.get(name);
        if (found == null) {
            throw new NoSuchElementException(source + ": there is no '" + name + "'; there are " + matrices.keySet());
        }
        return found.apply(name);
    }

    /**
     * Returns the transpose of an array: {@code [in, out]} for a linear map that is stored as {@code [out, in]}, as in PyTorch's {@code Linear}.
     *
     * @throws NoSuchElementException   if there is no array of that name; the message lists the names
     * @throws IllegalArgumentException if the array does not have one or two dimensions, is empty, or holds a value that is not finite
     */
    public Matrix transposed(String name) {
        return matrix(name).transposed();
    }

    /** Returns an empty assignment of these weights to the parameters of a network, to be filled in and turned into a network with these weights. */
    public WeightNames into(Network described) {
        return new WeightNames(this, described);
    }

    @Override
    public Summary summary() {
        return new Summary("Weights of " + source, kinds);
    }

    @Override
    public String toString() {
        return summary().line();
    }
}
