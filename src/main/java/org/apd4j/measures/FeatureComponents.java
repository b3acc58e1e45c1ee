package org.apd4j.measures;

import java.util.List;
import java.util.stream.IntStream;
import org.apd4j.decomposition.DecompositionSource;

/**
 * Which component each feature uses: on its one-hot input (value 1) the one of largest attribution, the lowest of equal ones (method:
 * measures). Attributions are of the kind that training used.
 *
 * <pre>{@code
 * int component = FeatureComponents.of(mlpRun).componentOf(42);
 * }</pre>
 *
 * @param components by feature, its component
 */
public record FeatureComponents(List<Integer> components) {

    public FeatureComponents {
        components = List.copyOf(components);
    }

    /** Measures it. */
    public static FeatureComponents of(DecompositionSource decomposed) {
        return of(new MeasurementContext(decomposed));
    }

    static FeatureComponents of(MeasurementContext subject) {
        OneHotAttributions attributions = OneHotAttributions.of(subject);
        return new FeatureComponents(IntStream.range(0, subject.features()).mapToObj(attributions::componentOf).toList());
    }

    /** A feature's component. */
    public int componentOf(int feature) {
        return components.get(feature);
    }

    /** The features of a component, often one or none. */
    public List<Integer> featuresOf(int component) {
        return IntStream.range(0, components.size()).filter(feature -> components.get(feature) == component).boxed().toList();
    }
}
