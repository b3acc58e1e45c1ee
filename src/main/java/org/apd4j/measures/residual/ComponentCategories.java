package org.apd4j.measures.residual;

import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.apd4j.decomposition.DecompositionSource;

/**
 * The features that each component represents: those for which its largest neuron contribution exceeds a cut-off (paper section 3.2). A component
 * that represents one feature is monosemantic, with two duosemantic, with more polysemantic, with none dead.
 *
 * <pre>{@code
 * var categories = ComponentCategories.of(mlpRun);
 * System.out.println(categories.monosemantic() + " monosemantic, " + categories.dead() + " dead");
 * }</pre>
 *
 * @param cutOff              the cut-off
 * @param features            number of the target's features
 * @param representedFeatures by component, the features that it represents, in ascending order
 */
public record ComponentCategories(double cutOff, int features, List<List<Integer>> representedFeatures) {

    /** The paper's cut-off. */
    public static final double CUT_OFF = 0.04;

    public ComponentCategories {
        representedFeatures = representedFeatures.stream().map(List::copyOf).toList();
    }

    /**
     * Measures a decomposition at the paper's cut-off, {@value #CUT_OFF}.
     *
     * @throws IllegalArgumentException if the target is no residual MLP with an output for every feature, or has several layers with components of
     *                                  their own
     */
    public static ComponentCategories of(DecompositionSource decomposed) {
        return of(NeuronContributions.of(decomposed), CUT_OFF);
    }

    /**
     * Returns the categories for given contributions and a given cut-off.
     *
     * @throws IllegalArgumentException if a component there is one of each layer
     */
    public static ComponentCategories of(NeuronContributions contributions, double cutOff) {
        if (contributions.isAssembled()) {
            throw new IllegalArgumentException("the categories of components need components that span all layers, or a single layer; this network has "
                    + contributions.neuronsOfLayers().size() + " layers with components of their own");
        }
        List<List<Integer>> represented = IntStream.range(0, contributions.components().size())
                .mapToObj(c -> IntStream.range(0, contributions.features()).filter(i -> contributions.largest(c, i) > cutOff).boxed().toList())
                .toList();
        return new ComponentCategories(cutOff, contributions.features(), represented);
    }

    /** Returns the components that represent at least one feature, in ascending order. */
    public List<Integer> alive() {
        return IntStream.range(0, representedFeatures.size()).filter(c -> !representedFeatures.get(c).isEmpty()).boxed().toList();
    }

    /** Returns the components that represent a feature; more than one if the feature is split among them. */
    public List<Integer> componentsOf(int feature) {
        return IntStream.range(0, representedFeatures.size()).filter(c -> representedFeatures.get(c).contains(feature)).boxed().toList();
    }

    private int representing(int least, int most) {
        return (int) representedFeatures.stream().filter(own -> own.size() >= least && own.size() <= most).count();
    }

    /** Returns the number of components that represent no feature. */
    public int dead() {
        return representing(0, 0);
    }

    /** Returns the number of components that represent one feature. */
    public int monosemantic() {
        return representing(1, 1);
    }

    /** Returns the number of components that represent two features. */
    public int duosemantic() {
        return representing(2, 2);
    }

    /** Returns the number of components that represent three features or more. */
    public int polysemantic() {
        return representing(3, Integer.MAX_VALUE);
    }

    /** Returns the number of features that at least one component represents. */
    public int featuresRepresented() {
        return (int) representedFeatures.stream().flatMap(List::stream).distinct().count();
    }

    /** Returns, by feature, the number of components that represent it. */
    public List<Integer> componentsOfFeatures() {
        return IntStream.range(0, features).mapToObj(feature -> componentsOf(feature).size()).toList();
    }

    /**
     * Returns how many features are represented by 0, 1, … components.
     *
     * @param most the last entry counts the features that so many components, or more, represent
     */
    public List<Integer> featuresByComponents(int most) {
        List<Integer> counts = componentsOfFeatures();
        return IntStream.rangeClosed(0, most).mapToObj(n -> (int) counts.stream().filter(count -> Math.min(most, count) == n).count()).toList();
    }

    /** Returns the number of split features, those that more than one component represents. */
    public int splitFeatures() {
        return (int) componentsOfFeatures().stream().filter(count -> count > 1).count();
    }

    /**
     * Returns the component that represents two features most clearly: the one whose weaker feature has the largest contribution. If no component
     * represents two, the first one that represents any.
     *
     * @param contributions those that the categories are of
     * @throws IllegalStateException if no component represents a feature
     */
    public int clearestShared(NeuronContributions contributions) {
        Comparator<Integer> byWeaker = Comparator.comparingDouble(c -> representedFeatures.get(c).stream()
                .mapToDouble(i -> contributions.largest(c, i)).min().orElse(0));
        return alive().stream().filter(c -> representedFeatures.get(c).size() == 2).max(byWeaker)
                .or(() -> alive().stream().findFirst()).orElseThrow(() -> new IllegalStateException("no component represents a feature"));
    }
}
