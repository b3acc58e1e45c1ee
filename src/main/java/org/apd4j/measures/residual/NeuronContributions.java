package org.apd4j.measures.residual;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.IntStream;
import org.apd4j.decomposition.Components;
import org.apd4j.decomposition.Decomposition;
import org.apd4j.decomposition.DecompositionSource;
import org.apd4j.decomposition.Factors;
import org.apd4j.math.Matrix;
import org.apd4j.math.Statistics;
import org.apd4j.math.internal.Gemm;
import org.apd4j.math.internal.Grid;
import org.apd4j.math.internal.Workers;
import org.apd4j.measures.internal.MlpWeights;
import org.apd4j.measures.internal.Requirements;
import org.apd4j.targets.Target;

/**
 * The contribution of each neuron n of a residual MLP to each feature i: {@code (W_E W_in)[i,n] · (W_out W_U)[n,i]}, and the same with a component's
 * {@code P_in} and {@code P_out} in place of the target's weights (paper section 3.2, equation of the neuron contributions). The neurons of all
 * layers are numbered consecutively. Contributions are signed, and the largest one is the most positive. Where {@code W_in} and {@code W_out} have
 * components of their own, those of {@code W_in} are measured, each with the sum of all components of {@code W_out} (paper of SPD, figures 6, 10 and
 * 11). The indices of such components are unrelated in different layers: with several layers, a component here is one of {@code W_in} in each layer,
 * those that are predominant there for some feature.
 *
 * <pre>{@code
 * var contributions = NeuronContributions.of(mlpRun);
 * ResidualMlpFigures.neuronContributions(contributions, 42)
 * }</pre>
 *
 * @param neuronsOfLayers by layer, the number of its neurons
 * @param target          {@code [features, neurons]}, contributions in the target
 * @param components      by component, {@code [features, neurons]}, contributions in that component
 * @param names           by component, its index in the decomposition; where it is one of each layer, their indices, such as {@code 12/37}
 */
public record NeuronContributions(List<Integer> neuronsOfLayers, Grid target, List<Grid> components, List<String> names) {

    /** Number of a component's largest neurons that decide whether it is spread over layers (paper section 3.3). */
    public static final int LEADING_NEURONS = 3;

    private static final String MEASURE = "the contribution of neurons";

    /** Copies the lists. */
    public NeuronContributions {
        neuronsOfLayers = List.copyOf(neuronsOfLayers);
        components = List.copyOf(components);
        names = List.copyOf(names);
    }

    /** Creates the contributions of components that span all layers. */
    public NeuronContributions(List<Integer> neuronsOfLayers, Grid target, List<Grid> components) {
        this(neuronsOfLayers, target, components, IntStream.range(0, components.size()).mapToObj(Integer::toString).toList());
    }

    /**
     * Measures a decomposition.
     *
     * @throws IllegalArgumentException if the target is no residual MLP with an output for every feature
     */
    public static NeuronContributions of(DecompositionSource decomposed) {
        Decomposition decomposition = decomposed.decomposition();
        MlpWeights weights = weights(decomposition.target());
        Components components = decomposition.components();
        if (!components.isShared()) {
            return SubcomponentContributions.of(weights, components).assembled();
        }
        Grid[] grids = new Grid[components.count()];
        Workers.all().forEach(grids.length, c -> grids[c] = ofComponent(weights, components, c));
        return new NeuronContributions(weights.layers().stream().map(MlpWeights.Layer::neurons).toList(),
                ofTarget(weights), Arrays.asList(grids));
    }

    /**
     * Measures a target alone, {@code [features, neurons]}.
     *
     * @throws IllegalArgumentException if the target is no residual MLP with an output for every feature
     */
    public static Grid ofTarget(Target target) {
        return ofTarget(weights(target));
    }

    private static MlpWeights weights(Target target) {
        MlpWeights weights = MlpWeights.of(target, MEASURE);
        Requirements.outputPerFeature(target, MEASURE);
        return weights;
    }

    private static Grid ofTarget(MlpWeights weights) {
        List<Matrix> in = new ArrayList<>();
        List<Matrix> out = new ArrayList<>();
        for (MlpWeights.Layer layer : weights.layers()) {
            in.add(product(weights.embedding(), layer.in().values()));
            out.add(product(layer.out().values(), weights.unembedding()));
        }
        return sideBySide(in, out);
    }

    private static Grid ofComponent(MlpWeights weights, Components components, int c) {
        List<Matrix> in = new ArrayList<>();
        List<Matrix> out = new ArrayList<>();
        for (MlpWeights.Layer layer : weights.layers()) {
            Factors factorsIn = components.factors(layer.in().name());
            Factors factorsOut = components.factors(layer.out().name());
            in.add(product(product(weights.embedding(), factorsIn.a(c)), factorsIn.b(c)));
            out.add(product(factorsOut.a(c), product(factorsOut.b(c), weights.unembedding())));
        }
        return sideBySide(in, out);
    }

