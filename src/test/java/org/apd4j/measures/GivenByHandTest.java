package org.apd4j.measures;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.apd4j.charts.Figure;
import org.apd4j.data.Dataset;
import org.apd4j.decomposition.AttributionKind;
import org.apd4j.decomposition.ComponentMask;
import org.apd4j.decomposition.Components;
import org.apd4j.decomposition.Decomposition;
import org.apd4j.decomposition.DecompositionSource;
import org.apd4j.decomposition.Evaluator;
import org.apd4j.decomposition.Finding;
import org.apd4j.decomposition.Importance;
import org.apd4j.decomposition.Selection;
import org.apd4j.decomposition.SoftMask;
import org.apd4j.figures.Figures;
import org.apd4j.math.Matrix;
import org.apd4j.math.SparseRows;
import org.apd4j.measures.classification.ComponentUse;
import org.apd4j.measures.residual.OneHotAblation;
import org.apd4j.measures.residual.PerFeatureLoss;
import org.apd4j.measures.residual.Scrubbing;
import org.apd4j.measures.superposition.LossByActiveFeatures;
import org.apd4j.measures.superposition.Recovery;
import org.apd4j.tables.Tables;
import org.apd4j.targets.Target;
import org.apd4j.targets.Tms;
import org.apd4j.testsupport.HandMade;
import org.apd4j.training.Provenance;
import org.junit.jupiter.api.Test;

/** Measures, figures and tables need no method: they work on components and importances given by hand. */
class GivenByHandTest {

    private static final double[][] PENTAGON = {{1, 0}, {0.31, 0.95}, {-0.81, 0.59}, {-0.81, -0.59}, {0.31, -0.95}};

    /** Methods that need one of the paper's targets or attributions, and are tested elsewhere. */
    private static final Set<String> OTHERS = Set.of("NeuronContributions.of", "ComponentCategories.of", "ClassAblation.of", "ClassTables.accuracy");

    /** A gate: component c is as important as feature c is large, and its mask has that value. */
    private record FeatureSize() implements Importance {

        @Override
        public SoftMask of(SparseRows x, Evaluator evaluator) {
            Matrix sizes = Matrix.zeros(x.rows(), x.columns());
            for (int row = 0; row < x.rows(); row++) {
                for (int i = x.start(row); i < x.start(row + 1); i++) {
                    sizes.set(row, x.column(i), Math.min(1, Math.abs(x.value(i))));
                }
            }
            return SoftMask.shared(sizes);
        }

        @Override
        public ComponentMask mask(SparseRows x, Evaluator evaluator) {
            Matrix gates = of(x, evaluator).layer(0);
            for (int i = 0; i < gates.size(); i++) {
                gates.data()[i] = gates.data()[i] > 0 ? Math.max(0.9f, gates.data()[i]) : 0;
            }
            return SoftMask.shared(gates);
        }

        @Override
        public int batch() {
            return 64;
        }

        @Override
        public String describe() {
            return "the feature's size";
        }
    }

    private static Decomposition byHand() {
        Decomposition rows = HandMade.rows(HandMade.tms(PENTAGON), 5);
        return new Decomposition(rows.target(), rows.components(), new FeatureSize(), Provenance.here(0, 0, 0, 1));
    }

    @Test
    void everyGeneralMeasureFigureAndTableWorksOnComponentsGivenByHand() throws Exception {
        Decomposition given = byHand();
        Set<String> done = new TreeSet<>();
        List<String> failed = new ArrayList<>();
        for (Class<?> type : List.of(Recovery.class, FeatureComponents.class, OneHotAttributions.class, ComponentMatrices.class, ComponentNorms.class,
                ComponentUse.class, PerFeatureLoss.class, Diagnosis.class, LeadingDirections.class, ComponentAblation.class,
                LossByActiveFeatures.class, OneHotAblation.class, Scrubbing.class, Figures.class, Tables.class)) {
            for (Method method : type.getMethods()) {
                String name = type.getSimpleName() + "." + method.getName();
                if (Modifier.isStatic(method.getModifiers()) && method.getParameterCount() > 0
                        && method.getParameterTypes()[method.getParameterTypes()[0] == AttributionKind.class ? 1 : 0] == DecompositionSource.class
                        && !OTHERS.contains(name) && method.getParameterTypes()[0] != AttributionKind.class) {
                    try {
                        Object result = method.invoke(null, arguments(method, given));
                        done.add(name);
                        assertTrue(result != null, name);
                        if (result instanceof Figure figure) {
                            assertTrue(figure.svg().length() > 100, name);
                        }
                    } catch (InvocationTargetException e) {
                        failed.add(name + " " + List.of(method.getParameterTypes()) + ": " + e.getCause());
                    }
                }
            }
        }
        assertEquals(List.of(), failed);
        assertTrue(done.size() >= 17, "only " + done);
    }

