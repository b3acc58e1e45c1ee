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
 * the bounds of our own that are asked of results for which nothing is published. Its title counts both: how many results agree with the paper, and
 * whether our bounds are kept. A notebook ends with it. Under {@link Profile#QUICK}, where bounds are loose and notebooks are executed as tests, a
 * result that misses its bound is an exception; under other profiles the table says so.
 *
 * <p>A verdict in words counts as agreement if it begins with "agrees" or ends with "as published". It is not counted, neither way, if it begins with
 * {@value #NOT_COMPARABLE} or "see", or if the paper's value is "not given".
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

    /** How a verdict begins on a result of another model than the paper's, such as a smaller one. */
    public static final String NOT_COMPARABLE = "not comparable";

    /** The paper's column where the paper has no number. */
    private static final String UNPUBLISHED = "–";
    private static final String AGREES = "agrees";

    private final Profile profile;
    private final List<Row> rows = new ArrayList<>();

    /** @param differs what differs from the published settings */
    private record Row(String quantity, String paper, String value, String spread, int runs, String bound, String verdict, boolean holds,
                       String differs) {

        private boolean isPublished() {
            return !paper.equals(UNPUBLISHED);
        }

        private boolean isOwnBound() {
            return !isPublished() && !bound.isEmpty();
        }

        private boolean isCompared() {
            return isPublished() && !paper.startsWith("not given") && !verdict.startsWith(NOT_COMPARABLE) && !verdict.startsWith("see ");
        }

        private boolean agrees() {
            return isCompared() && (verdict.startsWith(AGREES) || verdict.endsWith("as published"));
        }
    }

    private String settings = "";

    private AcceptanceCriteria(Profile profile) {
        this.profile = profile;
    }

    /** Returns criteria without any bound yet; the profile decides what happens when a result falls short. */
    public static AcceptanceCriteria in(Profile profile) {
        return new AcceptanceCriteria(profile);
    }

    /** Says what differs from the published settings; empty if nothing does. It stands beside every published value that is added after it. */
    public AcceptanceCriteria settings(String difference) {
        settings = difference;
        return this;
    }

    /** Adds a value of one run that must not be below a bound of our own. NaN falls short. */
    public AcceptanceCriteria atLeast(String quantity, double value, double bound) {
        return atLeast(quantity, value, bound, 1);
    }

    /**
     * Adds a value of several runs, such as a mean or a count, that must not be below a bound of our own. NaN falls short.
     *
     * @param runs number of the runs that the value is of, those that failed included
     */
    public AcceptanceCriteria atLeast(String quantity, double value, double bound, int runs) {
        return own(quantity, value, "at least " + text(bound), value >= bound, runs);
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
        return add(new Row(quantity, UNPUBLISHED, text(value), UNPUBLISHED, runs, bound, (holds ? "reached: " : "falls short: ") + bound, holds,
                UNPUBLISHED));
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
                : String.format(Locale.ROOT, "%s (%s)", holds ? AGREES : difference < 0 ? "lower" : "higher", percent(difference));
        return add(new Row(quantity, "≈ " + text(paper), text(value), UNPUBLISHED, 1,
                String.format(Locale.ROOT, "%s ± %.0f %%", text(paper), 100 * part), verdict, holds, settings));
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
        return add(new Row(quantity, paper, ours, Double.isNaN(spread) ? UNPUBLISHED : String.format(Locale.ROOT, "± %.3f", spread), runs, "", verdict, true,
                paper.equals(UNPUBLISHED) ? UNPUBLISHED : settings));
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
        boolean besidePaper = rows.stream().anyMatch(Row::isPublished);
        NumberTable table = NumberTable.named(title(besidePaper));
        table.texts("quantity", texts(Row::quantity));
        if (besidePaper) {
            table.texts("paper", texts(Row::paper));
        }
        table.texts("ours", texts(Row::value));
        if (besidePaper) {
            table.texts("spread", texts(Row::spread));
        }
        table.integers("runs", rows.stream().mapToInt(Row::runs).toArray()).texts("verdict", texts(Row::verdict));
        if (rows.stream().anyMatch(row -> row.isPublished() && !row.differs().isEmpty())) {
            table.texts("differs in the settings", texts(row -> row.differs().isEmpty() ? UNPUBLISHED : row.differs()));
        }
        return table.build();
    }

    private String title(boolean besidePaper) {
        List<String> parts = new ArrayList<>();
        long compared = rows.stream().filter(Row::isCompared).count();
        long agree = rows.stream().filter(Row::agrees).count();
        long incomparable = rows.stream().filter(row -> row.isPublished() && row.verdict().startsWith(NOT_COMPARABLE)).count();
        if (compared > 0) {
            parts.add(agree + " of " + compared + (compared == 1 ? " result " : " results ") + (agree == 1 ? "agrees" : "agree") + " with the paper"
                    + (incomparable == 0 ? "" : ", " + incomparable + (incomparable == 1 ? " is " : " are ") + NOT_COMPARABLE));
        } else if (incomparable > 0) {
            parts.add("no result is comparable with the paper");
        }
        long bounds = rows.stream().filter(Row::isOwnBound).count();
        long missed = rows.stream().filter(row -> row.isOwnBound() && !row.holds()).count();
        if (bounds > 0) {
            parts.add(missed > 0 ? bounds == 1 ? "our own bound is not kept" : missed + " of our own " + bounds + " bounds" + (missed == 1 ? " is" : " are") + " not kept"
                    : bounds == 1 ? "our own bound is kept" : "our own " + bounds + " bounds are kept");
        }
        return (besidePaper ? "Paper beside ours" : "Checked") + (parts.isEmpty() ? "" : ": ") + String.join("; ", parts);
    }

    private List<String> texts(Function<Row, String> column) {
        return rows.stream().map(column).toList();
    }

    @Override
    public String toString() {
        return rows.stream().filter(Row::holds).count() + " of " + rows.size() + " results hold";
    }
}
