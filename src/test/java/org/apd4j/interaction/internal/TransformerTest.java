package org.apd4j.interaction.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.apache.commons.math3.complex.Complex;
import org.apd4j.interaction.AttentionLayer;
import org.apd4j.interaction.DenseLayer;
import org.apd4j.interaction.Integration;
import org.apd4j.interaction.InteractionConfig;
import org.apd4j.interaction.PositionEncoding;
import org.apd4j.interaction.PositionEncoding.Pairs;
import org.apd4j.interaction.Transformer;
import org.apd4j.interaction.Transformer.Neurons;
import org.apd4j.interaction.Transformer.ReadOut;
import org.apd4j.interaction.TransformerBlock;
import org.apd4j.math.RandomStream;
import org.apd4j.math.internal.DoubleGemm;
import org.apd4j.math.internal.DoubleMatrix;
import org.apd4j.math.internal.Grid;
import org.junit.jupiter.api.Test;

/** Random small transformers against a plain forward pass, which folds nothing, and against central differences. */
class TransformerTest {

    private static final int NETWORKS = 120;
    private static final int SAMPLES = 4;

    private static Grid grid(RandomStream stream, int rows, int columns) {
        return Grid.of(rows, columns, (i, j) -> 0.5 * stream.nextNormal());
    }

    private static DenseLayer dense(RandomStream stream, int in, int out) {
        return DenseLayer.of(grid(stream, in, out).toArray(), grid(stream, 1, out).row(0));
    }

    /** Every choice that a description has, at random. */
    private static Transformer transformer(long seed) {
        RandomStream stream = RandomStream.of(seed, 17);
        int width = 3 + stream.nextInt(3);
        int head = 2 + stream.nextInt(3);
        int heads = 1 + stream.nextInt(3);
        int neurons = 1 + stream.nextInt(5);
        int vocabulary = 2 + stream.nextInt(5);
        int positions = 1 + stream.nextInt(4);
        List<TransformerBlock> blocks = new ArrayList<>();
        int count = 1 + stream.nextInt(2);
        for (int b = 0; b < count; b++) {
            List<AttentionLayer.Head> all = new ArrayList<>();
            for (int h = 0; h < heads; h++) {
                all.add(new AttentionLayer.Head(dense(stream, width, head), dense(stream, width, head), dense(stream, width, head),
                        grid(stream, head, width)));
            }
            AttentionLayer attention = AttentionLayer.of(all, grid(stream, 1, width).row(0));
            attention = stream.nextInt(3) == 0 ? attention.notCausal() : attention;
            attention = stream.nextInt(3) == 0 ? attention.unscaled() : attention;
            attention = stream.nextInt(3) == 0 ? attention.within(1 + stream.nextInt(3)) : attention;
            blocks.add(new TransformerBlock(attention, dense(stream, width, neurons), dense(stream, neurons, width)));
        }
        PositionEncoding encoding = stream.nextInt(3) == 0
                ? PositionEncoding.rotary(positions, head == 4 && stream.nextInt(2) == 0 ? 4 : 2, Pairs.values()[stream.nextInt(2)])
                : PositionEncoding.learned(grid(stream, positions, width));
        Transformer plain = Transformer.of(grid(stream, vocabulary, width), encoding, blocks, dense(stream, width, 1 + stream.nextInt(4)))
                .with(Neurons.values()[stream.nextInt(3)]).read(ReadOut.values()[stream.nextInt(3)]);
        plain = stream.nextInt(3) == 0 ? plain.inParallel() : plain;
        return stream.nextInt(2) == 0 ? plain : plain.withLayerNorm(0.1);
    }

    private static DoubleMatrix tokens(long seed, Transformer transformer) {
        RandomStream stream = RandomStream.of(seed, 18);
        return DoubleMatrix.of(SAMPLES, transformer.positions().length(), (i, j) -> stream.nextInt(transformer.tokens().rows()));
    }

