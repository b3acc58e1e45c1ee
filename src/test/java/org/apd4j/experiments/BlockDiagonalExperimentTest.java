package org.apd4j.experiments;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.apd4j.interaction.BlockEdges;
import org.apd4j.interaction.EdgeWeights;
import org.apd4j.interaction.InteractionBasis;
import org.apd4j.interaction.InteractionModules;
import org.apd4j.interaction.Samples;
import org.apd4j.testsupport.LibGolden;
import org.junit.jupiter.api.Test;

class BlockDiagonalExperimentTest {

    /** The recorded run of the public code: its weights, and the first rows of its data. */
    @Test
    void weightsAndInputsAreThoseOfThePublishedCode() {
        LibGolden run = LibGolden.load("lib_block_diagonal");
        BlockDiagonalExperiment experiment = BlockDiagonalExperiment.published();
        double[] weights = run.values("weights.layers.0.W");
        double[][] rows = identity(8);
        for (int in = 0; in < 8; in++) {
            for (int out = 0; out < 8; out++) {
                for (int sign : new int[] {1, -1}) {
                    rows[in][in] = sign;
                    double after = experiment.network().values("layers.1", Samples.of(new double[][] {rows[in]})).get(0, out);
                    assertEquals(Math.max(0, sign * weights[8 * in + out]), after, 3e-7, "weight " + in + ", " + out);
                }
            }
        }
        double[] first = run.values("full.x_first_rows");
        Samples inputs = experiment.inputs();
        assertEquals(10_000, inputs.size());
        for (int i = 0; i < first.length; i++) {
            assertEquals(first[i], experiment.network().values("layers.0", inputs.rows(i / 8, 1)).get(0, i % 8), 1e-14);
        }
    }

    private static double[][] identity(int size) {
        double[][] rows = new double[size][size];
        for (int i = 0; i < size; i++) {
            rows[i][i] = 1;
        }
        return rows;
    }

    /** The published setting. Rounding decides a little of the edges in between: without biases, pre-activations are exactly 0 there. */
    @Test
    void onlyPrincipalComponentsHaveEdgesBetweenBlocks() {
        BlockDiagonalExperiment experiment = BlockDiagonalExperiment.published();
        Map<String, InteractionBasis> bases = experiment.bases();
        Map<String, BlockEdges> edges = experiment.blockEdges(bases);
        shares(edges.get(BlockDiagonalExperiment.PCA), 0.49, 0.019, 6e-4, 5e-5, 4e-9);
        shares(edges.get(BlockDiagonalExperiment.LIB), 2e-7, 9e-7, 5e-7, 8e-7, 4e-9);
        assertEquals(0, edges.get(BlockDiagonalExperiment.NEURONS).largestShare());

        InteractionBasis lib = bases.get(BlockDiagonalExperiment.LIB);
        InteractionModules modules = InteractionModules.of(lib, lib.graph(), EdgeWeights.squareRoots(), 0.1, 0);
        assertEquals("[20, 20]", modules.larger().stream().map(List::size).toList().toString());
        assertEquals(1, edges.get(BlockDiagonalExperiment.LIB).pureModules(modules), "the modules are the blocks");
    }

    private static void shares(BlockEdges edges, double... published) {
        for (int section = 0; section < published.length; section++) {
            double share = edges.sections().get(section).share();
            assertTrue(share > 0.6 * published[section] && share < 1.6 * published[section], edges.sections().get(section) + ", published "
                    + published[section]);
        }
    }

    @Test
    void experimentsWithFewSamplesOrNarrowBlocksAreRefused() {
        assertEquals(500, BlockDiagonalExperiment.published().withSamples(500).inputs().size());
        assertTrue(assertThrows(IllegalArgumentException.class, () -> BlockDiagonalExperiment.published().withSamples(8)).getMessage()
                .contains("8 samples"));
        assertThrows(IllegalArgumentException.class, () -> new BlockDiagonalExperiment(3, 5, 2, 0, 100, 0));
        assertThrows(IllegalArgumentException.class, () -> BlockDiagonalExperiment.published().withBias(Double.NaN));
    }
}
