package org.apd4j.measures;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apd4j.Summarized;
import org.apd4j.Summary;
import org.apd4j.data.Tensors;
import org.apd4j.decomposition.AttributionImportance;
import org.apd4j.decomposition.ComponentMask;
import org.apd4j.decomposition.Components;
import org.apd4j.decomposition.Decomposition;
import org.apd4j.decomposition.DecompositionSource;
import org.apd4j.decomposition.Factors;
import org.apd4j.decomposition.Importance;
import org.apd4j.decomposition.Mask;
import org.apd4j.decomposition.Selection;
import org.apd4j.math.Matrix;
import org.apd4j.math.SparseRows;
import org.apd4j.measures.internal.MeasurementContext;
import org.apd4j.network.internal.Softmax;

/**
 * The problems that a decomposition shows on its target's data, and the setting to change for each. A diagnosis knows no right answer: it checks what
 * any good decomposition satisfies, whatever the network computes. That nothing is found does not prove that the components are meaningful.
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
    /** Two components with a larger cosine similarity are one mechanism that was split. */
    public static final double ALIKE = 0.9;
    /** Active components have shrunk if their output is less than this fraction of the target's, and scaling it would remove most of the error. */
    public static final double SHRUNK = 0.9;
    /** Too few components are active if twice as many would divide the error of the output by more than this factor. */
    public static final double MISSING = 4;
    /** The error of the output is small if it is below this fraction of the error without any component. */
    public static final double SMALL = 0.02;

    private static final long BATCHES = 0x646961676eL;
    private static final int NUMBER_OF_BATCHES = 4;

    /** The kinds of problems, the most serious first. */
    public enum Kind {
        /** Features occur in no sample. */
        NEVER_OCCURS,
        /** Features occur only together. */
        ALWAYS_TOGETHER,
        /** The components do not add up to the weights. */
        NOT_FAITHFUL,
        /** The active components do not reproduce the target's output, but twice as many would. */
        TOO_FEW_ACTIVE,
        /** The active components do not reproduce the target's output, and neither would twice as many. */
        NOT_MINIMAL,
        /** The output of the active components points the right way but is too small. */
        SHRUNK,
        /** Two components are nearly the same. */
        SPLIT,
        /** A component is active on nearly every sample. */
        EVERYWHERE,
        /** Components are never active. */
        DEAD
    }

    /**
     * A problem.
     *
     * @param kind       the kind of problem
     * @param components the components concerned; empty if it concerns all of them, or the data
     * @param value      the measured value that shows the problem
     * @param seen       the problem in words
     * @param move       the setting to change, and the direction
     */
    public record Finding(Kind kind, List<Integer> components, double value, String seen, String move) {

        public Finding {
            components = List.copyOf(components);
        }
    }

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
        MeasurementContext subject = new MeasurementContext(decomposed);
        MeasurementContext.Masking masking = subject.ownMasking("the diagnosis");
        Decomposition found = subject.decomposition();
        List<Finding> findings = new ArrayList<>();
        var occurrence = new FeatureOccurrence(found.target().network().inputs());
        double[] active = new double[subject.components()];
        double[] errors = new double[3];
        double[] lengths = new double[3];
        int rows = 0;
        for (int number = 0; number < NUMBER_OF_BATCHES; number++) {
            SparseRows x = subject.naturalBatch(seed, BATCHES, number);
            occurrence.add(x);
            Matrix importances = subject.evaluator().importances(x).layer(0);
            ComponentMask mask = masking.mask(x);
            for (int c = 0; c < active.length; c++) {
                for (int row = 0; row < x.rows(); row++) {
                    // where k is larger than needed, top-k also keeps components whose importance is 0
                    active[c] += importances.get(row, c) > 0 && mask.value(row, c) > MeasurementContext.ACTIVE ? 1 : 0;
                }
            }
            Matrix y = compared(found, subject.evaluator().target(x));
            Matrix sparse = compared(found, subject.evaluator().masked(x, mask));
            Matrix twice = compared(found, subject.evaluator().selected(twiceAsMany(found, mask), x));
            Mask empty = Mask.of(new boolean[x.rows()][subject.components()], subject.components());
            Matrix nothing = compared(found, subject.evaluator().masked(x, empty));
            errors[0] += sparse.squaredDistance(y);
            errors[1] += twice.squaredDistance(y);
            errors[2] += nothing.squaredDistance(y);
            lengths[0] += product(sparse, y, nothing);
            lengths[1] += product(y, y, nothing);
            lengths[2] += product(sparse, sparse, nothing);
            rows += x.rows();
        }
        occurrence.addTo(findings);
        faithfulness(found, findings);
        outputs(found.importance(), errors, lengths, findings);
        split(found.components(), active, findings);
        frequencies(active, rows, findings);
        return new Diagnosis(found.target().name(), findings);
    }

    /** Returns what the minimality loss compares: the outputs, or the probabilities if they are logits. */
    private static Matrix compared(Decomposition found, Matrix output) {
        return found.target().isClassifier() ? Softmax.probabilities(output) : output;
    }

    private static void faithfulness(Decomposition found, List<Finding> findings) {
        double missing = 0;
        double all = 0;
        String worst = "";
        double worstPart = 0;
        for (Factors factors : found.components().factors()) {
            Matrix weights = found.target().network().parameter(factors.parameter()).values();
            Matrix sum = Tensors.matrix(found.sum(factors.parameter()));
            double own = sum.squaredDistance(weights);
            double size = weights.squaredDistance(Matrix.zeros(weights.rows(), weights.columns()));
            missing += own;
            all += size;
            if (own / size > worstPart) {
                worstPart = own / size;
                worst = factors.parameter();
            }
        }
        double part = missing / all;
        if (part > FAITHFUL) {
            findings.add(new Finding(Kind.NOT_FAITHFUL, List.of(), part, String.format(Locale.ROOT,
                    "The components miss %.1f %% of the weights (by squares; worst in '%s', %.1f %%).", 100 * part, worst, 100 * worstPart),
                    "More steps or a higher learning rate; then a higher coefficient of faithfulness. C · m must be at least the rank of every"
                            + " matrix: raise C or m."));
        }
    }

    private static void outputs(Importance importance, double[] errors, double[] lengths, List<Finding> findings) {
        double error = errors[0] / errors[2];
        double length = lengths[0] / lengths[1];
        // The error that remains after scaling the output by the best factor: small, if its size is all that is wrong.
        double stretched = lengths[1] - lengths[0] * lengths[0] / lengths[2];
        if (length < SHRUNK && stretched < 0.5 * errors[0]) {
            findings.add(new Finding(Kind.SHRUNK, List.of(), length, String.format(Locale.ROOT,
                    "Active components make only %.0f %% of the target's output: they have shrunk.", 100 * length),
                    "A lower coefficient of simplicity, to a half or less, or a higher one of minimality."));
        } else if (error > SMALL && errors[0] > MISSING * errors[1]) {
            findings.add(new Finding(Kind.TOO_FEW_ACTIVE, List.of(), error, String.format(Locale.ROOT,
                    "The active components leave %.0f %% of the output unexplained; with twice as many it would be only %.0f %%.",
                    100 * error, 100 * errors[1] / errors[2]),
                    moreActive(importance)));
        } else if (error > SMALL) {
            findings.add(new Finding(Kind.NOT_MINIMAL, List.of(), error, String.format(Locale.ROOT,
                    "The active components leave %.0f %% of the output unexplained; twice as many would still leave %.0f %%.",
                    100 * error, 100 * errors[1] / errors[2]),
                    "More steps; a higher coefficient of minimality; more components C, if none is dead."));
        }
    }

    private static void split(Components components, double[] active, List<Finding> findings) {
        List<double[]> flat = IntStream.range(0, components.count()).mapToObj(c -> flat(components, c)).toList();
        for (int a = 0; a < flat.size(); a++) {
            for (int b = a + 1; b < flat.size(); b++) {
                double cosine = cosine(flat.get(a), flat.get(b));
                if (active[a] > 0 && active[b] > 0 && cosine > ALIKE) {
                    findings.add(new Finding(Kind.SPLIT, List.of(a, b), cosine, String.format(Locale.ROOT,
                            "Components %d and %d are nearly the same (cosine similarity %.2f): one mechanism was split.", a, b, cosine),
                            "Fewer components C, or a higher coefficient of simplicity; another seed may also separate them."));
                }
            }
        }
    }

    private static void frequencies(double[] active, int rows, List<Finding> findings) {
        List<Integer> dead = IntStream.range(0, active.length).filter(c -> active[c] / rows < DEAD).boxed().toList();
        for (int c = 0; c < active.length; c++) {
            double part = active[c] / rows;
            if (part > EVERYWHERE && active.length > 1) {
                findings.add(new Finding(Kind.EVERYWHERE, List.of(c), part, String.format(Locale.ROOT,
                        "Component %d is active on %.0f %% of the samples: it holds what all of them share.", c, 100 * part),
                        "If the inputs have a mean that all share, take it out with a fixed bias on the input; else a smaller k or a higher"
                            + " coefficient of simplicity."));
            }
        }
        if (!dead.isEmpty()) {
            String names = dead.stream().map(String::valueOf).collect(Collectors.joining(", "));
            findings.add(new Finding(Kind.DEAD, dead, dead.size(),
                    String.format(Locale.ROOT, "%d of %d components %s hardly ever active: %s.", dead.size(), active.length,
                            dead.size() == 1 ? "is" : "are", names),
                    "Some are surplus. If mechanisms are merged all the same: a larger k, a lower learning rate, or a longer warm-up; if not,"
                            + " fewer components C."));
        }
    }

    private static String text(double value) {
        return String.format(Locale.ROOT, "%.2g", value);
    }

    private static String moreActive(Importance importance) {
        if (!(importance instanceof AttributionImportance own)) {
            return "A lower coefficient of the loss that keeps importances small, so that more components are active.";
        }
        return "A larger k: " + (own.selection().orElseThrow() instanceof Selection.BatchTopK top
                ? text(1.25 * top.k()) + " … " + text(2 * top.k()) : "one more") + ".";
    }

    /** Returns a selection of twice as many components as are active: of the kind that training used if it had one, otherwise batch top-k. */
    private static Selection twiceAsMany(Decomposition found, ComponentMask mask) {
        int components = found.count();
        Selection own = found.importance() instanceof AttributionImportance importance ? importance.selection().orElseThrow() : null;
        if (own instanceof Selection.PerSampleTopK top) {
            return Selection.perSampleTopK(Math.min(components, 2 * top.k()));
        }
        double k = own instanceof Selection.BatchTopK top ? top.k() : activePerSample(mask, components);
        return Selection.batchTopK(Math.min(components, 2 * k));
    }

    private static double activePerSample(ComponentMask mask, int components) {
        int active = 0;
        for (int row = 0; row < mask.rows(); row++) {
            for (int c = 0; c < components; c++) {
                active += mask.value(row, c) > MeasurementContext.ACTIVE ? 1 : 0;
            }
        }
        return Math.max(1, active) / (double) mask.rows();
    }

    /** Returns {@code Σ (a − zero)(b − zero)}. */
    private static double product(Matrix a, Matrix b, Matrix zero) {
        double sum = 0;
        for (int row = 0; row < a.rows(); row++) {
            for (int j = 0; j < a.columns(); j++) {
                sum += (double) (a.get(row, j) - zero.get(row, j)) * (b.get(row, j) - zero.get(row, j));
            }
        }
        return sum;
    }

    private static double[] flat(Components components, int c) {
        return components.factors().stream().flatMapToDouble(factors -> {
            float[] values = components.component(factors.parameter(), c).toArray();
            return IntStream.range(0, values.length).mapToDouble(i -> values[i]);
        }).toArray();
    }

    private static double cosine(double[] a, double[] b) {
        double product = 0;
        double ofA = 0;
        double ofB = 0;
        for (int i = 0; i < a.length; i++) {
            product += a[i] * b[i];
            ofA += a[i] * a[i];
            ofB += b[i] * b[i];
        }
        return ofA == 0 || ofB == 0 ? 0 : product / Math.sqrt(ofA * ofB);
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
            entries.put(all ? name : name + " " + finding.components(), finding.seen() + " → " + finding.move());
        }
        if (entries.isEmpty()) {
            entries.put("no findings", "nothing looks wrong; whether the components mean anything, only looking at them can tell");
        }
        return new Summary("Diagnosis of " + name, entries);
    }
}
