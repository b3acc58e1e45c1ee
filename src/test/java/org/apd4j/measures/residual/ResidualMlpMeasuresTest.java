package org.apd4j.measures.residual;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.apd4j.data.SparseFeatures;
import org.apd4j.decomposition.Decomposition;
import org.apd4j.decomposition.Selection;
import org.apd4j.math.Matrix;
import org.apd4j.math.internal.Grid;
import org.apd4j.measures.ComponentAblation;
import org.apd4j.measures.FeatureComponents;
import org.apd4j.measures.residual.Scrubbing.Kind;
import org.apd4j.measures.superposition.LossByActiveFeatures;
import org.apd4j.network.Activation;
import org.apd4j.network.Parameter.Role;
import org.apd4j.targets.Labels;
import org.apd4j.targets.ResidualMlp;
import org.apd4j.targets.Target;
import org.apd4j.testsupport.HandMade;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Four orthogonal features, four neurons, four components: nothing interferes, and every number is known. */
class ResidualMlpMeasuresTest {

    private static final double P = HandMade.PROBABILITY;

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void aPerfectDecompositionLosesNothingWhenItIsScrubbed(int layers) {
        Scrubbing scrubbing = Scrubbing.of(HandMade.perfect(layers), 1, 50_000);
        assertEquals(50_000, scrubbing.samples());
        assertEquals(0, scrubbing.of(Kind.TOP_K).quantile(1), 1e-12);
        assertEquals(0, scrubbing.of(Kind.SCRUBBED).quantile(1), 1e-12);
        assertEquals(0, scrubbing.of(Kind.BASELINE).quantile(1), 1e-12);
        // without its component a feature loses ReLU(x): 4 features · p · E[ReLU(x)²] / 4 outputs = p / 6, half of that when half the time
        assertEquals(P / 6, scrubbing.of(Kind.ANTI_SCRUBBED).mean(), 0.0007);
        assertEquals(P / 12, scrubbing.of(Kind.RANDOM).mean(), 0.0007);
        // x + ReLU(x) is 2x or x: ½ · 4/3 + ½ · 1/3 = 5/6
        assertEquals(P * 5 / 6, scrubbing.of(Kind.ZERO).mean(), 0.003);
        // 0.9⁴ = 0.66 of the samples are empty
        assertEquals(0, scrubbing.of(Kind.ZERO).median(), 0);
        assertEquals(List.of(Kind.values()), List.copyOf(scrubbing.losses().keySet()));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void everyComponentOfAPerfectDecompositionIsMonosemantic(int layers) {
        ComponentCategories categories = ComponentCategories.of(HandMade.perfect(layers));
        assertEquals(List.of(List.of(0), List.of(1), List.of(2), List.of(3)), categories.representedFeatures());
        assertEquals(4, categories.monosemantic());
        assertEquals(0, categories.dead() + categories.duosemantic() + categories.polysemantic());
        assertEquals(4, categories.featuresRepresented());
    }

    @Test
    void categoriesCountDeadDuosemanticAndPolysemanticComponents() {
        // contributions of two neurons to three features; component 0 has none, 1 has two above 0.04, 2 has all three; 0.04 itself is too little
        Grid nothing = Grid.of(3, 2, (i, n) -> -1);
        Grid two = Grid.of(3, 2, (i, n) -> i == 2 ? 0.04 : n == 0 ? 0.05 : -1);
        Grid three = Grid.of(3, 2, (i, n) -> n == 1 ? 0.1 * (i + 1) : -9);
        NeuronContributions contributions = new NeuronContributions(List.of(1, 1), three, List.of(nothing, two, three));
        ComponentCategories categories = ComponentCategories.of(contributions, 0.04);
        assertEquals(List.of(1, 0, 1, 1),
                List.of(categories.dead(), categories.monosemantic(), categories.duosemantic(), categories.polysemantic()));
        assertEquals(3, categories.featuresRepresented());
        assertEquals(List.of(2, 2, 1), categories.componentsOfFeatures());
        assertEquals(2, categories.splitFeatures());
        // largest, not largest in size: −9 does not count
        assertEquals(List.of(2, 2, 2), contributions.predominant());
        assertEquals(1, contributions.cosine(0), 1e-12);
        assertEquals(List.of(1, 0), contributions.largestNeurons(0, 2));
        assertEquals(1, contributions.layerOf(1));
        assertEquals(List.of(0, 1, 2), contributions.featuresAcrossLayers(2));
        assertEquals(List.of(), contributions.featuresAcrossLayers(1));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void everyNeuronContributesItsOwnFeature(int layers) {
        NeuronContributions contributions = NeuronContributions.of(HandMade.perfect(layers));
        assertEquals(layers, contributions.neuronsOfLayers().size());
        for (int i = 0; i < 4; i++) {
            for (int n = 0; n < 4; n++) {
                assertEquals(i == n ? 1 : 0, contributions.target().get(i, n), 1e-6);
                for (int c = 0; c < 4; c++) {
                    assertEquals(i == n && i == c ? 1 : 0, contributions.components().get(c).get(i, n), 1e-6);
                }
            }
            assertEquals(i, contributions.predominant(i));
            assertEquals(1, contributions.cosine(i), 1e-6);
            assertEquals(i * layers / 4, contributions.layerOf(i));
        }
    }

    @Test
    void contributionsAreProductsOfReadingAndWriting() {
        // W_E = W_U = 1 (one feature). Neurons read 2 and 3 and write 5 and −7: 10 and −21. Component 0 has half of the reading: 5, −10.5.
        Matrix one = Matrix.identity(1);
        Target target = new Target("one feature", ResidualMlp.network(one,
                List.of(new ResidualMlp.LayerWeights(HandMade.matrix(new double[][] {{2, 3}}),
                        HandMade.matrix(new double[][] {{5}, {-7}}))), one, Activation.RELU,
                Role.FIXED), new SparseFeatures(1, 0.5, -1, 1), Labels.INPUT_PLUS_RELU);
        NeuronContributions contributions = NeuronContributions.of(HandMade.decomposition(target,
                HandMade.config(1, Selection.batchTopK(1)), (parameter, c) -> {
                    Matrix half = parameter.values().copy();
                    if (parameter.name().equals(ResidualMlp.in(0))) {
                        half.set(0, 0, 1);
                        half.set(0, 1, 1.5f);
                    }
                    return half;
                }));
        assertEquals(Grid.of(1, 2, (i, n) -> n == 0 ? 10 : -21), contributions.target());
        assertEquals(Grid.of(1, 2, (i, n) -> n == 0 ? 5 : -10.5), contributions.components().get(0));
        assertEquals(contributions.target(), NeuronContributions.ofTarget(target));
        assertEquals(5, contributions.largest(0, 0), 0);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void removingAComponentChangesItsFeatureOnly(int layers) {
        ComponentAblation ablation = ComponentAblation.of(HandMade.perfect(layers), 1, 20_000);
        for (int j = 0; j < 4; j++) {
            assertEquals(0, ablation.none().get(j), 1e-12);
            for (int c = 0; c < 4; c++) {
                // ReLU(x) is lost: E = 1/6, over four outputs
                assertEquals(c == j ? 1.0 / 24 : 0, ablation.removed().get(c, j), c == j ? 0.002 : 1e-12);
            }
        }
    }

    @Test
    void removingAnEmptyComponentHasNoEffect() {
        Decomposition spare = HandMade.neurons(HandMade.perfectMlp(1), 5, Selection.batchTopK(1));
        ComponentAblation ablation = ComponentAblation.of(spare, 1, 100);
        assertEquals(5, ablation.components());
        for (double error : ablation.removed().row(4)) {
            assertEquals(0, error, 1e-12);
        }
    }

    @Test
    void everyFeatureMapsToItsComponent() {
        FeatureComponents map = FeatureComponents.of(HandMade.perfect(2));
        assertEquals(List.of(0, 1, 2, 3), map.components());
        assertEquals(List.of(2), map.featuresOf(2));
        assertEquals(3, map.componentOf(3));
    }

    @Test
    void aPerfectDecompositionHasNoLossForAnyFeature() {
        PerFeatureLoss losses = PerFeatureLoss.of(HandMade.perfect(1), 1, 2_000);
        assertTrue(losses.samples() >= 2_000 && losses.samples() < 2_256);
        assertEquals(losses.samples(), losses.features().stream().mapToInt(PerFeatureLoss.Feature::samples).sum());
        for (PerFeatureLoss.Feature feature : losses.features()) {
            assertEquals(0, feature.target(), 1e-12);
            assertEquals(0, feature.batchTopK(), 1e-12);
            assertEquals(0, feature.perSampleTop1(), 1e-12);
            assertEquals(0, feature.top1ToTarget(), 1e-12);
        }
    }

    @Test
    void tooSmallAKLeavesFeaturesWithoutComponents() {
        // 5 components of 256 · 4: only the largest of about 51 positive values keep theirs, those that count 0 or 1 component
        PerFeatureLoss losses = PerFeatureLoss.of(HandMade.neurons(HandMade.perfectMlp(1), 4, Selection.batchTopK(0.02)), 1, 2_000);
        for (PerFeatureLoss.Feature feature : losses.features()) {
            assertTrue(feature.activeComponents() > 0 && feature.activeComponents() < 0.2, feature.toString());
            assertTrue(feature.batchTopK() > 0.005, feature.toString());
            assertEquals(0, feature.perSampleTop1(), 1e-12);
        }
        PerFeatureLoss two = PerFeatureLoss.of(HandMade.perfect(1), Selection.perSampleTopK(2), 1, 500);
        two.features().forEach(feature -> assertEquals(2, feature.activeComponents(), 0));
    }

    /** Both features of an MLP whose single neuron serves the first: the second lacks ReLU(x). */
    private static Target oneNeuron() {
        Matrix two = Matrix.identity(2);
        return new Target("one neuron", ResidualMlp.network(two,
                List.of(new ResidualMlp.LayerWeights(HandMade.matrix(new double[][] {{1}, {0}}),
                        HandMade.matrix(new double[][] {{1, 0}}))), two, Activation.RELU,
                Role.FIXED), new SparseFeatures(2, 0.1, -1, 1), Labels.INPUT_PLUS_RELU);
    }

    @Test
    void theErrorOfOneComponentToTheTargetsOutputDiffersFromThatToTheLabels() {
        // E ReLU(x)² = 1/6 for x uniform in [−1, 1], over two outputs
        PerFeatureLoss all = PerFeatureLoss.of(HandMade.neurons(oneNeuron(), 2, Selection.batchTopK(1)), 5, 20_000);
        assertEquals(1.0 / 12, all.features().get(1).perSampleTop1(), 0.004);
        assertEquals(0, all.features().get(1).top1ToTarget(), 1e-12);
        PerFeatureLoss none = PerFeatureLoss.of(HandMade.decomposition(oneNeuron(), HandMade.config(2, Selection.batchTopK(1)),
                (parameter, c) -> Matrix.zeros(parameter.values().rows(), parameter.values().columns())), 5, 20_000);
        assertEquals(1.0 / 12, none.features().get(0).top1ToTarget(), 0.004);
        assertEquals(0, none.features().get(1).top1ToTarget(), 1e-12);
    }

    @Test
    void theLossIsThatOfTheBaselineWhereNeuronsAreMissing() {
        // the second feature: E = ½ · 1/6 / 2 with one active
        Target target = oneNeuron();
        LossByActiveFeatures losses = LossByActiveFeatures.of(HandMade.neurons(target, 2, Selection.batchTopK(1)), 5, 20_000);
        assertEquals(1.0 / 24, losses.exactly().get(0).losses().target(), 0.002);
        for (var row : List.of(losses.exactly().get(0).losses(), losses.exactly().get(1).losses(), losses.natural())) {
            assertEquals(row.target(), row.baseline(), 1e-12);
            assertEquals(row.target(), row.decomposition(), 1e-12);
        }
    }

    @Test
    void theResponseToAFeatureIsAtItsOwnOutput() {
        OneFeatureResponse response = OneFeatureResponse.of(HandMade.perfectMlp(1), 2, 5);
        assertEquals(List.of(0.0, 0.0, 2.0, 0.0), response.labels());
        assertEquals(List.of(-1.0, -0.5, 0.0, 0.5, 1.0), response.inputs());
        assertEquals(List.of(-1.0, -0.5, 0.0, 1.0, 2.0), response.expected());
        for (int i = 0; i < 4; i++) {
            assertEquals(response.labels().get(i), response.outputs().get(i), 1e-6);
        }
        for (int i = 0; i < 5; i++) {
            assertEquals(response.expected().get(i), response.response().get(i), 1e-6);
        }
        assertEquals(response, OneFeatureResponse.all(HandMade.perfectMlp(1), 5).get(2));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void oneHotAblationsKeepWhatTheFeaturesComponentAdds(int layers) {
        // past the embedding path, ReLU(1) = 1 at the feature's own output, whatever else is kept; nothing without its component
        OneHotAblation ablation = OneHotAblation.of(HandMade.perfect(layers), 1, 9, 700);
        assertEquals(1, ablation.component());
        for (int o = 0; o < 4; o++) {
            OneHotAblation.Output output = ablation.outputs().get(o);
            assertEquals(o == 1 ? 1 : 0, output.target(), 1e-6);
            assertEquals(o == 1 ? 1 : 0, output.scrubbedMean(), 1e-6);
            assertEquals(0, output.scrubbedDeviation(), 1e-6);
            assertEquals(0, output.antiScrubbedMean(), 1e-6);
            assertEquals(0, output.antiScrubbedDeviation(), 1e-6);
        }
    }

    @Test
    void aFeatureSharedByTwoComponentsShowsInTheDeviation() {
        // Components 1 and 4 both read half of feature 1 and write all of it. Its own is 1, of equal ones the lowest; 4 is there half of
        // the time. Both: each writes ReLU(½ + ½) = 1, together 2. One alone: ReLU(½) = ½. So 2 or ½ when 1 is on, ½ or 0 when it is off.
        Decomposition halves = HandMade.decomposition(HandMade.perfectMlp(1), HandMade.config(5, Selection.batchTopK(1)), (parameter, c) -> {
            boolean isIn = parameter.name().equals(ResidualMlp.in(0));
            int neuron = c == 4 ? 1 : c;
            Matrix own = Matrix.zeros(parameter.values().rows(), parameter.values().columns());
            for (int i = 0; i < own.rows(); i++) {
                for (int j = 0; j < own.columns(); j++) {
                    boolean mine = (isIn ? j : i) == neuron;
                    own.set(i, j, mine ? parameter.values().get(i, j) * (isIn && neuron == 1 ? 0.5f : 1) : 0);
                }
            }
            return own;
        });
        OneHotAblation.Output output = OneHotAblation.of(halves, 1, 9, 10_000).outputs().get(1);
        assertEquals((2 + 0.5) / 2, output.scrubbedMean(), 0.03);
        assertEquals(0.75, output.scrubbedDeviation(), 0.01);
        assertEquals(0.25, output.antiScrubbedMean(), 0.01);
        assertEquals(0.25, output.antiScrubbedDeviation(), 0.01);
    }

    @Test
    void samplesWithoutAnActiveFeatureCountWhereBiasesGiveThemAnOutput() {
        // y = x + ReLU(x + 1), one component: without it an empty sample gives 0 in place of 1, half of the time
        Matrix one = Matrix.identity(1);
        Target target = new Target("biased", ResidualMlp.network(one, List.of(new ResidualMlp.LayerWeights(one, Optional.of(one), one, Optional.empty())), one,
                Activation.RELU, Role.FIXED), new SparseFeatures(1, 0.001, -1, 1), Labels.INPUT_PLUS_RELU);
        Scrubbing scrubbing = Scrubbing.of(HandMade.neurons(target, 1, Selection.batchTopK(1)), 3, 5_000);
        assertEquals(0.5, scrubbing.of(Kind.RANDOM).mean(), 0.03);
        assertEquals(1, scrubbing.of(Kind.ZERO).median(), 1e-6);
    }

    @Test
    void removingAFeaturesOwnComponentCostsAllAndAnotherNothing() {
        var perfect = HandMade.perfect(1);
        ComponentAblation ablation = ComponentAblation.of(perfect, 1, 2_000);
        ComponentAblation.OwnAndOther found = ablation.ownAndOther(FeatureComponents.of(perfect));
        // without its neuron a feature uniform in −1 … 1 lacks ReLU(x) at one of four outputs: E[x²]/2/4 = 1/24
        assertEquals(1 / 24.0, found.own(), 3e-3);
        assertEquals(0, found.other(), 1e-12);
        assertEquals(0, found.none(), 1e-12);
        assertEquals(FeatureComponents.of(perfect).components(), ablation.order());
        assertThrows(IllegalArgumentException.class, () -> ablation.ownAndOther(new FeatureComponents(List.of(0))));
    }

    @Test
    void whatAPerfectNeuronReadsAndWritesIsItsFeature() {
        FeaturePaths paths = FeaturePaths.of(HandMade.perfectMlp(2));
        assertEquals(List.of(2, 2), paths.neuronsOfLayers());
        for (int i = 0; i < 4; i++) {
            for (int n = 0; n < 4; n++) {
                assertEquals(i == n ? 1 : 0, paths.reads().get(i, n), 1e-6);
                assertEquals(i == n ? 1 : 0, paths.writes().get(n, i), 1e-6);
            }
        }
    }

    @Test
    void featuresAboveALimitAreCountedAndTheWorstComesFirst() {
        var losses = new PerFeatureLoss(List.of(new PerFeatureLoss.Feature(0, 1, 1.5, 2, 1, 0.5, 10),
                new PerFeatureLoss.Feature(1, 1, 1.2, 4, 3, 1.5, 10), new PerFeatureLoss.Feature(2, 1, 1.1, 3, 2, 1.2, 10)), 30);
        assertEquals(List.of(1, 2, 0), losses.worstFirst().stream().map(PerFeatureLoss.Feature::feature).toList());
        assertEquals(2, losses.above(2.5));
        assertEquals(1, losses.activeComponentsCorrelation(), 1e-12);
        assertTrue(losses.summary().contains("4.00e+00, feature 1; 2 of 3 features keep more"), losses.summary());
    }
}
