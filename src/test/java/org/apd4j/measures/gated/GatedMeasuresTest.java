package org.apd4j.measures.gated;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.apd4j.decomposition.Decomposition;
import org.apd4j.decomposition.Selection;
import org.apd4j.math.Matrix;
import org.apd4j.math.internal.Grid;
import org.apd4j.network.Parameter;
import org.apd4j.targets.GatedFunctions;
import org.apd4j.targets.ResidualMlp;
import org.apd4j.testsupport.HandMade;
import org.junit.jupiter.api.Test;

/** Four hand-coded functions, and components with given shares of them. */
class GatedMeasuresTest {

    private static final GatedFunctions GATED = GatedFunctions.paper(3);
    private static final double STEP = GatedFunctions.X_MAX / 9;

    /** The fraction of a function's weights that a component holds. */
    interface Part {
        double of(int component, int function);
    }

    /** Returns a decomposition whose components hold the given fractions of every neuron's non-zero weights. */
    static Decomposition holding(GatedFunctions gated, int components, Part part) {
        return HandMade.decomposition(gated.target(), HandMade.config(components, Selection.batchTopK(1)),
                (parameter, c) -> scaled(gated, parameter, owner -> part.of(c, owner)));
    }

    private static Matrix scaled(GatedFunctions gated, Parameter parameter, IntToDoubleFunction factor) {
        int layer = Integer.parseInt(parameter.name().split("\\.")[1]);
        boolean in = parameter.name().equals(ResidualMlp.in(layer));
        Matrix own = parameter.values().copy();
        for (int i = 0; i < own.rows(); i++) {
            for (int j = 0; j < own.columns(); j++) {
                own.set(i, j, (float) (own.get(i, j) * factor.applyAsDouble(gated.neuronOwners()[layer][in ? j : i])));
            }
        }
        return own;
    }

    private static Decomposition ideal() {
        return holding(GATED, 4, (c, function) -> c == function ? 1 : 0);
    }

    /** 10 weights 1 that read x, and the squares of the ten that write. */
    private static double squaredNorm(int function) {
        return 10 + PiecewiseNeurons.of(GATED, function, 2).neurons().stream().mapToDouble(neuron -> neuron.bend() * neuron.bend()).sum();
    }

    @Test
    void componentsThatAreTheFunctionsHaveSharesOfOne() {
        FunctionRecovery recovery = FunctionRecovery.of(GATED, ideal());
        assertEquals(Grid.of(4, 4, (c, i) -> c == i ? 1 : 0), recovery.shares());
        assertTrue(recovery.works());
        assertEquals(4, recovery.distinctFunctions());
        assertEquals(1, recovery.leastShare(), 0);
    }

    @Test
    void functionsMayBeInAnyOrder() {
        FunctionRecovery recovery = FunctionRecovery.of(GATED, holding(GATED, 4, (c, function) -> (c + 1) % 4 == function ? 1 : 0));
        assertTrue(recovery.works());
        assertEquals(List.of(1, 2, 3, 0), IntStream.range(0, 4).mapToObj(recovery::functionOf).toList());
    }

    @Test
    void aShareIsAFractionOfTheSquaredWeightsWithoutGates() {
        // component 0 holds function 0 and half of every weight of function 1: a quarter of its squares
        FunctionRecovery recovery = FunctionRecovery.of(GATED, holding(GATED, 4,
                (c, function) -> c == function ? 1 : c == 0 && function == 1 ? 0.5 : 0));
        double own = squaredNorm(0);
        double other = squaredNorm(1) / 4;
        assertEquals(own / (own + other), recovery.shares().get(0, 0), 1e-5);
        assertEquals(other / (own + other), recovery.shares().get(0, 1), 1e-5);
    }

    @Test
    void allWeightsOfANeuronButItsGateCount() {
        // component 0 owns the gates of function 1, which are a hundred times as large
        Decomposition gates = HandMade.decomposition(GATED.target(), HandMade.config(4, Selection.batchTopK(1)), (parameter, c) -> {
            Matrix own = scaled(GATED, parameter, owner -> owner == c ? 1 : 0);
            int layer = Integer.parseInt(parameter.name().split("\\.")[1]);
            for (int n = 0; n < 20; n++) {
                if (c == 0 && parameter.name().equals(ResidualMlp.in(layer)) && GATED.neuronOwners()[layer][n] == 1) {
                    own.set(2, n, 100);
                }
            }
            return own;
        });
        assertEquals(1, FunctionRecovery.of(GATED, gates).shares().get(0, 0), 0);
        // weights that are 0 in the target count: component 0 reads y and writes a control bit in one neuron of another function
        int stranger = IntStream.range(0, 20).filter(n -> GATED.neuronOwners()[1][n] == 2).findFirst().orElseThrow();
        Decomposition strange = HandMade.decomposition(GATED.target(), HandMade.config(4, Selection.batchTopK(1)), (parameter, c) -> {
            Matrix own = scaled(GATED, parameter, owner -> owner == c ? 1 : 0);
            if (c == 0 && parameter.name().equals(ResidualMlp.in(1))) {
                own.set(5, stranger, 3);
            }
            if (c == 0 && parameter.name().equals(ResidualMlp.out(1))) {
                own.set(stranger, 1, 4);
            }
            return own;
        });
        assertEquals(25 / (25 + squaredNorm(0)), FunctionRecovery.of(GATED, strange).shares().get(0, 2), 1e-5);
    }

