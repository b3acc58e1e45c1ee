package org.apd4j.measures;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apd4j.data.SparseFeatures;
import org.apd4j.decomposition.ComponentMask;
import org.apd4j.decomposition.Components;
import org.apd4j.decomposition.Decomposition;
import org.apd4j.decomposition.Evaluator;
import org.apd4j.decomposition.Factors;
import org.apd4j.decomposition.Importance;
import org.apd4j.decomposition.Selection;
import org.apd4j.decomposition.SoftMask;
import org.apd4j.math.Matrix;
import org.apd4j.math.SparseRows;
import org.apd4j.measures.RecoveredMechanisms.Bounds;
import org.apd4j.measures.superposition.Recovery;
import org.apd4j.network.Activation;
import org.apd4j.network.Parameter;
import org.apd4j.network.Parameter.Role;
import org.apd4j.sharedgate.SharedGate;
import org.apd4j.sharedgate.SharedGateConfig;
import org.apd4j.targets.Labels;
import org.apd4j.targets.ResidualMlp;
import org.apd4j.targets.Target;
import org.apd4j.targets.Tms;
import org.apd4j.targets.TmsConfig;
import org.apd4j.testsupport.HandMade;
import org.apd4j.training.Provenance;
import org.junit.jupiter.api.Test;

class RecoveredMechanismsTest {

    private static final double H = Math.sqrt(0.75);
    private static final Target TOY = HandMade.tms(new double[][] {{1, 0}, {-0.5, H}, {-0.5, -H}});

    /** Component c holds each row i of W, times {@code parts[c][i]}. */
    private static Decomposition rows(double[][] parts) {
        return HandMade.decomposition(TOY, HandMade.config(parts.length, Selection.batchTopK(1)), (parameter, c) -> {
            Matrix own = Matrix.zeros(3, 2);
            for (int i = 0; i < 3; i++) {
                for (int j = 0; j < 2; j++) {
                    own.set(i, j, (float) parts[c][i] * parameter.values().get(i, j));
                }
            }
            return own;
        });
    }

    private static RecoveredMechanisms of(double[][] parts) {
        return RecoveredMechanisms.of(rows(parts), Bounds.ROWS);
    }