    /** The definition, position by position, with the biases where they stand. */
    private static double[][] plainLogits(Transformer transformer, double[] tokens) {
        int positions = tokens.length;
        double[][] stream = new double[positions][];
        for (int t = 0; t < positions; t++) {
            stream[t] = transformer.tokens().row((int) tokens[t]);
            if (transformer.positions() instanceof PositionEncoding.Learned learned) {
                stream[t] = sum(stream[t], learned.embedding().row(t));
            }
        }
        for (TransformerBlock block : transformer.blocks()) {
            AttentionLayer attention = block.attention();
            double[][] normed = Arrays.stream(stream).map(row -> norm(row, transformer.normEpsilon())).toArray(double[][]::new);
            double[][] after = new double[positions][];
            for (int t = 0; t < positions; t++) {
                after[t] = sum(stream[t], attention.bias().stream().mapToDouble(Double::doubleValue).toArray());
                for (AttentionLayer.Head head : attention.heads()) {
                    double[] query = rotated(map(normed[t], head.query()), t, transformer.positions());
                    double[] scores = new double[positions];
                    for (int s = 0; s < positions; s++) {
                        boolean isSeen = (s <= t || !attention.causal()) && t - s < attention.window();
                        double[] key = rotated(map(normed[s], head.key()), s, transformer.positions());
                        scores[s] = isSeen ? inner(query, key) / (attention.scaled() ? Math.sqrt(query.length) : 1) : Double.NEGATIVE_INFINITY;
                    }
                    double highest = Arrays.stream(scores).max().orElseThrow();
                    double total = Arrays.stream(scores).map(score -> Math.exp(score - highest)).sum();
                    for (int s = 0; s < positions; s++) {
                        double[] value = map(normed[s], head.value());
                        for (int i = 0; i < value.length; i++) {
                            for (int j = 0; j < after[t].length; j++) {
                                after[t][j] += Math.exp(scores[s] - highest) / total * value[i] * head.output().get(i, j);
                            }
                        }
                    }
                }
            }
            for (int t = 0; t < positions; t++) {
                double[] neurons = map(norm(transformer.parallel() ? stream[t] : after[t], transformer.normEpsilon()), block.in());
                stream[t] = sum(after[t], map(Arrays.stream(neurons).map(x -> neuron(transformer.neurons(), x)).toArray(), block.out()));
            }
        }
        double[][] logits = Arrays.stream(stream).map(row -> map(norm(row, transformer.normEpsilon()), transformer.unembedding()))
                .toArray(double[][]::new);
        return transformer.readOut() == ReadOut.ALL ? logits : new double[][] {logits[positions - 1]};
    }

    /** By complex numbers: a pair is multiplied by {@code exp(i position / 10000^(2i / width))}. */
    private static double[] rotated(double[] x, int position, PositionEncoding encoding) {
        double[] result = x.clone();
        if (encoding instanceof PositionEncoding.Rotary rotary) {
            for (int i = 0; i < rotary.width() / 2; i++) {
                int real = rotary.pairs() == Pairs.HALVES ? i : 2 * i;
                int imaginary = rotary.pairs() == Pairs.HALVES ? i + rotary.width() / 2 : 2 * i + 1;
                Complex turned = new Complex(x[real], x[imaginary]).multiply(
                        new Complex(0, position / Math.pow(10_000, 2.0 * i / rotary.width())).exp());
                result[real] = turned.getReal();
                result[imaginary] = turned.getImaginary();
            }
        }
        return result;
    }

