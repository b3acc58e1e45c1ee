package org.apd4j.interaction.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.apd4j.interaction.AttentionLayer;
import org.apd4j.interaction.PositionEncoding;
import org.apd4j.interaction.PositionEncoding.Pairs;
import org.apd4j.interaction.Samples;
import org.apd4j.interaction.SectionedNetwork;
import org.apd4j.interaction.Transformer;
import org.apd4j.interaction.Transformer.Neurons;
import org.apd4j.interaction.Transformer.ReadOut;
import org.apd4j.interaction.TransformerBlock;
import org.apd4j.math.Matrix;
import org.apd4j.math.RandomStream;
import org.apd4j.math.internal.DoubleMatrix;
import org.apd4j.math.internal.Grid;
import org.apd4j.math.internal.Workers;
import org.apd4j.testsupport.TestWorkers;
import org.junit.jupiter.api.Test;

class TransformerPassTest {

    private static final int TOKENS = 7;
    private static final int POSITIONS = 5;
    /** More sequences than fit into one part. */
    private static final int SEQUENCES = 60;

    private static Transformer plain() {
        return TransformerParameters.zeros(TOKENS, POSITIONS, 2, 2, 4, 6);
    }

    private static Transformer with(Transformer transformer, UnaryOperator<AttentionLayer> change) {
        List<TransformerBlock> blocks = new ArrayList<>();
        for (int b = 0; b < transformer.blocks().size(); b++) {
            TransformerBlock block = transformer.blocks().get(b);
            blocks.add(b == 0 ? block : new TransformerBlock(change.apply(block.attention()), block.in(), block.out()));
        }
        return new Transformer(transformer.tokens(), transformer.positions(), blocks, transformer.unembedding(), transformer.neurons(),
                transformer.normEpsilon(), transformer.parallel(), transformer.readOut());
    }

    private static Transformer at(Transformer transformer, PositionEncoding positions) {
        return new Transformer(transformer.tokens(), positions, transformer.blocks(), transformer.unembedding(), transformer.neurons(),
                transformer.normEpsilon(), transformer.parallel(), transformer.readOut());
    }

    /** Everything that the description of a transformer can be told. */
    private static Map<String, Transformer> kinds() {
        Map<String, Transformer> kinds = new LinkedHashMap<>();
        kinds.put("layer norm, tanh GELU", plain());
        kinds.put("no layer norm, ReLU", Transformer.of(plain().tokens(), plain().positions(), plain().blocks(), plain().unembedding()));
        kinds.put("parallel, rotary halves, GELU", at(plain().with(Neurons.GELU).inParallel(), PositionEncoding.rotary(POSITIONS, 2, Pairs.HALVES)));
        kinds.put("rotary neighbours", at(plain(), PositionEncoding.rotary(POSITIONS, 4, Pairs.NEIGHBOURS)));
        kinds.put("window, unscaled", with(plain(), attention -> attention.within(2).unscaled()));
        kinds.put("not causal", with(plain(), AttentionLayer::notCausal));
        kinds.put("last position after attention", plain().read(ReadOut.LAST_AFTER_ATTENTION));
        kinds.put("last position at the unembedding", plain().read(ReadOut.LAST_AT_UNEMBEDDING));
        return kinds;
    }

    private static Map<String, Matrix> random(Transformer transformer) {
        RandomStream stream = RandomStream.of(11);
        Map<String, Matrix> parameters = TransformerParameters.of(transformer);
        parameters.values().forEach(matrix -> {
            for (int i = 0; i < matrix.size(); i++) {
                matrix.data()[i] = (float) (0.3 * stream.nextNormal());
            }
        });
        return parameters;
    }

    private static DoubleMatrix sequences() {
        RandomStream stream = RandomStream.of(12);
        return DoubleMatrix.of(SEQUENCES, POSITIONS, (x, t) -> stream.nextInt(TOKENS));
    }

    private static int[] labels(Transformer transformer) {
        RandomStream stream = RandomStream.of(13);
        return IntStream.range(0, SEQUENCES * (transformer.readOut() == ReadOut.ALL ? POSITIONS : 1)).map(i -> stream.nextInt(TOKENS)).toArray();
    }

