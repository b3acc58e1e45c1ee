package org.apd4j.decomposition.internal;

import java.util.Locale;
import java.util.Optional;
import org.apd4j.decomposition.Finding;
import org.apd4j.decomposition.Remedies;
import org.apd4j.decomposition.Selection;
import org.jspecify.annotations.Nullable;

/**
 * The remedies of decompositions that keep components by a selection, and those of decompositions of which nothing is known but their importances.
 * They name the terms that the loss of such a method has.
 */
public final class SelectionRemedies implements Remedies {

    private final @Nullable Selection selection;

    private SelectionRemedies(@Nullable Selection selection) {
        this.selection = selection;
    }

    /** Returns the remedies of a decomposition that keeps components by a selection. */
    public static SelectionRemedies of(Selection selection) {
        return new SelectionRemedies(selection);
    }

    /** Returns the remedies of a decomposition whose method is not known. */
    public static SelectionRemedies general() {
        return new SelectionRemedies(null);
    }

    @Override
    public Optional<String> against(Finding.Kind kind) {
        return switch (kind) {
            case NOT_FAITHFUL -> Optional.of("More steps or a higher learning rate; then a higher coefficient of faithfulness. C · m must be at least the"
                    + " rank of every matrix: raise C or m.");
            case TOO_FEW_ACTIVE -> Optional.of(moreActive());
            case NOT_MINIMAL -> Optional.of("More steps; a higher coefficient of minimality; more components C, if none is dead.");
            case SHRUNK -> Optional.of("A lower coefficient of simplicity, to a half or less, or a higher one of minimality.");
            case SPLIT -> Optional.of("Fewer components C, or a higher coefficient of simplicity; another seed may also separate them.");
            case EVERYWHERE -> Optional.of("If the inputs have a mean that all share, take it out with a fixed bias on the input; else a smaller k or a"
                    + " higher coefficient of simplicity.");
            case DEAD -> Optional.of("Some are surplus. If mechanisms are merged all the same: a larger k, a lower learning rate, or a longer warm-up; if"
                    + " not, fewer components C.");
            default -> Optional.empty();
        };
    }

    private String moreActive() {
        if (selection == null) {
            return "A lower coefficient of the loss that keeps importances small, so that more components are active.";
        }
        return "A larger k: " + (selection instanceof Selection.BatchTopK top ? text(1.25 * top.k()) + " … " + text(2 * top.k()) : "one more") + ".";
    }

    private static String text(double value) {
        return String.format(Locale.ROOT, "%.2g", value);
    }
}