    private static Matrix product(Matrix left, Matrix right) {
        return Gemm.product(left, right, Matrix.zeros(left.rows(), right.columns()));
    }

    private static Grid sideBySide(List<Matrix> in, List<Matrix> out) {
        double[][] values = new double[in.get(0).rows()][in.stream().mapToInt(Matrix::columns).sum()];
        int first = 0;
        for (int l = 0; l < in.size(); l++) {
            for (int i = 0; i < values.length; i++) {
                for (int n = 0; n < in.get(l).columns(); n++) {
                    values[i][first + n] = (double) in.get(l).get(i, n) * out.get(l).get(n, i);
                }
            }
            first += in.get(l).columns();
        }
        return Grid.of(values.length, first, (i, n) -> values[i][n]);
    }

    /** Returns the number of features. */
    public int features() {
        return target.rows();
    }

    /** Returns whether a component here is one of each layer, so that its index is not one of the decomposition. */
    public boolean isAssembled() {
        return names.stream().anyMatch(name -> name.contains(SubcomponentContributions.BETWEEN_LAYERS));
    }

    /** Returns the number of neurons over all layers. */
    public int neurons() {
        return target.columns();
    }

    /** Returns the index of a neuron's layer. */
    public int layerOf(int neuron) {
        int layer = 0;
        for (int left = neuron; left >= neuronsOfLayers.get(layer); layer++) {
            left -= neuronsOfLayers.get(layer);
        }
        return layer;
    }

    /** Returns the largest contribution of any neuron to a feature in a component. */
    public double largest(int component, int feature) {
        Grid own = components.get(component);
        double largest = Double.NEGATIVE_INFINITY;
        for (int n = 0; n < own.columns(); n++) {
            largest = Math.max(largest, own.get(feature, n));
        }
        return largest;
    }

    /**
     * Returns the predominant component of a feature: the one whose largest contribution is largest. Among equal ones it is the one whose largest
     * contributions of each layer have the largest sum, since components that are {@linkplain #isAssembled assembled} may have a layer in common;
     * among those that are equal again, the one of lowest index.
     */
    public int predominant(int feature) {
        int best = 0;
        for (int c = 1; c < components.size(); c++) {
            int order = Double.compare(largest(c, feature), largest(best, feature));
            if (order > 0 || order == 0 && sumOfLargest(c, feature) > sumOfLargest(best, feature)) {
                best = c;
            }
        }
        return best;
    }

    private double sumOfLargest(int component, int feature) {
        double[] own = components.get(component).row(feature);
        double sum = 0;
        int first = 0;
        for (int neurons : neuronsOfLayers) {
            sum += Arrays.stream(own, first, first + neurons).max().orElse(0);
            first += neurons;
        }
        return sum;
    }

    /** Returns, by feature, the predominant component. */
    public List<Integer> predominant() {
        return IntStream.range(0, features()).mapToObj(this::predominant).toList();
    }

    /**
     * Returns the cosine similarity, over all neurons, of the contributions to a feature in the target and in its predominant component; 0 if either
     * are all zero.
     */
    public double cosine(int feature) {
        return cosine(predominant(feature), feature);
    }

    /** Returns the cosine similarity, over all neurons, of the contributions to a feature in the target and in a component; 0 if either are all zero. */
    public double cosine(int component, int feature) {
        double[] one = target.row(feature);
        double[] other = components.get(component).row(feature);
        double dot = dot(one, other);
        return dot == 0 ? 0 : dot / Math.sqrt(dot(one, one) * dot(other, other));
    }

    /**
     * Returns the length, over all neurons, of the contributions to a feature in its predominant component, divided by that in the target; NaN if the
     * target has none. A contribution is a product of two weights, so that a component whose weights are all shortened to a fraction {@code s} has
     * the ratio {@code s²}.
     */
    public double lengthRatio(int feature) {
        return lengthRatio(predominant(feature), feature);
    }

    /** Returns the length, over all neurons, of the contributions to a feature in a component, divided by that in the target; NaN if it has none. */
    public double lengthRatio(int component, int feature) {
        double[] one = target.row(feature);
        double[] other = components.get(component).row(feature);
        double length = dot(one, one);
        return length == 0 ? Double.NaN : Math.sqrt(dot(other, other) / length);
    }

