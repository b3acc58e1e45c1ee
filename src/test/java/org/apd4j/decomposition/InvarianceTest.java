package org.apd4j.decomposition;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.Stream;
import org.apd4j.apd.Apd;
import org.apd4j.apd.ApdConfig;
import org.apd4j.apd.LpPenalty;
import org.apd4j.apd.internal.UnitNorm;
import org.apd4j.math.internal.Workers;
import org.apd4j.network.Activation;
import org.apd4j.targets.ResidualMlp;
import org.apd4j.targets.ResidualMlpConfig;
import org.apd4j.targets.Target;
import org.apd4j.targets.TargetRun;
import org.apd4j.targets.Tms;
import org.apd4j.targets.TmsConfig;
import org.apd4j.targets.TrainingConfig;
import org.apd4j.testsupport.TestWorkers;
import org.apd4j.training.NotFiniteException;
import org.apd4j.training.Schedule;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a run's numbers do not depend on, bit for bit, and what is left of a run that goes wrong. */
class InvarianceTest {

    private static final int STEPS = 12;
    private static final TrainingConfig TRAINING = new TrainingConfig(64, 20, 1e-2, Schedule.cosine(), 0.01);

    /** A name, a target and a configuration. */
    record Settings(String name, Target target, ApdConfig config) {

