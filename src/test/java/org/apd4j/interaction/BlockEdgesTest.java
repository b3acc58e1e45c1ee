package org.apd4j.interaction;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.apd4j.interaction.InteractionModules.Node;
import org.apd4j.math.internal.Grid;
import org.apd4j.network.Activation;
import org.junit.jupiter.api.Test;

class BlockEdgesTest {

    private static final Samples SAMPLES = Samples.of(new double[][] {{1, 3}, {1, -3}, {-1, 3}, {-1, -3}, {2, 1}});

    private static InteractionBasis basis(double[][] weights, InteractionConfig config) {
        SectionedNetwork network = SectionedNetwork.mlp(Activation.IDENTITY, List.of(DenseLayer.of(weights, new double[] {0.5, 0.5})));
        return InteractionBasis.of(network, network.nodeLayers(), SAMPLES, config);
    }

    /** Neuron x₁ acts on output 0 with weight 3 and x₂ with weight 1: E is the square of a weight times the mean square of a neuron. */
    @Test
    void shareIsThatOfTheEdgesBetweenBlocksWithoutConstants() {
        InteractionBasis neurons = basis(new double[][] {{3, 0}, {1, 2}}, InteractionConfig.neurons());
        BlockEdges blocks = BlockEdges.of(neurons, neurons.graph(), entry -> entry);
        BlockEdges.Section section = blocks.section("layers.0");
        assertEquals(List.of(0, 1, -1), section.fromBlocks(), "the last neuron is the constant");
        assertEquals(List.of(0, 1), section.toBlocks(), "logits have no constant");
        double first = (4 + 4) / 5.0;
        double second = (4 * 9 + 1) / 5.0;
        double joining = 1 * second;
        assertEquals(joining / (9 * first + joining + 4 * second), blocks.share("layers.0"), 1e-12);
        assertEquals(blocks.share("layers.0"), blocks.largestShare());
        assertEquals(0, BlockEdges.of(neurons, neurons.graph(), entry -> 0).share("layers.0"), "one block has nothing to join");
        assertEquals(2 / 4.0, section.shareOfPairs(), "of four pairs without the constant, two are of different blocks");
        assertEquals("layers.0 → output: 0.144 of the edges join blocks", section.toString());
    }

    @Test
    void nodesBelongToTheBlockWhereTheirDirectionIsLongest() {
        InteractionBasis lib = basis(new double[][] {{3, 0}, {0, 5}}, InteractionConfig.paper());
        BlockEdges blocks = BlockEdges.of(lib, lib.graph(), entry -> entry);
        assertEquals(List.of(-1, 1, 0), blocks.section("layers.0").fromBlocks(), "node 0 is the constant; x₂ matters most");
        InteractionModules mixed = new InteractionModules(BasisKind.NEURONS, 1, List.of(List.of(new Node("layers.0", 1), new Node("layers.0", 2)),
                List.of(new Node("layers.0", 0), new Node("layers.0", 1)), List.of(new Node("layers.0", 2))), 0, 0, 0);
        assertEquals(0.5, blocks.pureModules(mixed), "of two modules of more than one node, one has both blocks; constants do not count");
    }

    @Test
    void wrongEdgesBlocksAndSectionsAreRefused() {
        InteractionBasis lib = basis(new double[][] {{3, 0}, {0, 5}}, InteractionConfig.paper());
        BlockEdges blocks = BlockEdges.of(lib, lib.graph(), entry -> entry);
        assertTrue(assertThrows(IllegalArgumentException.class, () -> blocks.share("layers.1")).getMessage().contains("they begin at [layers.0]"));
        assertTrue(assertThrows(IllegalArgumentException.class, () -> BlockEdges.of(lib, lib.graph(), entry -> -1)).getMessage().contains("at least 0"));
        InteractionGraph other = new InteractionGraph(List.of(new InteractionGraph.Edges("layers.0", "output", Grid.of(1, 1, (i, j) -> 1))));
        assertTrue(assertThrows(IllegalArgumentException.class, () -> BlockEdges.of(lib, other, entry -> entry)).getMessage().contains("for [2, 3]"));
    }
}
