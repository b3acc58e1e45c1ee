package org.apd4j.figures;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.apd4j.apd.ApdConfig;
import org.apd4j.charts.Figure;
import org.apd4j.data.SparseFeatures;
import org.apd4j.decomposition.Components;
import org.apd4j.decomposition.Decomposition;
import org.apd4j.decomposition.Factors;
import org.apd4j.math.Matrix;
import org.apd4j.network.Network;
import org.apd4j.network.Parameter;
import org.apd4j.targets.Labels;
import org.apd4j.targets.Target;
import org.apd4j.targets.Tms;
import org.apd4j.testsupport.Drawn;
import org.apd4j.training.Provenance;
import org.junit.jupiter.api.Test;

class FiguresTest {

    private static Matrix matrix(double a, double b, double c, double d) {
        Matrix matrix = Matrix.zeros(2, 2);
        matrix.set(0, 0, (float) a);
        matrix.set(0, 1, (float) b);
        matrix.set(1, 0, (float) c);
        matrix.set(1, 1, (float) d);
        return matrix;
    }

    private static Decomposition decomposition(Matrix encoder, Matrix... parts) {
        Network network = Tms.network(encoder, new Matrix[0], Matrix.zeros(1, 2));
        Target target = new Target("TMS by hand", network, new SparseFeatures(2, 0.1, 0, 1), Labels.INPUT);
        List<Factors> all = new ArrayList<>();
        for (Parameter parameter : network.weights()) {
            Factors factors = Factors.zeros(parameter.name(), parts.length, 2, 2, 2);
            for (int c = 0; c < parts.length; c++) {
                factors.a(c).copyFrom(parts[c]);
                factors.b(c).copyFrom(Matrix.identity(2));
            }
            all.add(factors);
        }
        return new Decomposition(target, new Components(network, all), ApdConfig.paperTms5to2().importance(), Provenance.here(0, 0, 0, 1));
    }

    @Test
    void panelsAreInTheOrderOfTheFeaturesThatComponentsHoldAndNearlyEmptyOnesAreLast() {
        // Component 0 points exactly along row 0 but is short; 1 and 3 share row 1; 2 holds row 0.
        Figure figure = Figures.components(decomposition(matrix(3, 4, 0, 2), matrix(0.06, 0.08, 0, 0), matrix(0, 0, 0, 0.8), matrix(2, 3, 0, 0),
                matrix(0, 0, 0, 1.1)));
        assertTrue(figure.alternative().contains("target, sum of components, component 2, component 3, component 1, component 0."),
                figure.alternative());
        Figure start = Figures.components(decomposition(matrix(3, 4, 0, 2), matrix(0, 0, 0, 0.01), matrix(0.01, 0, 0, 0)));
        assertTrue(start.alternative().contains("target, sum of components, component 0, component 1."), start.alternative());
    }

    @Test
    void theLargestCosineSimilaritiesAreThoseWorkedOutByHand() {
        // W = (3, 4), (0, 2). Component 0 has half of row 0 and (1, 1) in row 1; component 1 has (4, 3) in row 0 and nothing in row 1.
        Decomposition decomposition = decomposition(matrix(3, 4, 0, 2), matrix(1.5, 2, 1, 1), matrix(4, 3, 0, 0));
        Figure figure = Figures.maxCosineSimilarity(decomposition);
        assertArrayEquals(new double[] {1, Math.sqrt(0.5)}, figure.numbers().numberColumn("cosine similarity").asDoubleArray(), 1e-7);
        Drawn.check(figure);
    }
}
