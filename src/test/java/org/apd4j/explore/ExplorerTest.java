package org.apd4j.explore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.apd4j.apd.ApdConfig;
import org.apd4j.charts.Figure;
import org.apd4j.decomposition.Components;
import org.apd4j.decomposition.Decomposition;
import org.apd4j.decomposition.Factors;
import org.apd4j.explore.internal.ExplorerData;
import org.apd4j.explore.internal.Page;
import org.apd4j.math.internal.Workers;
import org.apd4j.measures.residual.NeuronContributions;
import org.apd4j.network.Activation;
import org.apd4j.network.Parameter;
import org.apd4j.targets.ResidualMlp;
import org.apd4j.targets.ResidualMlpConfig;
import org.apd4j.targets.Target;
import org.apd4j.testsupport.HandMade;
import org.apd4j.testsupport.SmallRun;
import org.apd4j.training.Provenance;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class ExplorerTest {

    /** Components of the paper's sizes of which most represent features: random ones, large enough. */
    private static Decomposition large(ResidualMlpConfig config, ApdConfig apd, double scale) {
        Target target = ResidualMlp.untrained(config, 0);
        List<Factors> factors = target.network().weights().stream().map(Parameter::name)
                .map(name -> {
                    var values = target.network().parameter(name).values();
                    return Factors.random(name, apd.components(), values.rows(), values.columns(), 2, scale, 1, 0, name.hashCode(), Workers.all());
                }).toList();
        return new Decomposition(target, new Components(target.network(), factors), apd.importance(), Provenance.here(0, 0, 0, 1));
    }

    @Test
    @Tag("slow")
    void outputsOfThePapersSizesTakeAtMost400Kilobytes() {
        for (Decomposition found : List.of(large(ResidualMlpConfig.paperOneLayer(), ApdConfig.paperCompressedComputation(), 70),
                large(ResidualMlpConfig.paperTwoLayers(), ApdConfig.paperCrossLayer(), 70))) {
            Explorer explorer = Explorer.of(found, 0, 2);
            var data = ExplorerData.of(found, NeuronContributions.of(found), 0, 2);
            assertTrue(data.alive().size() > 0.6 * found.count(), data.alive().size() + " are alive; too few for a test of the size");
            assertTrue(explorer.html().length() <= Interactive.LARGEST, explorer.title() + " takes " + explorer.html().length() + ", its picture "
                    + Page.small(explorer.still()).length);
        }
    }

    @Test
    void everyFeatureAndEveryComponentHasContributionsInThePage() {
        Decomposition found = SmallRun.RESIDUAL_MLP_WITH_UNIT_NORM.run(1).decomposition();
        // the explorer asks for data that are sparse features
        Decomposition natural = new Decomposition(ResidualMlp.untrained(new ResidualMlpConfig(12, 16, 6, 2, Activation.GELU, true, true,
                0.2, ResidualMlpConfig.paperOneLayer().training()), 3), found.components(), found.importance(), found.provenance());
        var data = ExplorerData.of(natural, NeuronContributions.of(natural), 0, 2);
        for (int i = 0; i < data.features(); i++) {
            assertTrue(data.pairs().contains(List.of(data.predominant().get(i), i)), "feature " + i);
        }
        for (int c = 0; c < data.components().size(); c++) {
            assertTrue(data.pairs().contains(List.of(c, data.components().get(c).top().get(0))), "component " + c);
        }
    }

    @Test
    void aComponentAnswersToTheFeatureOfItsNeuron() {
        Decomposition found = HandMade.perfect(2);
        var data = ExplorerData.of(found, NeuronContributions.of(found), 0, 16);
        for (int c = 0; c < 4; c++) {
            assertEquals("monosemantic", data.components().get(c).category());
            assertEquals(c, data.components().get(c).top().get(0));
            assertEquals(1, data.components().get(c).values().get(0), 1e-6);
        }
        assertEquals(List.of(0, 1, 2, 3), data.predominant());
        assertEquals(List.of(0, 1, 2, 3), data.used());
    }

    @Test
    void thePictureShowsTheContributionsOfTheFirstFeatures() {
        Figure still = Explorer.of(HandMade.perfect(1), 0, 2).still();
        assertTrue(still.alternative().contains("feature 0"), still.alternative());
    }

    @Test
    void otherNetworksAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> Explorer.of(SmallRun.TMS_FROM_COMPONENTS.run(1)));
        assertThrows(IllegalArgumentException.class, () -> Explorer.of(HandMade.perfect(1), 0, 1));
    }
}
