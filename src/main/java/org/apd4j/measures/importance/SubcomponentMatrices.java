package org.apd4j.measures.importance;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apd4j.decomposition.Components;
import org.apd4j.decomposition.Decomposition;
import org.apd4j.decomposition.DecompositionSource;
import org.apd4j.math.Matrix;
import org.apd4j.math.internal.Grid;
import org.apd4j.network.internal.NetworkGraph;

/**
 * A decomposed weight matrix: the target's, the sum of all components, each component that is important on some input with a single active feature,
 * in the order of these features, and the sum of all others.
 *
 * <pre>{@code
 * var encoder = SubcomponentMatrices.of(run, Tms.ENCODER, OneHotImportances.of(run, 0.75));
 * System.out.println(encoder.parts().size() + " components are important; the norm of the others is " + encoder.restNorm());
 * }</pre>
 *
 * @param parameter the name of the matrix
 * @param target    the target's matrix {@code [d_in, d_out]}
 * @param sum       the sum of all components
 * @param parts     the important components
 * @param rest      the sum of all other components
 */
public record SubcomponentMatrices(String parameter, Grid target, Grid sum, List<Part> parts, Grid rest) {

    /**
     * A component's part of the matrix.
     *
     * @param component the index of the component
     * @param values    {@code P_c [d_in, d_out]}
     */
    public record Part(int component, Grid values) {
    }

    /** Copies the list. */
    public SubcomponentMatrices {
        parts = List.copyOf(parts);
    }

    /**
     * Measures a decomposition.
     *
     * @param oneHot importances on inputs with a single active feature; a component counts if one exceeds {@link ImportanceStatistics#ACTIVE}
     * @throws java.util.NoSuchElementException if the parameter is not decomposed
     */
    public static SubcomponentMatrices of(DecompositionSource decomposed, String parameter, OneHotImportances oneHot) {
        Decomposition decomposition = decomposed.decomposition();
        Components components = decomposition.components();
        int count = components.factors(parameter).components();
        List<String> uses = components.graph().layers().stream().map(NetworkGraph.Layer::parameter).toList();
        ImportanceMatrix importances = oneHot.layers().get(oneHot.layers().size() == 1 ? 0 : uses.indexOf(parameter));
        List<Integer> important = importances.important(ImportanceStatistics.ACTIVE);
        Matrix target = decomposition.target().network().parameter(parameter).values();
        double[][] sum = new double[target.rows()][target.columns()];
        double[][] rest = new double[target.rows()][target.columns()];
        List<Grid> all = new ArrayList<>();
        for (int c = 0; c < count; c++) {
            Matrix own = components.component(parameter, c);
            all.add(Grid.of(own.rows(), own.columns(), own::get));
            add(own, sum);
            if (!important.contains(c)) {
                add(own, rest);
            }
        }
        return new SubcomponentMatrices(parameter, Grid.of(target.rows(), target.columns(), target::get), grid(sum),
                important.stream().map(c -> new Part(c, all.get(c))).toList(), grid(rest));
    }

    private static void add(Matrix part, double[][] to) {
        for (int i = 0; i < to.length; i++) {
            for (int j = 0; j < to[i].length; j++) {
                to[i][j] += part.get(i, j);
            }
        }
    }

    private static Grid grid(double[][] values) {
        return Grid.of(values.length, values[0].length, (i, j) -> values[i][j]);
    }

    /** Returns the Frobenius norm of the sum of the components that are not important. */
    public double restNorm() {
        return norm(rest);
    }

    /** Returns the Frobenius norm of what the sum of all components lacks, {@code ‖W − Σ P_c‖}. */
    public double residualNorm() {
        return norm(Grid.of(target.rows(), target.columns(), (i, j) -> target.get(i, j) - sum.get(i, j)));
    }

    private static double norm(Grid values) {
        return Math.sqrt(IntStream.range(0, values.rows()).boxed().flatMapToDouble(i -> IntStream.range(0, values.columns())
                .mapToDouble(j -> values.get(i, j) * values.get(i, j))).sum());
    }
}
