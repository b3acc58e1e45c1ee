package org.apd4j.measures;

import java.util.List;
import java.util.stream.IntStream;
import org.apd4j.decomposition.DecompositionSource;

/**
 * The component that each feature uses: the one with the largest importance when the feature alone is active, with the value 1 (paper
 * section 3.2). Where several have the same importance it is the one with the lowest index.
 *
 * <pre>{@code
 * int component = FeatureComponents.of(mlpRun).componentOf(42);
 * }</pre>
 *
 * @param components by feature, the index of its component
 */
public record FeatureComponents(List<Integer> components) {

    public FeatureComponents {
        components = List.copyOf(components);
    }

    /** Measures a decomposition. */
    public static FeatureComponents of(DecompositionSource decomposed) {
        OneHotAttributions attributions = OneHotAttributions.of(decomposed);
        return new FeatureComponents(IntStream.range(0, attributions.attributions().rows()).mapToObj(attributions::componentOf).toList());
    }

    /** Returns the component that a feature uses. */
    public int componentOf(int feature) {
        return components.get(feature);
    }

    /** Returns the features that use a component, often one or none. */
    public List<Integer> featuresOf(int component) {
        return IntStream.range(0, components.size()).filter(feature -> components.get(feature) == component).boxed().toList();
    }
}
