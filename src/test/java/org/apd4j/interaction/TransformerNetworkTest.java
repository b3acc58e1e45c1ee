package org.apd4j.interaction;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.apd4j.interaction.AttentionLayer.Head;
import org.apd4j.interaction.PositionEncoding.Pairs;
import org.apd4j.interaction.Transformer.ReadOut;
import org.apd4j.math.RandomStream;
import org.apd4j.math.internal.DoubleMatrix;
import org.apd4j.math.internal.Grid;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class TransformerNetworkTest {

    private static final int WIDTH = 3;
    private static final int HEAD = 2;
    private static final int NEURONS = 5;
    private static final int TOKENS = 4;
    private static final int POSITIONS = 3;

    private static Grid grid(int rows, int columns) {
        RandomStream stream = RandomStream.of(rows, columns);
        return Grid.of(rows, columns, (i, j) -> stream.nextNormal());
    }

    private static DenseLayer dense(int in, int out) {
        return DenseLayer.of(grid(in, out).toArray(), grid(1, out).row(0));
    }

    private static Head head() {
        return new Head(dense(WIDTH, HEAD), dense(WIDTH, HEAD), dense(WIDTH, HEAD), grid(HEAD, WIDTH));
    }

    private static Transformer transformer(int blocks) {
        AttentionLayer attention = AttentionLayer.of(List.of(head(), head()), new double[WIDTH]);
        TransformerBlock block = new TransformerBlock(attention, dense(WIDTH, NEURONS), dense(NEURONS, WIDTH));
        return Transformer.of(grid(TOKENS, WIDTH), PositionEncoding.learned(grid(POSITIONS, WIDTH)), Collections.nCopies(blocks, block),
                dense(WIDTH, TOKENS));
    }

    @Test
    void nodeLayersAreThoseOfTheReference() {
        SectionedNetwork network = SectionedNetwork.transformer(transformer(1).withLayerNorm(1e-5));
        assertEquals(List.of("ln1.0", "ln1_out.0", "attn_in.0", "attn_out.0", "add_resid1.0", "ln2.0", "ln2_out.0", "mlp_in.0", "mlp_act.0",
                "mlp_out.0", "add_resid2.0", "ln_final", "ln_final_out", "unembed", "output"), network.nodeLayers());
        assertEquals(List.of(4, 5, 8, 2 * 2 + 2 * 2 + 2 * 3 + 4, 8, 4, 5, 8, 10, 10, 8, 4, 5, 4, 4), network.nodeLayers().stream()
                .map(network::width).toList());
        assertTrue(network.nodeLayers().stream().allMatch(layer -> network.positions(layer) == POSITIONS));
        assertEquals(POSITIONS, network.inputs());

        SectionedNetwork addition = SectionedNetwork.transformer(transformer(1).read(ReadOut.LAST_AFTER_ATTENTION));
        assertEquals(4, addition.width("ln1_out.0"), "no variance without a layer norm");
        assertEquals(8, addition.width("attn_in.0"), "the stream twice");
        assertEquals(List.of(3, 3, 3, 3, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1), addition.nodeLayers().stream().map(addition::positions).toList());

        SectionedNetwork atTheEnd = SectionedNetwork.transformer(transformer(1).read(ReadOut.LAST_AT_UNEMBEDDING));
        assertEquals(3, atTheEnd.positions("unembed"));
        assertEquals(1, atTheEnd.positions("output"));
        SectionedNetwork parallel = SectionedNetwork.transformer(transformer(1).withLayerNorm(1e-5).inParallel());
        assertEquals(List.of(8, 9), List.of(parallel.width("ln2.0"), parallel.width("ln2_out.0")), "the streams before and after attention");
    }

    @Test
    void earlierPositionsDoNotMatterForWhatIsReadAfterAttention() {
        Samples tokens = Samples.ofTokens(new int[] {0, 1, 2}, new int[] {3, 3, 0});
        Grid all = SectionedNetwork.transformer(transformer(2)).values("output", tokens);
        for (ReadOut where : List.of(ReadOut.LAST_AFTER_ATTENTION, ReadOut.LAST_AT_UNEMBEDDING)) {
            Grid last = SectionedNetwork.transformer(transformer(2).read(where)).values("output", tokens);
            assertEquals(2, last.rows());
            for (int x = 0; x < 2; x++) {
                assertArrayEquals(all.row(3 * x + 2), last.row(x), 1e-12);
            }
        }
    }

    @Test
    void gainAndShiftOfALayerNormCanBeFoldedIntoTheMapThatReadsIt() {
        DenseLayer layer = DenseLayer.of(new double[][] {{1, 2}, {3, 4}}, new double[] {5, 6});
        DenseLayer folded = layer.afterNorm(new double[] {2, 10}, new double[] {1, -1});
        // (2x + 1, 10y − 1) through the layer
        assertEquals(Grid.of(2, 2, (i, j) -> new double[][] {{2, 4}, {30, 40}}[i][j]), folded.weights());
        assertEquals(List.of(3.0, 4.0), folded.bias());
    }

    @Test
    void everyPositionIsAnsweredAndScored() {
        SectionedNetwork network = SectionedNetwork.transformer(transformer(1).with(Transformer.Neurons.GELU_TANH).withLayerNorm(1e-5));
        RandomStream stream = RandomStream.of(1);
        int[][] sequences = new int[40][POSITIONS];
        for (int[] sequence : sequences) {
            Arrays.setAll(sequence, t -> stream.nextInt(TOKENS));
        }
        Samples tokens = Samples.ofTokens(sequences);
        DoubleMatrix logits = DoubleMatrix.of(network.values("output", tokens));
        int[] answers = new int[logits.rows()];
        for (int row = 0; row < answers.length; row++) {
            for (int i = 1; i < TOKENS; i++) {
                answers[row] = logits.get(row, i) > logits.get(row, answers[row]) ? i : answers[row];
            }
        }
        // the answers of the network itself, but for one position in four
        for (int row = 0; row < answers.length; row += 4) {
            answers[row] = (answers[row] + 1) % TOKENS;
        }
        Samples labelled = tokens.withLabels(answers);
        assertArrayEquals(Arrays.copyOfRange(answers, 2 * POSITIONS, 4 * POSITIONS), labelled.rows(2, 2).labels());
        InteractionBasis basis = InteractionBasis.of(network, List.of("mlp_in.0", "unembed"), tokens, InteractionConfig.paper().with(c -> {
            c.threshold = 1e-9;
            c.rotateLast = true;
        }));
        Ablation ablation = Ablation.of(basis, basis.graph(), labelled, Score.ACCURACY);
        assertEquals(0.75, ablation.base(), 1e-12);
        refused("40 labels for 40 samples of 3 values with labels; the network gives 120 answers", () -> Ablation.of(basis, basis.graph(),
                tokens.withLabels(new int[40]), Score.ACCURACY));
    }

    @Test
    void badInputIsRefusedWithASentence() {
        SectionedNetwork network = SectionedNetwork.transformer(transformer(1));
        refused("a sample has the token 4 at position 1; tokens are whole numbers from 0 to 3", () -> network.values("output",
                Samples.ofTokens(new int[] {0, 4, 0})));
        refused("the token 0.5", () -> network.values("output", Samples.of(new double[][] {{0, 1, 0.5}})));
        refused("the network takes 3", () -> network.values("output", Samples.ofTokens(new int[] {0, 1})));
        refused("5 labels for 2 samples", () -> Samples.ofTokens(new int[] {0, 1, 2}, new int[] {0, 1, 2}).withLabels(1, 1, 1, 1, 1));
        refused("at least one head", () -> AttentionLayer.of(List.of(), new double[3]));
        refused("the bias has 2 values; it needs 3", () -> AttentionLayer.of(List.of(head()), new double[2]));
        refused("a bias is NaN", () -> AttentionLayer.of(List.of(head()), new double[] {0, Double.NaN, 0}));
        refused("window of attention is 0", () -> AttentionLayer.of(List.of(head()), new double[3]).within(0));
        refused("all three must have the same shape", () -> new Head(dense(3, 2), dense(3, 1), dense(3, 2), grid(2, 3)));
        refused("an output [3, 2]; it must be [2, 3]", () -> new Head(dense(3, 2), dense(3, 2), dense(3, 2), grid(3, 2)));
        refused("all must have the same shape", () -> AttentionLayer.of(List.of(head(), new Head(dense(3, 1), dense(3, 1), dense(3, 1),
                grid(1, 3))), new double[3]));
        AttentionLayer attention = AttentionLayer.of(List.of(head()), new double[3]);
        refused("an attention of width 3 and an MLP of weights [3, 5] and [4, 3]", () -> new TransformerBlock(attention, dense(3, 5),
                dense(4, 3)));
        List<TransformerBlock> blocks = List.of(new TransformerBlock(attention, dense(3, 5), dense(5, 3)));
        PositionEncoding learned = PositionEncoding.learned(grid(3, 3));
        refused("at least one block", () -> Transformer.of(grid(4, 3), learned, List.of(), dense(3, 4)));
        refused("the unembedding is [2, 4]", () -> Transformer.of(grid(4, 3), learned, blocks, dense(2, 4)));
        refused("the embeddings of tokens and positions are [4, 3] and [3, 2]", () -> Transformer.of(grid(4, 3),
                PositionEncoding.learned(grid(3, 2)), blocks, dense(3, 4)));
        refused("a stream of width 3; the embeddings have 2", () -> Transformer.of(grid(4, 2), PositionEncoding.learned(grid(3, 2)), blocks,
                dense(2, 4)));
        refused("4 entries of each head are to be rotated; the heads of a block have 2", () -> Transformer.of(grid(4, 3),
                PositionEncoding.rotary(3, 4, Pairs.HALVES), blocks, dense(3, 4)));
        refused("number of rotated entries is 3", () -> PositionEncoding.rotary(3, 3, Pairs.HALVES));
        refused("number of positions is 0", () -> PositionEncoding.rotary(0, 2, Pairs.HALVES));
        refused("ε of the layer norms is -1.0", () -> transformer(1).withLayerNorm(-1));
        refused("1 gains and 2 shifts; the layer has 3 inputs", () -> dense(3, 2).afterNorm(new double[1], new double[2]));
        refused("the modulus is 1", () -> new ModularAddition(1, 0.3, 0));
        refused("the part of the pairs to train on is 1.0", () -> new ModularAddition(5, 1, 0));
        refused("the values are [4, 4]", () -> FourierLabel.of(grid(4, 4)));
        refused("no frequencies", () -> FourierLabel.of(Grid.of(3, 3, (x, y) -> 0)));
    }

    private static void refused(String sentence, Executable call) {
        String message = assertThrows(IllegalArgumentException.class, call).getMessage();
        assertTrue(message.contains(sentence), message);
        assertTrue(!message.contains("\n"), message);
    }

    /** Numbers of PyTorch: the first and the last of {@code torch.randperm(12769)} with seed 0. */
    @Test
    void pairsOfThePublishedTaskAreThoseOfPyTorch() {
        Samples train = ModularAddition.paper().train();
        Samples test = ModularAddition.paper().test();
        int[] answers = ModularAddition.paper().all().labels();
        assertEquals(Arrays.stream(answers).filter(answer -> answer == 5).count() / (double) answers.length, ModularAddition.paper().accuracyOfGuessing(),
                1e-15, "whichever answer is always given");
        assertEquals(3830, train.size());
        assertEquals(8939, test.size());
        assertEquals(List.of(4182, 2608, 269, 825, 4847, 9224, 6227, 116), List.of(index(train, 0), index(train, 1), index(train, 2),
                index(train, 3), index(train, 4), index(train, 5), index(train, 6), index(train, 7)));
        assertEquals(List.of(2289, 6270, 8415), List.of(index(train, 3829), index(test, 0), index(test, 8938)));
        assertEquals((4182 / 113 + 4182 % 113) % 113, train.labels()[0]);
        assertEquals(113, train.inputs().get(0, 2));
    }

    private static int index(Samples pairs, int row) {
        return (int) (113 * pairs.inputs().get(row, 0) + pairs.inputs().get(row, 1));
    }

    @Test
    void termsAreWrittenAsByHand() {
        assertEquals("97% cos(x + y)", new FourierLabel.Term(0.97, "cos(1x + 1y)").toString());
        assertEquals("<1% cos(11x - y)", new FourierLabel.Term(0.004, "cos(11x - 1y)").toString());
        assertEquals("1% cos(x) + cos(y)", new FourierLabel.Term(0.01, "cos(1x) + cos(1y)").toString());
    }

    @Test
    void labelNamesTheFrequenciesOfAFunction() {
        double turn = 2 * Math.PI / 11;
        assertEquals("100% cos(3x + 3y)", FourierLabel.of(Grid.of(11, 11, (x, y) -> Math.cos(turn * 3 * (x + y) + 1))).toString());
        assertEquals("100% const", FourierLabel.of(Grid.of(11, 11, (x, y) -> 7)).toString());
        assertEquals("100% cos(x) * cos(5y)", FourierLabel.of(Grid.of(11, 11, (x, y) -> Math.cos(turn * x) * Math.cos(turn * 5 * y))).toString());
        assertEquals("69% cos(3x + 3y), 31% cos(2x - 4y)", FourierLabel.of(Grid.of(11, 11, (x, y) -> 1.5 * Math.cos(turn * 3 * (x + y))
                + Math.cos(turn * (2 * x - 4 * y)))).toString());
        // as in the reference, sizes alone decide: a difference alone is less clear than products, and sines look like cosines
        assertEquals("50% cos(2x) * cos(4y), 50% sin(2x) * sin(4y)", FourierLabel.of(Grid.of(11, 11,
                (x, y) -> Math.cos(turn * (2 * x - 4 * y)))).toString());
        assertEquals("100% cos(2x) * cos(2y)", FourierLabel.of(Grid.of(11, 11, (x, y) -> Math.sin(turn * 2 * x) * Math.sin(turn * 2 * y))).toString());
        assertEquals("100% cos(4x) + cos(4y)", FourierLabel.of(Grid.of(11, 11, (x, y) -> Math.sin(turn * 4 * x) + Math.cos(turn * 4 * y))).toString());
        // mean squares 2, 1 and 1/2
        assertEquals("57% cos(x), 29% const, 14% cos(3y)", FourierLabel.of(Grid.of(11, 11, (x, y) -> 1 + 2 * Math.cos(turn * x)
                + Math.cos(turn * 3 * y))).toString());
    }
}
