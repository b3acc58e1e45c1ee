package org.apd4j.decomposition;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.apd4j.training.Schedule;

/**
 * The settings of training that all methods have. The settings of a method are a record; its components are stored in run files, compared between
 * runs, and included in fingerprints.
 *
 * <pre>{@code
 * DecompositionSettings settings = ApdConfig.paperTms5to2();
 * System.out.println(settings.steps() + " steps of " + settings.batch() + " samples");
 * }</pre>
 */
public interface DecompositionSettings {

    /** Returns the number of samples per step, at least 1. */
    int batch();

    /** Returns the number of steps of the run, at least 1. */
    int steps();

    /** Returns the learning rate before its schedule, above 0. */
    double learningRate();

    /** Returns the schedule of the learning rate. */
    Schedule schedule();

    /**
     * Returns the settings by name, for tables: those and in the order and the words that the method's paper has. Without a word from the
     * method these are the settings of its training.
     */
    default Map<String, String> described() {
        Map<String, String> entries = new LinkedHashMap<>();
        entries.put("learning rate", Double.toString(learningRate()));
        entries.put("schedule", schedule().toString());
        entries.put("steps", String.format(Locale.ROOT, "%,d", steps()));
        entries.put("batch", Integer.toString(batch()));
        return entries;
    }

    /**
     * Why a setting has its value.
     *
     * @param setting its name
     * @param value   its value, for people
     * @param why     one or two sentences
     */
    record Reason(String setting, String value, String why) {
    }
}
