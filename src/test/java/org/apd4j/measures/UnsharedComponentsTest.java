package org.apd4j.measures;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apd4j.decomposition.Decomposition;
import org.apd4j.math.internal.Grid;
import org.apd4j.measures.residual.ComponentCategories;
import org.apd4j.measures.residual.NeuronContributions;
import org.apd4j.measures.residual.SubcomponentContributions;
import org.apd4j.measures.superposition.Recovery;
import org.apd4j.spd.Spd;
import org.apd4j.spd.SpdConfig;
import org.apd4j.targets.ResidualMlp;
import org.apd4j.targets.ResidualMlpConfig;
import org.apd4j.targets.Tms;
import org.apd4j.targets.TmsConfig;
import org.junit.jupiter.api.Test;

/** Measures of components that belong to one matrix each, as SPD has them. */
class UnsharedComponentsTest {

    private static Decomposition mlp(int layers) {
        return Spd.decompose(ResidualMlp.untrained(ResidualMlpConfig.spdOneLayer().with(c -> {
            c.features = 6;
            c.residual = 9;
            c.neurons = 4;
            c.layers = layers;
        }), 1), SpdConfig.paperOneLayer().with(c -> c.components = 7), 2).decomposition();
    }

    /** Each component of W_in is taken with the whole of W_out, so that all together are the network of the sums. */
    @Test
    void contributionsOfAllComponentsAddUpToThoseOfTheirSum() {
        Decomposition found = mlp(1);
        NeuronContributions measured = NeuronContributions.of(found);
        Grid whole = NeuronContributions.ofTarget(found.only(0, 1, 2, 3, 4, 5, 6));
        assertEquals(7, measured.components().size());
        for (int i = 0; i < 6; i++) {
            for (int n = 0; n < 4; n++) {
                int feature = i;
                int neuron = n;
                assertEquals(whole.get(i, n), measured.components().stream().mapToDouble(own -> own.get(feature, neuron)).sum(), 1e-5);
            }
        }
    }

    /** In each layer by itself, whatever is predominant in the others. */
    @Test
    void withSeveralLayersAComponentIsThePredominantOneOfEach() {
        Decomposition found = mlp(2);
        SubcomponentContributions layers = SubcomponentContributions.of(found);
        NeuronContributions measured = NeuronContributions.of(found);
        assertTrue(measured.isAssembled());
        assertEquals(List.of(4, 4), measured.neuronsOfLayers());
        for (int i = 0; i < 6; i++) {
            double[] own = measured.components().get(measured.predominant(i)).row(i);
            int first = layers.layers().get(0).best(i);
            int second = layers.layers().get(1).best(i);
            assertEquals(first + "/" + second, measured.names().get(measured.predominant(i)));
            assertArrayEquals(layers.layers().get(0).components().get(first).row(i), Arrays.copyOf(own, 4));
            assertArrayEquals(layers.layers().get(1).components().get(second).row(i), Arrays.copyOfRange(own, 4, 8));
        }
        assertTrue(assertThrows(IllegalArgumentException.class, () -> ComponentCategories.of(found)).getMessage()
                .contains("2 layers with components of their own"));
    }

    /** Two features share the component of the first layer, which holds the largest contribution to both; only the second layer tells them apart. */
    @Test
    void equalContributionsInOneLayerAreToldApartByTheOther() {
        Grid shared = Grid.of(2, 2, (i, n) -> n == 0 ? 0.9 : 0);
        var layers = new SubcomponentContributions(List.of(new SubcomponentContributions.Layer(shared, List.of(shared)),
                new SubcomponentContributions.Layer(shared, List.of(Grid.of(2, 2, (i, n) -> i == 0 && n == 1 ? 0.5 : 0),
                        Grid.of(2, 2, (i, n) -> i == 1 && n == 1 ? 0.5 : 0)))));
        NeuronContributions measured = layers.assembled();
        assertEquals(List.of("0/0", "0/1"), measured.names());
        assertEquals(List.of(0, 1), measured.predominant());
    }

    @Test
    void contributionsCorrelateWithThemselves() {
        Grid target = Grid.of(2, 3, (i, n) -> i == n ? 0.5 : 0.1 * n);
        assertEquals(1, new NeuronContributions(List.of(3), target, List.of(Grid.of(2, 3, (i, n) -> 0.5 * target.get(i, n) + 0.1)))
                .correlation(), 1e-12);
    }

    @Test
    void recoveryIsMeasuredAmongTheComponentsThatAreGiven() {
        Decomposition found = Spd.decompose(Tms.untrained(TmsConfig.spd5to2(), 1), SpdConfig.paperTms5to2(), 2).decomposition();
        List<Integer> all = IntStream.range(0, 20).boxed().toList();
        Recovery any = Recovery.of(found, Tms.ENCODER);
        assertEquals(any, Recovery.of(found, Tms.ENCODER, all));
        int best = any.features().get(0).component();
        Recovery without = Recovery.of(found, Tms.ENCODER, all.stream().filter(c -> c != best).toList());
        assertTrue(without.features().get(0).component() != best);
        assertTrue(without.mmcs() <= any.mmcs());
        assertEquals(-1, Recovery.of(found, Tms.ENCODER, List.of()).features().get(0).component());
        assertThrows(IllegalArgumentException.class, () -> Recovery.of(found, Tms.ENCODER, List.of(20)));
    }
}
