package org.apd4j.sharedgate;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.apd4j.Summarized;
import org.apd4j.Summary;
import org.apd4j.decomposition.Divergence;
import org.apd4j.decomposition.internal.ShrinkageCost;
import org.apd4j.math.Matrix;
import org.apd4j.math.SparseRows;
import org.apd4j.sharedgate.internal.SharedGateMethod;
import org.apd4j.sharedgate.internal.Span;
import org.apd4j.targets.Target;

/**
 * What the components of a decomposition by shared gates leave out. Where matrices that are not decomposed write and read a wide stream, the components
 * lie in the span of what these write and read ({@link SharedGateConfig#inSpan}); what decomposed matrices read or write outside of it belongs to no
 * component. The span is exact where nothing decomposed reads what others of them write into the stream.
 *
 * <pre>{@code
 * SharedGateSpan span = SharedGateSpan.of(target.trained(), SharedGateConfig.oneLayer());
 * System.out.println(span.sentence());
 * }</pre>
 *
 * @param isExact whether the network computes the same without what is left out
 * @param leftOut for each decomposed parameter of which a part is left out, that part's share of the sum of squares; empty if nothing is left out
 * @param error   the error of the output without what is left out, on samples of the target's data, as a fraction of the error without any component
 */
public record SharedGateSpan(boolean isExact, Map<String, Double> leftOut, double error) implements Summarized {

    private static final int SAMPLES = 2_000;
    private static final long SEED = 0x73685f73706eL;

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
        Span span = SharedGateMethod.span(target.network(), config);
        if (!span.isNarrower()) {
            return new SharedGateSpan(true, Map.of(), 0);
        }
        SparseRows x = target.data().sample(SEED, SAMPLES);
        Matrix y = target.network().forward(x.toDense());
        double error = span.network().forward(x.toDense()).squaredDistance(y) / y.size();
        return new SharedGateSpan(span.isExact(), span.leftOut(), error / ShrinkageCost.withoutWeights(target.network(), x, Divergence.MSE));
    }

    /** Returns whether the span is exact and what it leaves out, in a sentence. */
    public String sentence() {
        if (leftOut.isEmpty()) {
            return "The components may lie anywhere in the matrices; nothing is left out.";
        }
        String parts = leftOut.entrySet().stream().map(part -> String.format(Locale.ROOT, "%.0f %% of '%s'", 100 * part.getValue(), part.getKey()))
                .collect(Collectors.joining(", "));
        String out = "Outside of what the fixed matrices write and read, and in no component, are " + parts + " (of squares); ";
        return out + (isExact ? "the network computes the same without them."
                : String.format(Locale.ROOT, "a later matrix reads what an earlier one writes there, so the sum of the components is not quite the network: it"
                        + " is off by %.1f %% of the error that the output has without any component.", 100 * error));
    }

    @Override
    public Summary summary() {
        Map<String, String> entries = new LinkedHashMap<>();
        entries.put("exact", isExact ? "yes" : "no");
        leftOut.forEach((parameter, share) -> entries.put("left out of '" + parameter + "'", String.format(Locale.ROOT, "%.1f %%", 100 * share)));
        entries.put("in words", sentence());
        return new Summary("What the components leave out", entries);
    }
}
