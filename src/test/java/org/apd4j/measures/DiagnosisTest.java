package org.apd4j.measures;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import org.apd4j.apd.LpPenalty;
import org.apd4j.data.Dataset;
import org.apd4j.data.SparseFeatures;
import org.apd4j.decomposition.Decomposition;
import org.apd4j.decomposition.Finding;
import org.apd4j.decomposition.Finding.Kind;
import org.apd4j.decomposition.Selection;
import org.apd4j.math.Matrix;
import org.apd4j.targets.Labels;
import org.apd4j.targets.Target;
import org.apd4j.testsupport.HandMade;
import org.junit.jupiter.api.Test;

/** Decompositions with known problems: four orthogonal features, {@code y = x}. */
class DiagnosisTest {

    private static final double[][] IDENTITY = {{1, 0, 0, 0}, {0, 1, 0, 0}, {0, 0, 1, 0}, {0, 0, 0, 1}};

    /** The fraction of each row of W that a component holds. */
    private interface Shares {
        double of(int component, int row);
    }

    private static Decomposition made(int components, double k, Shares shares) {
        return made(HandMade.tms(IDENTITY), components, k, shares);
    }

    private static Decomposition made(Target target, int components, double k, Shares shares) {
        return HandMade.decomposition(target, HandMade.config(components, Selection.batchTopK(k)), (parameter, c) -> {
            Matrix own = Matrix.zeros(4, 4);
            for (int row = 0; row < 4; row++) {
                own.set(row, row, (float) shares.of(c, row));
            }
            return own;
        });
    }

    private static Target always() {
        Target tms = HandMade.tms(IDENTITY);
        return new Target("always active", tms.network(), new SparseFeatures(4, 1, 0.9, 1), Labels.INPUT);
    }

    private static List<Kind> kinds(Decomposition decomposition) {
        return Diagnosis.of(decomposition).findings().stream().map(Finding::kind).toList();
    }

    private static Finding only(Kind kind, Decomposition decomposition) {
        List<Finding> found = Diagnosis.of(decomposition).findings();
        assertEquals(List.of(kind), found.stream().map(Finding::kind).toList(), () -> Diagnosis.of(decomposition).summary().toString());
        return found.get(0);
    }

    @Test
    void aComponentForEachFeatureHasNoFindings() {
        Decomposition good = made(4, 0.4, (c, row) -> c == row ? 1 : 0);
        assertEquals(List.of(), kinds(good));
        assertTrue(Diagnosis.of(good).summary().toString().contains("nothing looks wrong"));
    }

    @Test
    void emptyComponentsAreDead() {
        Finding found = only(Kind.DEAD, made(6, 0.4, (c, row) -> c == row ? 1 : 0));
        assertEquals(List.of(4, 5), found.components());
        assertEquals("2 of 6 components are hardly ever active: 4, 5.", found.seen());
    }

    /** Features 0 and 2 occur together, feature 3 never does; a sample has feature 1 or the pair. */
    @Test
    void featuresThatAlwaysOccurTogetherOrNeverAreTheFirstFindings() {
        float[][] rows = new float[64][];
        Arrays.setAll(rows, i -> i % 3 == 0 ? new float[] {0.5f, 0, 1, 0} : i % 3 == 1 ? new float[] {0, 0.7f, 0, 0} : new float[4]);
        Target target = new Target("pairs", HandMade.tms(IDENTITY).network(), Dataset.of(rows), Labels.INPUT);
        List<Finding> found = Diagnosis.of(made(target, 4, 1, (c, row) -> c == row ? 1 : 0)).findings();
        assertEquals(List.of(Kind.NEVER_OCCURS, Kind.ALWAYS_TOGETHER), found.stream().map(Finding::kind).limit(2).toList());
        String seen = found.get(0).seen();
        assertTrue(seen.startsWith("1 of 4 features never occur in ") && seen.endsWith(" samples: 3."), seen);
        assertTrue(found.get(1).seen().startsWith("Features always occur together: 0 and 2 (in "), found.get(1).seen());
        assertEquals(1, found.get(1).value());
    }

