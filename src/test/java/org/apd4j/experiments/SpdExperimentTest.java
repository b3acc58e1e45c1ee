package org.apd4j.experiments;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apd4j.data.Dataset;
import org.apd4j.spd.SpdConfig;
import org.apd4j.targets.ResidualMlp;
import org.apd4j.targets.ResidualMlpConfig;
import org.apd4j.targets.Tms;
import org.apd4j.targets.TmsConfig;
import org.junit.jupiter.api.Test;
import tech.tablesaw.api.Table;

class SpdExperimentTest {

    private static SpdExperiment tiny(Profile profile) {
        TmsConfig model = TmsConfig.spd5to2().with(c -> c.training.steps = 50);
        return new SpdExperiment("tiny", seed -> Tms.of(model, seed), SpdExperiment.fiveToTwo(profile).spd().with(c -> {
            c.steps = 10;
            c.batch = 64;
        }), 0, 1, List.of(0, 0), SpdExperiment.fiveToTwo(profile).paper(), SpdExperiment.Difference.none(),
                profile);
    }

    @Test
    void thePapersSettingsAreThePapers() {
        assertEquals(SpdConfig.paperTms5to2(), SpdExperiment.fiveToTwo(Profile.PAPER).spd());
        assertEquals(10, SpdExperiment.fiveToTwo(Profile.PAPER).seeds());
        assertEquals(3, SpdExperiment.fiveToTwoIdentity(Profile.PAPER).seeds());
        assertEquals(List.of(0, 2, 0), SpdExperiment.fiveToTwoIdentity(Profile.PAPER).blocks());
        assertEquals(10_000, SpdExperiment.fortyToTen(Profile.PAPER).spd().steps());
        assertEquals(SpdConfig.paperTms40to10(), SpdExperiment.fortyToTen(Profile.LONG).spd());
        assertEquals(List.of(0, 10, 0), SpdExperiment.fortyToTenIdentity(Profile.PAPER).blocks());
        assertEquals(List.of(0, 5, 0), SpdExperiment.fortyToTenIdentity(Profile.QUICK).blocks());
        assertEquals(SpdConfig.paperOneLayer(), SpdExperiment.oneLayer(Profile.PAPER).spd());
        assertEquals(SpdConfig.paperTwoLayers(), SpdExperiment.twoLayers(Profile.PAPER).spd());
        assertEquals(SpdConfig.paperThreeLayers(), SpdExperiment.threeLayers(Profile.LONG).spd());
        assertEquals(List.of(0, 25, 0, 25), SpdExperiment.twoLayers(Profile.PAPER).blocks());
        assertEquals(List.of(0, 17, 0, 17, 0, 17), SpdExperiment.threeLayers(Profile.PAPER).blocks());
        assertEquals(List.of(0, 5, 0, 5), SpdExperiment.twoLayers(Profile.QUICK).blocks());
    }

    @Test
    void resultsStandBesideThePublishedOnes() {
        SpdExperiment experiment = tiny(Profile.PAPER);
        Table table = experiment.check(List.of(experiment.decompose(experiment.target(0).train()).train()));
        assertEquals(List.of("tiny: MMCS, seeds that succeed", "tiny: ML2R, seeds that succeed", "tiny: seeds that succeed"),
                table.stringColumn("quantity").asList());
        assertEquals("1.000 ± 0.000", table.stringColumn("paper").get(0));
        assertEquals("0 of 1", table.stringColumn("ours").get(2));
    }

    @Test
    void aQuickRunThatFallsShortIsAnException() {
        SpdExperiment experiment = tiny(Profile.QUICK);
        var run = experiment.decompose(experiment.target(0).train()).train();
        assertTrue(assertThrows(IllegalStateException.class, () -> experiment.check(List.of(run))).getMessage()
                .contains("tiny: seeds that succeed is 0"));
    }

    /** After 50 steps a target represents nothing, so that there is none to decompose. */
    @Test
    void targetsThatDoNotRepresentTheirFeaturesAreNotDecomposed() {
        SpdExperiment experiment = tiny(Profile.PAPER);
        assertFalse(SpdExperiment.represents(experiment.target(0).train()));
        assertTrue(assertThrows(IllegalStateException.class, () -> experiment.allSeeds().train()).getMessage().contains("represents every feature"));
    }

