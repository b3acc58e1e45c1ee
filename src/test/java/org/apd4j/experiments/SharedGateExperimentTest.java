package org.apd4j.experiments;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apd4j.data.FeaturePairs;
import org.apd4j.data.SparseFeatures;
import org.apd4j.decomposition.DecompositionRun;
import org.apd4j.sharedgate.SharedGateConfig;
import org.apd4j.targets.ResidualMlp;
import org.apd4j.targets.ResidualMlpConfig;
import org.apd4j.targets.TargetRun;
import org.apd4j.targets.Tms;
import org.apd4j.targets.TmsConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tech.tablesaw.api.Table;

class SharedGateExperimentTest {

    private static SharedGateConfig shortened(SharedGateConfig settings) {
        return settings.with(c -> {
            c.components = 12;
            c.candidates = 64;
            c.steps = 20;
            c.batch = 64;
            c.warmupSteps = 5;
            c.pruningSamples = 100;
        });
    }

    private static SharedGateExperiment tiny(Profile profile, SharedGateExperiment.Goal goal) {
        TmsConfig model = TmsConfig.paper5to2().with(c -> c.training.steps = 50);
        return new SharedGateExperiment("tiny", seed -> Tms.of(model, seed), shortened(SharedGateConfig.tms5to2()), 1, goal, profile);
    }

    /** The rules look at the network alone, so that they choose the same for one that is not trained. */
    @Test
    void theSettingsOfToyModelsAreThoseThatTheRulesChoose() {
        assertEquals(SharedGateConfig.suggest(Tms.untrained(TmsConfig.paper5to2(), 0)).config(), SharedGateExperiment.fiveToTwo(Profile.PAPER).settings());
        assertEquals(SharedGateConfig.suggest(Tms.untrained(TmsConfig.paper40to10(), 0)).config(),
                SharedGateExperiment.fortyToTen(Profile.PAPER).settings());
        assertEquals(SharedGateConfig.residualMlp(), SharedGateExperiment.oneLayer(Profile.PAPER).settings());
        assertEquals(SharedGateConfig.residualMlp(), SharedGateExperiment.twoLayers(Profile.LOOK).settings());
    }

    @Test
    void longRunsHaveMoreSeedsOrMoreSteps() {
        assertEquals(30, SharedGateExperiment.fiveToTwo(Profile.LONG).seeds());
        assertEquals(SharedGateConfig.tms5to2(), SharedGateExperiment.fiveToTwo(Profile.LONG).settings());
        assertEquals(10_000, SharedGateExperiment.oneLayer(Profile.LONG).settings().steps());
        assertEquals(512, SharedGateExperiment.twoLayers(Profile.LONG).settings().batch());
        assertEquals("7", SharedGateExperiment.fiveToTwo(Profile.QUICK).withSeeds(7).allSeeds().summary().entries().get("seeds"));
    }

    @Test
    void pairsAreInTheDataOfTargetAndDecompositionAndSurviveAFile(@TempDir Path folder) throws IOException {
        SharedGateExperiment pairs = SharedGateExperiment.pairs(0.8, Profile.QUICK).with(c -> c.steps = 3);
        assertEquals("TMS 5-2, pairs in 80 %, quick", pairs.name());
        TargetRun whole = pairs.target(1);
        var expected = new FeaturePairs(new SparseFeatures(5, 0.05, 0, 1), 0.8);
        assertEquals(expected, whole.trained().data());
        DecompositionRun<SharedGateConfig> run = pairs.decompose(whole.train(5)).train();
        run.save(folder.resolve("pairs.npz"));
        assertEquals(expected, DecompositionRun.load(folder.resolve("pairs.npz")).target().data());
    }

    @Test
    void whatToyModelsReachStandsBesideTheirBounds() {
        SharedGateExperiment experiment = tiny(Profile.PAPER, new SharedGateExperiment.Rows(1, 0.98));
        Table table = experiment.check(experiment.allSeeds().train().runs());
        assertEquals(List.of("tiny: share of the seeds that succeed", "tiny: mean ML2R of all seeds"), table.stringColumn("quantity").asList());
        assertEquals(List.of(1, 1), table.intColumn("runs").asList());
        assertEquals("falls short: at least 0.98", table.stringColumn("verdict").get(1), "the start has the directions, and not the lengths");
    }

    @Test
    void aQuickRunThatFallsShortIsAnException() {
        SharedGateExperiment experiment = tiny(Profile.QUICK, new SharedGateExperiment.Rows(1, 0.98));
        var run = experiment.decompose(experiment.target(0).train()).train();
        assertTrue(assertThrows(IllegalStateException.class, () -> experiment.check(List.of(run))).getMessage()
                .startsWith("tiny: mean ML2R of all seeds is 0."));
    }

    @Test
    void residualMlpsAreJudgedByOwnersLengthsAndTheirSecondLayer() {
        ResidualMlpConfig small = ResidualMlpConfig.paperTwoLayers().with(c -> {
            c.features = 8;
            c.residual = 30;
            c.neurons = 3;
            c.probability = 0.1;
            c.training.batch = 64;
            c.training.steps = 20;
        });
        SharedGateConfig settings = shortened(SharedGateExperiment.twoLayers(Profile.QUICK).settings());
        var experiment = new SharedGateExperiment("small", seed -> ResidualMlp.of(small, seed), settings, 1,
                new SharedGateExperiment.Functions(0, -1, 0, 100, 100), Profile.QUICK);
        Table table = experiment.check(experiment.allSeeds().train().runs());
        assertEquals(List.of("small: coverage", "small: separation", "small: cosine of the contributions",
                "small: length ratio of the contributions", "small: scrubbed error", "small: error with a feature's own component alone", "small: share of the components that live in both layers"),
                table.stringColumn("quantity").asList());
        assertInstanceOf(SharedGateExperiment.Functions.class, SharedGateExperiment.oneLayer(Profile.PAPER).goal());
    }
}
