package org.apd4j.interaction;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.stream.IntStream;
import org.apd4j.math.RandomStream;
import org.apd4j.network.Activation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class AblationTest {

    /** Class 0 if x₁ > 0, class 1 if x₁ < 0; x₂ matters little. */
    private static final SectionedNetwork NETWORK = SectionedNetwork.mlp(Activation.RELU, List.of(
            DenseLayer.of(new double[][] {{4, -4}, {0.1, 0.1}}, new double[] {1, 1})));
    private static final Samples SAMPLES = Samples.of(new double[][] {{1, 3}, {1, -3}, {-1, 3}, {-1, -3}}).withLabels(0, 0, 1, 1);

    private static Ablation ablation(InteractionConfig config, Score score) {
        InteractionBasis basis = InteractionBasis.of(NETWORK, List.of("layers.0", "output"), SAMPLES, config);
        return Ablation.of(basis, basis.graph(), SAMPLES, score);
    }

    @Test
    void networkNeedsTheNodeThatItsAnswersDependOn() {
        // LIB: x₁ has the effect 32, x₂ 0.18; principal components: x₂ varies more
        AblationCurve lib = ablation(InteractionConfig.paper(), Score.ACCURACY).nodes("layers.0", AblationSchedule.every());
        assertEquals(List.of(3, 2, 1, 0), lib.points().stream().map(AblationCurve.Point::kept).toList());
        assertEquals(List.of(1.0, 1.0, 0.5, 0.5), lib.points().stream().map(AblationCurve.Point::value).toList());
        assertEquals(2, lib.required(0));
        AblationCurve pca = ablation(InteractionConfig.paper(), Score.ACCURACY).principalComponents("layers.0", AblationSchedule.every());
        assertEquals(List.of(1.0, 0.5, 0.5, 0.5), pca.points().stream().map(AblationCurve.Point::value).toList());
        assertEquals(3, pca.required(0.4));
        assertEquals(pca.points(), ablation(InteractionConfig.principalComponents(), Score.ACCURACY).nodes("layers.0",
                AblationSchedule.every()).points());
    }

    @Test
    void curveEndsEarlyAndLossIsTheCrossEntropy() {
        Ablation ablation = ablation(InteractionConfig.paper(), Score.CROSS_ENTROPY);
        double right = Math.log(1 + Math.exp(-8));
        assertEquals(right, ablation.base(), 1e-12);
        AblationCurve curve = ablation.nodes("layers.0", AblationSchedule.every().stoppingAt(0.5));
        assertEquals(3, curve.points().size(), "it stops at the first point that is worse by more than 0.5");
        assertEquals(Math.log(2), curve.points().get(2).value(), 1e-12);
    }

    /** Class 0 if the sum of the inputs is above 0: inputs that vary more and more, of which each matters as much as it varies. */
    private static Ablation sums(int inputs) {
        double[][] weights = new double[inputs][2];
        double[][] rows = new double[200][inputs];
        int[] labels = new int[rows.length];
        RandomStream random = RandomStream.of(0);
        for (int i = 0; i < inputs; i++) {
            weights[i] = new double[] {1, -1};
        }
        for (int row = 0; row < rows.length; row++) {
            double sum = 0;
            for (int i = 0; i < inputs; i++) {
                rows[row][i] = (i + 1) * random.nextNormal();
                sum += rows[row][i];
            }
            labels[row] = sum > 0 ? 0 : 1;
        }
        SectionedNetwork network = SectionedNetwork.mlp(Activation.RELU, List.of(DenseLayer.of(weights, new double[] {0, 0})));
        Samples samples = Samples.of(rows).withLabels(labels);
        InteractionBasis basis = InteractionBasis.of(network, List.of("layers.0", "output"), samples, InteractionConfig.paper());
        return Ablation.of(basis, basis.graph(), samples, Score.ACCURACY);
    }

    @Test
    void wideGapIsHalvedBeforeItIsFilled() {
        Ablation ablation = sums(150);
        double allowed = 0.1;
        AblationCurve filled = ablation.principalComponents("layers.0", AblationSchedule.linear(2), allowed);
        int required = filled.required(allowed);
        List<Integer> kept = filled.points().stream().map(AblationCurve.Point::kept).toList();
        assertEquals(required - 1, kept.get(kept.indexOf(required) + 1), "one fewer is not good enough");
        assertTrue(kept.size() < 70, kept.size() + " of 152 numbers were tried");
        assertEquals(kept.stream().sorted((a, b) -> b - a).distinct().toList(), kept);
    }

    @Test
    void gapInTheScheduleIsFilledWhereTheScoreBecomesWorse() {
        Ablation ablation = sums(8);
        double allowed = 0.12;
        int exact = ablation.principalComponents("layers.0", AblationSchedule.every()).required(allowed);
        assertTrue(exact > 2 && exact < 9, "the test is of nothing at " + exact);
        AblationSchedule coarse = AblationSchedule.linear(2);
        assertEquals(9, ablation.principalComponents("layers.0", coarse).required(allowed));
        AblationCurve filled = ablation.principalComponents("layers.0", coarse, allowed);
        assertEquals(exact, filled.required(allowed));
        assertEquals(IntStream.concat(IntStream.iterate(9, kept -> kept >= exact - 1, kept -> kept - 1), IntStream.of(0)).boxed().toList(),
                filled.points().stream().map(AblationCurve.Point::kept).toList(), "downwards up to the first that is not good enough");
        assertEquals(ablation.nodes("layers.0", AblationSchedule.every()).required(allowed), ablation.nodes("layers.0", coarse, allowed).required(allowed));
        assertEquals(2, ablation.nodes("layers.0", coarse, 1).points().size(), "all are good enough");
        refused("allowed difference is -1.0", () -> ablation.nodes("layers.0", coarse, -1));
    }

    @Test
    void oneEdgeOfEachClassIsEnough() {
        Ablation ablation = ablation(InteractionConfig.paper(), Score.ACCURACY);
        EdgeSearch search = ablation.requiredEdges("layers.0", 0);
        assertEquals(1, search.required());
        assertEquals(List.of(3, 2, 1), search.tried().stream().map(AblationCurve.Point::kept).toList());
        AblationCurve curve = ablation.edges("layers.0", List.of(100, 4, 2, 0));
        assertEquals(List.of(1.0, 1.0, 1.0, 0.5), curve.points().stream().map(AblationCurve.Point::value).toList());
        // the constant's two edges are kept in any case; both edges of x₁ are equally strong but for rounding
        double kept = Arrays.stream(search.mask().toArray()).flatMapToDouble(Arrays::stream).sum();
        assertTrue(kept == 4 || kept == 3, "mask of the last proposal: " + kept);
    }

    @Test
    void badInputIsRefusedWithASentence() {
        InteractionBasis basis = InteractionBasis.of(NETWORK, List.of("layers.0", "output"), SAMPLES, InteractionConfig.paper());
        InteractionGraph graph = basis.graph();
        Ablation ablation = Ablation.of(basis, graph, SAMPLES, Score.ACCURACY);
        refused("have no labels", () -> Ablation.of(basis, graph, Samples.of(new double[][] {{1, 2}}), Score.ACCURACY));
        refused("a label is 2", () -> Ablation.of(basis, graph, Samples.of(new double[][] {{1, 2}}).withLabels(2), Score.ACCURACY));
        refused("'output' has no basis", () -> ablation.nodes("output", AblationSchedule.every()));
        refused("no section begins at 'output'", () -> ablation.requiredEdges("output", 0.1));
        refused("no basis of a node layer 'layers.7'", () -> ablation.nodes("layers.7", AblationSchedule.every()));
        refused("allowed difference is -1.0", () -> ablation.requiredEdges("layers.0", -1));
        refused("edges to keep is -2", () -> ablation.edges("layers.0", List.of(3, -2)));
        InteractionBasis other = InteractionBasis.of(NETWORK, List.of("layers.0", "output"), SAMPLES,
                InteractionConfig.paper().with(c -> c.threshold = 0.5));
        refused("the edges from 'layers.0' are [2, 3]; the basis has nodes for [2, 2]", () -> Ablation.of(other, graph, SAMPLES, Score.ACCURACY));
        refused("base of a schedule is 0.5", () -> AblationSchedule.exponential(3, 0.5));
        refused("number of points of a schedule is 1", () -> AblationSchedule.linear(1));
        refused("2 labels for 4 samples", () -> SAMPLES.withLabels(1, 1));
        assertThrows(NoSuchElementException.class, () -> new AblationCurve("a", Score.ACCURACY, 1, List.of(new AblationCurve.Point(3,
                0.2))).required(0.1));
    }

    private static void refused(String sentence, Executable call) {
        String message = assertThrows(IllegalArgumentException.class, call).getMessage();
        assertTrue(message.contains(sentence), message);
        assertFalse(message.contains("\n"), message);
    }

    @Test
    void scheduleHasEveryNumberNearTheEndAndGrowingGapsBefore() {
        assertEquals(List.of(13, 10, 6, 4, 3, 2, 1, 0), AblationSchedule.exponential(3, 2).kept(13));
        assertEquals(List.of(3, 2, 1, 0), AblationSchedule.every().kept(3));
        assertEquals(List.of(12, 6, 0), AblationSchedule.linear(3).kept(12));
        assertEquals(List.of(12, 7, 6, 0), AblationSchedule.linear(3).withKept(7, 99).kept(12));
        assertEquals(List.of(2, 1, 0), AblationSchedule.exponential(10, 2).kept(2));
    }
}