    @Test
    void resultsOfAnotherSizeAreNotComparedWithThePublishedOnes() {
        SpdExperiment tiny = tiny(Profile.PAPER);
        var small = new SpdExperiment("small", tiny.targets(), tiny.spd(), 0, 1, List.of(0, 0), tiny.paper(),
                new SpdExperiment.Difference(true, "smaller model"), Profile.PAPER);
        Table table = small.check(List.of(small.decompose(small.target(0).train()).train()));
        assertEquals(List.of("not comparable", "not comparable", "not comparable"), table.stringColumn("verdict").asList());
        assertEquals(List.of("smaller model", "smaller model", "smaller model"), table.stringColumn("differs in the settings").asList());
        assertTrue(SpdExperiment.fortyToTen(Profile.QUICK).differs().isOfSize());
        assertTrue(SpdExperiment.oneLayer(Profile.QUICK).differs().isOfSize());
        assertFalse(SpdExperiment.fiveToTwo(Profile.QUICK).differs().isOfSize(), "the quick runs are shorter, the model is the paper's");
    }

    @Test
    void aNetworkIsDecomposedOnOtherDataThanItsOwn() {
        SpdExperiment tiny = tiny(Profile.PAPER);
        var target = tiny.target(0).train();
        Dataset unseen = Dataset.changed(target.trained().data(), 100, 1, x -> x[0] = 0);
        var run = tiny.decompose(target, "unseen", unseen);
        assertEquals("TMS 5-2, unseen", run.target().name());
        assertEquals(unseen, run.target().data());
        assertEquals(target.trained().weights(Tms.ENCODER), run.target().weights(Tms.ENCODER));
        run.train();
        assertEquals(tiny.recovery(List.of(run)), List.copyOf(tiny.recovery(Map.of("unseen", run)).values()));
    }

    @Test
    void whatDiffersInTheStepsIsSaid() {
        assertEquals("6,000 steps, published 40,000", SpdExperiment.fiveToTwo(Profile.QUICK).differs().words());
        assertEquals("10,000 steps, published 40,000", SpdExperiment.fortyToTen(Profile.PAPER).differs().words());
        assertEquals(SpdExperiment.Difference.none(), SpdExperiment.fortyToTen(Profile.LONG).differs());
        assertEquals(SpdExperiment.Difference.none(), SpdExperiment.twoLayers(Profile.PAPER).differs());
        assertEquals(SpdExperiment.Difference.none(), SpdExperiment.fiveToTwo(Profile.PAPER).differs());
    }

    @Test
    void oneLayerIsJudgedByItsImportancesAndContributions() {
        ResidualMlpConfig small = ResidualMlpConfig.spdOneLayer().with(c -> {
            c.features = 10;
            c.residual = 30;
            c.neurons = 5;
            c.training.batch = 64;
            c.training.steps = 20;
        });
        var experiment = new SpdExperiment("small", seed -> ResidualMlp.of(small, seed), SpdConfig.paperOneLayer().with(c -> {
            c.components = 12;
            c.steps = 10;
            c.batch = 64;
        }), 0, 1, List.of(0, 5), Optional.empty(), SpdExperiment.Difference.none(), Profile.PAPER);
        var target = experiment.target(0).train();
        var run = experiment.decompose(target).train();
        Table table = experiment.check(List.of(run));
        assertEquals(4, table.rowCount());
        assertTrue(table.stringColumn("ours").get(3).endsWith("for 5 neurons"));

        var coefficients = experiment.coefficients(target, run);
        assertEquals(List.of("1e-06", "3e-06", "1e-05", "1e-04", "1e-03"), List.copyOf(coefficients.keySet()));
        assertSame(run, coefficients.get("1e-05"));
        assertEquals(1e-3, coefficients.get("1e-03").config().importanceMinimality(), 1e-12);
    }

    @Test
    void everyLayerIsJudgedByItself() {
        ResidualMlpConfig small = ResidualMlpConfig.spdTwoLayers().with(c -> {
            c.features = 6;
            c.residual = 20;
            c.neurons = 3;
            c.training.batch = 64;
            c.training.steps = 20;
        });
        var experiment = new SpdExperiment("small", seed -> ResidualMlp.of(small, seed), SpdConfig.paperTwoLayers().with(c -> {
            c.components = 8;
            c.steps = 10;
            c.batch = 64;
        }), 0, 1, List.of(0, 3, 0, 3), Optional.empty(), SpdExperiment.Difference.none(), Profile.PAPER);
        Table table = experiment.check(List.of(experiment.decompose(experiment.target(0).train()).train()));
        assertEquals(List.of("small: correlation of neuron contributions", "small: important components of W_in, layer 1",
                "small: of these, on a feature alone, layer 1", "small: important components of W_out, layer 1",
                "small: important components of W_in, layer 2", "small: of these, on a feature alone, layer 2",
                "small: important components of W_out, layer 2"), table.stringColumn("quantity").asList());
        assertEquals("0.999", table.stringColumn("paper").get(0));
    }

    @Test
    void aTargetWithADimensionForEachFeatureRepresentsThem() {
        assertTrue(SpdExperiment.represents(Tms.of(TmsConfig.spd5to2().with(c -> {
            c.features = 2;
            c.probability = 0.5;
            c.training.steps = 3_000;
        }), 0).train()));
    }
}
