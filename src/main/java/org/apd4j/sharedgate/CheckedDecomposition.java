package org.apd4j.sharedgate;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apd4j.Summarized;
import org.apd4j.Summary;
import org.apd4j.decomposition.Decomposition;
import org.apd4j.decomposition.DecompositionRun;
import org.apd4j.decomposition.DecompositionSettings;
import org.apd4j.decomposition.DecompositionSource;
import org.apd4j.decomposition.Finding;
import org.apd4j.decomposition.Remedies;
import org.apd4j.decomposition.Suggestion;
import org.apd4j.targets.Target;

/**
 * A decomposition by shared gates whose settings were chosen from the target, its data and the runs alone, and which was checked with a second seed.
 *
 * <pre>{@code
 * CheckedDecomposition found = SharedGate.decompose(target.trained(), 0);
 * System.out.println(found.check().sentence());
 * }</pre>
 *
 * @param run     the run, trained
 * @param second  the same with another seed, trained
 * @param check   the comparison of the two
 * @param reasons what was chosen, and why
 */
public record CheckedDecomposition(DecompositionRun<SharedGateConfig> run, DecompositionRun<SharedGateConfig> second, SharedGateCheck check,
                                   List<DecompositionSettings.Reason> reasons) implements DecompositionSource, Summarized {

    /** The number of open gates a sample above which the price is lowered. */
    private static final double SEVERAL_OPEN = 1.5;
    private static final int DOUBLINGS = 3;

    /** Creates the result. */
    public CheckedDecomposition {
        reasons = List.copyOf(reasons);
    }

    /**
     * Trains with the settings that the rules choose: twice as many components where all stay alive, and, where hidden reconstruction is off, a lower
     * price where several gates are open at a time. Then trains with a second seed.
     */
    static CheckedDecomposition of(Target target, Suggestion<SharedGateConfig> choice, long seed) {
        List<DecompositionSettings.Reason> reasons = new ArrayList<>(choice.reasons());
        SharedGateConfig config = choice.config();
        DecompositionRun<SharedGateConfig> run = SharedGate.decompose(target, config, seed).train();
        for (int doubled = 0; doubled < DOUBLINGS && SharedGate.gates(run.decomposition()).live() == config.components(); doubled++) {
            int more = 2 * config.components();
            config = config.with(c -> {
                c.components = more;
                c.candidates = Math.max(c.candidates, 4 * more);
            });
            reasons.add(new DecompositionSettings.Reason("components C", Integer.toString(more), "With half as many all stayed alive."));
            run = SharedGate.decompose(target, config, seed).train();
        }
        double open = SharedGateCheck.of(run.decomposition(), run.decomposition()).openGates();
        if (config.hidden() == 0 && open > SEVERAL_OPEN) {
            double price = config.minimality() / open;
            config = config.with(c -> c.minimality = price);
            reasons.add(new DecompositionSettings.Reason("minimality β", String.format(Locale.ROOT, "%.3g E0", price), String.format(Locale.ROOT,
                    "A first run had %.2f gates open on a sample; they share the error, so each costs as much less.", open)));
            run = SharedGate.decompose(target, config, seed).train();
        }
        DecompositionRun<SharedGateConfig> second = SharedGate.decompose(target, config, seed + 1).train();
        return new CheckedDecomposition(run, second, SharedGateCheck.of(run.decomposition(), second.decomposition()), reasons);
    }

    @Override
    public Decomposition decomposition() {
        return run.decomposition();
    }

    /** Returns in words how long the two runs took and how many steps each has. */
    public String duration() {
        return String.format(Locale.ROOT, "%.1f seconds and %.1f seconds for %,d steps each", run.seconds(), second.seconds(), run.steps());
    }

    /** Returns what moves the problems that a diagnosis may find, of which the disagreement of the two seeds is known already. */
    @Override
    public Remedies remedies() {
        return new CheckedRemedies(run.remedies(), check);
    }

    private record CheckedRemedies(Remedies ofRun, SharedGateCheck check) implements Remedies {

        @Override
        public Optional<String> against(Finding.Kind kind) {
            return ofRun.against(kind);
        }

        @Override
        public double smallError() {
            return ofRun.smallError();
        }

        @Override
        public double leastAgreement() {
            return ofRun.leastAgreement();
        }

        @Override
        public Map<String, Double> leftOut(Decomposition found) {
            return ofRun.leftOut(found);
        }

        @Override
        public List<Finding> known() {
            if (check.agreement() > SharedGateCheck.SAME && check.live() == check.liveOfSecond()) {
                return List.of();
            }
            String seen = String.format(Locale.ROOT, "The two seeds agree to %.4f, with %d and %d live components.", check.agreement(), check.live(),
                    check.liveOfSecond());
            return List.of(new Finding(Finding.Kind.SEEDS_DISAGREE, List.of(), check.agreement(), seen,
                    ofRun.against(Finding.Kind.SEEDS_DISAGREE).orElseThrow()));
        }
    }

    @Override
    public Summary summary() {
        Map<String, String> entries = new LinkedHashMap<>();
        entries.put("check", check.sentence());
        reasons.forEach(reason -> entries.put(reason.setting() + " = " + reason.value(), reason.why()));
        return new Summary("Decomposition of " + run.target().name() + " by shared gates, settings by rule", entries);
    }
}
