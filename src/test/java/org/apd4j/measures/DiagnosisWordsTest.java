package org.apd4j.measures;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Locale;
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

/** The messages of a diagnosis. */
class DiagnosisWordsTest {

    private static final double[][] IDENTITY = {{1, 0, 0, 0}, {0, 1, 0, 0}, {0, 0, 1, 0}, {0, 0, 0, 1}};

    private interface Shares {
        double of(int component, int row);
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

    private static Finding first(Kind kind, Decomposition decomposition) {
        return Diagnosis.of(decomposition).findings().stream().filter(finding -> finding.kind() == kind).findFirst().orElseThrow();
    }

    @Test
    void missingWeightsAreGivenInPercentOfTheirSquaresWithTheWorstParameter() {
        // one of four equal rows, and a fifth of each of the others: (1 + 3 · 0.04) / 4
        Finding found = first(Kind.NOT_FAITHFUL, made(HandMade.tms(IDENTITY), 3, 0.4, (c, row) -> c == row ? 0.8 : 0));
        assertEquals(0.28, found.value(), 1e-6);
        assertEquals("The components miss 28.0 % of the weights (by squares; worst in 'linear1', 28.0 %).", found.seen());
    }

    @Test
    void theWorstParameterHasTheLargestMissingFraction() {
        // of layers.0.mlp_in a tenth of every weight is missing, of layers.0.mlp_out four tenths: 0.01 and 0.16 of equal squares
        Decomposition found = HandMade.decomposition(HandMade.perfectMlp(1), HandMade.config(1, Selection.batchTopK(1)), (parameter, c) -> {
            Matrix part = parameter.values().copy();
            float factor = parameter.name().endsWith("mlp_in") ? 0.9f : 0.6f;
            for (int i = 0; i < part.size(); i++) {
                part.data()[i] *= factor;
            }
            return part;
        });
        Finding finding = first(Kind.NOT_FAITHFUL, found);
        assertEquals("The components miss 8.5 % of the weights (by squares; worst in 'layers.0.mlp_out', 16.0 %).", finding.seen());
        assertEquals(0.085, finding.value(), 1e-6);
    }

    @Test
    void aComponentActiveOnNearlyAllSamplesIsReportedWithTheirFraction() {
        // 0.95 · 256 samples, rounded down, are 243
        Finding found = first(Kind.EVERYWHERE, made(always(), 2, 0.95, (c, row) -> c == 0 ? 1 : 0));
        assertEquals(243 / 256.0, found.value(), 1e-12);
        assertEquals("Component 0 is active on 95 % of the samples: it holds what all of them share.", found.seen());
    }

    /** Two of four active features of nearly the same size are left out, the smaller ones: a little less than half of the squares. */
    @Test
    void anUnexplainedOutputIsGivenInPercentOfItsSquares() {
        Finding found = first(Kind.TOO_FEW_ACTIVE, made(always(), 4, 2, (c, row) -> c == row ? 1 : 0));
        assertTrue(found.value() > 0.45 && found.value() < 0.5, () -> "" + found.value());
        assertEquals(String.format(Locale.ROOT, "The active components leave %.0f %% of the output unexplained; with twice as many it would be only 0 %%.",
                100 * found.value()), found.seen());
    }

    /** With one of four active, three quarters of the squares are left out; with two, one half: not four times less. */
    @Test
    void theErrorWithMoreComponentsIsReported() {
        Finding found = first(Kind.NOT_MINIMAL, made(always(), 4, 1, (c, row) -> c == row ? 1 : 0));
        assertTrue(found.value() > 0.7 && found.value() < 0.75, () -> "" + found.value());
        String seen = found.seen();
        assertTrue(seen.startsWith(String.format(Locale.ROOT, "The active components leave %.0f %% of the output unexplained; twice as many would still leave ",
                100 * found.value())), seen);
        int twice = Integer.parseInt(seen.replaceAll(".*still leave (\\d+) %\\.", "$1"));
        assertTrue(twice >= 45 && twice <= 50, seen);
    }

    @Test
    void aTwinThatIsNeverActiveIsNoSplit() {
        for (int twin : new int[] {0, 4}) {
            // a twin of another component with a twentieth of its weights: never among the few that are selected
            Decomposition found = made(HandMade.tms(IDENTITY), 5, 0.05,
                    (c, row) -> c == twin ? row == 3 ? 0.05 : 0 : c - (twin == 0 ? 1 : 0) == row ? 1 : 0);
            assertFalse(Diagnosis.of(found).has(Kind.SPLIT), () -> Diagnosis.of(found).summary().toString());
            assertTrue(first(Kind.DEAD, found).components().contains(twin));
        }
    }

    @Test
    void aSummaryNamesTheComponentsOfEveryFindingButTheDead() {
        Diagnosis found = Diagnosis.of(made(HandMade.tms(IDENTITY), 6, 0.5,
                (c, row) -> row == 0 ? (c == 0 || c == 4 ? 0.5 : 0) : c == row ? 1 : 0));
        var entries = found.summary().entries();
        assertTrue(entries.containsKey("split [0, 4]"), entries::toString);
        assertTrue(entries.containsKey("dead"), entries::toString);
        Finding dead = found.findings().stream().filter(finding -> finding.kind() == Kind.DEAD).findFirst().orElseThrow();
        assertEquals(List.of(5), dead.components());
        assertEquals(dead.seen() + " → " + dead.move(), entries.get("dead"));
        assertEquals("Diagnosis of TMS by hand", found.summary().title());
    }
}