    @Test
    void componentsThatMixFunctionsDoNotWork() {
        // every component holds its own function and 0.6 of the next
        FunctionRecovery recovery = FunctionRecovery.of(GATED, holding(GATED, 4,
                (c, function) -> c == function ? 1 : (c + 1) % 4 == function ? 0.6 : 0));
        assertFalse(recovery.works());
        assertTrue(recovery.leastShare() < FunctionRecovery.THRESHOLD);
    }

    @Test
    void twoPureComponentsOfOneFunctionDoNotWork() {
        FunctionRecovery recovery = FunctionRecovery.of(GATED, holding(GATED, 4, (c, function) -> c / 2 == function ? 0.5 : 0));
        assertEquals(1, recovery.leastShare(), 0);
        assertEquals(2, recovery.distinctFunctions());
        assertTrue(recovery.stands(0) && recovery.stands(1));
        assertFalse(recovery.works());
    }

    @Test
    void anEmptyComponentRepresentsNothing() {
        FunctionRecovery recovery = FunctionRecovery.of(GATED, holding(GATED, 4, (c, function) -> c == function && c < 3 ? 1 : 0));
        assertEquals(0, recovery.share(3), 0);
        assertFalse(recovery.works());
    }

    @Test
    void theBestRunHasTheMostFunctionsAndThenTheLargestLeastShare() {
        Decomposition twice = holding(GATED, 4, (c, function) -> c / 2 == function ? 0.5 : 0);
        Decomposition mixed = holding(GATED, 4, (c, function) -> c == function ? 1 : 0.3);
        assertSame(mixed, FunctionRecovery.best(GATED, List.of(twice, mixed)));
        Decomposition ideal = ideal();
        assertSame(ideal, FunctionRecovery.best(GATED, List.of(mixed, ideal, twice)));
        assertThrows(IllegalArgumentException.class, () -> FunctionRecovery.best(GATED, List.of()));
    }

    @Test
    void anotherNetworksDecompositionIsRefused() {
        GatedFunctions other = GatedFunctions.paper(4);
        assertThrows(IllegalArgumentException.class, () -> FunctionRecovery.of(other, ideal()));
        assertThrows(IllegalArgumentException.class, () -> GatedCurves.of(other, ideal(), 10));
        assertThrows(IllegalArgumentException.class, () -> FunctionRecovery.of(GATED, HandMade.perfect(2)));
    }

    @Test
    void theNetworkAgreesWithTheFormulaAtTheTenGridPoints() {
        for (GatedCurves.Curve curve : GatedCurves.ofTarget(GATED, 10).curves()) {
            GatedFunctions.Function function = GATED.functions().get(curve.function());
            for (int k = 0; k < 10; k++) {
                assertEquals(function.at(k * STEP), curve.exact().get(k), 1e-12);
                assertEquals(function.at(k * STEP), curve.target().get(k), 1e-4);
            }
            assertEquals(0, curve.targetError(), 1e-8);
            assertTrue(Double.isNaN(curve.error()));
        }
    }

    @Test
    void theComponentOfAFunctionReproducesIt() {
        GatedCurves curves = GatedCurves.of(GATED, ideal(), 50);
        assertEquals(List.of(0.0, 5.0), List.of(curves.inputs().get(0), curves.inputs().get(49)));
        assertEquals(0, curves.meanError(), 1e-8);
        assertEquals(0, curves.relativeError(), 1e-8);
    }

    @Test
    void theErrorOfAFunctionWithoutAComponentIsItsPower() {
        GatedCurves curves = GatedCurves.of(GATED, holding(GATED, 4, (c, function) -> c == function && c < 3 ? 1 : 0), 50);
        GatedCurves.Curve lost = curves.curves().get(3);
        assertTrue(lost.decomposition().stream().allMatch(y -> y == 0));
        assertEquals(lost.power(), lost.error(), 1e-12);
        assertEquals(lost.power() / curves.curves().stream().mapToDouble(GatedCurves.Curve::power).sum(), curves.relativeError(), 1e-8);
        double square = lost.target().stream().mapToDouble(y -> y * y).average().orElseThrow();
        assertEquals(square, lost.power(), 1e-12);
    }

    @Test
    void moreComponentsThanOneMayBeKept() {
        // two halves of every function: the best one alone gives no curve, both together the whole
        Decomposition halves = holding(GATED, 8, (c, function) -> c / 2 == function ? 0.5 : 0);
        assertEquals(0, GatedCurves.of(GATED, halves, Selection.perSampleTopK(2), 20).relativeError(), 1e-8);
        assertTrue(GatedCurves.of(GATED, halves, 20).relativeError() > 0.3);
    }

