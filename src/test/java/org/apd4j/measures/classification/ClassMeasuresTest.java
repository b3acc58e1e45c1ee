package org.apd4j.measures.classification;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.apd4j.data.Dataset;
import org.apd4j.decomposition.AttributionKind;
import org.apd4j.decomposition.Decomposition;
import org.apd4j.decomposition.Selection;
import org.apd4j.math.Matrix;
import org.apd4j.math.internal.Grid;
import org.apd4j.measures.BatchAttributions;
import org.apd4j.network.Network;
import org.apd4j.network.Parameter.Role;
import org.apd4j.targets.Labels;
import org.apd4j.targets.Target;
import org.apd4j.testsupport.HandMade;
import org.junit.jupiter.api.Test;

class ClassMeasuresTest {

    private static final List<String> CLASSES = List.of("a", "b", "c");

    /** Two images of each class; the last one of c looks like b. */
    private static final Dataset DATA = Dataset.of(new float[][] {{1, 0, 0}, {2, 0, 0}, {0, 1, 0}, {0, 3, 0}, {0, 0, 1}, {0, 2, 1}},
            new int[] {0, 0, 1, 1, 2, 2}, CLASSES);

    /** {@code y = x W}, W the identity. */
    private static Target target() {
        Network network = Network.builder(3).parameter("w", Role.TRAINED, Matrix.identity(3)).linear("y", "input", "w", false).softmax("class", "y")
                .build();
        return new Target("identity", network, DATA, Labels.CLASS);
    }

    /** Component c holds row c. */
    private static Decomposition rows() {
        return HandMade.decomposition(target(), HandMade.config(3, Selection.batchTopK(1)), (parameter, c) -> {
            Matrix own = Matrix.zeros(3, 3);
            own.set(c, c, 1);
            return own;
        });
    }

    @Test
    void theConfusionMatrixCountsTheLargestOutputs() {
        Confusion confusion = Confusion.of(target(), DATA);
        assertEquals(Grid.of(3, 3, (i, j) -> new double[][] {{2, 0, 0}, {0, 2, 0}, {0, 1, 1}}[i][j]), confusion.counts());
        assertEquals(5 / 6.0, confusion.accuracy());
        assertEquals(0.5, confusion.accuracy(2));
        assertEquals(0.75, confusion.accuracyOfOthers(0));
        assertEquals(2, confusion.rows(1));
    }

    @Test
    void theTargetItsComponentsAndTheActiveOnesAreComparedOnTheSameRows() {
        List<Confusion> compared = Confusion.compared(rows(), DATA);
        assertEquals(List.of("identity", "all components", "active components only"), compared.stream().map(Confusion::name).toList());
        assertEquals(compared.get(0).counts(), compared.get(1).counts());
        // One component a row in the mean is enough: the odd image of c keeps the component of its larger pixel.
        assertEquals(compared.get(0).counts(), compared.get(2).counts());
        assertThrows(IllegalStateException.class, () -> Confusion.compared(rows(), Dataset.of(new float[][] {{1, 2, 3}})));
    }

    @Test
    void aBatchKeepsTheComponentsOfItsLargestAttributions() {
        BatchAttributions measured = BatchAttributions.of(rows(), DATA.all());
        assertEquals(3, measured.components());
        assertEquals(1, measured.kept().get(5).get(0));
        assertEquals(6, measured.kept().stream().mapToInt(List::size).sum()); // k = 1 of 6 rows
        assertEquals(measured.attributions().get(1, 0), 4 * measured.attributions().get(0, 0), 1e-5); // the square of twice the input
        assertEquals(measured.attributions(), BatchAttributions.of(AttributionKind.GRADIENT_FROM_TARGET, rows(), DATA.all()).attributions());
    }

    @Test
    void takingAComponentOutSubtractsItAndLeavesTheRest() {
        Decomposition found = rows();
        Network without = found.without(1).network();
        Network only = found.only(0, 2).network();
        for (int i = 0; i < 3; i++) {
            for (int j = 0; j < 3; j++) {
                double wanted = i == j && i != 1 ? 1 : 0;
                assertEquals(wanted, without.parameter("w").values().get(i, j));
                assertEquals(wanted, only.parameter("w").values().get(i, j));
            }
        }
        assertEquals("identity without component 1", found.without(1).name());
        assertEquals("identity with only components 0, 2", found.only(0, 2).name());
        assertEquals("there is no component 3; they are numbered 0 … 2",
                assertThrows(IllegalArgumentException.class, () -> found.without(3)).getMessage());
    }

    /** Without row c class c gets zeros, which the first class takes. */
    @Test
    void theBestComponentForAClassIsTheMostSelectiveOne() {
        ClassAblation measured = ClassAblation.of(rows(), DATA);
        assertEquals(3, measured.components());
        assertEquals(0, measured.accuracies().get(1, 1));
        assertEquals(1, measured.accuracies().get(1, 2)); // without b's row the odd image of c is seen for what it is
        ClassAblation.Effect best = measured.best(1);
        assertEquals(1, best.component());
        assertEquals(1, best.others());
        assertEquals(1, best.selectivity());
        assertEquals(best, measured.cleanest());
    }

    @Test
    void aComponentIsActiveOnTheImagesThatNeedIt() {
        ComponentUse use = ComponentUse.of(rows(), DATA);
        assertEquals(Grid.of(3, 3, (c, label) -> new double[][] {{1, 0, 0}, {0, 1, 0.5}, {0, 0, 0.5}}[c][label]), use.byClass());
        assertEquals(0.5, use.frequency(1));
        assertEquals(List.of(3, 5), use.mostActivating(1, 2));
        assertEquals(List.of(1, 0, 2), use.byFrequency());
    }

    @Test
    void dataOfAnotherShapeIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> Confusion.of(target(), Dataset.of(new float[][] {{1, 2}}, new int[] {0}, CLASSES)));
        assertThrows(IllegalArgumentException.class, () -> Confusion.of(target(),
                Dataset.of(new float[][] {{1, 2, 3}}, new int[] {0}, List.of("a"))));
        assertThrows(IllegalStateException.class, () -> Confusion.of(target(), Dataset.of(new float[][] {{1, 2, 3}})));
        assertThrows(IllegalArgumentException.class, () -> ComponentUse.of(rows(), Dataset.of(new float[][] {{1, 2}})));
    }

    /** Zeros are taken for the first class, which therefore nothing makes forgotten. */
    @Test
    void classesThatFallAndLeaveTheOthersAreCounted() {
        ClassAblation measured = ClassAblation.of(rows(), DATA);
        assertEquals(2, measured.forgottenCleanly());
        assertEquals(0, measured.leastClean().label());
        assertEquals(measured.best().stream().mapToDouble(ClassAblation.Effect::selectivity).sum() / 3, measured.meanSelectivity(), 1e-12);
    }

    @Test
    void theActiveComponentsAloneAreThoseOfTheComparison() {
        assertEquals(Confusion.compared(rows(), DATA).get(2), Confusion.ofActive(rows(), DATA));
    }

    @Test
    void forgettingIsSaidWithTheAccuraciesBeforeAndAfter() {
        Confusion before = Confusion.of(target(), DATA);
        assertEquals("identity without component 1: 'b' 100 % → 0 %, the other classes 75.0 % → 100.0 %",
                before.forgetting(Confusion.of(rows().without(1), DATA), 1));
    }
}
