package org.apd4j.apd.internal;

import java.lang.reflect.RecordComponent;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.StringJoiner;
import org.apd4j.apd.ApdConfig;
import org.apd4j.apd.LpPenalty;
import org.apd4j.decomposition.Selection;
import org.apd4j.io.internal.Fingerprint;
import org.apd4j.training.Schedule;
import org.jspecify.annotations.Nullable;

/**
 * Names of runs for display. Settings that differ from the paper's for the same target are part of the name, so that runs that differ have
 * different names: "TMS 5-2, APD, seed 0, components 8".
 */
public final class RunName {

    private static final Map<String, ApdConfig> PAPER = Map.of("TMS 5-2", ApdConfig.paperTms5to2(), "TMS 40-10", ApdConfig.paperTms40to10(),
            "residual MLP, 1 layer", ApdConfig.paperCompressedComputation(), "residual MLP, 2 layers", ApdConfig.paperCrossLayer(),
            "gated functions", ApdConfig.paperGatedFunctions());

    private RunName() {
    }

    /** Returns the name of a run. Targets that are not the paper's are compared with the settings of its 1-layer residual MLP. */
    public static String of(String target, ApdConfig config, long seed) {
        ApdConfig paper = PAPER.entrySet().stream().filter(known -> target.startsWith(known.getKey())).map(Map.Entry::getValue).findFirst()
                .orElseGet(ApdConfig::paperCompressedComputation);
        var name = new StringJoiner(", ").add(target).add("APD").add("seed " + seed);
        for (RecordComponent setting : ApdConfig.class.getRecordComponents()) {
            Object value = Fingerprint.value(setting, config);
            if (!Objects.equals(value, Fingerprint.value(setting, paper))) {
                name.add(text(setting.getName(), value));
            }
        }
        return name.toString();
    }

    private static String text(String setting, @Nullable Object value) {
        if (value instanceof Selection.BatchTopK top) {
            return "k " + number(top.k());
        }
        if (value instanceof Selection.PerSampleTopK top) {
            return "k " + top.k() + " per sample";
        }
        if (value instanceof LpPenalty lp) {
            return "Lp, q " + number(lp.q());
        }
        String words = setting.replaceAll("([A-Z])", " $1").toLowerCase(Locale.ROOT);
        if (value instanceof Schedule schedule) {
            return words + " " + word(schedule.shape()) + (schedule.halfLife() > 0 ? " " + number(schedule.halfLife()) : "")
                    + (schedule.warmup() > 0 ? " after " + number(schedule.warmup()) : "");
        }
        if (value instanceof Boolean is) {
            return (is ? "" : "no ") + words;
        }
        return value instanceof Enum<?> one ? words + " " + word(one) : words + " " + (value instanceof Double d ? number(d) : value);
    }

    private static String word(Enum<?> one) {
        return one.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    /** Returns a value with all of its digits, so that different values have different texts. */
    private static String number(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e9 ? Long.toString((long) value) : Double.toString(value);
    }
}