    private static double neuron(Neurons kind, double x) {
        return switch (kind) {
            case RELU -> Math.max(0, x);
            case GELU -> ElementFunction.GELU.value(x);
            case GELU_TANH -> 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * Math.pow(x, 3))));
        };
    }

    private static double[] norm(double[] x, OptionalDouble epsilon) {
        if (epsilon.isEmpty()) {
            return x;
        }
        double mean = Arrays.stream(x).average().orElseThrow();
        double variance = Arrays.stream(x).map(value -> (value - mean) * (value - mean)).average().orElseThrow();
        return Arrays.stream(x).map(value -> (value - mean) / Math.sqrt(variance + epsilon.getAsDouble())).toArray();
    }

    private static double[] map(double[] x, DenseLayer layer) {
        double[] y = layer.bias().stream().mapToDouble(Double::doubleValue).toArray();
        for (int j = 0; j < y.length; j++) {
            for (int i = 0; i < x.length; i++) {
                y[j] += x[i] * layer.weights().get(i, j);
            }
        }
        return y;
    }

    private static double[] sum(double[] a, double[] b) {
        double[] sum = a.clone();
        for (int i = 0; i < sum.length; i++) {
            sum[i] += b[i];
        }
        return sum;
    }

    private static double inner(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    private static Boundary output(Program program) {
        return program.boundaries().get(program.boundaries().size() - 1);
    }

    @Test
    void foldedTransformerComputesWhatItsDefinitionSays() {
        for (long seed = 0; seed < NETWORKS; seed++) {
            Transformer transformer = transformer(seed);
            DoubleMatrix tokens = tokens(seed, transformer);
            Program program = ProgramOfTransformer.of(transformer);
            DoubleMatrix logits = program.valuesAt(output(program), tokens);
            int rows = logits.rows() / SAMPLES;
            for (int x = 0; x < SAMPLES; x++) {
                double[][] expected = plainLogits(transformer, tokens.rows(x, 1).data());
                assertEquals(expected.length, rows);
                for (int t = 0; t < rows; t++) {
                    for (int i = 0; i < logits.columns(); i++) {
                        // the constant of GELU is 1 to 1e-11 only
                        assertEquals(expected[t][i], logits.get(x * rows + t, i), 1e-9 * (1 + Math.abs(expected[t][i])), seed + ": " + transformer);
                    }
                }
            }
        }
    }

    @Test
    void restOfTheTransformerFromEveryNodeLayerGivesTheLogits() {
        for (long seed = 0; seed < NETWORKS; seed++) {
            Transformer transformer = transformer(seed);
            DoubleMatrix tokens = tokens(seed, transformer);
            Program program = ProgramOfTransformer.of(transformer);
            DoubleMatrix logits = program.valuesAt(output(program), tokens);
            for (Boundary layer : program.boundaries().subList(0, program.boundaries().size() - 1)) {
                DoubleMatrix f = program.valuesAt(layer, tokens);
                assertEquals(SAMPLES * program.positions(layer), f.rows());
                for (int row = 0; row < f.rows(); row++) {
                    assertEquals(1, f.get(row, f.columns() - 1), 1e-10, layer.name());
                }
                same(logits, program.section(layer, output(program)).value(f), 1e-11, seed + " " + layer.name());
            }
        }
    }

    @Test
    void passThatSharesEqualRowsAndReadsAMapOfTheOutputAgrees() {
        for (long seed = 0; seed < NETWORKS; seed++) {
            Transformer transformer = transformer(seed);
            DoubleMatrix tokens = tokens(seed, transformer);
            Program program = ProgramOfTransformer.of(transformer);
            RandomStream stream = RandomStream.of(seed, 19);
            for (int from = 0; from + 1 < program.boundaries().size(); from++) {
                int to = from + 1 + stream.nextInt(program.boundaries().size() - from - 1);
                Section section = program.section(program.boundaries().get(from), program.boundaries().get(to));
                DoubleMatrix once = program.valuesAt(program.boundaries().get(from), tokens);
                // every sample three times
                SharedRows shared = SharedRows.of(DoubleMatrix.of(3 * once.rows(), once.columns(), (i, j) -> once.get(i % once.rows(), j)));
                DoubleMatrix f = shared.expanded();
                assertTrue(shared.values().rows() <= once.rows(), "rows are not shared");
                for (int row = 0; row < f.rows(); row++) {
                    assertArrayEquals(once.rows(row % once.rows(), 1).data(), f.rows(row, 1).data());
                }
                DoubleMatrix output = section.value(f);
                same(output, section.value(shared), 1e-11, seed + " " + program.boundaries().get(from).name());
                DoubleMatrix map = DoubleMatrix.of(section.outputs(), 2, (i, j) -> stream.nextNormal());
                DoubleMatrix identity = DoubleMatrix.identity(f.columns());
                same(DoubleGemm.product(output, map), section.product(shared, identity, map), 1e-10, seed + " "
                        + program.boundaries().get(from).name());
                // of three values of every row
                DoubleMatrix entry = DoubleMatrix.of(3, f.columns(), (i, j) -> stream.nextNormal());
                SharedRows few = shared.with(shared.values().columns(0, 3));
                DoubleMatrix entered = DoubleGemm.product(few.expanded(), entry);
                same(DoubleGemm.product(section.value(entered), map), section.product(few, entry, map), 1e-9, seed + " "
                        + program.boundaries().get(from).name());
            }
        }
    }

    /** For random d and g: {@code g · J d} by central differences of fourth order is {@code (g J) · d} by the backward pass. */
    @Test
    void backwardPassesAgreeWithCentralDifferences() {
        // small, since a pre-activation of ReLU that crosses 0 on the way makes a difference no derivative
        double h = 2e-7;
        for (long seed = 0; seed < NETWORKS; seed++) {
            Transformer transformer = transformer(seed);
            DoubleMatrix tokens = tokens(seed, transformer);
            Program program = ProgramOfTransformer.of(transformer);
            RandomStream stream = RandomStream.of(seed, 20);
            for (int from = 0; from + 1 < program.boundaries().size(); from++) {
                int to = from + 1 + stream.nextInt(program.boundaries().size() - from - 1);
                Section section = program.section(program.boundaries().get(from), program.boundaries().get(to));
                DoubleMatrix f = program.valuesAt(program.boundaries().get(from), tokens).scale(0.8);
                DoubleMatrix direction = DoubleMatrix.of(f.rows(), f.columns(), (i, j) -> stream.nextNormal());
                DoubleMatrix change = section.value(f.copy().add(h, direction)).add(-1, section.value(f.copy().add(-h, direction)));
                DoubleMatrix twice = section.value(f.copy().add(2 * h, direction)).add(-1, section.value(f.copy().add(-2 * h, direction)));
                DoubleMatrix gradient = DoubleMatrix.of(change.rows(), change.columns(), (i, j) -> stream.nextNormal());
                double expected = inner(gradient.data(), change.scale(8).add(-1, twice).scale(1 / (12 * h)).data());
                double actual = inner(direction.data(), section.run(f).pull(gradient).data());
                assertEquals(expected, actual, 1e-5 * (1 + Math.abs(expected)), seed + " " + transformer + " from "
                        + program.boundaries().get(from).name() + " to " + program.boundaries().get(to).name());
            }
        }
    }

    /** M′ and E from whole Jacobians by central differences, with several positions at both ends of a section. */
    @Test
    void basesAndEdgesAreThoseOfTheJacobiansBetweenAllPositions() {
        InteractionConfig integrated = InteractionConfig.paper().with(c -> {
            c.threshold = 1e-6;
            c.rotateLast = true;
            c.integration = Integration.GAUSS_LEGENDRE;
            c.intervals = 1;
        });
        int compared = 0;
        for (long seed = 0; compared < 12; seed++) {
            Transformer transformer = transformer(seed);
            if (transformer.neurons() == Neurons.RELU || transformer.positions().length() < 2) {
                continue;
            }
            compared++;
            DoubleMatrix tokens = DoubleMatrix.of(40, transformer.positions().length(),
                    (i, j) -> RandomStream.of(21, i, j).nextInt(transformer.tokens().rows()));
            Program program = ProgramOfTransformer.of(transformer);
            List<Boundary> layers = program.boundaries().stream().filter(layer -> List.of("ln1.0", "attn_out.0", "mlp_in.0", "unembed")
                    .contains(layer.name())).toList();
            InteractionConfig config = compared % 2 == 0 ? integrated : integrated.with(c -> {
                c.integration = Integration.GRADIENT;
                c.intervals = 0;
            });
            List<LayerBasis> bases = LayerBases.of(program, layers, tokens, tokens, config);
            for (int l = 0; l + 1 < layers.size(); l++) {
                LayerBasis from = bases.get(l);
                LayerBasis to = bases.get(l + 1);
                Section section = program.section(layers.get(l), layers.get(l + 1));
                DoubleMatrix f = program.valuesAt(layers.get(l), tokens);
                DoubleMatrix nodes = DoubleGemm.product(f, from.basis().orElseThrow());
                DoubleMatrix projected = DoubleGemm.product(nodes, from.inverse().orElseThrow());
                int in = section.inputPositions();
                int out = section.outputPositions();
                DoubleMatrix gram = DoubleMatrix.zeros(from.width(), from.width());
                DoubleMatrix edges = DoubleMatrix.zeros(to.nodes(), from.nodes());
                for (int x = 0; x < tokens.rows(); x++) {
                    DoubleMatrix[][] jacobian = jacobian(section, f.rows(x * in, in), config.points(layers.get(l).name()), to.basis());
                    DoubleMatrix[][] atNodes = jacobian(section, projected.rows(x * in, in), config.points(layers.get(l).name()), to.basis());
                    for (int t = 0; t < out; t++) {
                        DoubleMatrix sum = DoubleMatrix.zeros(to.nodes(), from.nodes());
                        for (int s = 0; s < in; s++) {
                            DoubleGemm.addTransposedProduct(jacobian[t][s], jacobian[t][s], gram);
                            DoubleMatrix ofNodes = DoubleGemm.productTransposed(atNodes[t][s], from.inverse().orElseThrow());
                            int row = x * in + s;
                            sum.add(1, DoubleMatrix.of(to.nodes(), from.nodes(), (i, j) -> ofNodes.get(i, j) * nodes.get(row, j)));
                        }
                        edges.add(1, DoubleMatrix.of(to.nodes(), from.nodes(), (i, j) -> sum.get(i, j) * sum.get(i, j)));
                    }
                }
                double rows = (double) tokens.rows() * in;
                String what = seed + " " + layers.get(l).name() + " " + transformer;
                relative(gram.scale(1 / rows), from.jacobians().orElseThrow().jacobians(), 1e-6, "M′ " + what);
                relative(edges.scale(1 / rows), EdgeSums.of(program, from, to, tokens, config, EdgeSums.signs(config, l)), 1e-6, "E " + what);
            }
        }
    }

    /** Returns the Jacobians {@code [n′, d]} from every input position to every output position of one sample. */
    private static DoubleMatrix[][] jacobian(Section section, DoubleMatrix f, List<Integration.Point> points, Optional<DoubleMatrix> basis) {
        double h = 1e-5;
        int in = section.inputPositions();
        int out = section.outputPositions();
        int nodes = basis.map(DoubleMatrix::columns).orElse(section.outputs());
        DoubleMatrix[][] all = new DoubleMatrix[out][in];
        for (DoubleMatrix[] row : all) {
            Arrays.setAll(row, s -> DoubleMatrix.zeros(nodes, f.columns()));
        }
        for (Integration.Point point : points) {
            for (int s = 0; s < in; s++) {
                for (int j = 0; j < f.columns(); j++) {
                    DoubleMatrix up = f.copy().scale(point.alpha());
                    DoubleMatrix down = up.copy();
                    up.set(s, j, up.get(s, j) + h);
                    down.set(s, j, down.get(s, j) - h);
                    DoubleMatrix change = section.value(up).add(-1, section.value(down)).scale(point.weight() / (2 * h));
                    DoubleMatrix rotated = basis.isPresent() ? DoubleGemm.product(change, basis.get()) : change;
                    for (int t = 0; t < out; t++) {
                        for (int i = 0; i < nodes; i++) {
                            all[t][s].set(i, j, all[t][s].get(i, j) + rotated.get(t, i));
                        }
                    }
                }
            }
        }
        return all;
    }

    private static void same(DoubleMatrix expected, DoubleMatrix actual, double tolerance, String what) {
        assertEquals(expected.toString(), actual.toString(), what);
        for (int i = 0; i < expected.data().length; i++) {
            assertEquals(expected.data()[i], actual.data()[i], tolerance * (1 + Math.abs(expected.data()[i])), what);
        }
    }

    private static void relative(DoubleMatrix expected, DoubleMatrix actual, double tolerance, String what) {
        assertEquals(expected.toString(), actual.toString(), what);
        double largest = Arrays.stream(expected.data()).map(Math::abs).max().orElseThrow();
        for (int i = 0; i < expected.data().length; i++) {
            assertEquals(expected.data()[i], actual.data()[i], tolerance * largest, what);
        }
    }
}
