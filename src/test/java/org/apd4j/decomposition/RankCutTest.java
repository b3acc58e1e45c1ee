package org.apd4j.decomposition;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.SingularValueDecomposition;
import org.apd4j.data.Tensors;
import org.apd4j.decomposition.internal.LeadingFactors;
import org.apd4j.decomposition.internal.RankCutArrays;
import org.apd4j.io.ArrayFile;
import org.apd4j.io.NpyArray;
import org.apd4j.io.internal.Json;
import org.apd4j.math.Matrix;
import org.apd4j.math.RandomStream;
import org.apd4j.testsupport.SmallRun;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.ndarray.INDArray;

class RankCutTest {

    private static final double ROUNDING = 0.5 / LeadingFactors.STEPS;

    @TempDir
    private Path folder;

    /** Components of rank at most 3 of a residual MLP with two layers; singular values fall by powers of ten, and the last component is tiny. */
    private static Decomposition decaying() {
        Decomposition start = SmallRun.RESIDUAL_MLP_WITH_UNIT_NORM.run(1).decomposition();
        List<Factors> all = new ArrayList<>();
        RandomStream random = RandomStream.of(5);
        for (Factors shape : start.components().factors()) {
            Factors own = Factors.zeros(shape.parameter(), shape.components(), shape.in(), shape.out(), shape.rank());
            for (int c = 0; c < own.components(); c++) {
                double size = c == own.components() - 1 ? 1e-5 : 1;
                for (int r = 0; r < own.rank(); r++) {
                    double factor = size * Math.pow(10, -1.3 * r * (c + 1) / own.components());
                    fill(own.a(c), r, true, factor, random);
                    fill(own.b(c), r, false, 1, random);
                }
            }
            all.add(own);
        }
        return new Decomposition(start.target(), new Components(start.target().network(), all), start.importance(), start.provenance());
    }

    private static void fill(Matrix matrix, int r, boolean column, double factor, RandomStream random) {
        int length = column ? matrix.rows() : matrix.columns();
        for (int i = 0; i < length; i++) {
            float value = (float) (factor * random.nextNormal() / Math.sqrt(length));
            matrix.set(column ? i : r, column ? r : i, value);
        }
    }

    private static double[] singularValues(Decomposition of, String parameter, int c) {
        Matrix product = of.components().component(parameter, c);
        double[][] elements = new double[product.rows()][product.columns()];
        for (int i = 0; i < elements.length; i++) {
            for (int j = 0; j < elements[i].length; j++) {
                elements[i][j] = product.get(i, j);
            }
        }
        return new SingularValueDecomposition(new Array2DRowRealMatrix(elements, false)).getSingularValues();
    }

    @Test
    void whatIsDroppedIsWhatASingularValueDecompositionOfTheProductsSays() {
        Decomposition whole = decaying();
        double tolerance = 0.05;
        RankCut cut = RankCut.of(whole, tolerance);
        double largestError = 0;
        for (Factors factors : whole.components().factors()) {
            String parameter = factors.parameter();
            List<double[]> values = IntStream.range(0, factors.components()).mapToObj(c -> singularValues(whole, parameter, c)).toList();
            double largest = values.stream().mapToDouble(own -> own[0]).max().orElseThrow();
            double dropped = 0;
            for (int c = 0; c < factors.components(); c++) {
                double[] own = values.get(c);
                int rank = Math.max(1, (int) Arrays.stream(own).filter(value -> value >= tolerance * largest).count());
                assertEquals(rank, cut.ranks().get(parameter).get(c), parameter + ", component " + c);
                double[] left = singularValues(cut.decomposition(), parameter, c);
                for (int r = 0; r < own.length; r++) {
                    double expected = r < rank ? own[r] : 0;
                    assertEquals(expected, left[r], 3 * ROUNDING * own[0], parameter + ", component " + c + ", value " + r);
                }
                dropped += Arrays.stream(own).skip(rank).map(value -> value * value).sum();
            }
            double weights = whole.target().weights(parameter).norm2Number().doubleValue();
            largestError = Math.max(largestError, Math.sqrt(dropped) / weights);
        }
        assertTrue(largestError > 0.001, "something is dropped: " + largestError);
        assertEquals(largestError, cut.error().weights(), 0.1 * largestError);
        assertEquals(tolerance, cut.error().tolerance());
        assertEquals(cut.ranks().values().stream().flatMap(List::stream).mapToInt(rank -> rank).max().orElseThrow(), cut.error().largestRank());
    }

    @Test
    void theErrorOfTheOutputsIsThatOfNetworksWithTheSelectedComponentsAsTheirWeights() {
        Decomposition whole = decaying();
        RankCut cut = RankCut.of(whole, 0.2);
        var batch = whole.target().data().sample(RankCut.SEED, RankCut.SAMPLES);
        ComponentMask mask = whole.evaluator().ownMask(batch);
        double difference = 0;
        double square = 0;
        INDArray x = Tensors.of(batch.toDense());
        for (int row = 0; row < batch.rows(); row++) {
            int sample = row;
            int[] on = IntStream.range(0, whole.count()).filter(c -> ((Mask) mask).value(sample, c) > 0).toArray();
            INDArray expected = whole.only(on).output(x.getRow(row, true));
            difference += Math.pow(expected.distance2(cut.decomposition().only(on).output(x.getRow(row, true))), 2);
            square += Math.pow(expected.norm2Number().doubleValue(), 2);
        }
        double error = Math.sqrt(difference / square);
        assertTrue(error > 1e-4, "outputs differ: " + error);
        assertEquals(error, cut.error().outputs(), 0.01 * error);
    }

