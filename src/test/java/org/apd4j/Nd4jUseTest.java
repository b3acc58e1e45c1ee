package org.apd4j;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apd4j.data.Tensors;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.INDArrayIndex;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * ND4J only transports numbers; the library computes products, sums and eigenvalues itself. So the reported bugs in ND4J's products into views of
 * f-ordered arrays (deeplearning4j 6543) and in its singular value decomposition (deeplearning4j 9823) cannot affect a result.
 */
class Nd4jUseTest {

    private static final Path CLASSES = Path.of("target", "classes");
    /** Products in and out of place, decompositions, and operations by name, among which all of these are. */
    private static final Pattern NOT_RELIED_ON =
            Pattern.compile("(?i).*(mmul|matmul|gemm|gemv|svd|lapack|blas).*|.*\\.(exec\\w*|dot|eig\\w*|invert\\w*)");

    @Test
    void noProductOrDecompositionOfNd4jIsUsed() throws IOException {
        Set<String> used = new TreeSet<>();
        try (Stream<Path> files = Files.walk(CLASSES)) {
            for (Path file : files.filter(path -> path.toString().endsWith(".class")).toList()) {
                used.addAll(methodsOfNd4j(Files.readAllBytes(file)));
            }
        }
        assertTrue(used.stream().anyMatch(method -> method.startsWith("org.nd4j.linalg.factory.Nd4j.create")), "what is looked at? " + used);
        assertEquals(Set.of(), new TreeSet<>(used.stream().filter(method -> NOT_RELIED_ON.matcher(method).matches()).toList()));
    }

    @Test
    void theSearchFindsProductsAndDecompositions() {
        Stream.of("org.nd4j.linalg.api.ndarray.INDArray.mmuli", "org.nd4j.linalg.api.ndarray.INDArray.mmul", "org.nd4j.linalg.factory.Nd4j.gemm",
                "org.nd4j.linalg.api.blas.Lapack.gesvd", "org.nd4j.linalg.factory.ops.NDLinalg.svd", "org.nd4j.linalg.factory.Nd4j.exec",
                "org.nd4j.linalg.factory.ops.NDBase.matmul", "org.nd4j.linalg.factory.Nd4j.getBlasWrapper")
                .forEach(method -> assertTrue(NOT_RELIED_ON.matcher(method).matches(), method));
    }

    /** The methods that a class file's constant pool refers to (JVM specification, 4.4). */
    private static Set<String> methodsOfNd4j(byte[] classFile) throws IOException {
        var in = new DataInputStream(new ByteArrayInputStream(classFile));
        in.skipBytes(8);
        int count = in.readUnsignedShort();
        int[] tags = new int[count];
        int[][] pairs = new int[count][2];
        String[] texts = new String[count];
        for (int i = 1; i < count; i++) {
            tags[i] = in.readUnsignedByte();
            switch (tags[i]) {
                case 1 -> texts[i] = in.readUTF();
                case 3, 4 -> in.readInt();
                case 5, 6 -> {
                    in.readLong();
                    i++;
                }
                case 7, 8, 16, 19, 20 -> pairs[i][0] = in.readUnsignedShort();
                case 9, 10, 11, 12, 17, 18 -> {
                    pairs[i][0] = in.readUnsignedShort();
                    pairs[i][1] = in.readUnsignedShort();
                }
                case 15 -> {
                    in.readUnsignedByte();
                    in.readUnsignedShort();
                }
                default -> throw new IOException("an unknown constant, " + tags[i]);
            }
        }
        Set<String> methods = new TreeSet<>();
        for (int i = 1; i < count; i++) {
            if (tags[i] == 10 || tags[i] == 11) {
                String method = texts[pairs[pairs[i][0]][0]].replace('/', '.') + "." + texts[pairs[pairs[i][1]][0]];
                if (method.startsWith("org.nd4j.")) {
                    methods.add(method);
                }
            }
        }
        return methods;
    }

    @Test
    void arraysAreReadCorrectlyInEveryOrderAndAsViews() {
        INDArray rows = Nd4j.rand(9, 8);
        var part = new INDArrayIndex[] {NDArrayIndex.interval(1, 2, 9), NDArrayIndex.interval(2, 6)};
        INDArray plain = rows.get(part).dup('c');
        assertArrayEquals(plain.toFloatMatrix(), read(rows.get(part)));
        assertArrayEquals(plain.toFloatMatrix(), read(rows.dup('f').get(part)));
        assertArrayEquals(plain.transpose().dup('c').toFloatMatrix(), read(rows.dup('f').get(part).transpose()));
    }

    private static float[][] read(INDArray array) {
        return Tensors.of(Tensors.matrix(array)).toFloatMatrix();
    }
}
