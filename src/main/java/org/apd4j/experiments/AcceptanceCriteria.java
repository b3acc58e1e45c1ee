package org.apd4j.experiments;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apd4j.tables.NumberTable;
import org.apd4j.tables.internal.NumberText;
import tech.tablesaw.api.Table;

/**
 * A table of an experiment's results beside the bounds that they have to keep, and beside the published number where there is one. A notebook ends
 * with it. Under {@link Profile#QUICK}, where bounds are loose and notebooks are executed as tests, a result that falls short is an exception;
 * under the other profiles, where bounds are the goals, the table says so.
 *
 * <pre>{@code
 * AcceptanceCriteria.in(Profile.PAPER).atLeast("features represented", 97, 95).atMost("dead components", 20, 60).check()
 * }</pre>
 */
public final class AcceptanceCriteria {

    /** The paper's column where the paper has no number. */
    private static final String UNPUBLISHED = "–";

    private final Profile profile;
    private final List<Row> rows = new ArrayList<>();

    private record Row(String quantity, String paper, String value, String bound, String verdict, boolean holds) {
    }

    private AcceptanceCriteria(Profile profile) {
        this.profile = profile;
    }

    /** Returns criteria without any bound yet; the profile decides what happens when a result falls short. */
    public static AcceptanceCriteria in(Profile profile) {
        return new AcceptanceCriteria(profile);
    }

    /** Adds a value that must not be below a bound. NaN falls short. */
    public AcceptanceCriteria atLeast(String quantity, double value, double bound) {
        return add(quantity, value, "at least " + text(bound), value >= bound);
    }

    /** Adds a value that must not be above a bound. NaN falls short. */
    public AcceptanceCriteria atMost(String quantity, double value, double bound) {
        return add(quantity, value, "at most " + text(bound), value <= bound);
    }

    /**
     * Adds a value that must agree with the published one.
     *
     * @param paper the published value, not 0
     * @param part  the largest difference, as a fraction of the published value: 0.25 is 25 %
     */
    public AcceptanceCriteria agrees(String quantity, double value, double paper, double part) {
        double difference = value / paper - 1;
        boolean holds = Math.abs(difference) <= part;
        String verdict = Double.isNaN(difference) ? "is no number"
                : String.format(Locale.ROOT, "%s (%+.0f %%)", holds ? "agrees" : difference < 0 ? "lower" : "higher", 100 * difference);
        return add(quantity, value, String.format(Locale.ROOT, "%s ± %.0f %%", text(paper), 100 * part), holds, "≈ " + text(paper), verdict);
    }

    private AcceptanceCriteria add(String quantity, double value, String bound, boolean holds) {
        return add(quantity, value, bound, holds, UNPUBLISHED, holds ? "reached" : "falls short");
    }

    private AcceptanceCriteria add(String quantity, double value, String bound, boolean holds, String paper, String verdict) {
        rows.add(new Row(quantity, paper, text(value), bound, verdict, holds));
        return this;
    }

    private static String text(double value) {
        return value == Math.rint(value) ? NumberText.setting(value) : NumberText.of(value);
    }

    /**
     * Returns the table, one line for each bound.
     *
     * @throws IllegalStateException under {@link Profile#QUICK}, if a result falls short; the message names every one
     */
    public Table check() {
        List<Row> missed = rows.stream().filter(row -> !row.holds()).toList();
        if (profile == Profile.QUICK && !missed.isEmpty()) {
            throw new IllegalStateException(missed.stream().map(row -> row.quantity() + " is " + row.value() + "; it must be " + row.bound())
                    .collect(Collectors.joining(". ")));
        }
        boolean besidePaper = rows.stream().anyMatch(row -> !row.paper().equals(UNPUBLISHED));
        NumberTable table = NumberTable.named((besidePaper ? "Paper beside ours: " : "Checked: ") + (missed.isEmpty() ? "every bound is kept"
                : missed.size() + " of " + rows.size() + (rows.size() == 1 ? " bound is" : " bounds are") + " not kept"));
        table.texts("quantity", texts(Row::quantity));
        if (besidePaper) {
            table.texts("paper", texts(Row::paper));
        }
        return table.texts("this run", texts(Row::value)).texts("must be", texts(Row::bound)).texts("verdict", texts(Row::verdict)).build();
    }

    private List<String> texts(Function<Row, String> column) {
        return rows.stream().map(column).toList();
    }

    @Override
    public String toString() {
        return rows.stream().filter(Row::holds).count() + " of " + rows.size() + " bounds are kept";
    }
}
