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
import org.apd4j.network.internal.Softmax;

/**
 * What looks wrong with a finished decomposition, and which setting to move. It knows no right answer, so it only looks at what a good
 * decomposition must have whatever the network does; that nothing is found does not say that components mean something.
 *
 * <pre>{@code
 * Diagnosis diagnosis = Diagnosis.of(run);
 * diagnosis.findings()
 * }</pre>
 *
 * @param name     what was looked at, for people
 * @param findings the most serious first; none if nothing looks wrong
 */
public record Diagnosis(String name, List<Finding> findings) implements Summarized {

    /** Faithfulness is reached if the difference to the weights is at most this part of them, by squares. */
    public static final double FAITHFUL = 0.01;
    /** A component that is active on a smaller part of the samples is dead. */
    public static final double DEAD = 1e-3;
    /** A component that is active on a larger part of the samples is used for everything. */
    public static final double EVERYWHERE = 0.9;
    /** Components more alike than this are a mechanism that was split. */
    public static final double ALIKE = 0.9;
    /** Active components that make less than this part of the target's output, and whose output a factor would mend, have shrunk. */
    public static final double SHRUNK = 0.9;
    /** Twice as many components that make the outputs' error smaller by this factor were missing. */
    public static final double MISSING = 4;
    /** An error of the outputs below this part of that without any component is small. */
    public static final double SMALL = 0.02;

    private static final long BATCHES = 0x646961676eL;
    private static final int NUMBER_OF_BATCHES = 4;

    /** What can be wrong. */
    public enum Kind {
        /** No sample has a feature. */
        NEVER_OCCURS,
        /** Features occur in the same samples only. */
        ALWAYS_TOGETHER,
        /** The components do not sum to the weights. */
        NOT_FAITHFUL,
        /** The sparse pass does not compute what the target does, and more components would. */
        TOO_FEW_ACTIVE,
        /** The sparse pass does not compute what the target does, and more components would not either. */
        NOT_MINIMAL,
        /** Active components are too short. */
        SHRUNK,
        /** Two components do the same. */
        SPLIT,
        /** A component is active on nearly everything. */
        EVERYWHERE,
        /** Components are never active. */
        DEAD
    }

    /**
     * One thing that looks wrong.
     *
     * @param kind       what
     * @param components whom it is about; none if it is about all of them, or about the data
     * @param value      what was measured
     * @param seen       it in words
     * @param move       which setting to move, and where
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
     * Looks at a decomposition on batches of its target's data.
     *
     * @throws IllegalArgumentException for the Lp formulation, which switches nothing off
     */
    public static Diagnosis of(DecompositionSource decomposed) {
        return of(decomposed, 0);
    }

    /** The same on the batches of another seed. */
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
                    // where k is larger than needed, zeros are kept too
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

    /** What minimality compares: outputs, or the probabilities of which they are the logits. */
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
        // What is left when the sparse pass is made longer by the best factor: little, if its length is all that is wrong with it.
        double stretched = lengths[1] - lengths[0] * lengths[0] / lengths[2];
        if (length < SHRUNK && stretched < 0.5 * errors[0]) {
            findings.add(new Finding(Kind.SHRUNK, List.of(), length, String.format(Locale.ROOT,
                    "Active components make only %.0f %% of the target's output: they have shrunk.", 100 * length),
                    "A lower coefficient of simplicity, to a half or less, or a higher one of minimality."));
        } else if (error > SMALL && errors[0] > MISSING * errors[1]) {
            findings.add(new Finding(Kind.TOO_FEW_ACTIVE, List.of(), error, String.format(Locale.ROOT,
                    "The active components leave %.0f %% of the output unexplained, and twice as many only %.0f %%.", 100 * error, 100 * errors[1] / errors[2]),
                    moreActive(importance)));
        } else if (error > SMALL) {
            findings.add(new Finding(Kind.NOT_MINIMAL, List.of(), error, String.format(Locale.ROOT,
                    "The active components leave %.0f %% of the output unexplained, twice as many %.0f %%.", 100 * error, 100 * errors[1] / errors[2]),
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
                            "Fewer components C, or a higher coefficient of simplicity; another seed may part them too."));
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
                    String.format(Locale.ROOT, "%d of %d components are hardly ever active: %s.", dead.size(), active.length, names),
                    "Some are surplus. If mechanisms are merged all the same: a larger k, a lower learning rate, or a longer warm-up; if not,"
                            + " fewer components C."));
        }
    }

    private static String text(double value) {
        return String.format(Locale.ROOT, "%.2g", value);
    }

    private static String moreActive(Importance importance) {
        if (!(importance instanceof AttributionImportance own)) {
            return "Let more components be important: a lower price on importance.";
        }
        return "A larger k: " + (own.selection().orElseThrow() instanceof Selection.BatchTopK top
                ? text(1.25 * top.k()) + " … " + text(2 * top.k()) : "one more") + ".";
    }

    /** Twice as many components as are active: by the same selection where there is one, or else over the batch. */
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

    /** {@code Σ (a − zero)(b − zero)}. */
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

    /** Whether something of a kind was found. */
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
            entries.put("nothing", "nothing looks wrong; whether components mean something, only a look at them tells");
        }
        return new Summary("Diagnosis of " + name, entries);
    }
}
