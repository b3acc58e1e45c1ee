package org.apd4j.experiments;

import java.util.Locale;

/**
 * How large a notebook's experiments are.
 *
 * <pre>{@code
 * // PAPER, unless the environment variable APD_PROFILE says otherwise
 * var experiment = TmsExperiment.fiveToTwo(Profile.choose(Profile.PAPER));
 * }</pre>
 */
public enum Profile {
    /** The paper's own settings. */
    PAPER,
    /** Smaller: at most 90 seconds a notebook on two cores, the phenomenon still visible. */
    QUICK;

    /** The environment variable that overrides a notebook's choice: {@value}. */
    public static final String VARIABLE = "APD_PROFILE";

    /**
     * A notebook's choice, unless the environment variable {@value #VARIABLE} says otherwise.
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
