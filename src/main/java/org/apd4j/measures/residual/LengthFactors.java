package org.apd4j.measures.residual;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.apd4j.decomposition.Components;
import org.apd4j.decomposition.DecompositionSource;
import org.apd4j.math.Matrix;
import org.apd4j.math.internal.Gemm;
import org.apd4j.measures.importance.FeatureOwners;
import org.apd4j.measures.internal.MeasurementContext;
import org.apd4j.measures.internal.MlpWeights;
import org.apd4j.measures.internal.Requirements;

/**
 * The length of each feature's own component ({@link FeatureOwners}) in a residual MLP, and its two factors. A neuron contribution is the product
 * of what the neuron reads of the feature and what it writes to its output ({@link NeuronContributions}). Its length relative to the target's may
 * be near 1 although neither factor is: a component may read twice as much as the target and write half as much. So both are measured, in each
 * layer: the length of the row {@code (W_E P_in)[i,:]} relative to the target's {@code (W_E W_in)[i,:]}, and that of the column {@code (P_out
 * W_U)[:,i]} relative to {@code (W_out W_U)[:,i]}.
 *
 * <pre>{@code
 * var lengths = LengthFactors.of(mlpRun, 1);
 * System.out.println(lengths.summary());
 * }</pre>
 *
 * @param features the lengths of each feature's component
 */
public record LengthFactors(List<Feature> features) {

    private static final String MEASURE = "the lengths of components";

    /**
     * The lengths of one feature's component, relative to the target's; NaN where the target has none.
     *
     * @param feature   the index of the feature
     * @param component the index of its component
     * @param cosine    cosine similarity of the neuron contributions to the feature in target and component, over all neurons
     * @param ratio     length ratio of the neuron contributions
     * @param in        by layer, the length of what the neurons read
     * @param out       by layer, the length of what the neurons write
     */
    public record Feature(int feature, int component, double cosine, double ratio, List<Double> in, List<Double> out) {

        /** Copies the lists. */
        public Feature {
            in = List.copyOf(in);
            out = List.copyOf(out);
        }
    }

    /** Copies the list. */
    public LengthFactors {
        features = List.copyOf(features);
    }

    /**
     * Measures a decomposition.
     *
     * @param value the value of the active feature that decides what its component is
     * @throws IllegalArgumentException if the target is no residual MLP with an output for every feature, or each matrix has components of its own
     */
    public static LengthFactors of(DecompositionSource decomposed, double value) {
        var context = new MeasurementContext(decomposed);
        MlpWeights weights = MlpWeights.of(context.target(), MEASURE);
        Requirements.outputPerFeature(context.target(), MEASURE);
        Components components = context.decomposition().components();
        Requirements.sharedComponents(components, MEASURE);
        List<Integer> owners = FeatureOwners.of(decomposed, value).layers().get(0).owner();
        Sides target = Sides.of(weights, weights.layers().stream().map(layer -> layer.in().values()).toList(),
                weights.layers().stream().map(layer -> layer.out().values()).toList());
        Map<Integer, Sides> found = new HashMap<>();
        List<Feature> features = new ArrayList<>();
        for (int i = 0; i < owners.size(); i++) {
            int c = owners.get(i);
            Sides own = found.computeIfAbsent(c, component -> Sides.of(weights,
                    weights.layers().stream().map(layer -> components.component(layer.in().name(), component)).toList(),
                    weights.layers().stream().map(layer -> components.component(layer.out().name(), component)).toList()));
            features.add(feature(i, c, target, own));
        }
        return new LengthFactors(features);
    }

    /**
     * What the neurons read of features and write to outputs.
     *
     * @param reads  by layer, {@code [features, neurons]}
     * @param writes by layer, {@code [neurons, features]}
     */
    private record Sides(List<Matrix> reads, List<Matrix> writes) {

        static Sides of(MlpWeights weights, List<Matrix> in, List<Matrix> out) {
            return new Sides(in.stream().map(own -> product(weights.embedding(), own)).toList(),
                    out.stream().map(own -> product(own, weights.unembedding())).toList());
        }

