package org.apd4j.apd.internal;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.apd4j.apd.ApdConfig;
import org.apd4j.apd.LpPenalty;
import org.apd4j.decomposition.AttributionKind;
import org.apd4j.decomposition.Selection;
import org.apd4j.decomposition.Sparsity;
import org.apd4j.math.internal.PlainNumber;

/** The settings of APD as the paper's tables name them. */
public final class SettingsText {

    private SettingsText() {
    }

    /** Returns the settings, name and value, in the order of the paper's tables. */
    public static Map<String, String> of(ApdConfig config) {
        Map<String, String> entries = new LinkedHashMap<>();
        entries.put("components C", Integer.toString(config.components()));
        entries.put("largest rank m", Integer.toString(config.rank()));
        entries.put("selection", selection(config.sparsity()));
        entries.put("attributions", config.attributions() == AttributionKind.GRADIENT_FROM_TARGET ? "from the target" : "from the components");
        entries.put("faithfulness, minimality, simplicity",
                number(config.faithfulness()) + ", " + number(config.minimality()) + ", " + number(config.simplicity()));
        entries.put("power p of simplicity", number(config.power()));
        entries.put("unit norm of A", config.unitNorm() ? "yes" : "no");
        entries.put("learning rate", number(config.learningRate()));
        entries.put("schedule", String.format(Locale.ROOT, "%s after %s %% warm-up", config.schedule().shape().name().toLowerCase(Locale.ROOT),
                number(100 * config.schedule().warmup())));
        entries.put("steps", String.format(Locale.ROOT, "%,d", config.steps()));
        entries.put("batch", Integer.toString(config.batch()));
        entries.put("I, for the initial values", Integer.toString(config.copies()));
        return entries;
    }

    private static String selection(Sparsity selection) {
        if (selection instanceof Selection.BatchTopK top) {
            return "batch top-k, k = " + number(top.k());
        }
        return selection instanceof Selection.PerSampleTopK top ? "per sample, k = " + top.k() : "none: Lp, q = " + number(((LpPenalty) selection).q());
    }

    private static String number(double value) {
        return PlainNumber.of(value);
    }
}
