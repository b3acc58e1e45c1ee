package org.apd4j.experiments;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apd4j.tables.NumberTable;
import org.apd4j.tables.NumberText;
import tech.tablesaw.api.Table;

/**
 * What an experiment's results have to reach, and whether they do. A notebook ends with such a table. Under {@link Profile#QUICK},
 * where bounds are loose and notebooks are executed as tests, a result that falls short is an exception; under {@link Profile#PAPER},
 * where bounds are the goals, the table says so and stands.
 *
 * <pre>{@code
 * Bounds.in(Profile.PAPER).atLeast("features represented", 97, 95).atMost("dead components", 20, 60).check()
 * }</pre>
 */
public final class Bounds {

    private final Profile profile;
    private final List<String> quantities = new ArrayList<>();
    private final List<String> values = new ArrayList<>();
    private final List<String> bounds = new ArrayList<>();
    private final List<Boolean> reached = new ArrayList<>();

    private Bounds(Profile profile) {
        this.profile = profile;
    }

    /** No bounds yet; the profile decides what happens to a result that falls short. */
    public static Bounds in(Profile profile) {
        return new Bounds(profile);
    }

    /** A value must not be below a bound. NaN is. */
    public Bounds atLeast(String quantity, double value, double bound) {
        return add(quantity, value, "at least " + text(bound), value >= bound);
    }

    /** A value must not be above a bound. NaN is. */
    public Bounds atMost(String quantity, double value, double bound) {
        return add(quantity, value, "at most " + text(bound), value <= bound);
    }

    /**
     * A value must be near the one that is expected.
     *
     * @param part the largest distance, as a part of what is expected: 0.25 is 25 %
     */
    public Bounds near(String quantity, double value, double expected, double part) {
        return add(quantity, value, String.format(Locale.ROOT, "%s ± %.0f %%", text(expected), 100 * part),
                Math.abs(value - expected) <= part * Math.abs(expected));
    }

    private Bounds add(String quantity, double value, String bound, boolean holds) {
        quantities.add(quantity);
        values.add(text(value));
        bounds.add(bound);
        reached.add(holds);
        return this;
    }

    private static String text(double value) {
        return value == Math.rint(value) ? NumberText.setting(value) : NumberText.of(value);
    }

    /**
     * The table of all bounds, one a line.
     *
     * @throws IllegalStateException under {@link Profile#QUICK}, if a result falls short; it names all that do
     */
    public Table check() {
        List<String> sentences = new ArrayList<>();
        for (int i = 0; i < reached.size(); i++) {
            if (!reached.get(i)) {
                sentences.add(quantities.get(i) + " is " + values.get(i) + "; it must be " + bounds.get(i));
            }
        }
        if (profile == Profile.QUICK && !sentences.isEmpty()) {
            throw new IllegalStateException(String.join(". ", sentences));
        }
        return NumberTable.named(sentences.isEmpty() ? "Checked: every bound is kept"
                : "Checked: " + sentences.size() + " of " + reached.size() + (reached.size() == 1 ? " bound is" : " bounds are") + " not kept")
                .texts("quantity", quantities).texts("this run", values).texts("must be", bounds)
                .texts("verdict", reached.stream().map(holds -> holds ? "reached" : "falls short").toList()).build();
    }
}
