package org.apd4j.measures.residual;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.stream.IntStream;
import org.apd4j.data.SparseFeatures;
import org.apd4j.decomposition.Decomposition;
import org.apd4j.decomposition.Selection;
import org.apd4j.math.Matrix;
import org.apd4j.network.Activation;
import org.apd4j.network.Parameter.Role;
import org.apd4j.spd.Spd;
import org.apd4j.spd.SpdConfig;
import org.apd4j.targets.Labels;
import org.apd4j.targets.ResidualMlp;
import org.apd4j.targets.Target;
import org.apd4j.testsupport.HandMade;
import org.junit.jupiter.api.Test;

class WriteSharesTest {

    private static final Matrix FEATURES = Matrix.identity(3);
    /** Each of three features activates one of two neurons, or both. */
    private static final Matrix READ = HandMade.matrix(new double[][] {{1, 0}, {0, 1}, {1, 1}});
    /** What they write to three outputs, 120° apart: for the rows r_i, {@code Σ_i r_i r_iᵀ = 3/2 · I}. */
    private static final Matrix DIRECTIONS = HandMade.matrix(new double[][] {{1, 0}, {-0.5, Math.sqrt(0.75)}, {-0.5, -Math.sqrt(0.75)}});
    private static final Target MLP = new Target("three features in two neurons", ResidualMlp.network(FEATURES,
            List.of(new ResidualMlp.LayerWeights(READ, DIRECTIONS.transposed())), FEATURES, Activation.RELU, Role.FIXED),
            new SparseFeatures(3, 0.3, -1, 1), Labels.INPUT_PLUS_RELU);

    private interface PartOfOut {
        double at(int component, int neuron, int output);
    }

    /** Component i reads feature i. */
    private static Decomposition components(PartOfOut out) {
        return components(MLP, out);
    }

    private static Decomposition components(Target mlp, PartOfOut out) {
        return HandMade.decomposition(mlp, HandMade.config(3, Selection.batchTopK(1)), (parameter, c) -> {
            Matrix own = Matrix.zeros(parameter.values().rows(), parameter.values().columns());
            for (int i = 0; i < own.rows(); i++) {
                for (int j = 0; j < own.columns(); j++) {
                    own.set(i, j, parameter.name().equals(ResidualMlp.in(0)) ? i == c ? parameter.values().get(i, j) : 0 : (float) out.at(c, i, j));
                }
            }
            return own;
        });
    }

    @Test
    void neuronsOfTheirOwnAreWrittenInFull() {
        for (int layers = 1; layers <= 2; layers++) {
            assertNear(new WriteShares(4, 4, 1, 1, 1, 1), WriteShares.of(HandMade.perfect(layers), 1));
        }
    }

    private static void assertNear(WriteShares expected, WriteShares actual) {
        assertEquals(expected.neurons(), actual.neurons());
        assertEquals(expected.features(), actual.features());
        assertEquals(expected.share(), actual.share(), 1e-6);
        assertEquals(expected.cosine(), actual.cosine(), 1e-6);
        assertEquals(expected.ownOutput(), actual.ownOutput(), 1e-6);
        assertEquals(expected.targetOwnOutput(), actual.targetOwnOutput(), 1e-6);
    }

    /** What the neurons write for a feature. */
    private static double[] wanted(int feature) {
        double[] outputs = new double[3];
        for (int o = 0; o < 3; o++) {
            for (int n = 0; n < 2; n++) {
                outputs[o] += READ.get(feature, n) * DIRECTIONS.get(o, n);
            }
        }
        return outputs;
    }

    private static double dot(double[] one, double[] other) {
        return one[0] * other[0] + one[1] * other[1] + one[2] * other[2];
    }

    /** {@code φ h hᵀO / |h|²} writes the fraction φ of what the neurons write, at every output. */
    @Test
    void aComponentThatWritesTheSameFractionAtEveryOutputHasThatShare() {
        WriteShares found = WriteShares.of(components((c, n, o) -> (c + 1) / 4.0 * READ.get(c, n) * wanted(c)[o]
                / (READ.get(c, 0) + READ.get(c, 1))), 1);
        double own = IntStream.range(0, 3).mapToDouble(i -> wanted(i)[i] * wanted(i)[i] / dot(wanted(i), wanted(i))).average().orElseThrow();
        assertNear(new WriteShares(2, 3, 0.5, 1, own, own), found);
    }

    /** Both are faithful: two thirds of the projection of W_out on each direction, and the own output only, in full. */
    @Test
    void sharesOfFaithfulComponentsSumToTheNeuronsWhateverTheyWrite() {
        WriteShares projections = WriteShares.of(components((c, n, o) -> {
            double sum = 0;
            for (int m = 0; m < 2; m++) {
                sum += 2.0 / 3 * DIRECTIONS.get(c, n) * DIRECTIONS.get(c, m) * DIRECTIONS.get(o, m);
            }
            return sum;
        }), 1);
        assertEquals(2.0 / 3, projections.share(), 1e-6);
        assertEquals(1 / 1.5, projections.ownOutput(), 1e-6); // outputs of 1, -1/2 and -1/2

        WriteShares own = WriteShares.of(components((c, n, o) -> o == c ? DIRECTIONS.get(o, n) : 0), 1);
        double cosine = IntStream.range(0, 3).mapToDouble(i -> Math.abs(wanted(i)[i]) / Math.sqrt(dot(wanted(i), wanted(i)))).average().orElseThrow();
        assertEquals(2.0 / 3, own.share(), 1e-6);
        assertEquals(1, own.ownOutput(), 1e-6);
        assertEquals(cosine, own.cosine(), 1e-6);
    }

    /** The shares sum to the rank of what neurons write: one here, although there are two of them. */
    @Test
    void neuronsThatWriteTheSameCountOnce() {
        Matrix same = HandMade.matrix(new double[][] {{1, 1, 2}, {1, 1, 2}});
        Target mlp = new Target("two neurons that write the same", ResidualMlp.network(FEATURES, List.of(new ResidualMlp.LayerWeights(READ, same)),
                FEATURES, Activation.RELU, Role.FIXED), MLP.data(), Labels.INPUT_PLUS_RELU);
        WriteShares found = WriteShares.of(components(mlp, (c, n, o) -> o == c ? same.get(n, o) : 0), 1);
        assertEquals(1.0 / 3, found.share(), 1e-6);
    }

    @Test
    void theMeansAreSaidInOneSentence() {
        assertEquals("components have a share of 1.000 neurons on average (4 neurons for 4 features); what they write has a cosine of 1.000 to what the "
                + "target's neurons write, and 1.00 of its squared length in their own output (the target 1.00)", WriteShares.of(HandMade.perfect(1), 1).summary());
    }

    @Test
    void componentsOfSingleMatricesAreRefused() {
        var pieces = Spd.decompose(HandMade.perfectMlp(1), SpdConfig.paperOneLayer().with(c -> c.components = 5), 0);
        var e = assertThrows(IllegalArgumentException.class, () -> WriteShares.of(pieces, 1));
        assertEquals("the shares of what components write need components that span all matrices; here each matrix has its own", e.getMessage());
    }
}
