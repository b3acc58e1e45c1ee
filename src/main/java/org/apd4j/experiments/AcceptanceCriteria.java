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
 * The verdict on an experiment, one table: published results beside ours with their spread and the number of runs, what differs in the settings, and
 * the bounds that are asked of results for which nothing is published. A notebook ends with it. Under {@link Profile#QUICK}, where bounds are loose and
 * notebooks are executed as tests, a result that misses its bound is an exception; under other profiles the table says so.
 *
 * <pre>{@code
 * AcceptanceCriteria.in(Profile.PAPER)
 *         .settings("10,000 steps, published 40,000")
 *         .agrees("mean loss, scrubbed", 2.97e-4, 2.7e-4, 0.25)
 *         .atLeast("features represented", 99, 95)
 *         .check()
 * }</pre>
 */
public final class AcceptanceCriteria {

    /** The paper's column where the paper has no number. */
    private static final String UNPUBLISHED = "–";

    private final Profile profile;
    private final List<Row> rows = new ArrayList<>();

    private record Row(String quantity, String paper, String value, String spread, int runs, String bound, String verdict, boolean holds) {
    }

    private String settings = "";

    private AcceptanceCriteria(Profile profile) {
        this.profile = profile;
    }

    /** Returns criteria without any bound yet; the profile decides what happens when a result falls short. */
    public static AcceptanceCriteria in(Profile profile) {
        return new AcceptanceCriteria(profile);
    }

    /** Says what differs from the published settings; empty if nothing does. It stands beside every published value. */
    public AcceptanceCriteria settings(String difference) {
        settings = difference;
        return this;
    }

    /** Adds a value that must not be below a bound. NaN falls short. */
    public AcceptanceCriteria atLeast(String quantity, double value, double bound) {
        return own(quantity, value, "at least " + text(bound), value >= bound, 1);
    }

    /** Adds a value of one run that must not be above a bound of our own. NaN falls short. */
    public AcceptanceCriteria atMost(String quantity, double value, double bound) {
        return atMost(quantity, value, bound, 1);
    }

    /**
     * Adds a value of several runs, such as a mean, that must not be above a bound of our own. NaN falls short.
     *
     * @param runs number of the runs that the value is of, those that failed included
     */
    public AcceptanceCriteria atMost(String quantity, double value, double bound, int runs) {
        return own(quantity, value, "at most " + text(bound), value <= bound, runs);
    }

    private AcceptanceCriteria own(String quantity, double value, String bound, boolean holds, int runs) {
        return add(new Row(quantity, UNPUBLISHED, text(value), UNPUBLISHED, runs, bound, (holds ? "reached: " : "falls short: ") + bound, holds));
    }

    /**
     * Adds a value of one run that must agree with the published one.
     *
     * @param paper the published value, not 0
     * @param part  the largest difference, as a fraction of the published value: 0.25 is 25 %
     */
    public AcceptanceCriteria agrees(String quantity, double value, double paper, double part) {
        double difference = value / paper - 1;
        boolean holds = Math.abs(difference) <= part;
        String verdict = Double.isNaN(difference) ? "is no number"
                : String.format(Locale.ROOT, "%s (%s)", holds ? "agrees" : difference < 0 ? "lower" : "higher", percent(difference));
        return add(new Row(quantity, "≈ " + text(paper), text(value), UNPUBLISHED, 1,
                String.format(Locale.ROOT, "%s ± %.0f %%", text(paper), 100 * part), verdict, holds));
    }

    /**
     * Adds a published result beside ours, with a verdict in words, for what is neither a single number nor bounded, such as a mean over seeds or a
     * statement about a figure. It never makes a check fail.
     *
     * @param paper   the published result in words
     * @param ours    ours in words
     * @param spread  sample standard deviation over our runs; NaN where there is none
     * @param runs    number of our runs
     * @param verdict what the comparison says
     */
    public AcceptanceCriteria said(String quantity, String paper, String ours, double spread, int runs, String verdict) {
        return add(new Row(quantity, paper, ours, Double.isNaN(spread) ? UNPUBLISHED : String.format(Locale.ROOT, "± %.3f", spread), runs, "", verdict, true));
    }

    /** Returns a difference in whole per cent with its sign; 0 has none. */
    private static String percent(double difference) {
        String text = String.format(Locale.ROOT, "%+.0f %%", 100 * difference);
        return text.substring(1).equals("0 %") ? "0 %" : text;
    }

    private AcceptanceCriteria add(Row row) {
        rows.add(row);
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
        if (profile.isQuick() && !missed.isEmpty()) {
            throw new IllegalStateException(missed.stream().map(row -> row.quantity() + " is " + row.value() + "; it must be " + row.bound())
                    .collect(Collectors.joining(". ")));
        }
        boolean besidePaper = rows.stream().anyMatch(row -> !row.paper().equals(UNPUBLISHED));
        long bounds = rows.stream().filter(row -> !row.bound().isEmpty()).count();
        NumberTable table = NumberTable.named((besidePaper ? "Paper beside ours" : "Checked") + (bounds == 0 ? "" : missed.isEmpty()
                ? ": every bound is kept" : ": " + missed.size() + " of " + bounds + (bounds == 1 ? " bound is" : " bounds are") + " not kept"));
        table.texts("quantity", texts(Row::quantity));
        if (besidePaper) {
            table.texts("paper", texts(Row::paper));
        }
        table.texts("ours", texts(Row::value));
        if (besidePaper) {
            table.texts("spread", texts(Row::spread)).integers("runs", rows.stream().mapToInt(Row::runs).toArray());
        }
        table.texts("verdict", texts(Row::verdict));
        if (besidePaper && !settings.isEmpty()) {
            table.texts("differs in the settings", texts(row -> row.paper().equals(UNPUBLISHED) ? UNPUBLISHED : settings));
        }
        return table.build();
    }

    private List<String> texts(Function<Row, String> column) {
        return rows.stream().map(column).toList();
    }

    @Override
    public String toString() {
        return rows.stream().filter(Row::holds).count() + " of " + rows.size() + " results hold";
    }
}
