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
import org.apd4j.decomposition.Decomposition;
import org.apd4j.decomposition.DecompositionRun;
import org.apd4j.decomposition.GateSquashing;
import org.apd4j.decomposition.SoftMask;
import org.apd4j.math.Matrix;
import org.apd4j.math.SparseRows;
import org.apd4j.math.internal.Workers;
import org.apd4j.spd.internal.MaskNumbers;
import org.apd4j.spd.internal.SpdObjective;
import org.apd4j.targets.Target;
import org.apd4j.targets.Tms;
import org.apd4j.testsupport.MethodCase;
import org.apd4j.testsupport.SpdCases;
import org.apd4j.training.internal.Optimizer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SpdTest {

    static List<MethodCase<SpdConfig>> cases() {
        return SpdCases.all();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void trainingLowersTheLossesThatItAddsUp(MethodCase<SpdConfig> given) {
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
        assertArrayEquals(MethodCase.values(Spd.decompose(old.target(), old.config(), 3).train()), MethodCase.values(old.train()), 1e-4f);
    }

    @Test
    void encoderAndDecoderOfTmsShareTheirArrays() {
        MethodCase<SpdConfig> tied = cases().get(0);
        Decomposition found = Spd.decompose(tied.target(), tied.config(), 0).train().decomposition();
        assertEquals(List.of(Tms.ENCODER), found.components().factors().stream().map(factors -> factors.parameter()).toList());
        assertEquals(2, found.importance().of(found.target().data().sample(1, 9), found.evaluator()).layers());
    }

    @Test
    void withAllMasksOneTheComponentsGiveTheOutputOfTheirSum() {
        MethodCase<SpdConfig> given = cases().get(2);
        Decomposition found = Spd.decompose(given.target(), given.config(), 0).train().decomposition();
        SparseRows x = found.target().data().sample(1, 40);
        var ones = new java.util.ArrayList<Matrix>();
        found.components().layers().forEach(layer -> ones.add(Matrix.zeros(40, given.config().components()).fill(1)));
        assertArrayEquals(found.evaluator().allComponents(x).toArray(), found.evaluator().masked(x, SoftMask.ofLayers(ones)).toArray(), 1e-5f);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void withAllMasksOneTheDeltaComponentCompletesTheSubcomponentsToTheTarget(MethodCase<SpdConfig> given) {
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
        MethodCase<SpdConfig> given = cases().get(0);
        assertNotEquals(Spd.decompose(given.target(), given.config(), 0).train(2).loss("stochastic reconstruction"),
                Spd.decompose(given.target(), given.config(), 1).train(2).loss("stochastic reconstruction"));
    }

    @Test
    void theWarmUpBringsTheSumOfSubcomponentsCloseToTheTarget() {
        MethodCase<SpdConfig> given = cases().get(2);
        double cold = Spd.decompose(given.target(), given.config(), 0).train(1).loss("faithfulness");
        double warm = Spd.decompose(given.target(), given.config().with(c -> c.faithfulnessWarmup = 200), 0).train(1).loss("faithfulness");
        assertTrue(warm < cold / 20, cold + " → " + warm);
    }

    @Test
    void settingsThatDoNotFitAreRefusedInOneSentence() {
        Target tms = cases().get(0).target();
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
