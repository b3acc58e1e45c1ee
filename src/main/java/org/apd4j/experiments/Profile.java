package org.apd4j.experiments;

import java.util.Locale;

/**
 * The size of a notebook's experiments.
 *
 * <pre>{@code
 * // PAPER, unless the environment variable APD_PROFILE says otherwise
 * var experiment = TmsExperiment.fiveToTwo(Profile.choose(Profile.PAPER));
 * }</pre>
 */
public enum Profile {
    /** The paper's own settings. */
    PAPER,
    /** Smaller settings: at most 90 seconds for a notebook on two cores, with the phenomenon still visible. */
    QUICK;

    /** The environment variable that overrides a notebook's choice, {@value}. */
    public static final String VARIABLE = "APD_PROFILE";

    /**
     * Returns the given profile, unless the environment variable {@value #VARIABLE} names another.
     *
     * @throws IllegalArgumentException if the variable names no profile
     */
    public static Profile choose(Profile choice) {
        String name = System.getenv(VARIABLE);
        if (name == null || name.isBlank()) {
            return choice;
        }
        try {
            return valueOf(name.strip().toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("the environment variable " + VARIABLE + " is '" + name + "'; it must be PAPER or QUICK", e);
        }
    }
}
