package org.apd4j.interaction.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.List;
import org.apd4j.interaction.BasisKind;
import org.apd4j.interaction.InteractionConfig;
import org.apd4j.math.RandomStream;
import org.apd4j.math.internal.DoubleMatrix;
import org.junit.jupiter.api.Test;

class LayerBasesTest {

    private static final int POSITIONS = 3;

    private static DoubleMatrix random(long seed, int rows, int columns) {
        RandomStream stream = RandomStream.of(seed);
        return DoubleMatrix.of(rows, columns, (i, j) -> stream.nextNormal());
    }

    /** The same layers at every position of a sequence. */
    private static Program atEveryPosition(Program layers) {
        int[] positions = new int[layers.widths().length];
        Arrays.fill(positions, POSITIONS);
        int width = layers.inputs();
        return new Program(POSITIONS * width, samples -> layers.start().apply(DoubleMatrix.over(samples.data(), samples.rows() * POSITIONS, width)),
                layers.instructions(), layers.widths(), positions, layers.boundaries());
    }

    /** Positions that do not act on each other are as good as samples, also where random signs replace the sum over positions: they cancel. */
    @Test
    void independentPositionsCountLikeSamples() {
        Program layers = ProgramOfLayers.of(List.of(random(1, 4, 5), random(2, 5, 3)), List.of(random(3, 1, 5).data(), random(4, 1, 3).data()),
                ElementFunction.GELU);
        Program sequence = atEveryPosition(layers);
        DoubleMatrix rows = random(5, 60, 4);
        DoubleMatrix sequences = DoubleMatrix.over(rows.data(), 20, POSITIONS * 4);
        InteractionConfig exact = InteractionConfig.paper().with(c -> c.threshold = 1e-9);
        List<LayerBasis> expected = LayerBases.of(layers, layers.boundaries(), rows, rows, exact);
        for (InteractionConfig config : List.of(exact, exact.with(c -> c.positionSources = 2))) {
            List<LayerBasis> actual = LayerBases.of(sequence, sequence.boundaries(), sequences, sequences, config);
            for (int l = 0; l + 1 < expected.size(); l++) {
                assertArrayEquals(expected.get(l).mean(), actual.get(l).mean(), 1e-12);
                assertArrayEquals(expected.get(l).jacobians().orElseThrow().jacobians().data(),
                        actual.get(l).jacobians().orElseThrow().jacobians().data(),
                        1e-10);
                DoubleMatrix edges = EdgeSums.of(layers, expected.get(l), expected.get(l + 1), rows, exact, EdgeSums.signs(exact, l));
                DoubleMatrix ofSequence = EdgeSums.of(sequence, expected.get(l), expected.get(l + 1), sequences, exact, EdgeSums.signs(exact, l));
                assertArrayEquals(edges.data(), ofSequence.data(), 1e-10);
                assertEquals(expected.get(l).nodes(), actual.get(l).nodes());
            }
        }
    }

    /** With the same sign at all positions, whichever it is, a source is the square of the sum over positions. */
    @Test
    void sourceOfEdgesIsTheSquareOfASignedSumOverPositions() {
        Program layers = ProgramOfLayers.of(List.of(random(1, 2, 1)), List.of(new double[] {0.5}), null);
        Program sequence = atEveryPosition(layers);
        DoubleMatrix rows = random(5, 30, 2);
        DoubleMatrix sequences = DoubleMatrix.over(rows.data(), 10, POSITIONS * 2);
        InteractionConfig config = InteractionConfig.of(c -> {
            c.basis = BasisKind.NEURONS;
            c.centred = false;
            c.edgeSources = 1;
        });
        List<LayerBasis> bases = LayerBases.of(sequence, sequence.boundaries(), sequences, sequences, config);
        DoubleMatrix weights = ((Instruction.Multiply) layers.instructions().get(0)).weights();
        for (int sign : new int[] {1, -1}) {
            DoubleMatrix edges = EdgeSums.of(sequence, bases.get(0), bases.get(1), sequences, config, (sample, source, position) -> sign);
            for (int j = 0; j < 3; j++) {
                double expected = 0;
                for (int x = 0; x < 10; x++) {
                    double sum = 0;
                    for (int t = 0; t < POSITIONS; t++) {
                        sum += (j < 2 ? rows.get(POSITIONS * x + t, j) : 1) * weights.get(j, 0);
                    }
                    expected += sum * sum / (10 * POSITIONS);
                }
                assertEquals(expected, edges.get(0, j), 1e-12);
            }
        }
    }
}
