package org.apd4j.measures;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.apd4j.Summarized;
import org.apd4j.Summary;
import org.apd4j.data.Tensors;
import org.apd4j.decomposition.ComponentMask;
import org.apd4j.decomposition.Decomposition;
import org.apd4j.decomposition.DecompositionSource;
import org.apd4j.decomposition.Factors;
import org.apd4j.decomposition.Finding;
import org.apd4j.decomposition.Finding.Kind;
import org.apd4j.decomposition.Remedies;
import org.apd4j.math.Matrix;
import org.apd4j.math.SparseRows;
import org.apd4j.measures.importance.Agreement;
import org.apd4j.measures.internal.MeasurementContext;

/**
 * The problems that a decomposition shows on its target's data, and the setting to change for each. A diagnosis knows no right answer: it checks what
 * any good decomposition satisfies, whatever the network computes and whatever the method is; which of the problems are problems for the method, and
 * what moves them, the method says ({@link Remedies}). A run, which knows its settings, gets values to try. That nothing is found does not prove that
 * the components are meaningful.
 *
 * <pre>{@code
 * Diagnosis diagnosis = Diagnosis.of(run);
 * diagnosis.findings()
 * }</pre>
 *
 * @param name     name of the target, for display
 * @param findings the problems, the most serious first; empty if none was found
 */
public record Diagnosis(String name, List<Finding> findings) implements Summarized {

    /** Components are faithful if their sum differs from the weights by at most this fraction, of squared norms. */
    public static final double FAITHFUL = 0.01;
    /** A component that is active on a smaller fraction of the samples is dead. */
    public static final double DEAD = 1e-3;
    /** A component that is active on a larger fraction of the samples is active everywhere. */
    public static final double EVERYWHERE = 0.9;
    /** Importances are too small if on a larger fraction of the samples that are not empty no component is active. */
    public static final double SILENT = 0.5;
    /** The number of active components for each active input of sparse data above which too many are active. */
    public static final double A_FEATURE = 1.5;
    /** Two components with a larger cosine similarity are one mechanism that was split. */
    public static final double ALIKE = 0.9;
    /** Active components have shrunk if their output is less than this fraction of the target's, and scaling it would remove most of the error. */
    public static final double SHRUNK = 0.9;
    /** Too few components are active if more of them would divide the error of the output by more than this factor. */
    public static final double MISSING = 4;
    /** A seed has failed if the squared distance of its components' sum from the weights exceeds that of the best seed by more than this factor. */
    public static final double FAILED = 5;

    private static final long BATCHES = 0x646961676eL;
    private static final int NUMBER_OF_BATCHES = 4;
    /** Squared distances from the weights, as a fraction of them, below which rounding decides. */
    private static final double ROUNDING = 1e-10;

    /** Copies the list. */
    public Diagnosis {
        findings = List.copyOf(findings);
    }

    /**
     * Examines a decomposition on four batches of its target's data.
     *
     * @throws IllegalArgumentException if the decomposition was trained without switching components off (the Lp formulation)
     */
    public static Diagnosis of(DecompositionSource decomposed) {
        return of(decomposed, 0);
    }

    /**
     * Examines a decomposition on the batches of a seed.
     *
     * @throws IllegalArgumentException if the decomposition was trained without switching components off (the Lp formulation)
     */
    public static Diagnosis of(DecompositionSource decomposed, long seed) {
        Remedies remedies = decomposed.remedies();
        MeasurementContext subject = new MeasurementContext(decomposed);
        MeasurementContext.Masking masking = subject.ownMasking("the diagnosis");
        Decomposition found = subject.decomposition();
        Report report = new Report(remedies);
        var occurrence = new FeatureOccurrence(found.target().network().inputs());
        var alone = new FeaturesAlone(subject);
        var activity = new ComponentActivity(subject);
        var errors = new OutputErrors(subject);
        for (int number = 0; number < NUMBER_OF_BATCHES; number++) {
            SparseRows x = subject.naturalBatch(seed, BATCHES, number);
            ComponentMask mask = masking.mask(x);
            occurrence.add(x);
            alone.add(x);
            activity.add(x, mask);
            errors.add(x, mask);
        }
        occurrence.addTo(report);
        faithfulness(found, remedies, report);
        errors.addTo(report, remedies.smallError());
        activity.addTo(report);
        activity.addSplitTo(report);
        if (activity.isSparse()) {
            alone.addTo(report);
        }
        return new Diagnosis(found.target().name(), report.findings());
    }

