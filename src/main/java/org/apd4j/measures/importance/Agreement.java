package org.apd4j.measures.importance;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apd4j.decomposition.Components;
import org.apd4j.decomposition.DecompositionSource;
import org.apd4j.decomposition.Factors;
import org.apd4j.math.Matrix;
import org.apd4j.math.internal.Assignment;
import org.apd4j.math.internal.Gemm;
import org.apd4j.measures.internal.MeasurementContext;
import org.apd4j.network.internal.NetworkGraph;

/**
 * How far two decompositions of the same target, such as two seeds, have found the same components. Live components, which are important on some
 * natural sample, are matched one to one so that the absolute cosine similarities of their flattened weights have the largest sum. Where each layer has
 * components of its own, each layer is matched by itself.
 *
 * <pre>{@code
 * var agreement = Agreement.of(run, apd, 0);
 * System.out.println("the two agree to " + agreement.worst());
 * }</pre>
 *
 * @param layers the agreement in each layer; one entry where components are shared by all layers
 */
public record Agreement(List<Layer> layers) {

    /** Copies the list. */
    public Agreement {
        layers = List.copyOf(layers);
    }

    /**
     * The agreement of the components of a layer.
     *
     * @param name      the name of the layer
     * @param live      the number of live components of the first decomposition
     * @param liveOther the number of live components of the second
     * @param cosines   the absolute cosine similarities of the pairs, as many as the smaller of the two numbers
     */
    public record Layer(String name, int live, int liveOther, List<Double> cosines) {

        /** Copies the list. */
        public Layer {
            cosines = List.copyOf(cosines);
        }

        /**
         * Returns the sum of the cosines divided by the larger number of live components, 0 … 1; components without a partner count as 0. NaN if neither
         * decomposition has a live component.
         */
        public double mean() {
            return cosines.stream().mapToDouble(cosine -> cosine).sum() / Math.max(live, liveOther);
        }
    }

    /**
     * Compares two decompositions on 20,000 samples of the first one's data.
     *
     * @param seed the seed of the samples
     * @throws IllegalArgumentException if they do not decompose the same parameters, or only one has components that all layers share
     */
    public static Agreement of(DecompositionSource one, DecompositionSource other, long seed) {
        var first = new MeasurementContext(one);
        var second = new MeasurementContext(other);
        Components components = first.decomposition().components();
        requireComparable(components, second.decomposition().components());
        return of(components, second.decomposition().components(), ImportanceStatistics.of(one, seed), ImportanceStatistics.of(other, seed));
    }

    /**
     * Compares given components of two decompositions whose components are shared by all layers.
     *
     * @param live      the components of the first decomposition that count
     * @param liveOther the same of the second
     * @throws IllegalArgumentException if they do not decompose the same parameters, or components belong to single layers
     */
    public static Agreement of(Components one, int[] live, Components other, int[] liveOther) {
        requireComparable(one, other);
        if (!one.isShared()) {
            throw new IllegalArgumentException("each layer has components of its own; compare them by their importances");
        }
        return new Agreement(List.of(of("all layers", one.factors().stream().map(Factors::parameter).toList(), one, live, other, liveOther)));
    }

    private static void requireComparable(Components one, Components other) {
        List<String> names = one.graph().layers().stream().map(NetworkGraph.Layer::node).toList();
        List<String> otherNames = other.graph().layers().stream().map(NetworkGraph.Layer::node).toList();
        if (!names.equals(otherNames) || one.isShared() != other.isShared()) {
            throw new IllegalArgumentException("the decompositions have " + describe(one, names) + " and " + describe(other, otherNames)
                    + "; only components of the same layers can be compared");
        }
    }

    private static String describe(Components components, List<String> names) {
        return "components " + (components.isShared() ? "shared by" : "for each of") + " the layers " + names;
    }

    static Agreement of(Components one, Components other, ImportanceStatistics ofOne, ImportanceStatistics ofOther) {
        List<Layer> layers = new ArrayList<>();
        for (int l = 0; l < ofOne.layers().size(); l++) {
            List<String> parameters = ofOne.layers().size() == 1 && one.isShared() ? one.factors().stream().map(Factors::parameter).toList()
                    : List.of(one.graph().layers().get(l).parameter());
            layers.add(of(ofOne.layers().get(l).name(), parameters, one, ofOne.layers().get(l).alive(), other, ofOther.layers().get(l).alive()));
        }
        return new Agreement(layers);
    }

    private static Layer of(String name, List<String> parameters, Components one, int[] live, Components other, int[] liveOther) {
        Matrix dots = Matrix.zeros(live.length, liveOther.length);
        double[] squares = new double[live.length];
        double[] squaresOther = new double[liveOther.length];
        for (String parameter : parameters) {
            Matrix flat = flat(one, parameter, live, squares);
            Matrix flatOther = flat(other, parameter, liveOther, squaresOther);
            if (live.length > 0 && liveOther.length > 0) {
                Gemm.addProductTransposed(flat, flatOther, dots);
            }
        }
        double[][] cosines = new double[live.length][liveOther.length];
        for (int i = 0; i < live.length; i++) {
            for (int j = 0; j < liveOther.length; j++) {
                double norms = Math.sqrt(squares[i] * squaresOther[j]);
                cosines[i][j] = norms == 0 ? 0 : Math.abs(dots.get(i, j)) / norms;
            }
        }
        return new Layer(name, live.length, liveOther.length, matched(cosines, live.length, liveOther.length));
    }

    private static List<Double> matched(double[][] cosines, int rows, int columns) {
        if (rows == 0 || columns == 0) {
            return List.of();
        }
        boolean isWide = rows <= columns;
        double[][] wide = isWide ? cosines : new double[columns][rows];
        for (int i = 0; i < wide.length && !isWide; i++) {
            for (int j = 0; j < rows; j++) {
                wide[i][j] = cosines[j][i];
            }
        }
        int[] partner = Assignment.maximal(wide);
        return IntStream.range(0, wide.length).mapToObj(i -> wide[i][partner[i]]).toList();
    }

    /** Returns the given components of a parameter, one in a row, and adds their squared norms. */
    private static Matrix flat(Components components, String parameter, int[] which, double[] squares) {
        Factors factors = components.factors(parameter);
        Matrix flat = Matrix.zeros(which.length, factors.in() * factors.out());
        for (int i = 0; i < which.length; i++) {
            Matrix own = components.component(parameter, which[i]);
            for (int row = 0; row < own.rows(); row++) {
                for (int column = 0; column < own.columns(); column++) {
                    float value = own.get(row, column);
                    flat.set(i, row * own.columns() + column, value);
                    squares[i] += (double) value * value;
                }
            }
        }
        return flat;
    }

    /** Returns the smallest mean of any layer. */
    public double worst() {
        return layers.stream().mapToDouble(Layer::mean).min().orElse(Double.NaN);
    }
}
