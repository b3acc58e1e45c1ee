package org.apd4j.targets;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import org.apd4j.io.NpyArray;
import org.apd4j.io.Npz;
import org.apd4j.math.Matrix;
import org.apd4j.math.RandomStream;
import org.apd4j.math.SparseRows;
import org.apd4j.math.internal.Workers;
import org.apd4j.network.Activation;
import org.apd4j.network.Network;
import org.apd4j.network.NetworkBuilder;
import org.apd4j.network.Parameter.Role;
import org.apd4j.network.internal.DensePass;
import org.apd4j.network.internal.LinearParts;
import org.apd4j.network.internal.NetworkGraph;
import org.apd4j.network.internal.Softmax;
import org.apd4j.targets.internal.WeightNames;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.factory.Nd4j;

class WeightsTest {

    private static final Path FOLDER = Path.of("notebooks/data");

    @TempDir
    Path folder;

    /** The model of {@code make_classifier.py}. */
    private static Network described() {
        RandomStream random = RandomStream.of(0);
        NetworkBuilder builder = Network.builder(64).parameter("norm.gain", Role.FIXED, Matrix.zeros(1, 16).fill(1))
                .parameter("norm.bias", Role.FIXED, Matrix.zeros(1, 16));
        return builder.dense("fc1", "input", 16, random).activation("relu", "fc1", Activation.RELU)
                .layerNorm("norm", "relu", "norm.gain", "norm.bias", 1e-5)
                .dense("fc2", "norm", 16, random).activation("gelu", "fc2", Activation.GELU).sum("stream", "relu", "gelu")
                .dense("fc3", "stream", 10, random).softmax("class", "fc3").build();
    }

    private static Matrix output(Network network, Matrix x) {
        NetworkGraph graph = NetworkGraph.of(network);
        List<Matrix> weights = network.weights().stream().map(parameter -> parameter.values()).toList();
        return new DensePass(graph, Workers.one()).forward(SparseRows.of(x), new LinearParts(graph, weights)).output();
    }

    @Test
    void aModelSavedByPyTorchComputesTheSame() throws IOException {
        Network network = Weights.read(FOLDER.resolve("classifier.safetensors")).into(described())
                .transposed("fc1.weight", "fc1.weight").direct("fc1.bias", "fc1.bias")
                .direct("norm.weight", "norm.gain").direct("norm.bias", "norm.bias")
                .transposed("fc2.weight", "fc2.weight").direct("fc2.bias", "fc2.bias")
                .transposed("fc3.weight", "fc3.weight").direct("fc3.bias", "fc3.bias").network();
        Weights expected = Weights.read(FOLDER.resolve("classifier-expected.npz"));
        Matrix logits = output(network, expected.matrix("x"));
        assertArrayEquals(expected.matrix("logits").toArray(), logits.toArray(), 1e-5f);
        assertArrayEquals(expected.matrix("probabilities").toArray(), Softmax.probabilities(logits).toArray(), 1e-6f);
    }

    private static Network small() {
        return Network.builder(2).dense("a", "input", 3, RandomStream.of(1)).dense("b", "a", 3, RandomStream.of(2)).build();
    }

    private static Weights weights() {
        Map<String, org.nd4j.linalg.api.ndarray.INDArray> arrays = new LinkedHashMap<>();
        arrays.put("w", Nd4j.createFromArray(new float[][] {{1, 2}, {3, 4}, {5, 6}}));
        arrays.put("bias", Nd4j.createFromArray(7f, 8f, 9f));
        arrays.put("v", Nd4j.createFromArray(new double[][] {{1, 2, 3}, {4, 5, 6}, {7, 8, 9}}));
        return Weights.of(arrays);
    }

    @Test
    void matricesMayBeTransposedAndVectorsAreRows() {
        assertArrayEquals(new float[] {1, 3, 5, 2, 4, 6}, weights().transposed("w").toArray());
        assertEquals("[1, 3]", weights().matrix("bias").toString());
        Network network = weights().into(small()).transposed("w", "a.weight").direct("bias", "a.bias").direct("v", "b.weight").keep("b.bias")
                .network();
        assertEquals(5, network.parameter("a.weight").values().get(0, 2));
        assertEquals(9, network.parameter("a.bias").values().get(0, 2));
        assertEquals(2, network.parameter("b.weight").values().get(0, 1));
        assertEquals("the given arrays: there is no 'x'; there are [w, bias, v]",
                assertThrows(NoSuchElementException.class, () -> weights().matrix("x")).getMessage());
    }

