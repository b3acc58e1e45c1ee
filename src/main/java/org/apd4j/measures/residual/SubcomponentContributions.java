package org.apd4j.measures.residual;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apd4j.decomposition.Components;
import org.apd4j.decomposition.DecompositionSource;
import org.apd4j.decomposition.Factors;
import org.apd4j.math.Matrix;
import org.apd4j.math.internal.Gemm;
import org.apd4j.math.internal.Grid;
import org.apd4j.measures.internal.MeasurementContext;
import org.apd4j.measures.internal.MlpWeights;
import org.apd4j.measures.internal.Requirements;

/**
 * The contribution of each neuron n of a residual MLP to each feature i through one subcomponent of W_in, for decompositions in which each matrix has
 * subcomponents of its own (SPD's paper, Figures 6, 7, 10 and 11): {@code K[i,c,n] = (W_E A_in)[i,c] · B_in[c,n] · (A_out B_out W_U)[n,i]}, one
 * subcomponent of W_in with the sum of all of W_out, against the target's {@code Q[i,n] = (W_E W_in)[i,n] · (W_out W_U)[n,i]}. Contributions are signed.
 * Where components are shared by all layers, see {@link NeuronContributions}.
 *
 * <pre>{@code
 * var contributions = SubcomponentContributions.of(mlpRun);
 * System.out.println(contributions.correlation() + ", feature 0 in layer 0 by " + contributions.layers().get(0).best(0));
 * }</pre>
 *
 * @param layers the contributions in each layer of neurons
 */
public record SubcomponentContributions(List<Layer> layers) {

    /** Stands between the indices of subcomponents of different layers. */
    static final String BETWEEN_LAYERS = "/";

    private static final String MEASURE = "the contribution of neurons";

    /** Copies the list. */
    public SubcomponentContributions {
        layers = List.copyOf(layers);
    }

    /**
     * The contributions in a layer of neurons.
     *
     * @param target     {@code [features, neurons]}, Q
     * @param components by subcomponent of W_in, {@code [features, neurons]}, K
     */
    public record Layer(Grid target, List<Grid> components) {

        /** Copies the list. */
        public Layer {
            components = List.copyOf(components);
        }

        /** Returns the subcomponent that is shown for a feature, {@code argmax_c max_n K[i,c,n]}, the lowest index among equal ones. */
        public int best(int feature) {
            return MeasurementContext.largest(components.stream().map(own -> largest(own, feature)).toList());
        }

        private static double largest(Grid own, int feature) {
            return IntStream.range(0, own.columns()).mapToDouble(n -> own.get(feature, n)).max().orElseThrow();
        }

        /** Returns the contributions to each feature through its best subcomponent, {@code [features, neurons]}. */
        public Grid shown() {
            int[] best = IntStream.range(0, target.rows()).map(this::best).toArray();
            return Grid.of(target.rows(), target.columns(), (i, n) -> components.get(best[i]).get(i, n));
        }
    }

    /**
     * Measures a decomposition.
     *
     * @throws IllegalArgumentException if the target is no residual MLP with an output for every feature
     * @throws NoSuchElementException   if a matrix of it is not decomposed
     */
    public static SubcomponentContributions of(DecompositionSource decomposed) {
        var context = new MeasurementContext(decomposed);
        MlpWeights weights = MlpWeights.of(context.target(), MEASURE);
        Requirements.outputPerFeature(context.target(), MEASURE);
        return of(weights, context.decomposition().components());
    }

    static SubcomponentContributions of(MlpWeights weights, Components components) {
        List<Layer> layers = new ArrayList<>();
        for (MlpWeights.Layer layer : weights.layers()) {
            Factors in = components.factors(layer.in().name());
            Matrix sumOut = sum(components, layer.out().name());
            Matrix written = product(sumOut, weights.unembedding());
            List<Grid> own = new ArrayList<>();
            for (int c = 0; c < in.components(); c++) {
                own.add(contributions(product(product(weights.embedding(), in.a(c)), in.b(c)), written));
            }
            layers.add(new Layer(contributions(product(weights.embedding(), layer.in().values()),
                    product(layer.out().values(), weights.unembedding())), own));
        }
        return new SubcomponentContributions(layers);
    }

    private static Matrix sum(Components components, String parameter) {
        Factors factors = components.factors(parameter);
        Matrix sum = Matrix.zeros(factors.in(), factors.out());
        for (int c = 0; c < factors.components(); c++) {
            Gemm.addProduct(factors.a(c), factors.b(c), sum);
        }
        return sum;
    }

    private static Matrix product(Matrix left, Matrix right) {
        return Gemm.product(left, right, Matrix.zeros(left.rows(), right.columns()));
    }

    private static Grid contributions(Matrix read, Matrix written) {
        return Grid.of(read.rows(), read.columns(), (i, n) -> (double) read.get(i, n) * written.get(n, i));
    }

    /**
     * Returns the same contributions over the neurons of all layers. With several layers a component there consists of one subcomponent of each:
     * those that are {@linkplain Layer#best best} for some feature.
     */
    public NeuronContributions assembled() {
        if (layers.size() == 1) {
            return assembled(IntStream.range(0, layers.get(0).components().size()).mapToObj(List::of).toList());
        }
        Set<List<Integer>> chosen = new LinkedHashSet<>();
        for (int i = 0; i < layers.get(0).target().rows(); i++) {
            int feature = i;
            chosen.add(layers.stream().map(layer -> layer.best(feature)).toList());
        }
        return assembled(List.copyOf(chosen));
    }

    /**
     * Returns contributions over the neurons of all layers through one subcomponent of each layer.
     *
     * @param pieces for each component of the result, the index of its subcomponent in each layer
     */
    public NeuronContributions assembled(List<List<Integer>> pieces) {
        List<Grid> components = new ArrayList<>();
        List<String> names = new ArrayList<>();
        for (List<Integer> one : pieces) {
            components.add(sideBySide(IntStream.range(0, layers.size()).mapToObj(l -> layers.get(l).components().get(one.get(l))).toList()));
            names.add(one.stream().map(String::valueOf).collect(Collectors.joining(BETWEEN_LAYERS)));
        }
        return new NeuronContributions(layers.stream().map(layer -> layer.target().columns()).toList(),
                sideBySide(layers.stream().map(Layer::target).toList()), components, names);
    }

    private static Grid sideBySide(List<Grid> grids) {
        double[][] rows = IntStream.range(0, grids.get(0).rows())
                .mapToObj(i -> grids.stream().flatMapToDouble(grid -> Arrays.stream(grid.row(i))).toArray()).toArray(double[][]::new);
        return Grid.of(rows.length, rows[0].length, (i, n) -> rows[i][n]);
    }

    /** Returns Pearson's correlation of Q and of K at the best subcomponent, over all layers, features and neurons. */
    public double correlation() {
        return assembled().correlation();
    }
}
