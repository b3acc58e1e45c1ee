package org.apd4j.sharedgate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.apd4j.data.SparseFeatures;
import org.apd4j.decomposition.Decomposition;
import org.apd4j.decomposition.DecompositionRun;
import org.apd4j.decomposition.Factors;
import org.apd4j.decomposition.SoftMask;
import org.apd4j.math.Matrix;
import org.apd4j.math.SparseRows;
import org.apd4j.targets.Target;
import org.apd4j.targets.Tms;
import org.apd4j.testsupport.MethodCase;
import org.apd4j.testsupport.SharedGateCases;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SharedGateTest {

    static List<MethodCase<SharedGateConfig>> cases() {
        return SharedGateCases.all();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void trainingLowersTheErrorOfTheKeepPass(MethodCase<SharedGateConfig> given) {
        SharedGateConfig longer = given.config().with(c -> {
            c.steps = 400;
            c.learningRate = 1e-2;
            c.minimality = 0.01;
            c.prunings = List.of();
            c.restarts = List.of();
        });
        DecompositionRun<SharedGateConfig> run = SharedGate.decompose(given.target(), longer, 3).train(1);
        double before = run.loss("keep") + run.loss("stochastic reconstruction");
        double after = run.train().loss("keep") + run.loss("stochastic reconstruction");
        assertTrue(after < before / 2, before + " → " + after);
    }

    /** Five features at equal angles in two dimensions, as training finds them. */
    private static Target pentagon() {
        Matrix encoder = Matrix.zeros(5, 2);
        for (int i = 0; i < 5; i++) {
            encoder.set(i, 0, (float) (1.13 * Math.cos(0.4 * Math.PI * i)));
            encoder.set(i, 1, (float) (1.13 * Math.sin(0.4 * Math.PI * i)));
        }
        return Target.of("pentagon", Tms.network(encoder, new Matrix[0], Matrix.zeros(1, 5).fill(-0.3f)), new SparseFeatures(5, 0.05, 0, 1));
    }

    @Test
    void unusedComponentsDieAndStayDead() {
        Target tms = pentagon();
        SharedGateConfig config = SharedGateConfig.tms5to2().with(c -> c.steps = 4000);
        Decomposition found = SharedGate.decompose(tms, config, 0).train().decomposition();
        SharedGateImportance gates = SharedGate.gates(found);
        assertEquals(5, gates.live());
        SparseRows x = tms.data().sample(3, 200);
        Matrix g = found.importance().of(x, found.evaluator()).layer(0);
        for (int c = 0; c < config.components(); c++) {
            float largest = 0;
            for (int row = 0; row < 200; row++) {
                largest = Math.max(largest, g.get(row, c));
            }
            if (!gates.isAlive(c)) {
                assertEquals(0, largest);
                assertTrue(found.components().component(Tms.ENCODER, c).isZero());
            }
        }
    }

    @Test
    void encoderAndDecoderOfTmsShareTheirArrays() {
        MethodCase<SharedGateConfig> tied = cases().get(0);
        Decomposition found = SharedGate.decompose(tied.target(), tied.config(), 0).train().decomposition();
        assertEquals(List.of(Tms.ENCODER), found.components().factors().stream().map(Factors::parameter).toList());
        assertEquals(List.of("encoder"), SharedGate.gates(found).nodes());
    }

    @Test
    void gateMatricesAreThoseThatReadTheInputOrTheStream() {
        MethodCase<SharedGateConfig> two = cases().get(2);
        Decomposition found = SharedGate.decompose(two.target(), two.config(), 0).decomposition();
        assertEquals(2, SharedGate.gates(found).nodes().size());
        assertEquals(List.of(2, 3, 2, 3), found.components().factors().stream().map(Factors::rank).toList());
    }

    @Test
    void withAllMasksOneTheComponentsGiveTheOutputOfTheirSum() {
        MethodCase<SharedGateConfig> given = cases().get(2);
        Decomposition found = SharedGate.decompose(given.target(), given.config(), 0).train().decomposition();
        SparseRows x = found.target().data().sample(1, 40);
        SoftMask ones = SoftMask.shared(Matrix.zeros(40, given.config().components()).fill(1));
        assertArrayEquals(found.evaluator().allComponents(x).toArray(), found.evaluator().masked(x, ones).toArray(), 1e-5f);
    }

    @Test
    void otherSeedsGiveOtherRuns() {
        MethodCase<SharedGateConfig> given = cases().get(0);
        assertNotEquals(SharedGate.decompose(given.target(), given.config(), 0).train(2).loss("keep"),
                SharedGate.decompose(given.target(), given.config(), 1).train(2).loss("keep"));
    }

    @Test
    void settingsThatDoNotFitAreRefusedInOneSentence() {
        Target tms = cases().get(0).target();
        SharedGateConfig config = SharedGateConfig.tms5to2();
        assertRefused("SharedGateConfig.components is 0; it must be at least 1", () -> config.with(c -> c.components = 0));
        assertRefused("SharedGateConfig.candidates is 10; it must be at least as many as components, 20", () -> config.with(c -> c.candidates = 10));
        assertRefused("SharedGateConfig.minimality is NaN; it must be a finite number of at least 0",
                () -> SharedGateConfig.of(c -> c.components = 3));
        assertRefused("SharedGateConfig.prunings is [0.7, 0.5]; it must be ascending fractions of the run, at least 0 and below 1",
                () -> config.with(c -> c.prunings = List.of(0.7, 0.5)));
        assertRefused("SharedGateConfig.gateRank is 2; it must be 1 for a signed gate, which reads one number", () -> config.with(c -> {
            c.gate = GateKind.SIGNED;
            c.gateRank = 2;
        }));
        assertRefused("SharedGateConfig.gateRank is 2; it must be 1 for a gate that is an MLP of one number", () -> config.with(c -> {
            c.gate = GateKind.MLP;
            c.gateRank = 2;
        }));
        assertRefused("SharedGateConfig.gateWidth is 0; it must be at least 1", () -> config.with(c -> c.gateWidth = 0));
        assertRefused("SharedGateConfig.restarts is [0.5]; it must be empty for gates that are MLPs, whose start is random", () -> config.with(c -> {
            c.gate = GateKind.MLP;
            c.restarts = List.of(0.5);
        }));
        assertRefused("SharedGateConfig.parameters names 'nothing', which is not the matrix of a linear map; choose from [linear1]",
                () -> SharedGate.decompose(tms, config.with(c -> c.parameters = List.of("nothing")), 0));
    }

    private static void assertRefused(String message, Runnable action) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, action::run).getMessage());
    }

    @Test
    void schedulesFollowTheirFormulas() {
        SharedGateConfig config = SharedGateConfig.of(c -> {
            c.components = 1;
            c.minimality = 2;
            c.ramp = 0.1;
            c.decay = 0.25;
            c.steps = 100;
            c.faithfulness = 1;
            c.lastFaithfulness = 16;
            c.faithfulnessFrom = 0.5;
        });
        assertEquals(1, config.minimality(5), 1e-12); // half of the ramp
        assertEquals(2, config.minimality(50), 1e-12);
        assertEquals(1, config.minimality(75), 1e-12); // 2 · 0.25^½
        assertEquals(1, config.faithfulness(50), 1e-12);
        assertEquals(4, config.faithfulness(75), 1e-12);
    }
}
