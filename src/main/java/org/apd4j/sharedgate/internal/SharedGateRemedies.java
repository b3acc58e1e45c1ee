package org.apd4j.sharedgate.internal;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apd4j.decomposition.Decomposition;
import org.apd4j.decomposition.Factors;
import org.apd4j.decomposition.Finding;
import org.apd4j.decomposition.Remedies;
import org.apd4j.math.internal.PlainNumber;
import org.apd4j.sharedgate.SharedGateCheck;
import org.apd4j.sharedgate.SharedGateConfig;
import org.jspecify.annotations.Nullable;

/** What moves the problems of a decomposition by shared gates; with its settings, the values to try. */
public final class SharedGateRemedies implements Remedies {

    /** Factor by which the price of an open gate changes: right values span more than an order of magnitude. */
    private static final double STEP = 2;

    private final @Nullable SharedGateConfig config;

    private SharedGateRemedies(@Nullable SharedGateConfig config) {
        this.config = config;
    }

    /** Returns the remedies with the values to try in place of these settings. */
    public static SharedGateRemedies of(SharedGateConfig config) {
        return new SharedGateRemedies(config);
    }

    /** Returns the remedies of a decomposition whose settings are not known. */
    public static SharedGateRemedies general() {
        return new SharedGateRemedies(null);
    }

    @Override
    public Optional<String> against(Finding.Kind kind) {
        return switch (kind) {
            case NOTHING_ACTIVE -> Optional.of("An open gate costs too much: " + price(1 / STEP) + "; or pruning came before the gates had opened: a later"
                    + " one" + prunings() + ".");
            case NOT_FAITHFUL -> Optional.of("More steps" + steps() + ", or a higher coefficient of faithfulness at the end" + lastFaithfulness() + ".");
            case SEEDS_DISAGREE -> Optional.of("More steps" + steps() + ", or a higher price of an open gate: " + price(STEP) + ".");
            case TOO_FEW_ACTIVE -> Optional.of("The gates let go of too much: " + price(1 / STEP) + ".");
            case NOT_MINIMAL -> Optional.of("More steps" + steps() + "; more components" + components() + ".");
            case SHRUNK -> Optional.of("Gates stay below 1, or pieces are too small: " + price(1 / STEP) + hidden() + ".");
            case TOO_MANY_ACTIVE -> Optional.of("An open gate costs too little, so that features have several: " + price(STEP) + ".");
            case NOT_COVERED -> Optional.of("Either its gate costs too much, " + price(1 / STEP) + ", or no component started from it: more of them"
                    + components() + ".");
            case MERGED -> Optional.of("More components" + components() + ", of which some start from each feature alone; or another seed.");
            case SPLIT -> Optional.of("A higher price of an open gate: " + price(STEP) + ".");
            case ALL_USED -> Optional.of("More components" + components() + ", until some die.");
            default -> Optional.empty(); // components that are not needed shall die
        };
    }

    /** Returns the error that a right decomposition may keep: what features do together through each other's components. */
    @Override
    public double smallError() {
        return SharedGateCheck.KEPT;
    }

    @Override
    public double leastAgreement() {
        return SharedGateCheck.SAME;
    }

    /** Returns what lies outside the span. Where the settings are not known, components are taken to lie in it, as they do by default. */
    @Override
    public Map<String, Double> leftOut(Decomposition found) {
        List<String> parameters = found.components().factors().stream().map(Factors::parameter).toList();
        return Span.of(found.target().network(), parameters, config == null || config.inSpan()).leftOut();
    }

    private String price(double factor) {
        if (config == null || config.minimality() == 0) {
            return factor < 1 ? "a lower coefficient of minimality" : "a higher coefficient of minimality";
        }
        return "minimality " + PlainNumber.of(PlainNumber.twoDigits(factor * config.minimality())) + " instead of "
                + PlainNumber.of(config.minimality());
    }

    private String steps() {
        return config == null ? "" : String.format(Locale.ROOT, " (steps %,d instead of %,d)", 2 * config.steps(), config.steps());
    }

    private String components() {
        return config == null ? "" : String.format(Locale.ROOT, " (components %d instead of %d)", 2 * config.components(), config.components());
    }

    private String prunings() {
        return config == null || config.prunings().isEmpty() ? "" : " than at " + PlainNumber.of(config.prunings().get(0)) + " of the run";
    }

    private String lastFaithfulness() {
        return config == null ? "" : " (lastFaithfulness " + PlainNumber.of(PlainNumber.twoDigits(3 * config.lastFaithfulness())) + " instead of "
                + PlainNumber.of(config.lastFaithfulness()) + ")";
    }

    private String hidden() {
        return config == null || config.hidden() == 0 ? "" : "; where a function lies between the matrices, hidden 0, since with pieces of rank one hidden"
                + " reconstruction makes them too small";
    }
}
