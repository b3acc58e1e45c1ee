package org.apd4j.measures;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apd4j.decomposition.Decomposed;
import org.apd4j.kernel.Matrix;
import org.apd4j.kernel.SparseRows;

/**
 * Which component each feature uses: on its one-hot input (value 1) the one of largest attribution, the lowest of equal ones (method:
 * measures). Attributions are of the kind that training used.
 *
 * @param components by feature, its component
 */
public record FeatureComponents(List<Integer> components) {

    public FeatureComponents {
        components = List.copyOf(components);
    }

    /** Measures it. */
    public static FeatureComponents of(Decomposed decomposed) {
        return of(new Subject(decomposed));
    }

    static FeatureComponents of(Subject subject) {
        Matrix attributions = subject.evaluator().attributions(SparseRows.of(Matrix.identity(subject.features())));
        List<Integer> components = new ArrayList<>();
        for (int feature = 0; feature < attributions.rows(); feature++) {
            int best = 0;
            for (int c = 1; c < attributions.columns(); c++) {
                if (attributions.get(feature, c) > attributions.get(feature, best)) {
                    best = c;
                }
            }
            components.add(best);
        }
        return new FeatureComponents(components);
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