    @Test
    void denseDataAndFeaturesThatSometimesCoincideAreNotAlwaysTogether() {
        assertFalse(Diagnosis.of(made(always(), 4, 4, (c, row) -> c == row ? 1 : 0)).has(Kind.ALWAYS_TOGETHER));
        assertFalse(Diagnosis.of(made(4, 0.4, (c, row) -> c == row ? 1 : 0)).has(Kind.ALWAYS_TOGETHER));
    }

    @Test
    void aMissingFeatureIsNotFaithful() {
        Decomposition missing = made(3, 0.4, (c, row) -> c == row ? 1 : 0);
        Finding found = Diagnosis.of(missing).findings().get(0);
        assertEquals(Kind.NOT_FAITHFUL, found.kind());
        assertEquals(0.25, found.value(), 1e-6);
    }

    /** Faithful all the same: what a component lacks of its feature the others hold. */
    @Test
    void activeComponentsThatAreTooSmallHaveShrunk() {
        Finding found = only(Kind.SHRUNK, made(4, 0.4, (c, row) -> c == row ? 0.85 : 0.05));
        assertTrue(found.value() > 0.65 && found.value() < 0.8, "0.85² of the output or a little more, not " + found.value());
        assertTrue(found.move().contains("simplicity"));
    }

    @Test
    void aFeatureInTwoHalvesIsSplit() {
        Decomposition split = made(5, 0.5, (c, row) -> row == 0 ? (c == 0 || c == 4 ? 0.5 : 0) : c == row ? 1 : 0);
        Finding found = Diagnosis.of(split).findings().stream().filter(finding -> finding.kind() == Kind.SPLIT).findFirst().orElseThrow();
        assertEquals(List.of(0, 4), found.components());
        assertEquals(1, found.value(), 1e-6);
    }

    /** Of feature 0 one component has a twentieth, and is never selected beside the one that has the rest. */
    @Test
    void aComponentThatIsNeverActiveIsDeadAndNotHalfOfASplit() {
        for (int small : new int[] {0, 4}) {
            Diagnosis found = Diagnosis.of(made(5, 0.2, (c, row) -> row > 0 ? c == row ? 1 : 0 : c == small ? 0.05 : c == 4 - small ? 0.95 : 0));
            assertFalse(found.has(Kind.SPLIT), found.summary().toString());
            assertEquals(List.of(small), found.findings().stream().filter(finding -> finding.kind() == Kind.DEAD).findFirst().orElseThrow().components());
        }
    }

    @Test
    void fourFeaturesAtATimeNeedMoreThanTwoComponents() {
        Finding found = only(Kind.TOO_FEW_ACTIVE, made(always(), 4, 2, (c, row) -> c == row ? 1 : 0));
        assertTrue(found.move().contains("2.5 … 4"), found.move());
    }

    @Test
    void aComponentThatDoesEverythingIsActiveEverywhere() {
        Diagnosis found = Diagnosis.of(made(always(), 2, 1, (c, row) -> c == 0 ? 1 : 0));
        assertTrue(found.has(Kind.EVERYWHERE));
        assertTrue(found.has(Kind.DEAD));
        assertEquals(List.of(0), found.findings().stream().filter(finding -> finding.kind() == Kind.EVERYWHERE).findFirst().orElseThrow()
                .components());
    }

    /** Besides the right ones, four large components that cancel each other, and that are selected first. */
    @Test
    void componentsThatAreCorrectOnlyTogetherAreNotMinimal() {
        Diagnosis found = Diagnosis.of(made(8, 0.3, (c, row) -> c < 4 ? c == row ? 1 : 0 : c < 6 ? 1.5 : -1.5));
        assertTrue(found.has(Kind.NOT_MINIMAL), found.summary().toString());
        assertFalse(found.has(Kind.NOT_FAITHFUL));
        assertFalse(found.has(Kind.TOO_FEW_ACTIVE));
        assertFalse(found.has(Kind.SHRUNK));
    }

    @Test
    void theLpFormulationIsRefused() {
        Decomposition lp = HandMade.decomposition(HandMade.tms(IDENTITY), HandMade.config(4, new LpPenalty(1)), (parameter, c) -> Matrix.identity(4));
        assertThrows(IllegalArgumentException.class, () -> Diagnosis.of(lp));
    }
}