    @Test
    void aRowForEachComponentIsAWholeMechanismForEachFeature() {
        RecoveredMechanisms found = of(new double[][] {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}});
        assertEquals(3, found.directions());
        assertEquals(3, found.whole());
        assertTrue(found.success());
        assertEquals(1, found.meanCosine(), 1e-6);
        assertEquals(1, found.meanLength(), 1e-6);
        assertEquals(0, found.features().get(1).keepOnly(), 1e-10);
    }

    @Test
    void componentsOfNineTenthsOfTheLengthHaveTheDirectionsAndAreNotWhole() {
        RecoveredMechanisms found = of(new double[][] {{0.9, 0, 0}, {0, 0.9, 0}, {0, 0, 0.9}});
        assertEquals(3, found.directions());
        assertEquals(0, found.whole());
        assertEquals(3, of(new double[][] {{0.97, 0, 0}, {0, 0.97, 0}, {0, 0, 0.97}}).whole(), "within 5 % of the length");
    }

    @Test
    void aComponentThatHoldsTwoFeaturesIsNeithersOwn() {
        RecoveredMechanisms found = of(new double[][] {{1, 1, 0}, {0, 0, 1}, {0, 0, 0}});
        assertEquals(1, found.directions());
        assertEquals(1, found.whole());
        assertFalse(found.success());
    }

    /** The means hide it: MMCS is 1, and ML2R of many features would be near 1. */
    @Test
    void oneFeatureInTwoHalvesIsNotWholeWhateverTheOthersAre() {
        RecoveredMechanisms found = of(new double[][] {{0.5, 0, 0}, {0, 1, 0}, {0, 0, 1}, {0.5, 0, 0}});
        assertEquals(2, found.whole());
        assertEquals(1, found.meanCosine(), 1e-6);
        assertFalse(found.success());
        assertTrue(found.features().get(0).keepOnly() > Bounds.ROWS.keepOnly(), found.toString());
    }

    /** What Recovery calls a success is met before the first step, since components start as what the weights do on samples. */
    @Test
    void anUntrainedDecompositionFails() {
        TmsConfig model = TmsConfig.paper5to2();
        int directions = 0;
        for (long seed = 0; seed < 3; seed++) {
            Target target = Tms.of(model, seed).train().trained();
            var start = SharedGate.decompose(target, SharedGateConfig.tms5to2(), seed);
            RecoveredMechanisms found = RecoveredMechanisms.of(start, Bounds.of(target));
            assertEquals(0, found.whole(), found.summary());
            directions += Recovery.of(start).success() ? 1 : 0;
        }
        assertTrue(directions > 0, "the definition by directions alone is met");
    }

    @Test
    void neuronsOfAResidualMlpAreWholeMechanismsAndShortOrJoinedOnesAreNot() {
        for (int layers = 1; layers <= 2; layers++) {
            Decomposition perfect = HandMade.perfect(layers);
            assertEquals(4, RecoveredMechanisms.of(perfect, Bounds.of(perfect.target())).whole());
            RecoveredMechanisms shorter = RecoveredMechanisms.of(scaled(perfect, 0.9), Bounds.CONTRIBUTIONS);
            assertEquals(4, shorter.directions());
            assertEquals(0, shorter.whole());
            assertEquals(0.81, shorter.meanLength(), 1e-6);
        }
    }

    private static Decomposition scaled(Decomposition from, double factor) {
        return HandMade.decomposition(from.target(), HandMade.config(from.count(), Selection.batchTopK(1)), (parameter, c) -> {
            Matrix own = from.components().component(parameter.name(), c);
            Matrix made = Matrix.zeros(own.rows(), own.columns());
            for (int i = 0; i < own.rows(); i++) {
                for (int j = 0; j < own.columns(); j++) {
                    made.set(i, j, (float) factor * own.get(i, j));
                }
            }
            return made;
        });
    }

    /** Two features, each read by a neuron of both layers, which writes half of it; by hand, a piece for each neuron. */
    private static Target twoNeuronsAFeature() {
        Matrix identity = Matrix.identity(2);
        Matrix half = HandMade.matrix(new double[][] {{0.5, 0}, {0, 0.5}});
        var layer = new ResidualMlp.LayerWeights(identity, half);
        return new Target("two neurons a feature", ResidualMlp.network(identity, List.of(layer, layer), identity, Activation.RELU, Role.FIXED),
                new SparseFeatures(2, 0.5, -1, 1), Labels.INPUT_PLUS_RELU);
    }

    /** Piece c of every matrix is important where feature c is active; if joined, piece 0 of the last W_in where either feature is. */
    private record AsActive(int layers, boolean joinedAtLastIn) implements Importance {
        @Override
        public SoftMask of(SparseRows x, Evaluator evaluator) {
            Matrix g = x.toDense();
            for (int i = 0; i < g.size(); i++) {
                g.data()[i] = g.data()[i] == 0 ? 0 : 1;
            }
            List<Matrix> all = new ArrayList<>(Collections.nCopies(layers, g));
            if (joinedAtLastIn) {
                Matrix joined = g.copy();
                for (int row = 0; row < g.rows(); row++) {
                    joined.set(row, 0, Math.max(g.get(row, 0), g.get(row, 1)));
                }
                all.set(layers - 2, joined);
            }
            return SoftMask.ofLayers(all);
        }

        @Override
        public ComponentMask mask(SparseRows x, Evaluator evaluator) {
            return of(x, evaluator);
        }

        @Override
        public int batch() {
            return 64;
        }

        @Override
        public String describe() {
            return "as active as its feature";
        }
    }

    /**
     * @param lastIn what the pieces of the last W_in read
     */
    private static RecoveredMechanisms ofPieces(double[][] lastIn) {
        return ofPieces(lastIn, false);
    }

    private static RecoveredMechanisms ofPieces(double[][] lastIn, boolean joined) {
        Target target = twoNeuronsAFeature();
        List<Factors> factors = new ArrayList<>();
        for (Parameter parameter : target.network().weights()) {
            Factors own = Factors.zeros(parameter.name(), 2, 2, 2, 1);
            for (int c = 0; c < 2; c++) {
                for (int i = 0; i < 2; i++) {
                    boolean isLastIn = parameter.name().equals(ResidualMlp.in(1));
                    own.a(c).set(i, 0, isLastIn ? (float) lastIn[c][i] : parameter.values().get(i, c));
                    own.b(c).set(0, i, c == i ? 1 : 0);
                }
            }
            factors.add(own);
        }
        return RecoveredMechanisms.of(new Decomposition(target, Components.ofLayers(target.network(), factors), new AsActive(factors.size(), joined),
                Provenance.here(0, 0, 0, 1)), Bounds.CONTRIBUTIONS);
    }

    @Test
    void ofPiecesOfSeveralLayersThoseOfEveryLayerMakeUpTheMechanism() {
        RecoveredMechanisms found = ofPieces(new double[][] {{1, 0}, {0, 1}});
        assertEquals(2, found.whole(), found.summary());
        assertEquals(1, found.meanLength(), 1e-6);

        found = ofPieces(new double[][] {{1.2, 0}, {0, 1}});
        assertEquals(2, found.directions(), found.summary());
        assertEquals(1, found.whole(), found.summary());
        assertEquals((0.25 + 0.3) / Math.sqrt(0.5 * 0.61), found.features().get(0).cosine(), 1e-6);
        assertEquals(Math.sqrt(0.61 / 0.5), found.features().get(0).length(), 1e-6);
    }

    @Test
    void aPieceThatReadsAnotherFeatureInOneLayerIsNotTheMechanismThere() {
        RecoveredMechanisms found = ofPieces(new double[][] {{0, 1}, {1, 0}});
        assertEquals(0, found.directions(), found.summary());
        assertEquals(Math.sqrt(0.5), found.meanCosine(), 1e-6);
    }

    /** Feature 1 makes piece 0 of the last W_in as important as its own, which comes second. */
    @Test
    void aPieceThatTwoFeaturesShareInOneLayerIsNeithersOwn() {
        RecoveredMechanisms found = ofPieces(new double[][] {{1, 1}, {0, 0}}, true);
        assertEquals(0, found.directions(), found.summary());
        assertEquals(List.of(false, false), found.features().stream().map(RecoveredMechanisms.Feature::isOwn).toList());
        assertEquals(List.of(0, 1), found.features().stream().map(RecoveredMechanisms.Feature::component).toList());
    }
}
