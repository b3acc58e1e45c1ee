package org.apd4j.benchmark;

import java.util.concurrent.TimeUnit;
import org.apd4j.data.SparseFeatures;
import org.apd4j.math.Matrix;
import org.apd4j.math.RandomStream;
import org.apd4j.math.SparseRows;
import org.apd4j.math.internal.Adam;
import org.apd4j.math.internal.ColumnOps;
import org.apd4j.math.internal.GeluMlp;
import org.apd4j.math.internal.GeluMlpTable;
import org.apd4j.math.internal.Gemm;
import org.apd4j.math.internal.SquaredProducts;
import org.apd4j.math.internal.TopK;
import org.apd4j.math.internal.Workers;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** The numerical kernels, each on one thread and in a size that occurs in the experiments. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(value = 1, jvmArgsAppend = {"-Xmx2g", "--enable-native-access=ALL-UNNAMED"})
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 3, time = 1)
public class KernelBenchmark {

    static final double PRODUCT_GFLOP = 2 * 512 * 512 * 512 / 1e9;
    static final double GATE_EVALUATIONS = 16 * 1024;
    static final double UPDATED_VALUES = 1 << 20;

    private final Matrix a = normal(1000, 50);
    private final Matrix b = normal(50, 50);
    private final Matrix c = Matrix.zeros(1000, 50);
    private final Matrix small = normal(86, 5);
    private final Matrix smallFactor = normal(5, 3);
    private final Matrix smallResult = Matrix.zeros(86, 3);
    private final float[] factors = new float[50];
    private final float[] block = new float[1 << 20];
    private final float[] gradients = new float[1 << 20];
    private final float[] means = new float[1 << 20];
    private final float[] squares = new float[1 << 20];
    private final float[] values = normal(2048, 50).data();
    private final int[] places = new int[2048];
    private final TopK largest = new TopK();
    private final SparseFeatures features = new SparseFeatures(40, 0.05, 0, 1);
    private final SparseRows batch = new SparseRows(40);
    private final Matrix weights = normal(40, 40);
    private final Matrix output = Matrix.zeros(2048, 40);
    private final Matrix table = normal(1600, 50);
    private final Matrix transposed = Matrix.zeros(50, 1600);
    private final float[] sums = new float[50];
    private final float[] products = new float[50];

    private final Matrix square = normal(512, 512);
    private final Matrix otherSquare = normal(512, 512);
    private final Matrix squareProduct = Matrix.zeros(512, 512);
    private final float[] gateInputs = normal(1024, 1).data();
    private final float[] gateOutputs = new float[1024];
    private final float[] gateGradients = new float[1024];
    private final float[][] gateWeights = {normal(16, 1).data(), normal(16, 1).data(), normal(16, 1).data()};
    private final float[][] weightGradients = new float[3][16];
    private final GeluMlp.Memory gateMemory = new GeluMlp.Memory(1024);
    private final GeluMlpTable gateTable = new GeluMlpTable();
    private final GeluMlpTable.Memory tableMemory = new GeluMlpTable.Memory();

    private static Matrix normal(int rows, int columns) {
        RandomStream random = RandomStream.of(rows, columns);
        Matrix matrix = Matrix.zeros(rows, columns);
        for (int i = 0; i < matrix.size(); i++) {
            matrix.data()[i] = (float) random.nextNormal();
        }
        return matrix;
    }

    @Setup
    public void fill() {
        sampleSparseFeatures();
    }

    @Benchmark
    public Matrix product1000x50x50() {
        return Gemm.product(a, b, c);
    }

    /** 0.27 GFLOP, from which the rate of large products follows. */
    @Benchmark
    public Matrix product512x512x512() {
        return Gemm.product(square, otherSquare, squareProduct);
    }

    /** 16,384 evaluations of a hidden neuron of a gate, forward and backward. */
    @Benchmark
    public void gateOf16For1024Inputs() {
        GeluMlp.forward(gateInputs, 0, 1024, gateWeights[0], gateWeights[1], gateWeights[2], 0, 16, 0, gateOutputs, 0, gateMemory);
        GeluMlp.backward(new float[][] {gateInputs}, new float[][] {gateOutputs}, new int[1], new int[] {1024}, gateWeights[0], gateWeights[1],
                gateWeights[2], 0, 16, new float[][] {gateGradients}, weightGradients[0], weightGradients[1], weightGradients[2], gateMemory);
    }

    /** The same, interpolated. */
    @Benchmark
    public boolean tabulatedGateOf16For1024Inputs() {
        gateTable.begin();
        gateTable.include(gateInputs, 0, 1024);
        boolean filled = gateTable.fill(1024, gateWeights[0], gateWeights[1], gateWeights[2], 0, 16, 0, tableMemory);
        gateTable.forward(gateInputs, 0, 1024, gateOutputs, 0);
        gateTable.beginBackward(tableMemory);
        gateTable.backward(gateInputs, gateOutputs, 0, 1024, gateGradients, tableMemory);
        gateTable.addParameterGradients(gateWeights[0], gateWeights[1], gateWeights[2], 0, 16, weightGradients[0], weightGradients[1],
                weightGradients[2], tableMemory);
        return filled;
    }

    @Benchmark
    public Matrix productWithTransposed1000x50x50() {
        return Gemm.productTransposed(a, b, c);
    }

    @Benchmark
    public Matrix smallProduct86x5x3() {
        return Gemm.product(small, smallFactor, smallResult);
    }

    @Benchmark
    public void columnDots1000x50() {
        ColumnOps.dots(a, c, factors);
    }

    @Benchmark
    public void columnAddScaled1000x50() {
        ColumnOps.addScaled(a, factors, c);
    }

    @Benchmark
    public float sumOfAbsolutes1000x50() {
        return ColumnOps.sumOfAbsolutes(a);
    }

    @Benchmark
    public void adamMillionValues() {
        Adam.update(block, gradients, means, squares, 0, block.length, 1, 1e-3, 0);
    }

    @Benchmark
    public int largest2048Of102400() {
        return largest.find(values, 0, values.length, 2048, places);
    }

    @Benchmark
    public void sampleSparseFeatures() {
        features.sample(RandomStream.of(0), 2048, batch);
    }

    @Benchmark
    public void sparseTimesDense2048x40() {
        batch.addProduct(0, 2048, weights, output);
    }

    @Benchmark
    public void squaredProductsOfOneOutput() {
        for (int row = 0; row < 2048; row++) {
            SquaredProducts.add(batch, row, table, 40, row % 40, sums, 0, products);
        }
    }

    @Benchmark
    public void transpose1600x50() {
        table.transposeTo(transposed, 0, 50);
    }

    @Benchmark
    public void emptyHandOver() {
        Workers.all().forEach(2, part -> { });
    }
}
