package org.apd4j.tables;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apd4j.measures.ComponentMatrices;
import org.apd4j.measures.Distribution;
import org.apd4j.measures.residual.ComponentCategories;
import org.apd4j.measures.residual.NeuronContributions;
import org.apd4j.measures.residual.PerFeatureLoss;
import org.apd4j.measures.residual.ResidualNoiseLoss;
import org.apd4j.measures.residual.Scrubbing;
import tech.tablesaw.api.Table;

/**
 * The tables of the experiments on residual MLPs (paper sections 3.2 and 3.3), made from what {@link org.apd4j.measures measures} return.
 *
 * <pre>{@code
 * ResidualMlpTables.categories(ComponentCategories.of(mlpRun));
 * ResidualMlpTables.scrubbing(Scrubbing.of(mlpRun, 0, 20_000))
 * }</pre>
 */
public final class ResidualMlpTables {

    /** Unit of losses, in which all of them have their digits. */
    private static final double UNIT = 1e-3;
    private static final String IN_UNITS = ", in 10⁻³";

    private ResidualMlpTables() {
    }

    /** Returns how many components represent how many features. */
    public static Table categories(ComponentCategories categories) {
        return categories(Map.of("components", categories));
    }

    /** Returns the same for several decompositions, one column each. */
    public static Table categories(Map<String, ComponentCategories> variants) {
        NumberTable table = NumberTable.named("Components by the number of features that they represent")
                .texts("category", List.of("dead: none", "monosemantic: one", "duosemantic: two", "polysemantic: more", "features represented"));
        variants.forEach((name, found) -> table.integers(name, found.dead(), found.monosemantic(), found.duosemantic(), found.polysemantic(),
                found.featuresRepresented()));
        return table.build();
    }

    /** Returns one row for each kind of scrubbing. */
    public static Table scrubbing(Scrubbing measured) {
        List<Scrubbing.Kind> kinds = List.of(Scrubbing.Kind.values());
        List<Distribution> losses = kinds.stream().map(measured::of).toList();
        return NumberTable.named("Mean squared error to the target's output" + IN_UNITS)
                .texts("computed in place of the target", kinds.stream().map(Scrubbing.Kind::label).toList())
                .numbers("mean", inUnits(losses, Distribution::mean))
                .numbers("median", inUnits(losses, Distribution::median))
                .numbers("5 % quantile", inUnits(losses, loss -> loss.quantile(0.05)))
                .numbers("95 % quantile", inUnits(losses, loss -> loss.quantile(0.95)))
                .integers("samples", losses.stream().mapToInt(Distribution::count).toArray())
                .build();
    }

    /** Returns one row for each feature: the losses to the true labels, and the similarity of its predominant component to the target. */
    public static Table perFeature(PerFeatureLoss losses, NeuronContributions contributions) {
        List<PerFeatureLoss.Feature> features = losses.features();
        return NumberTable.named("Mean squared error to the labels on " + String.format(Locale.ROOT, "%,d", losses.samples())
                        + " samples with one active feature" + IN_UNITS)
                .integers("feature", features.stream().mapToInt(PerFeatureLoss.Feature::feature).toArray())
                .numbers("target", inUnits(features, PerFeatureLoss.Feature::target))
                .numbers("APD, batch top-k", inUnits(features, PerFeatureLoss.Feature::batchTopK))
                .numbers("APD, top-1", inUnits(features, PerFeatureLoss.Feature::perSampleTop1))
                .numbers("active components", array(features, PerFeatureLoss.Feature::activeComponents))
                .integers("predominant component", features.stream().mapToInt(f -> contributions.predominant(f.feature())).toArray())
                .numbers("cosine similarity", array(features, f -> contributions.cosine(f.feature())))
                .numbers("length ratio", array(features, f -> contributions.lengthRatio(f.feature())))
                .build();
    }

