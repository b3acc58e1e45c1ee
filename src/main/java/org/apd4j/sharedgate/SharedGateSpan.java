package org.apd4j.sharedgate;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.apd4j.Summarized;
import org.apd4j.Summary;
import org.apd4j.sharedgate.internal.SharedGateMethod;
import org.apd4j.targets.Target;

/**
 * What the components of a decomposition by shared gates leave out. Where matrices that are not decomposed write and read a wide stream, the components
 * lie in the part that fixed matrices write or read, or that decomposed matrices write for later ones ({@link SharedGateConfig#inSpan}); what decomposed
 * matrices read or write outside of it belongs to no component. The network computes the same without it.
 *
 * <pre>{@code
 * SharedGateSpan span = SharedGateSpan.of(target.trained(), SharedGateConfig.residualMlp());
 * System.out.println(span.sentence());
 * }</pre>
 *
 * @param leftOut for each decomposed parameter of which a part is left out, that part's share of the sum of squares; empty if nothing is left out
 */
public record SharedGateSpan(Map<String, Double> leftOut) implements Summarized {

    /** Copies the map. */
    public SharedGateSpan {
        leftOut = Collections.unmodifiableMap(new LinkedHashMap<>(leftOut));
    }

    /**
     * Returns what the components of a target with these settings leave out.
     *
     * @throws IllegalArgumentException if the settings do not fit the network
     */
    public static SharedGateSpan of(Target target, SharedGateConfig config) {
        return new SharedGateSpan(SharedGateMethod.span(target.network(), config).leftOut());
    }

    /** Returns what is left out, in a sentence. */
    public String sentence() {
        if (leftOut.isEmpty()) {
            return "The components may lie anywhere in the matrices; nothing is left out.";
        }
        String parts = leftOut.entrySet().stream().map(part -> String.format(Locale.ROOT, "%.0f %% of '%s'", 100 * part.getValue(), part.getKey()))
                .collect(Collectors.joining(", "));
        return "No component has " + parts + " (of the sums of squares): that part reads what nothing writes, or writes what nothing reads, so the network"
                + " computes the same without it.";
    }

    @Override
    public Summary summary() {
        Map<String, String> entries = new LinkedHashMap<>();
        leftOut.forEach((parameter, share) -> entries.put("left out of '" + parameter + "'", String.format(Locale.ROOT, "%.1f %%", 100 * share)));
        entries.put("in words", sentence());
        return new Summary("What the components leave out", entries);
    }
}