    private static void assertRefused(String message, WeightNames names) {
        assertEquals("the given arrays: " + message, assertThrows(IllegalArgumentException.class, names::network).getMessage());
    }

    @Test
    void missingSuperfluousAndUnknownNamesAreListedTogether() {
        assertRefused("nothing is given for the parameters [a.bias, b.weight, b.bias]; the arrays [bias, v] are left over",
                weights().into(small()).transposed("w", "a.weight"));
        assertRefused("the network has no parameters [c.weight], there are [a.weight, a.bias, b.weight, b.bias]; the network has no parameters [c.bias], "
                + "there are [a.weight, a.bias, b.weight, b.bias]; there are no arrays [u], there are [w, bias, v]; there are no arrays [z], there are "
                + "[w, bias, v]; nothing is given for the parameters [a.bias, b.weight, b.bias]",
                weights().into(small()).transposed("u", "a.weight").direct("w", "c.weight").keep("c.bias").ignore("bias", "v", "z"));
        assertRefused("parameter 'a.weight' is given twice", weights().into(small()).transposed("w", "a.weight").direct("v", "a.weight")
                .ignore("v", "bias")
                .keep("a.bias", "b.weight", "b.bias"));
    }

    @Test
    void aTransposedShapeIsRecognized() {
        WeightNames names = weights().into(small()).direct("bias", "a.bias").ignore("v").keep("b.weight", "b.bias");
        assertRefused("'w' [3, 2] does not fit parameter 'a.weight' [2, 3], its transpose fits: use transposed (PyTorch's Linear stores [out, in])",
                names.direct("w", "a.weight"));
        assertRefused("'v' [3, 3] transposed does not fit parameter 'a.weight' [2, 3]",
                weights().into(small()).transposed("v", "a.weight").ignore("w", "bias").keep("a.bias", "b.weight", "b.bias"));
        IllegalArgumentException refused = assertThrows(IllegalArgumentException.class,
                () -> Network.builder(2).dense("h", "input", weights().matrix("w"), null));
        assertEquals("'h' multiplies 'input', which is 2 wide, by 'h.weight' [3, 2], which takes 3; the other way round it would fit "
                + "(weights are [in, out] here, PyTorch's Linear stores [out, in])", refused.getMessage());
    }

    @Test
    void valuesThatAreNotFiniteAndArraysOfMoreDimensionsAreRefused() throws IOException {
        Path file = folder.resolve("w.npz");
        Npz.write(file, Map.of("w", NpyArray.of(new double[] {1, Double.NaN, 3, 4, 5, 6}, 2, 3), "b", NpyArray.of(new double[] {1e300}, 1),
                "c", NpyArray.of(new double[8], 2, 2, 2)));
        Weights weights = Weights.read(file);
        assertEquals(file + ": 'w' holds NaN at [0, 1]; every value must be finite and fit single precision",
                assertThrows(IllegalArgumentException.class, () -> weights.matrix("w")).getMessage());
        assertEquals(file + ": 'b' holds Infinity at [0, 0]; every value must be finite and fit single precision",
                assertThrows(IllegalArgumentException.class, () -> weights.matrix("b")).getMessage());
        assertEquals(file + ": 'c' is [2, 2, 2]; a weight has one or two dimensions",
                assertThrows(IllegalArgumentException.class, () -> weights.matrix("c")).getMessage());
    }

    @Test
    void filesOfOtherKindsAreRefusedWithARemedy() throws IOException {
        String pickled = assertThrows(IllegalArgumentException.class, () -> Weights.read(Files.createFile(folder.resolve("m.pt")))).getMessage();
        assertEquals(folder.resolve("m.pt")
                + ": weights are read from .npz and .safetensors files, not from pickled ones, which can run any program; in "
                + "PyTorch, safetensors.torch.save_file(model.state_dict(), \"model.safetensors\") writes one", pickled);
        String onnx = assertThrows(IllegalArgumentException.class, () -> Weights.read(folder.resolve("m.onnx"))).getMessage();
        assertEquals(folder.resolve("m.onnx") + ": weights are read from .npz and .safetensors files, not from ONNX; numpy.savez with "
                + "onnx.numpy_helper.to_array of each initializer writes one", onnx);
    }
}