    @Test
    void aCutThatDropsNothingChangesNumbersByAtMostHalfAStep() {
        Decomposition whole = decaying();
        RankCut cut = RankCut.of(whole, 0);
        double largest = 0;
        for (Factors factors : whole.components().factors()) {
            double squares = 0;
            for (int c = 0; c < factors.components(); c++) {
                squares += Arrays.stream(singularValues(whole, factors.parameter(), c)).map(value -> value * value).sum();
            }
            // of a vector of n numbers at most ROUNDING √n is lost, of A and of B
            double lost = 2 * ROUNDING * Math.sqrt(Math.max(factors.in(), factors.out())) * Math.sqrt(squares);
            largest = Math.max(largest, lost / whole.target().weights(factors.parameter()).norm2Number().doubleValue());
        }
        assertTrue(cut.error().weights() > 0 && cut.error().weights() < largest, cut.error() + ", at most " + largest);
        assertTrue(cut.error().outputs() < cut.error().weights(), cut.error().toString());
    }

    @Test
    void cutComponentsAreWrittenInABytePerNumberAndReadBackTheSame() throws IOException {
        RankCut cut = RankCut.of(decaying(), 0.05);
        Map<String, NpyArray> arrays = RankCutArrays.of(cut);
        cut.decomposition().components().factors().forEach(factors -> {
            assertEquals(NpyArray.Type.UINT8, arrays.get(factors.parameter() + ".a").type());
            assertEquals(NpyArray.Type.UINT8, arrays.get(factors.parameter() + ".b").type());
        });
        assertSame(cut, readBack(arrays), 1e-6);
    }

    @Test
    void componentsThatOlderFilesHoldAsNumbersAreRead() throws IOException {
        RankCut cut = RankCut.of(decaying(), 0.05);
        Map<String, NpyArray> arrays = new LinkedHashMap<>(RankCutArrays.of(cut));
        for (Factors factors : cut.decomposition().components().factors()) {
            for (String name : List.of(factors.parameter() + ".a", factors.parameter() + ".b")) {
                byte[] whole = arrays.get(name).toBytes();
                float[] steps = arrays.remove(name + ".step").toFloats();
                float[] values = new float[whole.length];
                for (int i = 0; i < values.length; i++) {
                    values[i] = steps[i / (values.length / steps.length)] * (Byte.toUnsignedInt(whole[i]) - 128);
                }
                arrays.put(name, NpyArray.of(values, arrays.get(name).shape()));
            }
        }
        assertSame(cut, readBack(arrays), 1e-6);
    }

    private static void assertSame(RankCut cut, RankCutArrays.Content read, double tolerance) {
        assertEquals(cut.error(), read.error());
        for (Factors factors : cut.decomposition().components().factors()) {
            for (int c = 0; c < factors.components(); c++) {
                Matrix expected = cut.decomposition().components().component(factors.parameter(), c);
                Matrix found = read.components().component(factors.parameter(), c);
                for (int i = 0; i < expected.size(); i++) {
                    assertEquals(expected.toArray()[i], found.toArray()[i], tolerance, factors.parameter() + ", component " + c);
                }
            }
        }
    }

    private RankCutArrays.Content readBack(Map<String, NpyArray> arrays) throws IOException {
        Path file = folder.resolve("cut.npz");
        ArrayFile.write(file, "{\"format\": \"apd4j cut\", \"version\": 1}", arrays);
        return ArrayFile.read(file, new Json(Map.of()), "apd4j cut", 1, read -> RankCutArrays.take(read, decaying().target().network()));
    }

    @Test
    void eachComponentKeepsItsLargestSingularValue() {
        Decomposition whole = decaying();
        RankCut cut = RankCut.of(whole, 0.9);
        int last = whole.count() - 1;
        for (Factors factors : whole.components().factors()) {
            assertEquals(1, cut.ranks().get(factors.parameter()).get(last));
            double largest = singularValues(whole, factors.parameter(), last)[0];
            assertEquals(largest, singularValues(cut.decomposition(), factors.parameter(), last)[0], 3 * ROUNDING * largest);
        }
    }

    @Test
    void componentsThatAreZeroStayZero() {
        Decomposition whole = decaying();
        List<Factors> zero = whole.components().factors().stream().map(own -> Factors.zeros(own.parameter(), own.components(), own.in(), own.out(),
                own.rank())).toList();
        Decomposition nothing = new Decomposition(whole.target(), new Components(whole.target().network(), zero), whole.importance(), whole.provenance());
        RankCut cut = RankCut.of(nothing, RankCut.TOLERANCE);
        assertEquals(0, cut.error().weights());
        assertEquals(0, cut.decomposition().sum(zero.get(0).parameter()).norm2Number().doubleValue());
    }

    @Test
    void aToleranceThatIsNoFractionIsRefused() {
        Decomposition whole = decaying();
        assertThrows(IllegalArgumentException.class, () -> RankCut.of(whole, 1));
        assertThrows(IllegalArgumentException.class, () -> RankCut.of(whole, -0.1));
        assertThrows(IllegalArgumentException.class, () -> RankCut.of(whole, Double.NaN));
    }
}
