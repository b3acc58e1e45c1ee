package org.apd4j.sharedgate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.apd4j.data.SparseFeatures;
import org.apd4j.decomposition.Decomposition;
import org.apd4j.decomposition.DecompositionSettings;
import org.apd4j.decomposition.Suggestion;
import org.apd4j.math.Matrix;
import org.apd4j.targets.ResidualMlp;
import org.apd4j.targets.ResidualMlpConfig;
import org.apd4j.targets.Target;
import org.apd4j.targets.Tms;
import org.junit.jupiter.api.Test;

class CheckedDecompositionTest {

    private static final float LENGTH = 1.13f;

    /** Five features at equal angles in two dimensions, as training finds them. */
    static Target pentagon() {
        return Target.of("pentagon", Tms.network(encoder(), new Matrix[0], Matrix.zeros(1, 5).fill(-0.3f)), new SparseFeatures(5, 0.05, 0, 1));
    }

    private static Matrix encoder() {
        Matrix encoder = Matrix.zeros(5, 2);
        for (int i = 0; i < 5; i++) {
            encoder.set(i, 0, (float) (LENGTH * Math.cos(0.4 * Math.PI * i)));
            encoder.set(i, 1, (float) (LENGTH * Math.sin(0.4 * Math.PI * i)));
        }
        return encoder;
    }

    /** Returns the largest cosine of a feature's matrix, which has one row, with a live component's. */
    private static double similarity(Decomposition found, int feature) {
        Matrix encoder = encoder();
        double best = 0;
        for (int c = 0; c < found.components().count(); c++) {
            Matrix part = found.components().component(Tms.ENCODER, c);
            double norm = Math.sqrt(part.squaredDistance(Matrix.zeros(5, 2)));
            double along = (double) part.get(feature, 0) * encoder.get(feature, 0) + (double) part.get(feature, 1) * encoder.get(feature, 1);
            best = norm == 0 ? best : Math.max(best, along / norm / LENGTH);
        }
        return best;
    }

    @Test
    void withoutAnyCoefficientEveryFeatureOfAPentagonGetsAComponentAndTheSeedsAgree() {
        CheckedDecomposition found = SharedGate.decompose(pentagon(), 0);
        assertTrue(found.check().holds(), found.check().sentence());
        assertEquals(5, found.check().live());
        for (int feature = 0; feature < 5; feature++) {
            assertTrue(similarity(found.decomposition(), feature) > 0.999, "feature " + feature);
        }
        assertTrue(found.check().sentence().contains("5 and 5 of 20 components are alive"), found.check().sentence());
        assertTrue(found.summary().entries().containsKey("minimality β = 0.5 E0"));
    }

    @Test
    void aRunAgreesWithItselfWhateverItFound() {
        Decomposition early = SharedGate.decompose(pentagon(), SharedGateConfig.tms5to2().with(c -> c.steps = 50), 0).train(10).decomposition();
        SharedGateCheck check = SharedGateCheck.of(early, early);
        assertEquals(1, check.agreement(), 1e-6);
        assertFalse(check.holds());
        assertTrue(check.sentence().contains("all components are alive, so take twice as many"), check.sentence());
    }

    @Test
    void seedsThatDisagreeAreToldApart() {
        SharedGateConfig cheap = SharedGateConfig.tms5to2().with(c -> {
            c.steps = 300;
            c.minimality = 0.001; // far too small: features are divided among components
        });
        SharedGateCheck check = SharedGateCheck.of(SharedGate.decompose(pentagon(), cheap, 0).train().decomposition(),
                SharedGate.decompose(pentagon(), cheap, 1).train().decomposition());
        assertTrue(check.agreement() < 0.999, "" + check.agreement());
        assertFalse(check.holds());
    }

    @Test
    void settingsFollowFromTheNetwork() {
        Suggestion<SharedGateConfig> code = SharedGateConfig.suggest(pentagon());
        assertEquals(List.of(20, 0.5, 3.0), List.of(code.config().components(), code.config().minimality(), code.config().hidden()));
        for (ResidualMlpConfig layers : List.of(ResidualMlpConfig.spdOneLayer(), ResidualMlpConfig.spdTwoLayers())) {
            SharedGateConfig functions = SharedGateConfig.suggest(ResidualMlp.untrained(layers, 0)).config();
            assertEquals(List.of(200, 1.0, 0.0, 0.0),
                    List.of(functions.components(), functions.minimality(), functions.hidden(), functions.direction()));
        }
        for (DecompositionSettings.Reason reason : code.reasons()) {
            assertTrue(reason.why().endsWith("."), reason.toString());
        }
    }
}
