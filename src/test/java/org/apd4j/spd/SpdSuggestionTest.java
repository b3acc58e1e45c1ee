package org.apd4j.spd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.Stream;
import org.apd4j.apd.Apd;
import org.apd4j.data.Dataset;
import org.apd4j.data.Digits;
import org.apd4j.data.SparseFeatures;
import org.apd4j.decomposition.DecompositionSettings;
import org.apd4j.decomposition.Divergence;
import org.apd4j.decomposition.Suggestion;
import org.apd4j.math.Matrix;
import org.apd4j.math.RandomStream;
import org.apd4j.network.Activation;
import org.apd4j.network.Network;
import org.apd4j.network.Parameter.Role;
import org.apd4j.sharedgate.SharedGate;
import org.apd4j.targets.Labels;
import org.apd4j.targets.ResidualMlp;
import org.apd4j.targets.ResidualMlpConfig;
import org.apd4j.targets.Target;
import org.apd4j.targets.Tms;
import org.apd4j.targets.TmsConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SpdSuggestionTest {

    /** One of the paper's targets, trained as long as its function needs, and the paper's settings. */
    record Case(String name, Target target, SpdConfig paper) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Case> papersTargets() {
        return Stream.of(
                new Case("TMS 5-2", Tms.of(TmsConfig.spd5to2().with(c -> {
                    c.training.batch = 256;
                    c.training.steps = 2_000;
                }), 0).train().trained(), SpdConfig.paperTms5to2()),
                new Case("TMS 40-10", Tms.of(TmsConfig.spd40to10().with(c -> {
                    c.training.batch = 256;
                    c.training.steps = 2_000;
                }), 0).train().trained(), SpdConfig.paperTms40to10()),
                new Case("one layer", residual(ResidualMlpConfig.spdOneLayer()), SpdConfig.paperOneLayer()),
                new Case("two layers", residual(ResidualMlpConfig.spdTwoLayers()), SpdConfig.paperTwoLayers()),
                new Case("three layers", residual(ResidualMlpConfig.spdThreeLayers()), SpdConfig.paperThreeLayers()));
    }

    private static Target residual(ResidualMlpConfig config) {
        return ResidualMlp.of(config.with(c -> {
            c.training.batch = 256;
            c.training.steps = 600;
        }), 0).train().trained();
    }

    @ParameterizedTest
    @MethodSource("papersTargets")
    void thePapersSettingsComeOutForThePapersTargetsToAFactorOfThree(Case given) {
        SpdConfig found = SpdConfig.suggest(given.target()).config();
        assertWithin(3, given.paper().importanceMinimality(), found.importanceMinimality());
        assertEquals(given.paper().power(), found.power());
        assertWithin(given.name().equals("one layer") ? 4 : 1.25, given.paper().components(), found.components()); // the paper takes 100 there
        assertWithin(2, given.paper().batch(), found.batch());
        assertWithin(1.4, given.paper().steps(), found.steps());
        assertWithin(2, given.paper().learningRate(), found.learningRate());
        assertEquals(Divergence.MSE, found.divergence());
    }

    private static void assertWithin(double factor, double expected, double actual) {
        assertTrue(actual <= factor * expected * 1.0001 && actual >= expected / factor * 0.9999, "paper " + expected + ", suggested " + actual);
    }

    /** Four features of one output each, y = x: without components the error is that of zeros, a tenth of a third. */
    @Test
    void theCoefficientIsAPartOfTheErrorWithoutComponentsForEachImportantOne() {
        Target target = new Target("identity", Tms.network(Matrix.identity(4), new Matrix[0], Matrix.zeros(1, 4)), new SparseFeatures(4, 0.1, 0, 1),
                Labels.INPUT);
        // 0.4 active inputs in the encoder; in the decoder 0.3 · 4 on the 34 % of samples that are not empty
        double expected = 0.07 * (0.1 / 3) / (0.4 + 1.2 * (1 - Math.pow(0.9, 4)));
        assertEquals(expected, SpdConfig.suggest(target).config().importanceMinimality(), 0.06 * expected);
    }

    @Test
    void aClassifierOfDenseDataIsComparedByItsProbabilitiesAndEverySettingHasItsReason() {
        Dataset digits = Digits.draw(20, 0);
        Network network = Network.builder(64).dense("hidden", "input", 12, RandomStream.of(0)).activation("relu", "hidden", Activation.RELU)
                .dense("y", "relu", 10, RandomStream.of(1)).softmax("digit", "y").build();
        Target target = new Target("digits", network, digits, Labels.CLASS);
        Suggestion<SpdConfig> found = SpdConfig.suggest(target);
        assertEquals(Divergence.KL, found.config().divergence());
        assertEquals(List.of(48, 1024), List.of(found.config().components(), found.config().batch()));
        assertEquals(List.of("importance minimality", "power p", "components C", "steps", "batch", "width of gates", "learning rate", "divergence"),
                found.reasons().stream().map(DecompositionSettings.Reason::setting).toList());
        assertTrue(Spd.decompose(target, found.config(), 0).train(1).loss("stochastic reconstruction") > 0);
    }

    @Test
    void aTargetThatIgnoresItsWeightsIsRefused() {
        Network zero = Network.builder(2).parameter("w", Role.TRAINED, Matrix.zeros(2, 2)).linear("y", "input", "w", false).build();
        Target target = new Target("zero", zero, new SparseFeatures(2, 0.1, 0, 1), Labels.INPUT);
        assertEquals("the output of 'zero' does not change when its weights are 0; there is nothing to decompose",
                assertThrows(IllegalArgumentException.class, () -> SpdConfig.suggest(target)).getMessage());
    }

    @Test
    void everyMethodSuggestsSettings() {
        Target target = Tms.untrained(TmsConfig.spd5to2(), 0);
        for (var method : List.of(Apd.METHOD, Spd.METHOD, SharedGate.METHOD)) {
            assertTrue(method.suggest(target).orElseThrow().reasons().size() > 3, method.name());
        }
    }
}
