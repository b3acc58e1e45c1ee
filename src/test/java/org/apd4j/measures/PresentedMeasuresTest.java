package org.apd4j.measures;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.apd4j.data.Dataset;
import org.apd4j.math.internal.Grid;
import org.apd4j.measures.classification.ComponentUse;
import org.apd4j.measures.gated.PiecewiseNeurons;
import org.apd4j.measures.residual.PerFeatureLoss;
import org.junit.jupiter.api.Test;

/** What figures and tables show, worked out by hand. */
class PresentedMeasuresTest {

    private static final double NAN = Double.NaN;

    @Test
    void componentsAreOrderedAndGroupedByTheirNorms() {
        var norms = new ComponentNorms(List.of(1.0, 3.0, 0.5));
        assertEquals(List.of(1, 0, 2), norms.largestFirst());
        assertEquals(0.5, norms.of(List.of(0, 2)).quantile(0));
        assertEquals(1, norms.of(List.of(0, 2)).quantile(1));
        assertTrue(Double.isNaN(norms.of(List.of()).quantile(1)));
    }

    @Test
    void firstChoicesAndSurplusComponentsAreCreditedWithTheirLargestAttributions() {
        // Feature 0 prefers component 2, feature 1 component 0; component 1 is surplus.
        var measured = new OneHotAttributions(Grid.of(2, 3, (feature, c) -> new double[][] {{1, 2, 3}, {9, 4, 0}}[feature][c]));
        assertEquals(List.of(0, 2), measured.firstChoices());
        assertEquals(List.of(1), measured.surplus());
        assertEquals(6, measured.largest(measured.firstChoices()).mean());
        assertEquals(4, measured.largest(measured.surplus()).mean());
    }

    @Test
    void partialSumsGrowByOneNeuronAndEndWithTheFunction() {
        var neurons = new PiecewiseNeurons(0, List.of(0.0, 1.0), List.of(new PiecewiseNeurons.Neuron(0, 0, 0, 1, List.of(1.0, 2.0)),
                new PiecewiseNeurons.Neuron(0, 1, 0.5, -1, List.of(0.5, -4.0))));
        assertEquals(List.of(List.of(1.0, 2.0), List.of(1.5, -2.0)), neurons.partialSums());
        assertEquals(neurons.sum(), neurons.partialSums().get(1));
    }

    @Test
    void lossesThatADecompositionAddsAreSignedAndFeaturesWithoutASampleAreLeftOut() {
        var measured = new PerFeatureLoss(List.of(new PerFeatureLoss.Feature(0, 5, 6, 4, 3, 1, 10),
                new PerFeatureLoss.Feature(1, NAN, NAN, NAN, NAN, NAN, 0),
                new PerFeatureLoss.Feature(2, 2, 2, 5, 4, 1.5, 10)), 20);
        assertEquals(List.of(2, 0), measured.byTargetLoss().stream().map(PerFeatureLoss.Feature::feature).toList());
        assertEquals(1, measured.features().get(0).addedByBatchTopK());
        assertEquals(-1, measured.features().get(0).addedByTop1());
    }

    @Test
    void aDirectionIsTurnedTowardsTheRowsThatActivateTheComponentMost() {
        var data = Dataset.of(new float[][] {{0, 0}, {2, 0}, {0, 4}}, new int[] {0, 1, 1}, List.of("a", "b"));
        var use = new ComponentUse(data, Grid.of(3, 2, (row, c) -> row == c + 1 ? 1 : 0), Grid.of(3, 2, (row, c) -> row == c + 1 ? 1 : 0));
        assertEquals(List.of(1.0, 0.0), use.towardsMostActivating(0, List.of(-1.0, -0.0), 1));
        assertEquals(List.of(-1.0, 1.0), use.towardsMostActivating(1, List.of(-1.0, 1.0), 1));
    }

    @Test
    void componentsAreOrderedByTheClassThatUsesThemMostAndThoseNeverActiveAreLeftOut() {
        var data = Dataset.of(new float[][] {{0, 0}, {2, 0}, {0, 4}}, new int[] {0, 1, 1}, List.of("a", "b"));
        double[][] active = {{0, 0, 0, 1}, {1, 0, 1, 0}, {1, 0, 0, 0}};
        var use = new ComponentUse(data, Grid.of(3, 4, (row, c) -> active[row][c]), Grid.of(3, 4, (row, c) -> active[row][c]));
        assertEquals(List.of(3, 0, 2), use.byMostFrequentClass());
    }
}
