package org.apd4j.sharedgate;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.apd4j.Summarized;
import org.apd4j.Summary;
import org.apd4j.decomposition.Decomposition;
import org.apd4j.decomposition.Evaluator;
import org.apd4j.decomposition.SoftMask;
import org.apd4j.math.Matrix;
import org.apd4j.math.SparseRows;
import org.apd4j.measures.importance.Agreement;

/**
 * The check of a decomposition by shared gates with a second seed, which needs no knowledge of the target's mechanisms: two runs that found the same
 * components, as many of them, and keep the output, are right or wrong together.
 *
 * <pre>{@code
 * var first = SharedGate.decompose(target, SharedGateConfig.tms5to2()).train();
 * var second = SharedGate.decompose(target.trained(), SharedGateConfig.tms5to2(), 1).train();
 * SharedGateCheck check = SharedGateCheck.of(first.decomposition(), second.decomposition());
 * System.out.println(check.sentence());
 * }</pre>
 *
 * @param components   number of components C
 * @param live         number of components of the first run that are alive
 * @param liveOfSecond the same of the second run
 * @param agreement    mean |cos| of matched components over those of the run with more of them, 0 for one without a partner; 1 if they are the same
 * @param keepError    error of the output under the first run's gates, in units of the error without any component
 * @param openGates    mean number of the first run's gates above ½ on a non-empty sample
 */
public record SharedGateCheck(int components, int live, int liveOfSecond, double agreement, double keepError, double openGates) implements Summarized {

    /** Two runs have found the same components if they agree to more than this. */
    public static final double SAME = 0.999;
    /** A run keeps the output if its keep error is below this. */
    public static final double KEPT = 0.1;
    private static final int SAMPLES = 4000;
    private static final long SEED = 0x73685f636865L;

    /**
     * Compares two decompositions of one target.
     *
     * @throws IllegalArgumentException if one of them was made by another method
     */
    public static SharedGateCheck of(Decomposition first, Decomposition second) {
        SharedGateImportance gates = SharedGate.gates(first);
        SharedGateImportance others = SharedGate.gates(second);
        SparseRows x = nonEmpty(first.target().data().sample(SEED, SAMPLES));
        Evaluator evaluator = first.evaluator();
        Matrix y = evaluator.target(x);
        SoftMask g = gates.lower(x, first.components());
        double error = evaluator.masked(x, g).squaredDistance(y);
        double nothing = evaluator.masked(x, SoftMask.shared(Matrix.zeros(x.rows(), first.components().count()))).squaredDistance(y);
        int open = 0;
        for (float value : g.layer(0).toArray()) {
            open += value > 0.5f ? 1 : 0;
        }
        return new SharedGateCheck(first.components().count(), gates.live(), others.live(),
                Agreement.of(first.components(), live(gates, first), second.components(), live(others, second)).worst(), error / nothing,
                (double) open / Math.max(1, x.rows()));
    }

    private static SparseRows nonEmpty(SparseRows all) {
        int[] full = IntStream.range(0, all.rows()).filter(row -> !all.isEmpty(row)).toArray();
        SparseRows x = new SparseRows(all.columns());
        x.gather(all, full, full.length);
        return x;
    }

    private static int[] live(SharedGateImportance gates, Decomposition of) {
        return IntStream.range(0, of.components().count()).filter(gates::isAlive).toArray();
    }

    /** Returns whether the two runs agree: an agreement above 0.999, equally many live components, and a keep error below 0.1. */
    public boolean holds() {
        return agreement > SAME && live == liveOfSecond && keepError < KEPT && live < components;
    }

    /** Returns what the check found, and what to do about it. */
    public String sentence() {
        String found = String.format(Locale.ROOT, "%d and %d of %d components are alive, the two seeds agree to %.4f, and the gates' components leave %.1f %%"
                + " of the error that the output has without any", live, liveOfSecond, components, agreement, 100 * keepError);
        if (holds()) {
            return found + ": the decomposition can be trusted as far as two seeds can tell.";
        }
        List<String> advice = new ArrayList<>();
        if (live >= components || liveOfSecond >= components) {
            advice.add("all components are alive, so take twice as many");
        }
        if (keepError >= KEPT) {
            advice.add("the gates let go of too much, so lower the price minimality");
        } else if (agreement <= SAME || live != liveOfSecond) {
            advice.add("the seeds disagree, so train for twice as many steps, or double the price minimality");
        }
        return found + ": " + String.join("; ", advice) + ".";
    }

    @Override
    public Summary summary() {
        Map<String, String> entries = new LinkedHashMap<>();
        entries.put("alive", live + " and " + liveOfSecond + " of " + components);
        entries.put("agreement", String.format(Locale.ROOT, "%.4f", agreement));
        entries.put("keep error", String.format(Locale.ROOT, "%.4f E0", keepError));
        entries.put("open gates a sample", String.format(Locale.ROOT, "%.2f", openGates));
        entries.put("in words", sentence());
        return new Summary("Check with a second seed", entries);
    }
}