    @Test
    void gateSharesAreThoseOfTheComponents() {
        GateShares gates = GateShares.of(GATED, holding(GATED, 2, (c, function) -> c == 0 ? 0.25 * function : 1 - 0.25 * function));
        for (int function = 0; function < 4; function++) {
            for (int layer = 0; layer < 2; layer++) {
                assertEquals(0.25 * function, gates.of(function, layer, 0), 1e-6);
                assertEquals(1 - 0.25 * function, gates.of(function, layer, 1), 1e-6);
            }
        }
        // function 0 lies in component 1, the others are shared: 2 of 8 groups
        assertEquals(2, gates.whole());
    }

    @Test
    void aFunctionIsTheSumOfTenNeuronsWithKnotsOneStepApart() {
        for (int i = 0; i < 4; i++) {
            PiecewiseNeurons hinges = PiecewiseNeurons.of(GATED, i, 37);
            GatedFunctions.Function function = GATED.functions().get(i);
            for (int k = 0; k < 10; k++) {
                assertEquals((k - 1) * STEP, hinges.neurons().get(k).knot(), 1e-4);
                assertEquals(i, GATED.neuronOwners()[hinges.neurons().get(k).layer()][hinges.neurons().get(k).index()]);
            }
            assertEquals(function.at(0) / STEP, hinges.neurons().get(0).bend(), 1e-5);
            // 37 points hold the grid's ten, every fourth
            for (int k = 0; k < 10; k++) {
                assertEquals(function.at(k * STEP), hinges.sum().get(4 * k), 1e-3);
            }
            List<Double> output = GatedCurves.ofTarget(GATED, 37).curves().get(i).target();
            for (int p = 0; p < 37; p++) {
                assertEquals(output.get(p), hinges.sum().get(p), 1e-3);
            }
        }
        assertThrows(IllegalArgumentException.class, () -> PiecewiseNeurons.of(GATED, 4, 10));
        assertThrows(IllegalArgumentException.class, () -> PiecewiseNeurons.of(GATED, 0, 1));
    }

    @Test
    void aComponentThatLacksItsWritingWeightsDoesNotStandForItsFunction() {
        // the ten weights that read x have the squared norm 10: with them alone, a component still has nearly all of the function
        Decomposition mute = HandMade.decomposition(GATED.target(), HandMade.config(4, Selection.batchTopK(1)), (parameter, c) -> scaled(GATED,
                parameter, owner -> owner == c && !(c == 0 && parameter.name().endsWith("mlp_out")) ? 1 : 0));
        FunctionRecovery recovery = FunctionRecovery.of(GATED, mute);
        assertEquals(1, recovery.share(0), 0);
        assertEquals(0, recovery.writes().get(0, 0), 0);
        assertFalse(recovery.stands(0));
        assertTrue(recovery.stands(2) && recovery.stands(3));
        assertEquals(List.of("W_out", "W_out"), WeightShares.of(GATED, mute).missing(recovery, 0.5).stream().filter(part -> part.function() == 0)
                .map(part -> part.part().label()).toList());
    }

    @Test
    void whatComponentsHoldOfAFunctionsWeightsIsTheirPartOfThem() {
        WeightShares held = WeightShares.of(GATED, holding(GATED, 4, (c, function) -> c == function ? 0.75 : c == 0 && function == 1 ? 0.25 : 0));
        for (int layer = 0; layer < 2; layer++) {
            assertEquals(0.75, held.of(1, layer, WeightShares.Part.IN, 1), 1e-6);
            assertEquals(0.25, held.of(1, layer, WeightShares.Part.OUT, 0), 1e-6);
            assertEquals(0, held.of(2, layer, WeightShares.Part.OUT, 0), 1e-6);
        }
    }

    @Test
    void theIdealComponentsAttributionIsTheSquareOfSlopeTimesXPlusGatePlusOutput() {
        int points = 46; // four between neighbouring knots, and the knots themselves
        GatedAttributions found = GatedAttributions.of(GATED, ideal(), 1, points);
        for (int p = 1; p < points - 1; p++) {
            if (p % 5 != 0) { // at a knot the slope is not defined
                double slope = (found.outputs().get(p + 1) - found.outputs().get(p - 1)) / (found.inputs().get(p + 1) - found.inputs().get(p - 1));
                double expected = Math.pow(slope * (found.inputs().get(p) + GATED.gate()) + found.outputs().get(p), 2);
                assertEquals(expected, found.attributions().get(1, p), 1e-4 * Math.max(1, expected));
            }
        }
        assertThrows(IllegalArgumentException.class, () -> GatedAttributions.of(GATED, ideal(), 4, points));
    }

    @Test
    void theCurvesAreCloseOnlyIfEveryFunctionIs() {
        // function 0 has lost a fifth of its output, the others are whole
        GatedCurves curves = GatedCurves.of(GATED, holding(GATED, 4, (c, function) -> c == function ? c == 0 ? 0.9 : 1 : 0), 20);
        assertTrue(curves.largestRelativeError() > GatedCurves.CLOSE);
        assertFalse(curves.isClose());
        assertEquals(curves.curves().get(0).relativeError(), curves.largestRelativeError(), 0);
        assertTrue(GatedCurves.of(GATED, ideal(), 20).isClose());
    }
}
