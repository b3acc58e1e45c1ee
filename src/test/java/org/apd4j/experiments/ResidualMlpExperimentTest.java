package org.apd4j.experiments;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apd4j.apd.Apd;
import org.apd4j.apd.ApdConfig;
import org.apd4j.decomposition.DecompositionRun;
import org.apd4j.network.Activation;
import org.apd4j.targets.ResidualMlp;
import org.apd4j.targets.ResidualMlpConfig;
import org.apd4j.targets.TargetRun;
import org.apd4j.training.Results;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResidualMlpExperimentTest {

    @TempDir
    private Path folder;

    @AfterEach
    void recordNothingMore() {
        Results.stopRecording();
    }

    private static ResidualMlpExperiment tiny(int steps) {
        ResidualMlpConfig target = new ResidualMlpConfig(6, 8, 3, 1, Activation.RELU, false, false, 0.2,
                ResidualMlpConfig.paperOneLayer().training().with(t -> t.steps = 5));
        return new ResidualMlpExperiment("Tiny, for tests", target, ApdConfig.paperCompressedComputation().with(c -> {
            c.components = 7;
            c.rank = 2;
            c.steps = steps;
        }), 1, 5, 10, 10, 10, 10, PublishedResidualMlp.ONE_LAYER);
    }

    @Test
    void settingsAreThePapersAndLongOnesDifferInStepsOnly() {
        ResidualMlpExperiment paper = ResidualMlpExperiment.oneLayer(Profile.PAPER);
        assertEquals(ResidualMlpConfig.paperOneLayer(), paper.target());
        assertEquals(ApdConfig.paperCompressedComputation(), paper.apd());
        assertEquals(ApdConfig.paperCrossLayer(), ResidualMlpExperiment.twoLayers(Profile.PAPER).apd());
        assertEquals(ApdConfig.paperCompressedComputation().with(c -> c.steps = 40_000), paper.longer().apd());
        assertEquals(paper.target(), paper.longer().target());
    }

    @Test
    void quickModelsHaveHalfAsManyNeuronsAsFeaturesAndOneOfThemActiveAtATime() {
        for (ResidualMlpExperiment quick : List.of(ResidualMlpExperiment.oneLayer(Profile.QUICK), ResidualMlpExperiment.twoLayers(Profile.QUICK))) {
            assertEquals(quick.target().features(), 2 * quick.target().neurons() * quick.target().layers());
            assertEquals(1, quick.target().features() * quick.target().probability(), 1e-12);
            assertTrue(quick.feature() < quick.target().features());
        }
    }

    @Test
    void aKeptFinishedRunIsUsedInsteadOfANewOne() throws IOException {
        ResidualMlpExperiment experiment = tiny(3);
        TargetRun target = experiment.target(4).train();
        DecompositionRun<ApdConfig> apd = experiment.decompose(target).train();
        save(experiment, target, apd);
        ResidualMlpExperiment.Kept kept = experiment.kept(folder, folder.resolve("results"), 4);
        assertTrue(kept.origin().startsWith("Taken from"), kept.origin());
        assertTrue(kept.apd().isFinished());
        assertArrayEquals(target.trained().network().parameter(ResidualMlp.in(0)).values().toArray(),
                kept.target().trained().network().parameter(ResidualMlp.in(0)).values().toArray());
        assertArrayEquals(apd.decomposition().component(ResidualMlp.out(0), 6).toFloatMatrix()[2],
                kept.apd().decomposition().component(ResidualMlp.out(0), 6).toFloatMatrix()[2]);
    }

    @Test
    void aKeptRunOfOtherStepsSeedOrTargetIsNotUsed() throws IOException {
        ResidualMlpExperiment experiment = tiny(3);
        TargetRun target = experiment.target(4).train();
        save(experiment, target, experiment.decompose(target).train());
        assertOrigin("the decomposition differs in steps (2 here, 3 there)", tiny(2).kept(folder, folder.resolve("results"), 4));
        assertOrigin("there is no", experiment.kept(folder, folder.resolve("results"), 5));
        assertOrigin("the target differs in steps (6 here, 5 there)", new ResidualMlpExperiment(experiment.name(),
                experiment.target().with(c -> c.training.steps = 6), experiment.apd(), 1, 5, 10, 10, 10, 10,
                experiment.paper()).kept(folder, folder.resolve("results"), 4));
        Files.write(folder.resolve("tiny-for-tests-seed-4-target.npz"), new byte[] {1, 2, 3});
        assertOrigin(".npz", experiment.kept(folder, folder.resolve("results"), 4));
    }

    private static void assertOrigin(String reason, ResidualMlpExperiment.Kept kept) {
        assertTrue(kept.origin().startsWith("Trained here: ") && kept.origin().contains(reason), kept.origin());
        assertTrue(kept.target().isFinished());
        assertFalse(kept.apd().isFinished());
    }

    @Test
    void aKeptUnfinishedRunIsNotUsed() throws IOException {
        ResidualMlpExperiment experiment = tiny(3);
        TargetRun target = experiment.target(4).train();
        save(experiment, target, experiment.decompose(target).train(2));
        assertOrigin("the decomposition is at step 2 of 3", experiment.kept(folder, folder.resolve("results"), 4));
    }

    @Test
    void committedResultsAreTakenWhereNothingIsSavedAndNothingElseIsShown() throws IOException {
        ResidualMlpExperiment experiment = tiny(3);
        Path results = folder.resolve("results");
        Results.recordTo(results, new Results.Origin("0123abc", "2026-11-27", "PAPER", "a machine"));
        TargetRun target = experiment.target(4).train();
        DecompositionRun<ApdConfig> apd = experiment.decompose(target).train();
        ResidualMlpExperiment.Kept kept = experiment.kept(folder, results, 4);
        assertTrue(kept.origin().startsWith("Taken from the committed results: PAPER, commit 0123abc"), kept.origin());
        assertTrue(kept.apd().train().isFinished());
        assertFalse(Results.areShown());
        assertArrayEquals(target.trained().network().parameter(ResidualMlp.in(0)).values().toArray(),
                kept.target().trained().network().parameter(ResidualMlp.in(0)).values().toArray());
        assertArrayEquals(apd.decomposition().component(ResidualMlp.out(0), 6).toFloatMatrix()[2],
                kept.apd().decomposition().component(ResidualMlp.out(0), 6).toFloatMatrix()[2], 1e-3f);
        DecompositionRun<ApdConfig> other = Apd.decompose(kept.target(), experiment.apd().with(c -> c.rank = 1)).train();
        assertTrue(other.shownFrom().isEmpty(), "another decomposition of the same target is trained");
        assertOrigin("there is no", experiment.kept(folder, results, 5));
    }

    private void save(ResidualMlpExperiment experiment, TargetRun target, DecompositionRun<ApdConfig> apd) throws IOException {
        target.save(folder.resolve(experiment.keptTargetName(target.seed()) + ".npz"));
        apd.save(folder.resolve(experiment.keptName(target.seed()) + ".npz"));
    }

    @Test
    void targetsWithLessNoiseStartFromTheSameWeights() {
        ResidualMlpExperiment experiment = tiny(3);
        assertEquals(List.of(0.0, 0.25, 0.5, 0.75), List.copyOf(experiment.lessNoisy(4).keySet()));
        experiment.lessNoisy(4).values().forEach(run -> assertArrayEquals(
                experiment.target(4).trained().network().parameter(ResidualMlp.in(0)).values().toArray(),
                run.trained().network().parameter(ResidualMlp.in(0)).values().toArray()));
    }
}
