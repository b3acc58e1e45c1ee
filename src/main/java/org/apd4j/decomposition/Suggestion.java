package org.apd4j.decomposition;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apd4j.Summarized;
import org.apd4j.Summary;

/**
 * Settings to start from for a target that has not been decomposed before, with a reason for each. They follow from the target's network and data
 * alone; what they are based on is said by the method that makes them.
 *
 * <pre>{@code
 * Suggestion<ApdConfig> suggestion = ApdConfig.suggest(target.trained());
 * var decomposition = Apd.decompose(target.trained(), suggestion.config(), 0);
 * }</pre>
 *
 * @param <S>     the type of the settings
 * @param config  the settings
 * @param reasons the reason for each setting, the most important first
 */
public record Suggestion<S extends Record & DecompositionSettings>(S config, List<DecompositionSettings.Reason> reasons) implements Summarized {

    /** Copies the list. */
    public Suggestion {
        reasons = List.copyOf(reasons);
    }

    @Override
    public Summary summary() {
        Map<String, String> entries = new LinkedHashMap<>();
        reasons.forEach(reason -> entries.put(reason.setting() + " = " + reason.value(), reason.why()));
        return new Summary("Settings to start from", entries);
    }
}
