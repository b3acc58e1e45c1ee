package org.apd4j.measures;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apd4j.data.SparseFeatures;
import org.apd4j.decomposition.ComponentMask;
import org.apd4j.decomposition.Decomposition;
import org.apd4j.decomposition.DecompositionSource;
import org.apd4j.decomposition.Evaluator;
import org.apd4j.decomposition.Factors;
import org.apd4j.decomposition.Mask;
import org.apd4j.decomposition.Selection;
import org.apd4j.decomposition.SoftMask;
import org.apd4j.math.Matrix;
import org.apd4j.math.RandomStream;
import org.apd4j.math.SparseRows;
import org.apd4j.network.internal.NetworkGraph;
import org.apd4j.targets.Target;

/** A decomposition that is being measured, and what several measures need of it. */
final class MeasurementContext {

    /** Working memory of a masked pass, about. */
    private static final long PASS_BYTES = 100L << 20;

    /** A component is active where its mask is above. */
    static final float ACTIVE = 0.5f;

    private final Decomposition decomposition;
    private final Evaluator evaluator;

    MeasurementContext(DecompositionSource decomposed) {
        this.decomposition = decomposed.decomposition();
        this.evaluator = decomposition.evaluator();
    }

    Decomposition decomposition() {
        return decomposition;
    }

    Target target() {
        return decomposition.target();
    }

    Evaluator evaluator() {
        return evaluator;
    }

    /** C. */
    int components() {
        return decomposition.count();
    }

    int features() {
        return target().network().inputs();
    }

    int outputs() {
        return target().network().outputs();
    }

    /**
     * The target's data, which a measure needs to know more of than how to sample it.
     *
     * @throws IllegalArgumentException if they are not sparse features
     */
    static SparseFeatures sparseFeatures(Target target, String measure) {
        if (target.data() instanceof SparseFeatures features) {
            return features;
        }
        throw new IllegalArgumentException(measure + " is measured on sparse features; the data of '" + target.name() + "' is " + target.data());
    }

    /** @throws IllegalArgumentException if the target's outputs do not stand for its inputs, one for one */
    static void requireOutputPerFeature(Target target, String measure) {
        int features = target.network().inputs();
        if (target.network().outputs() != features) {
            throw new IllegalArgumentException(measure + " needs an output for every feature; '" + target.name() + "' has " + features
                    + " features and " + target.network().outputs() + " outputs");
        }
    }

    /** @throws IllegalArgumentException if a number of samples, points or ablations is below a least one */
    static void requireAtLeast(int least, int value, String name) {
        if (value < least) {
            throw new IllegalArgumentException(name + " is " + value + "; it must be at least " + least);
        }
    }

    /** @throws IllegalArgumentException if the target has no such feature */
    static void requireFeature(Target target, int feature) {
        if (feature < 0 || feature >= target.network().inputs()) {
            throw new IllegalArgumentException("there is no feature " + feature + " of '" + target.name() + "'; they are numbered 0 … "
                    + (target.network().inputs() - 1));
        }
    }

    /** How a batch is masked. */
    @FunctionalInterface
    interface Masking {
        ComponentMask mask(SparseRows x);
    }

    /**
     * The decomposition's own mask, for natural batches.
     *
     * @throws IllegalArgumentException if it switches no component off
     */
    Masking ownMasking(String measure) {
        if (!decomposition.importance().isSelective()) {
            throw new IllegalArgumentException(measure + " needs components to be switched off, and this decomposition was trained without ("
                    + decomposition.importance().describe() + "); say which selection to use, Selection.batchTopK(1) for example");
        }
        return evaluator::ownMask;
    }

    /** The mask of a selection. */
    Masking masking(Selection selection) {
        return x -> evaluator.select(selection, x);
    }

    /** A natural batch of the size that training used: batch top-k depends on it. */
    SparseRows naturalBatch(long seed, long purpose, int number) {
        SparseRows batch = new SparseRows(features());
        target().data().sample(RandomStream.of(seed, purpose, number), decomposition.importance().batch(), batch);
        return batch;
    }

    /** Some rows of a batch. */
    static SparseRows rows(SparseRows from, int... which) {
        SparseRows rows = new SparseRows(from.columns());
        rows.gather(from, which, which.length);
        return rows;
    }

