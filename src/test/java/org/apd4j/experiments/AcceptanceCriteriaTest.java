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
        assertEquals("Checked: our own 2 bounds are kept", table.name());
        assertEquals(List.of("quantity", "ours", "runs", "verdict"), table.columnNames());
    }

    @Test
    void publishedValuesAreShownBesideTheResults() {
        Table table = AcceptanceCriteria.in(Profile.PAPER).atLeast("features", 95, 95).agrees("a", 1.25, 1, 0.25).agrees("b", 1.5, 2, 0.25)
                .agrees("c", 2.6, 2, 0.25).agrees("d", 1, 2, 0.25).check();
        assertEquals(List.of("–", "≈ 1", "≈ 2", "≈ 2", "≈ 2"), table.stringColumn("paper").asList());
        assertEquals(List.of("reached: at least 95", "agrees (+25 %)", "agrees (-25 %)", "higher (+30 %)", "lower (-50 %)"),
                table.stringColumn("verdict").asList());
        assertEquals("Paper beside ours: 2 of 4 results agree with the paper; our own bound is kept", table.name());
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
        assertEquals("Checked: our own bound is not kept", table.name());
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
        assertEquals("Paper beside ours: 1 of 2 results agrees with the paper; our own bound is kept", table.name());
    }

    @Test
    void whatIsSaidInWordsIsNoBound() {
        Table table = AcceptanceCriteria.in(Profile.QUICK).said("a", "works less well", "0 of 10", Double.NaN, 10, "agrees").check();
        assertEquals("Paper beside ours: 1 of 1 result agrees with the paper", table.name());
    }

    @Test
    void whatCannotBeComparedCountsNeitherAsAgreementNorAgainstIt() {
        Table table = AcceptanceCriteria.in(Profile.PAPER).said("a", "1.0", "0.9", Double.NaN, 1, "not comparable")
                .said("b", "not given", "2 of 3", Double.NaN, 3, "not every seed works").said("c", "11", "10", Double.NaN, 1, "see the table above")
                .said("d", "more", "7 instead of 5", Double.NaN, 1, "fewer, as published").said("e", "–", "1 of 3", Double.NaN, 3, "–")
                .atMost("f", 3, 2, 5).atMost("g", 1, 2).check();
        assertEquals("Paper beside ours: 1 of 1 result agrees with the paper, 1 is not comparable; 1 of our own 2 bounds is not kept", table.name());
        assertEquals("Paper beside ours: no result is comparable with the paper", AcceptanceCriteria.in(Profile.PAPER)
                .said("a", "1.0", "0.9", Double.NaN, 1, "not comparable").check().name());
    }

    @Test
    void aValueOfSeveralRunsSaysHowMany() {
        Table table = AcceptanceCriteria.in(Profile.PAPER).atLeast("seeds that succeed", 2, 1, 3).atMost("error", 0.1, 0.2, 4).atMost("one", 0, 1).check();
        assertEquals(List.of(3, 4, 1), table.intColumn("runs").asList());
    }

    @Test
    void aDifferenceStandsBesideTheValuesThatAreAddedAfterIt() {
        Table table = AcceptanceCriteria.in(Profile.PAPER).agrees("a", 1, 1, 0.1).settings("fewer steps").agrees("b", 1, 1, 0.1).check();
        assertEquals(List.of("–", "fewer steps"), table.stringColumn("differs in the settings").asList());
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
