package org.apd4j.decomposition;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apd4j.math.Matrix;
import org.apd4j.math.SparseRows;
import org.apd4j.math.internal.Workers;
import org.apd4j.network.Network;
import org.apd4j.reference.LibraryTwin;
import org.apd4j.reference.ReferenceApd;
import org.apd4j.reference.ReferenceNetwork;
import org.apd4j.reference.ReferenceNetwork.Block;
import org.apd4j.reference.ReferenceNetwork.ResidualMlp;
import org.apd4j.reference.ReferenceNetwork.Tms;
import org.apd4j.reference.ReferenceOptimizer;
import org.junit.jupiter.api.Test;

/**
 * What a component's ablation changes is exact to single precision however small it is beside the outputs. Components here are made small on
 * purpose: with one of them gone, the output is the same in its first digits.
 */
class AblationAgreementTest {

    private static final int CASES = 60;
    private static final int BATCH = 12;
    /** Of the component's own largest attribution. */
    private static final double TOLERANCE = 1e-4;

    private final Random random = new Random(23);

    @Test
    void inTmsWithHiddenLayersNoDigitIsLostHoweverSmallTheComponents() {
        for (int number = 0; number < CASES; number++) {
            int features = 2 + random.nextInt(6);
            int width = 1 + random.nextInt(5);
            List<double[][]> hidden = new ArrayList<>();
            for (int i = 0; i < number % 4; i++) {
                hidden.add(matrix(width, width, 1 / Math.sqrt(width)));
            }
            agrees(new Tms(matrix(features, width, 1 / Math.sqrt(width)), hidden, vector(features, 0.3)), number);
        }
    }

    @Test
    void inNetworksOfSeveralActivationsNoDigitIsLostEither() {
        for (int number = 0; number < CASES; number++) {
            int features = 1 + random.nextInt(5);
            int residual = 1 + random.nextInt(6);
            List<Block> blocks = new ArrayList<>();
            for (int l = 0; l <= number % 3; l++) {
                int neurons = 1 + random.nextInt(6);
                blocks.add(new Block(matrix(residual, neurons, 0.8), vector(neurons, 0.3), matrix(neurons, residual, 0.8), vector(residual, 0.3)));
            }
            agrees(new ResidualMlp(matrix(features, residual, 1), matrix(residual, features, 1), blocks,
                    number % 2 == 0 ? ReferenceNetwork.Activation.RELU : ReferenceNetwork.Activation.GELU), number);
        }
    }

    private void agrees(ReferenceNetwork network, int number) {
        int count = 2 + random.nextInt(20);
        int rank = 1 + random.nextInt(3);
        double[][] x = matrix(BATCH, inputs(network), 1);
        Map<String, ReferenceApd.Factors> factors = new LinkedHashMap<>();
        double size = Math.pow(10, -random.nextInt(4));
        for (var layer : network.layers()) {
            if (!layer.tied()) {
                double[][] whole = layer.weight();
                double[][][] a = new double[count][][];
                double[][][] b = new double[count][][];
                // Component 0 is about the whole of the weights and is not looked at; the others are small.
                for (int c = 0; c < count; c++) {
                    a[c] = matrix(whole.length, rank, c == 0 ? 1 : size);
                    b[c] = matrix(rank, whole[0].length, 1);
                }
                factors.put(layer.name(), new ReferenceApd.Factors(a, b));
            }
        }
        var configuration = new ReferenceApd.Configuration(ReferenceApd.Attributions.ABLATION, new ReferenceApd.PerSampleTopK(1),
                Map.of(ReferenceApd.FAITHFULNESS, 1.0), 1, false, false,
                new ReferenceOptimizer.Settings(1e-3, ReferenceOptimizer.Schedule.CONSTANT, 0, 1, 1, 0));
        double[][] wanted = new ReferenceApd(network, configuration, factors).attributions(ReferenceApd.Attributions.ABLATION, x);
        Network own = LibraryTwin.network(network);
        Components components = LibraryTwin.components(own, factors);
        var evaluator = new Evaluator(own, components, LibraryTwin.config(configuration, count, rank, BATCH).importance(), Workers.one());
        Matrix actual = evaluator.attributions(AttributionKind.ABLATION, SparseRows.of(LibraryTwin.matrix(x)));
        for (int c = 1; c < count; c++) {
            double largest = 0;
            double difference = 0;
            for (int i = 0; i < BATCH; i++) {
                largest = Math.max(largest, wanted[i][c]);
                difference = Math.max(difference, Math.abs(actual.get(i, c) - wanted[i][c])); // keeps NaN
            }
            assertTrue(difference <= TOLERANCE * largest, "case " + number + ", " + network.getClass().getSimpleName() + ", component " + c + " of size "
                    + size + ": " + difference / largest + " of the largest");
        }
    }

    private static int inputs(ReferenceNetwork network) {
        return network instanceof Tms tms ? tms.encoder().length : ((ResidualMlp) network).embedding().length;
    }

    private double[] vector(int size, double scale) {
        double[] values = new double[size];
        Arrays.setAll(values, i -> (float) (scale * random.nextGaussian()));
        return values;
    }

    private double[][] matrix(int rows, int columns, double scale) {
        double[][] values = new double[rows][];
        Arrays.setAll(values, i -> vector(columns, scale));
        return values;
    }
}
