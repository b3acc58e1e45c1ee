package org.apd4j.measures.residual;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
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
        return HandMade.decomposition(MLP, HandMade.config(3, Selection.batchTopK(1)), (parameter, c) -> {
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
        WriteShares found = WriteShares.of(HandMade.perfect(1), 1);
        assertEquals(List.of(new WriteShares.Layer(4, 4, 1, 1, 1)), found.layers().stream().map(layer ->
                new WriteShares.Layer(layer.neurons(), layer.features(), rounded(layer.share()), rounded(layer.own()), rounded(layer.ownInTarget()))).toList());
        // in each of two layers there are neurons for half of the features
        for (WriteShares.Layer layer : WriteShares.of(HandMade.perfect(2), 1).layers()) {
            assertEquals(0.5, layer.share(), 1e-6);
        }
    }

    private static double rounded(double value) {
        return Math.round(value * 1e5) / 1e5;
    }

    /** Both are faithful: two thirds of the projection of W_out on each direction, and only the own output, in full. */
    @Test
    void faithfulComponentsHaveTheNeuronsSharesWhateverTheyWrite() {
        var projections = WriteShares.of(components((c, n, o) -> {
            double sum = 0;
            for (int m = 0; m < 2; m++) {
                sum += 2.0 / 3 * DIRECTIONS.get(c, n) * DIRECTIONS.get(c, m) * DIRECTIONS.get(o, m);
            }
            return sum;
        }), 1).layers().get(0);
        assertEquals(2.0 / 3, projections.share(), 1e-6);
        assertEquals(1 / 1.5, projections.own(), 1e-6); // outputs of 1, -1/2 and -1/2

        var own = WriteShares.of(components((c, n, o) -> o == c ? DIRECTIONS.get(o, n) : 0), 1).layers().get(0);
        assertEquals(2.0 / 3, own.share(), 1e-6);
        assertEquals(1, own.own(), 1e-6);
    }

    @Test
    void theTargetsNeuronsWriteWhatTheirActivationsSay() {
        double[] expected = new double[3];
        for (int i = 0; i < 3; i++) {
            double all = 0;
            double[] outputs = new double[3];
            for (int o = 0; o < 3; o++) {
                for (int n = 0; n < 2; n++) {
                    outputs[o] += READ.get(i, n) * DIRECTIONS.get(o, n);
                }
                all += outputs[o] * outputs[o];
            }
            expected[i] = outputs[i] * outputs[i] / all;
        }
        double mean = (expected[0] + expected[1] + expected[2]) / 3;
        assertEquals(mean, WriteShares.of(components((c, n, o) -> o == c ? 1 : 0), 1).layers().get(0).ownInTarget(), 1e-6);
    }

    @Test
    void theMeansAreSaidLayerByLayer() {
        assertEquals("a component has a share of 1.000 (4 neurons for 4 features); its own output is 1.00 of what it writes, and 1.00 of what the "
                + "target's neurons write", WriteShares.of(HandMade.perfect(1), 1).summary());
        assertTrue(WriteShares.of(HandMade.perfect(2), 1).summary().startsWith("layer 1: a component has a share of 0.500 (2 neurons for 4 features); "));
    }

    @Test
    void componentsOfSingleMatricesAreRefused() {
        var pieces = Spd.decompose(HandMade.perfectMlp(1), SpdConfig.paperOneLayer().with(c -> c.components = 5), 0);
        var e = assertThrows(IllegalArgumentException.class, () -> WriteShares.of(pieces, 1));
        assertEquals("the shares of what components write need components that span all matrices; here each matrix has its own", e.getMessage());
    }
}