    private static Object[] arguments(Method method, Decomposition given) {
        Object[] arguments = new Object[method.getParameterCount()];
        for (int i = 0; i < arguments.length; i++) {
            Class<?> type = method.getParameterTypes()[i];
            String name = method.getParameters()[i].getName();
            if (type == DecompositionSource.class) {
                arguments[i] = given;
            } else if (type == long.class) {
                arguments[i] = 3L;
            } else if (type == int.class) {
                arguments[i] = name.equals("feature") ? 1 : 40;
            } else if (type == String.class) {
                arguments[i] = Tms.ENCODER;
            } else if (type == List.class) {
                arguments[i] = List.of(0, 1);
            } else if (type == Selection.class) {
                arguments[i] = Selection.perSampleTopK(1);
            } else if (type == Dataset.class) {
                arguments[i] = Dataset.of(new float[][] {{1, 0, 0, 0, 0}, {0, 0.5f, 0, 0, 0.2f}});
            } else if (type == List.class) {
                arguments[i] = IntStream.range(0, given.count()).boxed().toList(); // an order of the components
            } else if (type == SparseRows.class) {
                arguments[i] = given.target().data().sample(0, 64);
            } else {
                throw new IllegalArgumentException("no value for the parameter " + name + " of " + method);
            }
        }
        return arguments;
    }

    @Test
    void measuresOfComponentsGivenByHandAreThoseExpected() {
        Decomposition given = byHand();
        assertEquals(1, Recovery.of(given).mmcs(), 1e-6);
        assertEquals(5, Recovery.of(given).distinctComponents());
        assertEquals(List.of(0, 1, 2, 3, 4), FeatureComponents.of(given).components());
        assertTrue(Diagnosis.of(given).findings().stream().noneMatch(finding -> finding.kind() == Finding.Kind.NOT_FAITHFUL));
    }

    @Test
    void aRemovedComponentIsSubtractedFromTheWeights() {
        Target edited = byHand().without(2);
        assertArrayEquals(new float[] {0, 0}, edited.weights(Tms.ENCODER).toFloatMatrix()[2], 1e-6f);
    }

    @Test
    void aMaskOfOnesGivesAllComponentsAndLayersMayHaveDifferentMasks() {
        Decomposition given = byHand();
        Evaluator evaluator = given.evaluator();
        SparseRows x = given.target().data().sample(1, 32);
        Matrix ones = Matrix.zeros(32, 5).fill(1);
        assertEquals(0, evaluator.masked(x, SoftMask.shared(ones)).squaredDistance(evaluator.allComponents(x)), 1e-10);
        assertEquals(0, evaluator.masked(x, SoftMask.ofLayers(List.of(ones, ones))).squaredDistance(evaluator.allComponents(x)), 1e-10);
        Matrix none = Matrix.zeros(32, 5);
        Matrix bias = evaluator.masked(x, SoftMask.shared(none));
        assertEquals(0, evaluator.masked(x, SoftMask.ofLayers(List.of(ones, none))).squaredDistance(bias), 1e-10);
    }

    @Test
    void theGradientWithRespectToAMaskAgreesWithDifferences() {
        Decomposition given = byHand();
        Evaluator evaluator = given.evaluator();
        SparseRows x = given.target().data().sample(2, 8);
        Matrix mask = Matrix.zeros(8, 5);
        for (int i = 0; i < mask.size(); i++) {
            mask.data()[i] = 0.3f + 0.01f * i;
        }
        Matrix weights = Matrix.zeros(8, 5);
        for (int i = 0; i < weights.size(); i++) {
            weights.data()[i] = (float) Math.sin(i + 1);
        }
        for (boolean shared : new boolean[] {true, false}) {
            SoftMask at = shared ? SoftMask.shared(mask) : SoftMask.ofLayers(List.of(mask.copy(), mask.copy()));
            SoftMask gradient = evaluator.maskGradient(x, at, weights);
            for (int layer = 0; layer < at.layers(); layer++) {
                for (int i = 0; i < mask.size(); i++) {
                    float before = at.layer(layer).data()[i];
                    at.layer(layer).data()[i] = before + 1e-2f;
                    double up = weighted(evaluator.masked(x, at), weights);
                    at.layer(layer).data()[i] = before - 1e-2f;
                    double down = weighted(evaluator.masked(x, at), weights);
                    at.layer(layer).data()[i] = before;
                    assertEquals((up - down) / 2e-2, gradient.layer(layer).data()[i], 2e-2, "entry " + i + " of layer " + layer);
                }
            }
        }
    }

    private static double weighted(Matrix output, Matrix weights) {
        double sum = 0;
        for (int i = 0; i < output.size(); i++) {
            sum += (double) output.data()[i] * weights.data()[i];
        }
        return sum;
    }

    @Test
    void componentsOfSingleLayersAreSummedMaskedAndRefusedWhereTheyMustBeShared() {
        Decomposition rows = byHand();
        Components own = Components.ofLayers(rows.target().network(), rows.components().factors());
        Decomposition given = new Decomposition(rows.target(), own, new FeatureSize(), Provenance.here(0, 0, 0, 1));
        SparseRows x = given.target().data().sample(1, 16);
        Matrix ones = Matrix.zeros(16, 5).fill(1);
        assertEquals(List.of(5), own.counts());
        assertEquals(0, given.evaluator().masked(x, SoftMask.ofLayers(List.of(ones, ones))).squaredDistance(given.evaluator().allComponents(x)),
                1e-10);
        assertTrue(org.junit.jupiter.api.Assertions.assertThrows(IllegalStateException.class, () -> given.evaluator().attributions(x)).getMessage()
                .contains("needs components that are shared by all parameters"));
    }
}
