package org.apd4j.experiments;

import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apd4j.training.Results;

/**
 * The size of a notebook's experiments, and whether they are trained at all.
 *
 * <pre>{@code
 * // LOOK, unless the environment variable APD_PROFILE says otherwise
 * var experiment = TmsExperiment.fiveToTwo(Profile.choose(Profile.LOOK));
 * }</pre>
 */
public enum Profile {
    /** The settings of {@link #PAPER}, of which nothing is trained: the committed {@link Results} are shown. */
    LOOK,
    /** Smaller settings: at most 90 seconds for a notebook on two cores, with the phenomenon still visible. */
    QUICK,
    /** The paper's own settings, where text and released code agree; otherwise those of the code. */
    PAPER,
    /** As many steps as the published run, where the paper's code has fewer. Only some experiments have it. */
    LONG;

    /** The environment variable that overrides a notebook's choice, {@value}. */
    public static final String VARIABLE = "APD_PROFILE";

    /** The folder of the committed results, beside the notebooks. */
    private static final Path COMMITTED = Path.of("results");
    /** The environment variable with a folder of results that are shown in every profile, for checks. */
    private static final String SHOW = "APD_SHOW";
    /** The environment variable in which Jupyter's server tells a kernel the path of its notebook. */
    private static final String NOTEBOOK = "JPY_SESSION_NAME";
    private static final Pattern NUMBER = Pattern.compile("[0-9]+");
    /** The environment variable with the folder in which results are recorded. */
    private static final String RECORD = "APD_RECORD";
    /** The environment variables with what the results' files say about their origin. */
    private static final String COMMIT = "APD_COMMIT";
    private static final String MACHINE = "APD_MACHINE";
    private static final String ADVICE = "To train it here, choose Profile.QUICK or Profile.PAPER in the notebook's first code cell; to see what is "
            + "committed, take back what was changed";

    /**
     * Returns the given profile, unless the environment variable {@value #VARIABLE} names another, and lets the whole program follow it: under
     * {@link #LOOK} nothing is trained from now on, under any other profile everything is.
     *
     * @throws IllegalArgumentException if the variable names no profile
     */
    public static Profile choose(Profile choice) {
        return choose(choice, System.getenv());
    }

    static Profile choose(Profile choice, Map<String, String> environment) {
        String name = environment.getOrDefault(VARIABLE, "");
        Profile chosen = name.isBlank() ? choice : named(name);
        String shown = environment.getOrDefault(SHOW, "");
        if (chosen == LOOK || !shown.isBlank()) {
            Results.show(shown.isBlank() ? COMMITTED : Path.of(shown), ownFolder(environment.getOrDefault(NOTEBOOK, "")), ADVICE);
        } else {
            Results.train();
        }
        String recorded = environment.getOrDefault(RECORD, "");
        if (recorded.isBlank() || Results.areShown()) {
            Results.stopRecording();
        } else {
            Results.recordTo(Path.of(recorded), new Results.Origin(environment.getOrDefault(COMMIT, "unknown"), LocalDate.now(ZoneOffset.UTC).toString(),
                    chosen.name(), environment.getOrDefault(MACHINE, System.getProperty("os.name") + ", " + System.getProperty("os.arch"))));
        }
        return chosen;
    }

    /** Returns the name of a notebook's folder of results: the number that its name begins with, otherwise its name. */
    private static String ownFolder(String notebook) {
        String name = notebook.substring(Math.max(notebook.lastIndexOf('/'), notebook.lastIndexOf('\\')) + 1);
        Matcher number = NUMBER.matcher(name);
        return number.lookingAt() ? number.group() : name.replaceFirst("\\.ipynb$", "");
    }

    private static Profile named(String name) {
        return Arrays.stream(values()).filter(profile -> profile.name().equals(name.strip().toUpperCase(Locale.ROOT))).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("the environment variable " + VARIABLE + " is '" + name + "'; it must be one of "
                        + Arrays.stream(values()).map(Profile::name).collect(Collectors.joining(", "))));
    }

    /** Returns whether experiments are smaller than the paper's; under {@link #LOOK} they are not. */
    public boolean isQuick() {
        return this == QUICK;
    }

    /**
     * Checks that this is not {@link #LONG}.
     *
     * @throws IllegalArgumentException if it is
     */
    void requireNotLong(String experiment) {
        if (this == LONG) {
            throw new IllegalArgumentException(experiment + " has no profile LONG: with PAPER it trains for as many steps as the published run; choose PAPER");
        }
    }
}
