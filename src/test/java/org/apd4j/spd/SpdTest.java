package org.apd4j.spd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apd4j.decomposition.Decomposition;
import org.apd4j.decomposition.DecompositionRun;
import org.apd4j.decomposition.Divergence;
import org.apd4j.decomposition.GateSquashing;
import org.apd4j.decomposition.SoftMask;
import org.apd4j.math.Matrix;
import org.apd4j.math.SparseRows;
import org.apd4j.math.internal.Workers;
import org.apd4j.network.Activation;
import org.apd4j.spd.internal.MaskNumbers;
import org.apd4j.spd.internal.SpdObjective;
import org.apd4j.targets.ResidualMlp;
import org.apd4j.targets.ResidualMlpConfig;
import org.apd4j.targets.Target;
import org.apd4j.targets.Tms;
import org.apd4j.targets.TmsConfig;
import org.apd4j.training.internal.Optimizer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SpdTest {

    /** A target and settings. */
    record Case(String name, Target target, SpdConfig config) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Case> cases() {
        SpdConfig small = SpdConfig.paperTms5to2().with(c -> {
            c.components = 7;
            c.gateWidth = 5;
            c.batch = 700; // more than two parts
            c.steps = 12;
        });
        Target tms = Tms.untrained(TmsConfig.spd5to2(), 1);
        Target mlp = ResidualMlp.untrained(ResidualMlpConfig.spdTwoLayers().with(c -> {
            c.features = 12;
            c.residual = 30;
            c.neurons = 5;
            c.probability = 0.1;
        }), 1);
        Target biased = ResidualMlp.untrained(ResidualMlpConfig.spdOneLayer().with(c -> {
            c.features = 6;
            c.residual = 10;
            c.neurons = 8;
            c.activation = Activation.GELU;
            c.inputBias = true;
            c.outputBias = true;
            c.probability = 0.3;
        }), 1);
        return Stream.of(new Case("tied", tms, small),
                new Case("identity", Tms.untrained(TmsConfig.spd5to2().withIdentity(), 1),
                        small.with(c -> c.parameters = List.of(Tms.ENCODER, Tms.hidden(0)))),
                new Case("two layers", mlp, small.with(c -> {
                    c.components = 20;
                    c.draws = 2;
                    c.power = 2;
                })),
                new Case("biases, every loss", biased, small.with(c -> {
                    c.power = 0.9;
                    c.reconstruction = 0.5;
                    c.reconstructionLayerwise = 0.5;
                    c.outputReconstruction = 0.5;
                    c.schatten = 0.01;
                    c.divergence = Divergence.KL;
                })),
                new Case("delta component", mlp, small.with(c -> {
                    c.deltaComponent = true;
                    c.draws = 2;
                })),
                new Case("tied, delta component", tms, small.with(c -> c.deltaComponent = true)),
                new Case("later start, warm-up and squashing", mlp, small.with(c -> {
                    c.deltaComponent = true;
                    c.start = SpdStart.INDEPENDENT;
                    c.faithfulnessWarmup = 20;
                    c.squashing = GateSquashing.CLAMPED;
                })),
                new Case("linear gates", mlp, small.with(c -> c.gateWidth = 0)));
    }

    private static float[] values(DecompositionRun<SpdConfig> run) {
        Decomposition found = run.decomposition();
        SparseRows x = found.target().data().sample(7, 50);
        SoftMask importances = found.importance().of(x, found.evaluator());
        float[] all = {};
        for (var factors : found.components().factors()) {
            all = concat(concat(all, factors.a().toArray()), factors.b().toArray());
        }
        for (int l = 0; l < importances.layers(); l++) {
            all = concat(all, importances.layer(l).toArray());
        }
        return all;
    }

    private static float[] concat(float[] one, float[] other) {
        float[] both = java.util.Arrays.copyOf(one, one.length + other.length);
        System.arraycopy(other, 0, both, one.length, other.length);
        return both;
    }

    @ParameterizedTest
    @MethodSource("cases")
    void theNumberOfThreadsChangesNoBit(Case given) {
        float[] one = values(Spd.decompose(given.target(), given.config(), 3, Workers.one()).train());
        float[] four = values(Spd.decompose(given.target(), given.config(), 3, Workers.of(4)).train());
        assertArrayEquals(one, four);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void aRunThatWasSavedAndLoadedGoesOnToTheSameBits(Case given, @TempDir Path folder) throws IOException {
        Path file = folder.resolve("spd.npz");
        Spd.decompose(given.target(), given.config(), 3).train(5).save(file);
        DecompositionRun<SpdConfig> loaded = Spd.load(file);
        assertEquals(given.config(), loaded.config());
        assertArrayEquals(values(Spd.decompose(given.target(), given.config(), 3).train()), values(loaded.train()));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void trainingLowersTheLossesThatItAddsUp(Case given) {
        SpdConfig longer = given.config().with(c -> {
            c.steps = 300;
            c.learningRate = 1e-2;
        });
        DecompositionRun<SpdConfig> run = Spd.decompose(given.target(), longer, 3).train(1);
        double before = total(run);
        double after = total(run.train());
        assertTrue(after < before / 2, before + " → " + after);
    }

    private static double total(DecompositionRun<SpdConfig> run) {
        return run.config().losses().stream().mapToDouble(loss -> run.config().coefficient(loss) * run.loss(loss.label())).sum();
    }

    @Test
    void aRunThatWasSavedBeforeThereWasADeltaComponentGoesOnAsItWouldHave() throws IOException {
        DecompositionRun<SpdConfig> old = Spd.load(Path.of("src/test/resources/saved/first-spd-run.npz"));
        assertEquals(4, old.step());
        assertEquals(SpdConfig.paperTms5to2().with(c -> {
            c.components = 3;
            c.gateWidth = 2;
            c.batch = 64;
            c.steps = 6;
        }), old.config());
        assertArrayEquals(values(Spd.decompose(old.target(), old.config(), 3).train()), values(old.train()), 1e-4f);
    }

    @Test
    void encoderAndDecoderOfTmsShareTheirArrays() {
        Case tied = cases().findFirst().orElseThrow();
        Decomposition found = Spd.decompose(tied.target(), tied.config(), 0).train().decomposition();
        assertEquals(List.of(Tms.ENCODER), found.components().factors().stream().map(factors -> factors.parameter()).toList());
        assertEquals(2, found.importance().of(found.target().data().sample(1, 9), found.evaluator()).layers());
    }

    @Test
    void withAllMasksOneTheComponentsGiveTheOutputOfTheirSum() {
        Case given = cases().toList().get(2);
        Decomposition found = Spd.decompose(given.target(), given.config(), 0).train().decomposition();
        SparseRows x = found.target().data().sample(1, 40);
        var ones = new java.util.ArrayList<Matrix>();
        found.components().layers().forEach(layer -> ones.add(Matrix.zeros(40, given.config().components()).fill(1)));
        assertArrayEquals(found.evaluator().allComponents(x).toArray(), found.evaluator().masked(x, SoftMask.ofLayers(ones)).toArray(), 1e-5f);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void withAllMasksOneTheDeltaComponentCompletesTheSubcomponentsToTheTarget(Case given) {
        SpdConfig with = given.config().with(c -> c.deltaComponent = true);
        SpdConfig without = given.config().with(c -> c.deltaComponent = false);
        assertEquals(0, reconstructionWithAllMasksOne(given.target(), with), 1e-9);
        assertTrue(reconstructionWithAllMasksOne(given.target(), without) > 1e-4);
    }

    private static double reconstructionWithAllMasksOne(Target target, SpdConfig config) {
        SpdObjective start = (SpdObjective) Spd.METHOD.begin(target, config, 0, Workers.all());
        MaskNumbers ones = (step, layerwise, draw, layer, component, samples, count, to, at) -> Arrays.fill(to, at, at + count, 1);
        var objective = new SpdObjective(target.network(), start.components(), start.gates(), config, ones, Workers.all());
        var optimizer = new Optimizer(0, Workers.all());
        objective.register(optimizer);
        double[] losses = objective.compute(target.data().sample(0, config.batch()), 0, optimizer);
        return losses[config.losses().indexOf(SpdLoss.STOCHASTIC)] + losses[config.losses().indexOf(SpdLoss.STOCHASTIC_LAYERWISE)];
    }

    @Test
    void otherSeedsGiveOtherRuns() {
        Case given = cases().findFirst().orElseThrow();
        assertNotEquals(Spd.decompose(given.target(), given.config(), 0).train(2).loss("stochastic reconstruction"),
                Spd.decompose(given.target(), given.config(), 1).train(2).loss("stochastic reconstruction"));
    }

    @Test
    void theWarmUpBringsTheSumOfSubcomponentsCloseToTheTarget() {
        Case given = cases().toList().get(2);
        double cold = Spd.decompose(given.target(), given.config(), 0).train(1).loss("faithfulness");
        double warm = Spd.decompose(given.target(), given.config().with(c -> c.faithfulnessWarmup = 200), 0).train(1).loss("faithfulness");
        assertTrue(warm < cold / 20, cold + " → " + warm);
    }

    @Test
    void settingsThatDoNotFitAreRefusedInOneSentence() {
        Target tms = cases().findFirst().orElseThrow().target();
        SpdConfig config = SpdConfig.paperTms5to2();
        assertRefused("SpdConfig.components is 0; it must be at least 1", () -> config.with(c -> c.components = 0));
        assertRefused("SpdConfig.gateWidth is -1; it must be at least 1, or 0 for linear gates", () -> config.with(c -> c.gateWidth = -1));
        assertRefused("SpdConfig.draws is 0; it must be at least 1", () -> config.with(c -> c.draws = 0));
        assertRefused("SpdConfig.faithfulnessWarmup is -1; it must be a number of steps, or 0 for none",
                () -> config.with(c -> c.faithfulnessWarmup = -1));
        assertRefused("SpdConfig.power is 0.0; it must be a finite number above 0", () -> config.with(c -> c.power = 0));
        assertRefused("SpdConfig.stochastic is NaN; it must be a finite number of at least 0", () -> config.with(c -> c.stochastic = Double.NaN));
        assertRefused("SpdConfig.parameters names 'nothing', which is not the matrix of a linear map; choose from [linear1]",
                () -> Spd.decompose(tms, config.with(c -> c.parameters = List.of("nothing")), 0));
    }

    private static void assertRefused(String message, Runnable action) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, action::run).getMessage());
    }

    @Test
    void presetsHaveThePapersValues() {
        SpdConfig tms = SpdConfig.paperTms5to2();
        assertEquals(List.of(20, 16, 4096, 40_000, 1), List.of(tms.components(), tms.gateWidth(), tms.batch(), tms.steps(), tms.draws()));
        assertEquals(3e-3, tms.importanceMinimality());
        assertEquals(1, tms.power());
        SpdConfig large = SpdConfig.paperTms40to10();
        assertEquals(List.of(200, 1e-4, 2.0), List.of(large.components(), large.importanceMinimality(), large.power()));
        assertEquals(List.of(false, SpdStart.PROJECTED, 0, GateSquashing.LEAKY),
                List.of(tms.deltaComponent(), tms.start(), tms.faithfulnessWarmup(), tms.squashing()));
        SpdConfig three = SpdConfig.paperThreeLayers();
        assertEquals(List.of(500, 128, 2048, 100_000), List.of(three.components(), three.gateWidth(), three.batch(), three.steps()));
        assertEquals(List.of(5e-6, 2.0, 1e-3), List.of(three.importanceMinimality(), three.power(), three.learningRate()));
    }
}
