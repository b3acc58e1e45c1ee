package org.apd4j.interaction;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Set;
import org.apd4j.network.Activation;
import org.junit.jupiter.api.Test;

class BasisComparisonTest {

    /** Class 0 if x₁ > 0, class 1 if x₁ < 0; x₂ varies more and matters little. */
    private static final SectionedNetwork NETWORK = SectionedNetwork.mlp(Activation.RELU, List.of(
            DenseLayer.of(new double[][] {{4, -4}, {0.1, 0.1}}, new double[] {1, 1})));
    private static final Samples SAMPLES = Samples.of(new double[][] {{1, 3}, {1, -3}, {-1, 3}, {-1, -3}}).withLabels(0, 0, 1, 1);

    @Test
    void basisThatKnowsWhatMattersNeedsFewerNodes() {
        BasisComparison both = BasisComparison.of(NETWORK, List.of("layers.0", "output"), SAMPLES, SAMPLES, InteractionConfig.paper(),
                AblationSchedule.every(), 0);
        assertEquals(1, both.base());
        assertEquals(2, both.nodes().get(BasisComparison.LIB).get(0).required(0));
        assertEquals(3, both.nodes().get(BasisComparison.PCA).get(0).required(0));
        assertEquals(1, both.edgesRequired(BasisComparison.LIB));
        assertEquals(1.0 / both.edgesRequired(BasisComparison.PCA), both.edgeRatio());
        assertEquals(Set.of("LIB", "PCA"), both.layer("layers.0").keySet());
        assertEquals(0, both.layer("layers.0").get("PCA").effects().size(), "principal components have no effects");
        assertEquals(2, both.graphs().size());
        assertEquals("What two bases need for an accuracy at most 0.0 lower", both.summary().title());
        assertEquals(List.of("1.0000", "2 in layers.0", "1 from layers.0", "3 in layers.0", both.edgesRequired("PCA") + " from layers.0"),
                List.copyOf(both.summary().entries().values()));
    }
}
