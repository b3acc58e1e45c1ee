package org.apd4j.spd.internal;

import java.util.Locale;
import java.util.Optional;
import org.apd4j.decomposition.Finding;
import org.apd4j.decomposition.Remedies;
import org.apd4j.math.internal.PlainNumber;
import org.apd4j.spd.SpdConfig;
import org.jspecify.annotations.Nullable;

/** What moves the problems of a decomposition by SPD; with its settings, the values to try. */
public final class SpdRemedies implements Remedies {

    /** Factor by which a coefficient changes that has to be looked for: half an order of magnitude. */
    private static final double STEP = 3;

    /** Importances of small inputs lie below 1, which training allows, since its masks are seldom as small as they. */
    private static final double SMALL_ERROR_OF_IMPORTANCES = 0.1;

    private final @Nullable SpdConfig config;

    private SpdRemedies(@Nullable SpdConfig config) {
        this.config = config;
    }

    /** Returns the remedies with the values to try in place of these settings. */
    public static SpdRemedies of(SpdConfig config) {
        return new SpdRemedies(config);
    }

    /** Returns the remedies of a decomposition whose settings are not known. */
    public static SpdRemedies general() {
        return new SpdRemedies(null);
    }

    @Override
    public Optional<String> against(Finding.Kind kind) {
        return switch (kind) {
            case NOTHING_ACTIVE -> Optional.of("The price of importance is too high: " + minimality(1 / STEP) + ".");
            case NOT_FAITHFUL -> Optional.of("More steps" + steps() + ", or a higher coefficient of faithfulness; C must be at least the rank of every"
                    + " matrix.");
            case FAILED_SEED -> Optional.of("Take another seed, or more steps" + steps() + ": of the paper's runs of TMS 5-2, two of twelve fail at 40,000"
                    + " steps, six of twelve at 10,000.");
            case TOO_FEW_ACTIVE -> Optional.of("The importances let go of too much: " + minimality(1 / STEP) + ".");
            case NOT_MINIMAL -> Optional.of("More steps" + steps() + "; more subcomponents" + components() + ".");
            case SHRUNK -> Optional.of("Importances stay below 1: " + minimality(1 / STEP) + ".");
            case TOO_MANY_ACTIVE -> Optional.of("Importance costs too little: " + minimality(STEP) + ".");
            case NOT_COVERED -> Optional.of("Either its importance costs too much, " + minimality(1 / STEP) + ", or it had no subcomponent to take: more of"
                    + " them" + components() + ", or another seed.");
            case MERGED -> Optional.of("Another seed, more steps" + steps() + ", or more subcomponents" + components() + ".");
            case SPLIT -> Optional.of("More steps" + steps() + ", or a higher price of importance: " + minimality(STEP) + ".");
            case ALL_USED -> Optional.of("A run with more subcomponents" + components() + "; if as many stay in use, there were enough.");
            default -> Optional.empty(); // surplus subcomponents may die, and W_out's may be active everywhere
        };
    }

    /** Returns the error of the output with masks as small as the importances that a right decomposition may have. */
    @Override
    public double smallError() {
        return SMALL_ERROR_OF_IMPORTANCES;
    }

    private String minimality(double factor) {
        if (config == null || config.importanceMinimality() == 0) {
            return (factor < 1 ? "a lower" : "a higher") + " coefficient of importance minimality";
        }
        return "importanceMinimality " + PlainNumber.of(PlainNumber.twoDigits(factor * config.importanceMinimality())) + " instead of "
                + PlainNumber.of(config.importanceMinimality());
    }

    private String steps() {
        return config == null ? "" : String.format(Locale.ROOT, " (steps %,d instead of %,d)", 2 * config.steps(), config.steps());
    }

    private String components() {
        return config == null ? "" : String.format(Locale.ROOT, " (components %d instead of %d)", 2 * config.components(), config.components());
    }
}
