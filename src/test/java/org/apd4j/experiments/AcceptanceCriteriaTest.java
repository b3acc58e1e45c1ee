package org.apd4j.experiments;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;
import tech.tablesaw.api.Table;

class AcceptanceCriteriaTest {

    @Test
    void resultsOnTheirBoundsPass() {
        Table table = AcceptanceCriteria.in(Profile.QUICK).atLeast("features", 95, 95).atMost("loss", 0.5, 0.5).check();
        assertEquals(List.of("reached: at least 95", "reached: at most 0.5"), table.stringColumn("verdict").asList());
        assertEquals("Checked: every bound is kept", table.name());
        assertEquals(List.of("quantity", "ours", "verdict"), table.columnNames());
    }

    @Test
    void publishedValuesAreShownBesideTheResults() {
        Table table = AcceptanceCriteria.in(Profile.PAPER).atLeast("features", 95, 95).agrees("a", 1.25, 1, 0.25).agrees("b", 1.5, 2, 0.25)
                .agrees("c", 2.6, 2, 0.25).agrees("d", 1, 2, 0.25).check();
        assertEquals(List.of("–", "≈ 1", "≈ 2", "≈ 2", "≈ 2"), table.stringColumn("paper").asList());
        assertEquals(List.of("reached: at least 95", "agrees (+25 %)", "agrees (-25 %)", "higher (+30 %)", "lower (-50 %)"),
                table.stringColumn("verdict").asList());
        assertEquals("Paper beside ours: 2 of 5 bounds are not kept", table.name());
    }

    @Test
    void quickResultsThatMissACriterionThrowAnExceptionThatNamesEach() {
        AcceptanceCriteria bounds = AcceptanceCriteria.in(Profile.QUICK).atLeast("MMCS", 0.5, 0.9).atLeast("features", 40, 30).atMost("dead", 9, 4)
                .agrees("mean", 0.7, 1, 0.25);
        assertEquals("MMCS is 0.5; it must be at least 0.9. dead is 9; it must be at most 4. mean is 0.7; it must be 1 ± 25 %",
                assertThrows(IllegalStateException.class, bounds::check).getMessage());
    }

    @Test
    void paperResultsThatMissACriterionAreShown() {
        Table table = AcceptanceCriteria.in(Profile.PAPER).atLeast("MMCS", 0.5, 0.9).check();
        assertEquals(List.of("falls short: at least 0.9"), table.stringColumn("verdict").asList());
        assertEquals("Checked: 1 of 1 bound is not kept", table.name());
    }

    @Test
    void naNMeetsNoCriterion() {
        Table table = AcceptanceCriteria.in(Profile.PAPER).atLeast("a", Double.NaN, 0).atMost("b", Double.NaN, 0).agrees("c", Double.NaN, 1, 1)
                .check();
        assertEquals(List.of("falls short: at least 0", "falls short: at most 0", "is no number"), table.stringColumn("verdict").asList());
    }

    @Test
    void whatDiffersInTheSettingsStandsBesidePublishedValuesOnly() {
        Table table = AcceptanceCriteria.in(Profile.PAPER).settings("fewer steps").agrees("a", 1, 1, 0.1).atLeast("b", 2, 1)
                .said("c", "0.998", "0.991", 0.014, 10, "differs").check();
        assertEquals(List.of("quantity", "paper", "ours", "spread", "runs", "verdict", "differs in the settings"), table.columnNames());
        assertEquals(List.of("fewer steps", "–", "fewer steps"), table.stringColumn("differs in the settings").asList());
        assertEquals(List.of("–", "–", "± 0.014"), table.stringColumn("spread").asList());
        assertEquals(List.of(1, 1, 10), table.intColumn("runs").asList());
        assertEquals("Paper beside ours: every bound is kept", table.name());
    }

    @Test
    void whatIsSaidInWordsIsNoBound() {
        Table table = AcceptanceCriteria.in(Profile.QUICK).said("a", "works less well", "0 of 10", Double.NaN, 10, "agrees").check();
        assertEquals("Paper beside ours", table.name());
    }

    @Test
    void noDifferenceHasNoSign() {
        Table table = AcceptanceCriteria.in(Profile.PAPER).agrees("a", 0.488, 0.49, 0.1).agrees("b", 0.492, 0.49, 0.1).agrees("c", 2, 2, 0.1).check();
        assertEquals(List.of("agrees (0 %)", "agrees (0 %)", "agrees (0 %)"), table.stringColumn("verdict").asList());
    }

    @Test
    void meanOfSeveralRunsSaysHowMany() {
        Table table = AcceptanceCriteria.in(Profile.PAPER).agrees("a", 1, 1, 0.1).atMost("mean ratio", 0.3, 0.8, 3).check();
        assertEquals(3, table.intColumn("runs").get(1));
        assertEquals("reached: at most 0.8", table.stringColumn("verdict").get(1));
    }
}