        DecompositionRun<ApdConfig> run(Workers workers) {
            return Apd.decompose(target, config, 3, workers);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Settings> settings() {
        Target tms = Tms.untrained(new TmsConfig(20, 8, 1, 0.1, 1, TRAINING), 1);
        Target mlp = ResidualMlp.untrained(new ResidualMlpConfig(20, 60, 15, 2, Activation.RELU, true, true, 0.05, TRAINING), 1);
        Target gelu = ResidualMlp.untrained(new ResidualMlpConfig(10, 40, 15, 1, Activation.GELU, true, false, 0.05, TRAINING), 1);
        ApdConfig all = ApdConfig.paperCrossLayer().with(c -> {
            c.components = 24;
            c.rank = 6;
            c.batch = 150;
            c.steps = STEPS;
            c.outputReconstruction = 0.5;
            c.unitNorm = true;
            c.learningRate = 1e-2;
        });
        ApdConfig lp = all.with(c -> {
            c.hiddenReconstruction = 0;
            c.sparsity = new LpPenalty(0.9);
        });
        return Stream.of(new Settings("TMS", tms, all), new Settings("residual MLP", mlp, all), new Settings("TMS, Lp", tms, lp),
                new Settings("residual MLP, Lp", mlp, lp),
                new Settings("from components", tms, all.with(c -> c.attributions = AttributionKind.GRADIENT_FROM_COMPONENTS)),
                new Settings("GELU, ablation, KL", gelu, all.with(c -> {
                    c.attributions = AttributionKind.ABLATION;
                    c.divergence = Divergence.KL;
                })),
                new Settings("activation, per-sample", mlp, all.with(c -> {
                    c.attributions = AttributionKind.ACTIVATION;
                    c.sparsity = Selection.perSampleTopK(2);
                })));
    }

    /** Everything that a run computes: factors, both moments of Adam, all losses. */
    private static float[][] state(DecompositionRun<ApdConfig> run) {
        return run.optimizer().names().stream().flatMap(name -> Stream.of(run.optimizer().parameter(name).toArray(),
                run.optimizer().means(name).clone(), run.optimizer().squares(name).clone())).toArray(float[][]::new);
    }

    private static void assertSameRun(DecompositionRun<ApdConfig> wanted, DecompositionRun<ApdConfig> actual) {
        assertEquals(wanted.step(), actual.step());
        float[][] one = state(wanted);
        float[][] other = state(actual);
        for (int i = 0; i < one.length; i++) {
            assertArrayEquals(one[i], other[i]);
        }
        for (String loss : wanted.history().names()) {
            assertArrayEquals(wanted.history().values(loss), actual.history().values(loss), loss);
        }
    }

    @ParameterizedTest
    @MethodSource("settings")
    void aRunIsTheSameForAnyNumberOfThreads(Settings setting) {
        DecompositionRun<ApdConfig> wanted = setting.run(Workers.one()).train();
        for (Workers workers : List.of(Workers.all(), TestWorkers.of(2), TestWorkers.of(4))) {
            assertSameRun(wanted, setting.run(workers).train());
        }
    }

    @ParameterizedTest
    @MethodSource("settings")
    void aRunInPiecesIsTheRunInOneGo(Settings setting) {
        DecompositionRun<ApdConfig> wanted = setting.run(Workers.all()).train();
        DecompositionRun<ApdConfig> pieces = setting.run(Workers.all()).train(1).train(0).train(4);
        pieces.decomposition(); // looking at it changes nothing
        assertSameRun(wanted, pieces.train(5).train(100));
        assertTrue(pieces.isFinished());
    }

    @Test
    void aTargetIsTheSameForAnyNumberOfThreadsAndInPieces() {
        var config = new ResidualMlpConfig(20, 60, 15, 2, Activation.RELU, true, true, 0.05, TRAINING.with(t -> t.steps = 30));
        TargetRun wanted = ResidualMlp.of(config, 5, Workers.one()).train();
        for (Workers workers : List.of(Workers.all(), TestWorkers.of(3))) {
            TargetRun other = ResidualMlp.of(config, 5, workers).train(7).train();
            for (var parameter : wanted.trained().network().parameters()) {
                assertArrayEquals(parameter.values().toArray(), other.trained().network().parameter(parameter.name()).values().toArray());
            }
        }
    }

    @Test
    void aRunThatWasStoppedFromAnotherThreadGoesOnToTheSameEnd() throws InterruptedException {
        Settings setting = longer();
        DecompositionRun<ApdConfig> wanted = setting.run(Workers.all()).train();
        DecompositionRun<ApdConfig> stopped = setting.run(Workers.all());
        for (int part = 1; part <= 3; part++) {
            Thread trainer = new Thread(stopped::train);
            int from = stopped.step();
            trainer.start();
            while (stopped.step() < from + 3) {
                Thread.onSpinWait();
            }
            stopped.stop();
            trainer.join();
            assertFalse(stopped.isTraining());
        }
        assertFalse(stopped.isFinished(), "it was stopped on the way");
        assertSameRun(wanted, stopped.train());
    }

    @Test
    void aRunWhoseThreadWasInterruptedGoesOnToTheSameEnd() throws InterruptedException {
        Settings setting = longer();
        DecompositionRun<ApdConfig> wanted = setting.run(Workers.all()).train();
        DecompositionRun<ApdConfig> stopped = setting.run(Workers.all());
        boolean[] stillInterrupted = new boolean[1];
        Thread trainer = new Thread(() -> {
            stopped.train();
            stillInterrupted[0] = Thread.currentThread().isInterrupted();
        });
        trainer.start();
        while (stopped.step() < 3) {
            Thread.onSpinWait();
        }
        trainer.interrupt();
        trainer.join();
        assertTrue(stillInterrupted[0], "whoever interrupted is not robbed of it");
        assertFalse(stopped.isFinished(), "it was stopped on the way");
        assertSameRun(wanted, stopped.train());
    }

    private static Settings longer() {
        Settings setting = settings().findFirst().orElseThrow();
        return new Settings("longer", setting.target(), setting.config().with(c -> c.steps = 400));
    }

    /** The sum of the components leaves the range of floats, and its distance to the weights with it. */
    @Test
    void aLossThatIsNotFiniteIsNamedRatherThanTheGradientThatItGives() {
        Settings setting = settings().findFirst().orElseThrow();
        DecompositionRun<ApdConfig> run = Apd.decompose(setting.target(), setting.config(), 3, Workers.all());
        run.objective().components().factors().forEach(factors -> {
            factors.a().fill(1e19f);
            factors.b().fill(1e20f);
        });
        String message = assertThrows(NotFiniteException.class, () -> run.train(1)).getMessage();
        assertTrue(message.startsWith("the loss '"), message);
    }

    @ParameterizedTest
    @MethodSource("settings")
    void whenALossOrGradientIsNotFiniteTheComponentsFromBeforeThatStepAreKept(Settings setting) {
        for (double rate : new double[] {1e12, 1e25}) {
            for (boolean unitNorm : new boolean[] {false, true}) {
                DecompositionRun<ApdConfig> run = Apd.decompose(setting.target(), setting.config().with(c -> {
                    c.learningRate = rate;
                    c.unitNorm = unitNorm;
                    c.schedule = Schedule.constant();
                    c.steps = 50;
                }), 3, Workers.all());
                float[][] before = null;
                NotFiniteException thrown = null;
                while (thrown == null && !run.isFinished()) {
                    before = state(run);
                    try {
                        run.train(1);
                    } catch (NotFiniteException e) {
                        thrown = e;
                    }
                }
                if (unitNorm && thrown == null) {
                    assertFinite(run); // A is kept at norm 1 and B may stay in range
                    continue;
                }
                assertTrue(thrown != null, setting + " at rate " + rate + " is never noticed");
                String message = thrown.getMessage();
                assertTrue(message.startsWith("the loss '") || message.startsWith("the gradient"), message);
                assertTrue(message.contains(" at step " + run.step() + ";"), message);
                assertFinite(run);
                float[][] after = state(run);
                for (int i = 0; i < before.length; i++) {
                    if (!unitNorm) { // which gives A's columns their length before the step computes anything
                        assertArrayEquals(before[i], after[i]);
                    }
                }
                assertTrue(run.step() >= 1, "the first step was done");
                assertThrows(NotFiniteException.class, run::train);
            }
        }
    }

    private static void assertFinite(DecompositionRun<ApdConfig> run) {
        for (Factors factors : run.objective().components().factors()) {
            for (float[] values : new float[][] {factors.a().toArray(), factors.b().toArray()}) {
                for (float value : values) {
                    assertTrue(Float.isFinite(value), factors.parameter() + " holds " + value);
                }
            }
        }
    }

    @Test
    void columnsOfAnySizeAreScaledToNormOneAndColumnsOfZerosStay() {
        Settings setting = settings().findFirst().orElseThrow();
        Components components = setting.run(Workers.one()).objective().components();
        var a = components.factors().get(0).a(0);
        for (int i = 0; i < a.rows(); i++) {
            a.set(i, 0, 1e25f);
            a.set(i, 1, 1e-30f);
            a.set(i, 2, 0);
        }
        UnitNorm.normalise(components, Workers.one());
        for (int j = 0; j < a.columns(); j++) {
            double square = 0;
            for (int i = 0; i < a.rows(); i++) {
                square += a.get(i, j) * (double) a.get(i, j);
            }
            assertEquals(j == 2 ? 0 : 1, square, 1e-6);
        }
    }
}
