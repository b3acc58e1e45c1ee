package org.apd4j.experiments;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.apd4j.apd.ApdConfig;
import org.apd4j.figures.GatedFigures;
import org.apd4j.measures.gated.FunctionRecovery;
import org.apd4j.measures.gated.GatedCurves;
import org.apd4j.measures.gated.WeightShares;
import org.apd4j.tables.GatedTables;
import org.junit.jupiter.api.Test;
import tech.tablesaw.api.Table;

class GatedExperimentTest {

    private static final GatedExperiment QUICK = GatedExperiment.of(Profile.QUICK);
    private static final GatedExperiment TINY = new GatedExperiment("tiny", QUICK.gated(), QUICK.apd().with(c -> {
        c.steps = 5;
        c.batch = 200;
    }), 2, 11);

    @Test
    void thePapersSettingsAreThePapers() {
        GatedExperiment full = GatedExperiment.of(Profile.PAPER);
        assertEquals(ApdConfig.paperGatedFunctions(), full.apd());
        assertEquals(4, full.gated().functions().size());
        assertTrue(full.seeds() >= 5);
    }

    @Test
    void moreSimplicityUsesTheSameFunctions() {
        GatedExperiment full = GatedExperiment.of(Profile.PAPER);
        GatedExperiment dearer = GatedExperiment.moreSimplicity(Profile.PAPER);
        assertEquals(3 * full.apd().simplicity(), dearer.apd().simplicity());
        assertEquals(full.gated().functions(), dearer.gated().functions());
        assertEquals(full.apd(), dearer.apd().with(c -> {
            c.simplicity = full.apd().simplicity();
            c.batch = full.apd().batch();
            c.steps = full.apd().steps();
            c.learningRate = full.apd().learningRate();
        }));
    }

    @Test
    void theCheckCountsTheSuccessfulSeeds() {
        var runs = TINY.allSeeds().train().runs();
        Table check = TINY.check(Profile.PAPER, runs, runs.subList(0, 1));
        assertEquals("seeds that work", check.stringColumn("quantity").get(3));
        assertEquals(List.of("0 of 2", "0 of 1"), check.stringColumn("ours").asList().subList(3, 5));
        assertEquals("hard to train, as the paper says", check.stringColumn("verdict").get(3));
    }

    @Test
    void allSeedsDecomposeTheSameNetworkFromDifferentStarts() {
        var runs = TINY.allSeeds().train().runs();
        assertSame(TINY.gated().target(), runs.get(0).target());
        assertSame(TINY.gated().target(), runs.get(1).target());
        assertTrue(FunctionRecovery.of(TINY.gated(), runs.get(0)).leastShare() != FunctionRecovery.of(TINY.gated(), runs.get(1)).leastShare());
    }

    @Test
    void tablesShowTheMeasures() {
        var runs = TINY.allSeeds().train().runs();
        Table seeds = GatedTables.seeds(TINY.gated(), runs, TINY.points());
        assertEquals("Decompositions by seed: 0 of 2 work", seeds.name());
        assertEquals(2, seeds.rowCount());
        var first = FunctionRecovery.of(TINY.gated(), runs.get(0));
        assertTrue(seeds.stringColumn("component 1").get(0).startsWith("F" + (char) ('₀' + first.functionOf(1)) + " "));
        assertEquals(GatedCurves.of(TINY.gated(), runs.get(1), TINY.points()).largestRelativeError(),
                seeds.doubleColumn("worst function's error").getDouble(1), 0);
        Table shares = GatedTables.shares(TINY.gated(), runs.get(0));
        assertEquals(first.shares().get(1, 0), shares.doubleColumn("F₀").getDouble(1), 0);
        assertEquals(GatedCurves.ofTarget(TINY.gated(), 11).curves().get(1).targetError(),
                GatedTables.curves(GatedCurves.ofTarget(TINY.gated(), 11)).doubleColumn("network to formula").getDouble(1), 0);
    }

    @Test
    void edgesBelongToTheFunctionOfTheirNeuronWhereTheTargetHasAWeight() {
        var run = TINY.decompose(0);
        Table numbers = GatedFigures.components(TINY.gated(), run).numbers();
        var target = numbers.where(numbers.stringColumn("panel").isEqualTo("target"));
        var owned = target.where(target.intColumn("owner").isGreaterThanOrEqualTo(0));
        // each of 40 neurons reads x and its own bit and writes the output
        assertEquals(3 * 40, owned.rowCount());
        assertEquals(0, target.where(target.intColumn("owner").isLessThan(0)).doubleColumn("weight").max(), 0);
        // gates are drawn at a sixth of their size: 20 + 20 weights 1 of x, as many of gates
        var read = owned.where(owned.stringColumn("to layer").startsWith("neurons"));
        assertEquals(80, read.where(read.doubleColumn("weight").isEqualTo(1)).rowCount());
        // target, sum of components, and the four components
        assertEquals((2 + 4) * target.rowCount(), numbers.rowCount());
    }

    @Test
    void theIdealDecompositionIsFaithfulAndWorksInEveryPart() {
        var ideal = TINY.ideal();
        var recovery = FunctionRecovery.of(TINY.gated(), ideal);
        assertTrue(recovery.works());
        assertEquals(1, recovery.leastShare(), 0);
        TINY.gated().target().network().weights().forEach(parameter -> assertEquals(0,
                ideal.sum(parameter.name()).squaredDistance(TINY.gated().target().weights(parameter.name())), 1e-12));
        assertTrue(WeightShares.of(TINY.gated(), ideal).missing(recovery, 0.99).isEmpty());
        assertEquals(0, GatedCurves.of(TINY.gated(), ideal, 20).curves().get(0).error(), 1e-8);
    }
}
