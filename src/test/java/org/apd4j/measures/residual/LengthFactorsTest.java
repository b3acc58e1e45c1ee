package org.apd4j.measures.residual;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.apd4j.decomposition.Decomposition;
import org.apd4j.decomposition.Selection;
import org.apd4j.math.Matrix;
import org.apd4j.spd.Spd;
import org.apd4j.spd.SpdConfig;
import org.apd4j.targets.ResidualMlp;
import org.apd4j.testsupport.HandMade;
import org.junit.jupiter.api.Test;

class LengthFactorsTest {

    /** Component c holds neuron c, with what it reads times one factor and what it writes times another. */
    private static Decomposition rescaled(int layers, float in, float out) {
        Decomposition perfect = HandMade.perfect(layers);
        return HandMade.decomposition(perfect.target(), HandMade.config(4, Selection.batchTopK(1)), (parameter, c) -> {
            Matrix own = perfect.components().component(parameter.name(), c);
            float factor = parameter.name().equals(ResidualMlp.in(0)) || parameter.name().equals(ResidualMlp.in(1)) ? in : out;
            for (int i = 0; i < own.size(); i++) {
                own.data()[i] *= factor;
            }
            return own;
        });
    }

    @Test
    void componentsThatAreTheTargetsNeuronsHaveEveryLengthOne() {
        LengthFactors found = LengthFactors.of(HandMade.perfect(1), 1);
        for (LengthFactors.Feature feature : found.features()) {
            assertEquals(feature.feature(), feature.component());
            assertEquals(1, feature.cosine(), 1e-6);
            assertEquals(1, feature.ratio(), 1e-6);
            assertEquals(1, feature.in().get(0), 1e-6);
            assertEquals(1, feature.out().get(0), 1e-6);
        }
    }

    @Test
    void aRescalingBetweenThePiecesOfAComponentIsSeenInTheFactorsAndNotInTheirProduct() {
        LengthFactors found = LengthFactors.of(rescaled(1, 2, 0.5f), 1);
        assertEquals(1, found.meanRatio(), 1e-6);
        assertEquals(1, found.meanCosine(), 1e-6);
        assertEquals(2, found.meanIn(0), 1e-6);
        assertEquals(0.5, found.meanOut(0), 1e-6);
        assertEquals("cosine to the target's contributions 1.000, length ratio 1.000 (1.00 … 1.00); its factors, reading × writing, "
                + "in the only layer: 2.00 × 0.50", found.summary());
    }

    @Test
    void shortenedPiecesShortenTheProduct() {
        assertEquals(0.25, LengthFactors.of(rescaled(1, 0.5f, 0.5f), 1).meanRatio(), 1e-6);
    }

    @Test
    void everyLayerHasFactorsOfItsOwn() {
        LengthFactors found = LengthFactors.of(rescaled(2, 3, 0.5f), 1);
        assertEquals(2, found.layers());
        assertEquals(3, found.features().get(0).in().get(0), 1e-6, "feature 0 has its neuron in layer 1");
        assertEquals(0.5, found.features().get(3).out().get(1), 1e-6, "feature 3 has its neuron in layer 2");
    }

    @Test
    void piecesOfOneMatrixHaveNoPartner() {
        Decomposition pieces = Spd.decompose(HandMade.perfectMlp(1), SpdConfig.paperOneLayer().with(c -> c.components = 5), 0).decomposition();
        assertTrue(assertThrows(IllegalArgumentException.class, () -> LengthFactors.of(pieces, 1)).getMessage().contains("span all matrices"));
    }
}