    /** Returns one row for each feature: its predominant component, the neurons that contribute most to it there, and their layers. */
    public static Table predominant(NeuronContributions contributions) {
        int[] features = IntStream.range(0, contributions.features()).toArray();
        int largest = Math.min(NeuronContributions.LEADING_NEURONS, contributions.neurons());
        List<List<Integer>> ofTarget = IntStream.of(features).mapToObj(i -> contributions.largestNeurons(i, largest)).toList();
        List<List<Integer>> ofComponent = IntStream.of(features)
                .mapToObj(i -> contributions.largestNeurons(contributions.predominant(i), i, largest)).toList();
        NumberTable table = NumberTable.named("Predominant components and their " + largest + " largest neurons")
                .integers("feature", features);
        if (contributions.isAssembled()) {
            table.texts("component", IntStream.of(features).mapToObj(i -> contributions.names().get(contributions.predominant(i))).toList());
        } else {
            table.integers("component", IntStream.of(features).map(contributions::predominant).toArray());
        }
        table.numbers("largest contribution", IntStream.of(features)
                        .mapToDouble(i -> contributions.largest(contributions.predominant(i), i)).toArray())
                .texts("neurons in the target", ofTarget.stream().map(neurons -> joined(neurons)).toList())
                .texts("neurons in the component", ofComponent.stream().map(neurons -> joined(neurons)).toList());
        if (contributions.neuronsOfLayers().size() > 1) {
            List<Integer> across = contributions.featuresAcrossLayers(largest);
            table.texts("layers", ofComponent.stream()
                    .map(neurons -> joined(neurons.stream().map(neuron -> contributions.layerOf(neuron) + 1).toList())).toList())
                    .texts("across layers", IntStream.of(features).mapToObj(i -> across.contains(i) ? "yes" : "no").toList());
        }
        return table.numbers("cosine similarity", IntStream.of(features).mapToDouble(contributions::cosine).toArray())
                .numbers("length ratio", IntStream.of(features).mapToDouble(contributions::lengthRatio).toArray()).build();
    }

    private static String joined(List<Integer> numbers) {
        return numbers.stream().map(String::valueOf).collect(Collectors.joining(", "));
    }

    /** Returns the ranks and similarities of the components of each parameter as matrices, over those that represent a feature. */
    public static Table matrices(List<ComponentMatrices> parameters, List<Integer> alive) {
        return NumberTable.named("Components as matrices, " + alive.size() + " that represent a feature")
                .texts("parameter", parameters.stream().map(ComponentMatrices::parameter).toList())
                .numbers("effective rank of the target's matrix", array(parameters, ComponentMatrices::wholeRank))
                .numbers("mean effective rank of a component", array(parameters, own -> own.meanEffectiveRank(alive)))
                .numbers("mean |cosine| of two components", array(parameters, own -> own.meanSimilarity(alive)))
                .build();
    }

    /** Returns the target's gain over the monosemantic baseline, by the residual noise that it was trained with. */
    public static Table residualNoise(List<ResidualNoiseLoss> losses) {
        return NumberTable.named("Mean squared error to the labels by residual noise" + IN_UNITS)
                .numbers("s", array(losses, ResidualNoiseLoss::noise))
                .numbers("target", inUnits(losses, ResidualNoiseLoss::target))
                .numbers("monosemantic baseline", inUnits(losses, ResidualNoiseLoss::baseline))
                .numbers("advantage, %", array(losses, loss -> 100 * loss.advantage()))
                .build();
    }

    private static <T> double[] inUnits(List<T> of, ToDoubleFunction<T> loss) {
        return array(of, one -> loss.applyAsDouble(one) / UNIT);
    }

    private static <T> double[] array(List<T> of, ToDoubleFunction<T> number) {
        return of.stream().mapToDouble(number).toArray();
    }

    /** Returns the features with the largest losses with one component a sample, the largest first. */
    public static Table worstFeatures(PerFeatureLoss losses, NeuronContributions contributions, int count) {
        return perFeature(new PerFeatureLoss(losses.worstFirst().stream().limit(count).toList(), losses.samples()), contributions);
    }

    /** Returns, for several numbers of largest neurons, how many features have neurons of every layer among them. */
    public static Table acrossLayers(NeuronContributions contributions, int... counts) {
        List<NeuronContributions.AcrossLayers> rows = IntStream.of(counts).mapToObj(contributions::acrossLayers).toList();
        return NumberTable.named("Features with neurons of all layers among the largest, of " + contributions.features())
                .integers("neurons looked at", counts)
                .integers("in the predominant component", rows.stream().mapToInt(NeuronContributions.AcrossLayers::components).toArray())
                .integers("in the target", rows.stream().mapToInt(NeuronContributions.AcrossLayers::target).toArray())
                .numbers("drawn at random", array(rows, NeuronContributions.AcrossLayers::chance))
                .build();
    }

    /** Returns the features that several components represent, with the largest contribution of each. */
    public static Table splitFeatures(ComponentCategories categories, NeuronContributions contributions) {
        List<Integer> split = IntStream.range(0, categories.features()).filter(i -> categories.componentsOf(i).size() > 1).boxed().toList();
        return NumberTable.named("Features that several components represent")
                .integers("feature", split.stream().mapToInt(Integer::intValue).toArray())
                .texts("components", split.stream().map(i -> joined(categories.componentsOf(i))).toList())
                .texts("largest contribution of each", split.stream().map(i -> categories.componentsOf(i).stream()
                        .map(c -> String.format(Locale.ROOT, "%.3f", contributions.largest(c, i))).collect(Collectors.joining(", "))).toList())
                .build();
    }
}
