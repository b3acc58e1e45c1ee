package org.apd4j.measures;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import org.apd4j.data.SparseFeatures;
import org.apd4j.data.Tensors;
import org.apd4j.decomposition.Components;
import org.apd4j.decomposition.DecompositionSource;
import org.apd4j.decomposition.Factors;
import org.apd4j.math.Matrix;
import org.apd4j.math.RandomStream;
import org.apd4j.math.SparseRows;
import org.apd4j.math.Statistics;
import org.apd4j.math.internal.Gemm;
import org.apd4j.math.internal.Grid;
import org.apd4j.measures.internal.MeasurementContext;
import org.apd4j.measures.internal.Requirements;
import org.apd4j.measures.internal.WeightedNetwork;
import org.apd4j.network.internal.NetworkGraph;
import org.apd4j.training.ProgressScope;

/**
 * Errors on inputs with one active feature when one component is removed (paper section 3.1). A component's removal should harm only its own feature.
 *
 * <pre>{@code
 * var ablation = ComponentAblation.of(run, 0, 1_000);
 * Figures.ablation(ablation)
 * }</pre>
 *
 * @param none              by feature, the mean squared error of all components to the target's output, on inputs where only that feature is active
 * @param removed           {@code [C, features]}, the same error without component c
 * @param samplesPerFeature number of inputs for each feature, with values drawn from the data's range
 */
public record ComponentAblation(List<Double> none, Grid removed, int samplesPerFeature) {

    private static final long SAMPLES = 0x61626c617465L;

    public ComponentAblation {
        none = List.copyOf(none);
    }

    /**
     * Measures a decomposition.
     *
     * @param seed              of the inputs
     * @param samplesPerFeature number of inputs for each feature, at least 1
     * @throws IllegalArgumentException if the target's data are not sparse features, or {@code samplesPerFeature} is below 1
     */
    public static ComponentAblation of(DecompositionSource decomposed, long seed, int samplesPerFeature) {
        MeasurementContext subject = new MeasurementContext(decomposed);
        SparseFeatures data = Requirements.sparseFeatures(subject.target(), "component ablation");
        Requirements.atLeast(1, samplesPerFeature, "samplesPerFeature");
        Components components = subject.decomposition().components();
        Map<String, Matrix> sums = new LinkedHashMap<>();
        for (Factors factors : components.factors()) {
            sums.put(factors.parameter(), Tensors.matrix(subject.decomposition().sum(factors.parameter())));
        }
        List<SparseRows> inputs = new ArrayList<>();
        List<Matrix> outputs = new ArrayList<>();
        for (int feature = 0; feature < data.features(); feature++) {
            SparseRows x = onlyActive(data, feature, RandomStream.of(seed, SAMPLES, feature), samplesPerFeature);
            inputs.add(x);
            outputs.add(subject.evaluator().target(x));
        }
        NetworkGraph graph = components.graph();
        double[] none = errors(new WeightedNetwork(graph, sums::get), inputs, outputs);
        double[][] removed = new double[components.count()][];
        try (ProgressScope work = ProgressScope.of("removing each component", "components", removed.length)) {
            for (int c = 0; c < removed.length; c++) {
                removed[c] = errors(new WeightedNetwork(graph, without(components, sums, c)::get), inputs, outputs);
                work.done(c + 1);
            }
        }
        return new ComponentAblation(Statistics.list(none), Grid.of(removed.length, none.length, (c, j) -> removed[c][j]), samplesPerFeature);
    }

    private static SparseRows onlyActive(SparseFeatures data, int feature, RandomStream random, int rows) {
        SparseRows x = new SparseRows(data.features());
        for (int row = 0; row < rows; row++) {
            x.add(feature, (float) (data.low() + (data.high() - data.low()) * random.nextDouble()));
            x.endRow();
        }
        return x;
    }

    private static Map<String, Matrix> without(Components components, Map<String, Matrix> sums, int c) {
        Map<String, Matrix> rest = new LinkedHashMap<>();
        for (Factors factors : components.factors()) {
            Matrix weights = Objects.requireNonNull(sums.get(factors.parameter())).copy();
            rest.put(factors.parameter(), Gemm.run(-1, factors.a(c), false, factors.b(c), false, 1, weights));
        }
        return rest;
    }

    private static double[] errors(WeightedNetwork network, List<SparseRows> inputs, List<Matrix> outputs) {
        double[] errors = new double[inputs.size()];
        for (int j = 0; j < errors.length; j++) {
            errors[j] = Statistics.mean(MeasurementContext.squaredErrors(network.output(inputs.get(j)), outputs.get(j)));
        }
        return errors;
    }

    /** Returns the number of components C. */
    public int components() {
        return removed.rows();
    }

    /** Returns the number of features. */
    public int features() {
        return removed.columns();
    }

    /**
     * Returns all components, ordered by the first feature that each one's removal harms most among all components, with those whose removal harms no
     * feature most last. In this order the errors are large on the diagonal if each feature has a component of its own.
     */
    public List<Integer> order() {
        Set<Integer> order = new LinkedHashSet<>();
        for (int j = 0; j < features(); j++) {
            int feature = j;
            order.add(MeasurementContext.largest(IntStream.range(0, components()).mapToObj(c -> removed.get(c, feature)).toList()));
        }
        IntStream.range(0, components()).forEach(order::add);
        return List.copyOf(order);
    }

    /**
     * Mean errors over features.
     *
     * @param own   without the component that the feature uses
     * @param other without another component, the mean over these
     * @param none  with all components
     */
    public record OwnAndOther(double own, double other, double none) {

        /** Returns the numbers in one sentence. */
        @Override
        public String toString() {
            return String.format(Locale.ROOT, "mean loss without the feature's own component %.2e, without another one %.2e, with all of them %.2e",
                    own, other, none);
        }
    }

    /**
     * Compares the removal of each feature's own component with that of the others.
     *
     * @param use the component that each feature uses, such as {@link FeatureComponents#of}
     * @throws IllegalArgumentException if it has another number of features, or there is only one component
     */
    public OwnAndOther ownAndOther(FeatureComponents use) {
        if (use.components().size() != features() || components() < 2) {
            throw new IllegalArgumentException("the ablation has " + features() + " features and " + components() + " components, 'use' has "
                    + use.components().size() + " features; both need as many features, and at least two components");
        }
        double own = 0;
        double other = 0;
        for (int j = 0; j < features(); j++) {
            for (int c = 0; c < components(); c++) {
                if (c == use.componentOf(j)) {
                    own += removed.get(c, j);
                } else {
                    other += removed.get(c, j) / (components() - 1);
                }
            }
        }
        return new OwnAndOther(own / features(), other / features(), Statistics.mean(none));
    }
}