    /** The mean cross-entropy, from logits that are computed without this pass. */
    private static double loss(Transformer transformer, DoubleMatrix sequences, int[] labels) {
        double[][] rows = sequences.toGrid().toArray();
        Grid logits = SectionedNetwork.transformer(transformer).values("output", Samples.of(rows));
        double sum = 0;
        for (int row = 0; row < labels.length; row++) {
            double normal = 0;
            for (int i = 0; i < TOKENS; i++) {
                normal += Math.exp(logits.get(row, i));
            }
            sum += Math.log(normal) - logits.get(row, labels[row]);
        }
        return sum / labels.length;
    }

    private static Map<String, Matrix> copies(Map<String, Matrix> parameters) {
        Map<String, Matrix> copies = new HashMap<>();
        parameters.forEach((name, matrix) -> copies.put(name, matrix.copy()));
        return copies;
    }

    @Test
    void gradientsOfEveryParameterAreTheCentralDifferencesOfTheLoss() {
        kinds().forEach((kind, transformer) -> {
            Map<String, Matrix> parameters = random(transformer);
            int[] labels = labels(transformer);
            Map<String, Matrix> gradients = copies(parameters);
            gradients.values().forEach(gradient -> gradient.fill(Float.NaN));
            TransformerPass pass = new TransformerPass(transformer, parameters, Workers.all());
            TransformerPass.Outcome outcome = pass.backward(sequences(), labels, gradients::get);
            assertEquals(loss(TransformerParameters.replaced(transformer, parameters), sequences(), labels), outcome.loss(), 1e-12, kind);
            assertEquals(outcome, pass.evaluate(sequences(), labels), kind);

            RandomStream stream = RandomStream.of(3);
            gradients.forEach((name, gradient) -> {
                for (int n = 0; n < 4; n++) {
                    int at = stream.nextInt(gradient.size());
                    // parameters are single: what counts is the step that was really made
                    float[] ends = new float[2];
                    double[] losses = new double[2];
                    for (int side = 0; side < 2; side++) {
                        Map<String, Matrix> changed = copies(parameters);
                        ends[side] = changed.get(name).data()[at] + (side == 0 ? -2e-4f : 2e-4f);
                        changed.get(name).data()[at] = ends[side];
                        losses[side] = loss(TransformerParameters.replaced(transformer, changed), sequences(), labels);
                    }
                    double difference = (losses[1] - losses[0]) / ((double) ends[1] - ends[0]);
                    assertEquals(difference, gradient.data()[at], 1e-6 * Math.max(1, Math.abs(difference)), kind + ": " + name + "[" + at + "]");
                }
            });
            assertTrue(gradients.entrySet().stream().filter(gradient -> !gradient.getKey().endsWith("b_K"))
                    .noneMatch(gradient -> gradient.getValue().isZero()), kind);
        });
    }

    @Test
    void numberOfThreadsDoesNotChangeABit() {
        Transformer transformer = plain();
        Map<String, Matrix> parameters = random(transformer);
        List<Map<String, Matrix>> results = new ArrayList<>();
        for (Workers workers : List.of(Workers.one(), TestWorkers.of(2), TestWorkers.of(5))) {
            Map<String, Matrix> gradients = copies(parameters);
            new TransformerPass(transformer, parameters, workers).backward(sequences(), labels(transformer), gradients::get);
            results.add(gradients);
        }
        for (Map<String, Matrix> other : results.subList(1, 3)) {
            other.forEach((name, gradient) -> assertArrayEquals(results.get(0).get(name).data(), gradient.data(), name));
        }
    }

    @Test
    void parametersOfATransformerMakeTheSameTransformer() {
        Transformer transformer = TransformerParameters.replaced(plain(), random(plain()));
        assertEquals(transformer, TransformerParameters.replaced(plain(), TransformerParameters.of(transformer)));
        assertEquals(List.of("W_E", "W_pos", "0.W_Q", "0.b_Q", "0.W_K", "0.b_K", "0.W_V", "0.b_V", "0.W_O", "0.b_O", "0.W_in", "0.b_in", "0.W_out",
                "0.b_out"), List.copyOf(TransformerParameters.of(plain()).keySet()).subList(0, 14));
        assertEquals(Collections.nCopies(2, true), List.of(TransformerParameters.isBias("1.b_out"), TransformerParameters.isBias("b_U")));
        assertTrue(!TransformerParameters.isBias("W_pos") && !TransformerParameters.isBias("0.W_V"));
    }
}