    /** Returns Pearson's correlation, over all features and neurons, of the contributions in the target and in the predominant components. */
    public double correlation() {
        double[] one = IntStream.range(0, features()).boxed().flatMapToDouble(i -> Arrays.stream(target.row(i))).toArray();
        double[] other = IntStream.range(0, features()).boxed()
                .flatMapToDouble(i -> Arrays.stream(components.get(predominant(i)).row(i))).toArray();
        double meanOne = Statistics.mean(one);
        double meanOther = Statistics.mean(other);
        double[] left = Arrays.stream(one).map(value -> value - meanOne).toArray();
        double[] right = Arrays.stream(other).map(value -> value - meanOther).toArray();
        return dot(left, right) / Math.sqrt(dot(left, left) * dot(right, right));
    }

    private static double dot(double[] left, double[] right) {
        return IntStream.range(0, left.length).mapToDouble(i -> left[i] * right[i]).sum();
    }

    /** Returns the {@code count} neurons with the largest contributions to a feature in a component, largest first. */
    public List<Integer> largestNeurons(int component, int feature, int count) {
        return largestNeurons(components.get(component), feature, count);
    }

    /** Returns the {@code count} neurons with the largest contributions to a feature in the target, largest first. */
    public List<Integer> largestNeurons(int feature, int count) {
        return largestNeurons(target, feature, count);
    }

    private static List<Integer> largestNeurons(Grid grid, int feature, int count) {
        return IntStream.range(0, grid.columns()).boxed()
                .sorted(Comparator.comparingDouble((Integer n) -> -grid.get(feature, n))).limit(count).toList();
    }

    /**
     * Returns the features whose predominant component has neurons of every layer among its largest ones (paper section 3.3, cross-layer distributed
     * representations).
     *
     * @param count number of largest neurons that count, for example {@link #LEADING_NEURONS}
     */
    public List<Integer> featuresAcrossLayers(int count) {
        return IntStream.range(0, features()).filter(feature -> {
            Set<Integer> layers = new HashSet<>();
            largestNeurons(predominant(feature), feature, count).forEach(neuron -> layers.add(layerOf(neuron)));
            return layers.size() == neuronsOfLayers.size();
        }).boxed().toList();
    }

    /**
     * How many features have neurons of every layer among their largest ones.
     *
     * @param neurons    number of largest neurons that count
     * @param components number of features for which it is so in the predominant component
     * @param target     number of features for which it is so in the target
     * @param chance     expected number of features if the largest neurons were drawn from all layers at random
     * @param features   number of features
     */
    public record AcrossLayers(int neurons, int components, int target, double chance, int features) {

        /** Returns the numbers in one sentence. */
        @Override
        public String toString() {
            return String.format(Locale.ROOT, "among the %d largest neurons are neurons of all layers for %d of %d features in the predominant component, "
                    + "for %d in the target, and for %.1f if neurons were drawn at random", neurons, components, features, target, chance);
        }
    }

    /**
     * Counts the features whose largest neurons lie in every layer, in the predominant components, in the target and by chance.
     *
     * @param count number of largest neurons that count, for example {@link #LEADING_NEURONS}, 1 … the number of neurons
     */
    public AcrossLayers acrossLayers(int count) {
        int inTarget = (int) IntStream.range(0, features())
                .filter(i -> largestNeurons(i, count).stream().map(this::layerOf).distinct().count() == neuronsOfLayers.size()).count();
        return new AcrossLayers(count, featuresAcrossLayers(count).size(), inTarget, features() * chanceOfAllLayers(count), features());
    }

    /** Returns the probability that {@code count} neurons drawn without replacement lie in all layers, by inclusion and exclusion. */
    private double chanceOfAllLayers(int count) {
        double chance = 0;
        for (int left = 0; left < 1 << neuronsOfLayers.size(); left++) {
            int allowed = 0;
            for (int l = 0; l < neuronsOfLayers.size(); l++) {
                allowed += (left >> l & 1) == 1 ? 0 : neuronsOfLayers.get(l);
            }
            double within = 1;
            for (int drawn = 0; drawn < count; drawn++) {
                within *= Math.max(0, allowed - drawn) / (double) (neurons() - drawn);
            }
            chance += Integer.bitCount(left) % 2 == 0 ? within : -within;
        }
        return chance;
    }

    /** Returns in one sentence how alike target and predominant components are, in direction and in length, over the features and over all neurons. */
    public String summary() {
        double[] cosines = IntStream.range(0, features()).mapToDouble(this::cosine).toArray();
        double[] ratios = IntStream.range(0, features()).mapToDouble(this::lengthRatio).toArray();
        return String.format(Locale.ROOT, "cosine to the target's contributions %.3f on average, %.3f at least; length relative to the target's "
                + "%.2f in the median, %.2f at least, %.2f at most; %d different predominant components for %d features; "
                + "correlation %.4f",
                Statistics.mean(cosines), Statistics.quantile(0, cosines), Statistics.median(ratios), Statistics.quantile(0, ratios),
                Statistics.quantile(1, ratios), predominant().stream().distinct().count(), features(), correlation());
    }
}
