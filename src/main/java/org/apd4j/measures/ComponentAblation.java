package org.apd4j.measures;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
}