    /**
     * Compares decompositions of the same target that differ in their seed. A run that failed shows beside the others: in how far its components' sum
     * is from the weights, or in components that no other seed has.
     *
     * @param seeds at least two, of one target
     * @throws IllegalArgumentException if there are fewer than two, or they do not decompose the same parameters
     */
    public static Diagnosis ofSeeds(List<? extends DecompositionSource> seeds) {
        if (seeds.size() < 2) {
            throw new IllegalArgumentException("there is " + (seeds.isEmpty() ? "no decomposition" : "one decomposition")
                    + "; seeds are compared with each other, so give at least two");
        }
        Remedies remedies = seeds.get(0).remedies();
        Report report = new Report(remedies);
        List<Decomposition> found = new ArrayList<>();
        seeds.forEach(each -> found.add(each.decomposition()));
        double[] missing = found.stream().mapToDouble(each -> Missing.of(each, remedies).part()).toArray();
        int best = IntStream.range(0, missing.length).reduce(0, (least, i) -> missing[i] < missing[least] ? i : least);
        for (int i = 0; i < missing.length; i++) {
            double times = missing[i] / Math.max(missing[best], ROUNDING);
            if (times > FAILED) {
                report.add(Kind.FAILED_SEED, List.of(), times, String.format(Locale.ROOT,
                        "The components of seed %d are %.0f times as far from the weights as those of seed %d, by squares: its run failed.",
                        found.get(i).provenance().seed(), times, found.get(best).provenance().seed()));
            }
        }
        for (int i = 0; i < missing.length && remedies.leastAgreement() > 0; i++) {
            double agreement = i == best ? 1 : Agreement.of(found.get(best), found.get(i), 0).worst();
            if (!(agreement > remedies.leastAgreement())) {
                report.add(Kind.SEEDS_DISAGREE, List.of(), agreement, String.format(Locale.ROOT,
                        "Seeds %d and %d have found different components: matched ones agree to %.4f.", found.get(best).provenance().seed(),
                        found.get(i).provenance().seed(), agreement));
            }
        }
        return new Diagnosis(found.get(0).target().name(), report.findings());
    }

    /**
     * What the components lack of the weights.
     *
     * @param part      as a fraction of squared norms
     * @param worst     the parameter where the fraction is largest
     * @param worstPart its fraction
     */
    private record Missing(double part, String worst, double worstPart) {

        static Missing of(Decomposition found, Remedies remedies) {
            Map<String, Double> leftOut = remedies.leftOut(found);
            double missing = 0;
            double all = 0;
            String worst = "";
            double worstPart = 0;
            for (Factors factors : found.components().factors()) {
                Matrix weights = found.target().network().parameter(factors.parameter()).values();
                Matrix sum = Tensors.matrix(found.sum(factors.parameter()));
                double size = weights.squaredDistance(Matrix.zeros(weights.rows(), weights.columns()));
                double own = Math.max(0, sum.squaredDistance(weights) - leftOut.getOrDefault(factors.parameter(), 0.0) * size);
                missing += own;
                all += size;
                if (own / size > worstPart) {
                    worstPart = own / size;
                    worst = factors.parameter();
                }
            }
            return new Missing(missing / all, worst, worstPart);
        }
    }

    private static void faithfulness(Decomposition found, Remedies remedies, Report report) {
        Missing missing = Missing.of(found, remedies);
        if (missing.part() > FAITHFUL) {
            report.add(Kind.NOT_FAITHFUL, List.of(), missing.part(), String.format(Locale.ROOT,
                    "The components miss %.1f %% of the weights (by squares; worst in '%s', %.1f %%).", 100 * missing.part(), missing.worst(),
                    100 * missing.worstPart()));
        }
    }

    /** Returns whether a problem of a kind was found. */
    public boolean has(Kind kind) {
        return findings.stream().anyMatch(finding -> finding.kind() == kind);
    }

    @Override
    public Summary summary() {
        Map<String, String> entries = new LinkedHashMap<>();
        for (Finding finding : findings) {
            String name = finding.kind().name().toLowerCase(Locale.ROOT).replace('_', ' ');
            boolean all = finding.components().isEmpty() || finding.kind() == Kind.DEAD;
            entries.merge(all ? name : name + " " + finding.components(), finding.seen() + " → " + finding.move(), (one, other) -> one + " " + other);
        }
        if (entries.isEmpty()) {
            entries.put("no findings", "nothing looks wrong; whether the components mean anything, only looking at them can tell");
        }
        return new Summary("Diagnosis of " + name, entries);
    }
}