    /**
     * The output under masks of any size, {@code [rows, outputs]}: piece by piece to bound the memory, and without the
     * samples that are 0 anyway.
     */
    Matrix masked(SparseRows x, boolean[][] keep) {
        boolean zeroGivesZero = zeroGivesZero();
        int[] rows = IntStream.range(0, x.rows()).filter(row -> !zeroGivesZero || !x.isEmpty(row)).toArray();
        Matrix output = Matrix.zeros(x.rows(), outputs());
        long most = pairsAtOnce();
        int last;
        for (int first = 0; first < rows.length; first = last) {
            long pairs = 0;
            for (last = first; last < rows.length && (last == first || pairs + count(keep[rows[last]]) <= most); last++) {
                pairs += count(keep[rows[last]]);
            }
            int[] which = Arrays.copyOfRange(rows, first, last);
            boolean[][] part = new boolean[which.length][];
            Arrays.setAll(part, i -> keep[which[i]]);
            Matrix ofPart = evaluator.masked(rows(x, which), Mask.of(part, components()));
            for (int i = 0; i < which.length; i++) {
                output.block(which[i], 1).copyFrom(ofPart.block(i, 1));
            }
        }
        return output;
    }

    /** The output under masks with values from 0 to 1, {@code [rows, outputs]}. */
    Matrix masked(SparseRows x, float[][] mask) {
        boolean[][] keep = new boolean[mask.length][];
        boolean hard = true;
        for (int row = 0; row < mask.length; row++) {
            keep[row] = new boolean[mask[row].length];
            for (int c = 0; c < mask[row].length; c++) {
                keep[row][c] = mask[row][c] != 0;
                hard &= mask[row][c] == 0 || mask[row][c] == 1;
            }
        }
        if (hard) {
            return masked(x, keep);
        }
        Matrix values = Matrix.zeros(mask.length, components());
        for (int row = 0; row < mask.length; row++) {
            System.arraycopy(mask[row], 0, values.data(), values.rowStart(row), mask[row].length);
        }
        return evaluator.masked(x, SoftMask.shared(values));
    }

    private static int count(boolean[] keep) {
        int count = 0;
        for (boolean kept : keep) {
            count += kept ? 1 : 0;
        }
        return count;
    }

    /** Whether the input 0 gives the output 0 under every mask: there is no bias, and every activation is 0 at 0. */
    private boolean zeroGivesZero() {
        NetworkGraph graph = decomposition.components().graph();
        return graph.sinks().stream().allMatch(sink -> graph.path(graph.one(), sink).isZero())
                && graph.functions().stream().allMatch(function -> function.kind().keepsZero());
    }

    /** How many (sample, component) pairs a masked pass may have. */
    private long pairsAtOnce() {
        long perPair = 0;
        for (NetworkGraph.Layer layer : decomposition.components().graph().layers()) {
            Factors factors = decomposition.components().factors(layer.parameter());
            perPair += 2L * Float.BYTES * (layer.in() + factors.rank() + layer.out());
        }
        return PASS_BYTES / perPair;
    }

    static int[] range(int first, int count) {
        return IntStream.range(first, first + count).toArray();
    }

    /** Every component is kept with probability ½. */
    static boolean[] randomHalf(RandomStream random, int components) {
        boolean[] keep = new boolean[components];
        for (int c = 0; c < components; c++) {
            keep[c] = random.nextLong() < 0;
        }
        return keep;
    }

    /** Per sample, the mean over outputs of the squared difference. */
    static double[] squaredErrors(Matrix outputs, Matrix expected) {
        double[] errors = new double[outputs.rows()];
        for (int row = 0; row < errors.length; row++) {
            for (int o = 0; o < outputs.columns(); o++) {
                double difference = (double) outputs.get(row, o) - expected.get(row, o);
                errors[row] += difference * difference;
            }
            errors[row] /= outputs.columns();
        }
        return errors;
    }

    /** Number of a row's active features. */
    static int active(SparseRows x, int row) {
        return x.start(row + 1) - x.start(row);
    }

    /** The place of the largest value, the lowest of equal ones. */
    static int largest(List<Double> values) {
        int best = 0;
        for (int i = 1; i < values.size(); i++) {
            if (values.get(i) > values.get(best)) {
                best = i;
            }
        }
        return best;
    }
}