        private static Matrix product(Matrix left, Matrix right) {
            return Gemm.product(left, right, Matrix.zeros(left.rows(), right.columns()));
        }

        double read(int layer, int feature, int neuron) {
            return reads.get(layer).get(feature, neuron);
        }

        double write(int layer, int feature, int neuron) {
            return writes.get(layer).get(neuron, feature);
        }

        int neurons(int layer) {
            return reads.get(layer).columns();
        }
    }

    private static Feature feature(int i, int component, Sides target, Sides own) {
        List<Double> in = new ArrayList<>();
        List<Double> out = new ArrayList<>();
        double both = 0;
        double ofTarget = 0;
        double ofOwn = 0;
        for (int l = 0; l < target.reads().size(); l++) {
            int layer = l;
            in.add(ratio(target.neurons(l), n -> own.read(layer, i, n), n -> target.read(layer, i, n)));
            out.add(ratio(target.neurons(l), n -> own.write(layer, i, n), n -> target.write(layer, i, n)));
            for (int n = 0; n < target.neurons(l); n++) {
                double wanted = target.read(l, i, n) * target.write(l, i, n);
                double found = own.read(l, i, n) * own.write(l, i, n);
                both += wanted * found;
                ofTarget += wanted * wanted;
                ofOwn += found * found;
            }
        }
        double cosine = both == 0 ? 0 : both / Math.sqrt(ofTarget * ofOwn);
        return new Feature(i, component, cosine, ofTarget == 0 ? Double.NaN : Math.sqrt(ofOwn / ofTarget), in, out);
    }

    private interface OfNeuron {
        double at(int neuron);
    }

    private static double ratio(int neurons, OfNeuron own, OfNeuron target) {
        double squares = 0;
        double wanted = 0;
        for (int n = 0; n < neurons; n++) {
            squares += own.at(n) * own.at(n);
            wanted += target.at(n) * target.at(n);
        }
        return wanted == 0 ? Double.NaN : Math.sqrt(squares / wanted);
    }

    /** Returns the number of layers of neurons. */
    public int layers() {
        return features.isEmpty() ? 0 : features.get(0).in().size();
    }

    /** Returns the mean cosine similarity over the features. */
    public double meanCosine() {
        return mean(Feature::cosine);
    }

    /** Returns the mean length ratio over the features. */
    public double meanRatio() {
        return mean(Feature::ratio);
    }

    /** Returns the mean length, over the features, of what the neurons of a layer read, relative to the target's. */
    public double meanIn(int layer) {
        return mean(feature -> feature.in().get(layer));
    }

    /** Returns the mean length, over the features, of what the neurons of a layer write, relative to the target's. */
    public double meanOut(int layer) {
        return mean(feature -> feature.out().get(layer));
    }

    /** Leaves out what is not a number: a layer in which the target does nothing for a feature. */
    private double mean(ToDoubleFunction<Feature> number) {
        return features.stream().mapToDouble(number).filter(value -> !Double.isNaN(value)).average().orElse(Double.NaN);
    }

    /** Returns the factors of each layer in words: "1.93 × 0.50"; layers are separated by semicolons. */
    public String factors() {
        return String.join("; ", IntStream.range(0, layers())
                .mapToObj(l -> String.format(Locale.ROOT, "%.2f × %.2f", meanIn(l), meanOut(l))).toList());
    }

    /** Returns the means over the features in one sentence. */
    public String summary() {
        return String.format(Locale.ROOT, "cosine to the target's contributions %.3f, length ratio %.3f (%.2f … %.2f); its factors, reading × "
                + "writing, %s: %s",
                meanCosine(), meanRatio(), features.stream().mapToDouble(Feature::ratio).min().orElse(Double.NaN),
                features.stream().mapToDouble(Feature::ratio).max().orElse(Double.NaN),
                layers() == 1 ? "in the only layer" : "layer by layer", factors());
    }
}
