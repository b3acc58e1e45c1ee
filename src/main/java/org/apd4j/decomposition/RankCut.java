package org.apd4j.decomposition;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apd4j.decomposition.internal.LeadingFactors;
import org.apd4j.math.Matrix;
import org.apd4j.math.SparseRows;

/**
 * A decomposition whose components are cut to their numerical rank: in every parameter, singular values of a component that are below a tolerance,
 * relative to the largest of all components in that parameter, are dropped, but never a component's largest one. The decomposition that is left is much
 * smaller where components are near rank one, and the error of the cut is measured.
 *
 * <pre>{@code
 * RankCut cut = RankCut.of(mlpRun.decomposition(), RankCut.TOLERANCE);
 * System.out.println(cut.error());
 * NeuronContributions.of(cut.decomposition())
 * }</pre>
 *
 * @param decomposition the decomposition that is left: {@code A_c} has orthonormal columns and {@code B_c} rows of the singular values' sizes, each
 *                      number rounded to a {@value LeadingFactors#STEPS}th of the largest of its column or row
 * @param ranks         the rank that is left of each component, by parameter
 * @param error         the difference to the whole decomposition
 */
public record RankCut(Decomposition decomposition, Map<String, List<Integer>> ranks, CutError error) {

    /** The tolerance of the results that notebooks show, {@value}. */
    public static final double TOLERANCE = 0.01;

    /** The number of samples on which outputs are compared. */
    static final int SAMPLES = 1_024;
    static final long SEED = 0x63757472616e6bL;

    public RankCut {
        Map<String, List<Integer>> copies = new LinkedHashMap<>();
        ranks.forEach((parameter, own) -> copies.put(parameter, List.copyOf(own)));
        ranks = Collections.unmodifiableMap(copies);
    }

    /**
     * The difference of a decomposition that was cut, or only rounded, to the whole one.
     *
     * @param tolerance   the tolerance
     * @param largestRank the largest rank that is left of a component; 0 if nothing was cut, only rounded
     * @param weights     the root of the sum over all components of the squared differences of their entries, relative to the norm of the target's
     *                    parameter; the largest of all parameters
     * @param outputs     the root mean square difference of the outputs on 1,024 samples of the target's data, relative to the root mean square of the
     *                    outputs, with those components switched on that the whole decomposition selects, or with all if it selects none; of a rounded
     *                    decomposition, with the masks that each decomposition computes for itself
     */
    public record CutError(double tolerance, int largestRank, double weights, double outputs) {

        /** Returns the error of a decomposition that was only rounded. */
        public static CutError rounded(double weights, double outputs) {
            return new CutError(0, 0, weights, outputs);
        }

        /** Returns how far a decomposition is off whose trained values, importances included, were rounded. */
        static CutError ofRounding(Decomposition whole, Decomposition rounded) {
            return rounded(weightError(whole, rounded), outputError(whole, rounded, true));
        }

        @Override
        public String toString() {
            String how = largestRank == 0 ? "rounded to a " + LeadingFactors.STEPS + "th of the largest number of each vector"
                    : "cut to rank " + largestRank + " at most (singular values below " + tolerance + " of the largest dropped)";
            return String.format(Locale.ROOT, "%s; error of the weights %.2g %%, of the outputs %.2g %%", how, 100 * weights, 100 * outputs);
        }
    }

    /**
     * Cuts a decomposition.
     *
     * @param tolerance in [0, 1)
     * @throws IllegalArgumentException if the tolerance is out of range
     */
    public static RankCut of(Decomposition whole, double tolerance) {
        if (!(tolerance >= 0 && tolerance < 1)) {
            throw new IllegalArgumentException("the tolerance is " + tolerance + "; it must be at least 0 and below 1");
        }
        List<Factors> left = new ArrayList<>();
        Map<String, List<Integer>> ranks = new LinkedHashMap<>();
        for (Factors factors : whole.components().factors()) {
            LeadingFactors leading = LeadingFactors.of(factors, tolerance);
            left.add(leading.factors());
            ranks.put(factors.parameter(), leading.ranks());
        }
        Components components = whole.components().isShared() ? new Components(whole.target().network(), left)
                : Components.ofLayers(whole.target().network(), left);
        Decomposition cut = new Decomposition(whole.target(), components, whole.importance(), whole.provenance());
        int largest = ranks.values().stream().flatMap(List::stream).mapToInt(rank -> rank).max().orElseThrow();
        return new RankCut(cut, ranks, new CutError(tolerance, largest, weightError(whole, cut), outputError(whole, cut, false)));
    }

    @Override
    public String toString() {
        return error.toString();
    }

    private static double weightError(Decomposition whole, Decomposition cut) {
        double largest = 0;
        for (Factors factors : whole.components().factors()) {
            double difference = 0;
            for (int c = 0; c < factors.components(); c++) {
                Matrix before = whole.components().component(factors.parameter(), c);
                difference += squaredDistance(before, cut.components().component(factors.parameter(), c));
            }
            Matrix weights = whole.target().network().parameter(factors.parameter()).values();
            largest = Math.max(largest, relative(difference, squaredDistance(weights, Matrix.zeros(weights.rows(), weights.columns()))));
        }
        return largest;
    }

    /** @param ownMasks whether the other decomposition is masked by its own importances, or as the whole one */
    private static double outputError(Decomposition whole, Decomposition cut, boolean ownMasks) {
        SparseRows x = whole.target().data().sample(SEED, SAMPLES);
        Evaluator before = whole.evaluator();
        Evaluator after = cut.evaluator();
        Matrix expected;
        Matrix found;
        if (whole.importance().isSelective()) {
            ComponentMask mask = before.ownMask(x);
            expected = before.masked(x, mask);
            found = after.masked(x, ownMasks ? after.ownMask(x) : mask);
        } else {
            expected = before.allComponents(x);
            found = after.allComponents(x);
        }
        return relative(squaredDistance(expected, found), squaredDistance(expected, Matrix.zeros(expected.rows(), expected.columns())));
    }

    /** Returns the root of a quotient; 0 if nothing differs, whatever it is relative to. */
    private static double relative(double squares, double ofWhole) {
        return squares == 0 ? 0 : Math.sqrt(squares / ofWhole);
    }

    private static double squaredDistance(Matrix one, Matrix other) {
        float[] a = one.toArray();
        float[] b = other.toArray();
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            double difference = (double) a[i] - b[i];
            sum += difference * difference;
        }
        return sum;
    }
}
