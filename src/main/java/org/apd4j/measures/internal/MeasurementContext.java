package org.apd4j.measures.internal;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
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

/** A decomposition that is being measured, and the operations on it that several measures share. */
public final class MeasurementContext {

    /** A component is active where its mask exceeds this value. */
    public static final float ACTIVE = 0.5f;

    /** Approximate working memory of one masked pass. */
    private static final long PASS_BYTES = 100L << 20;

    private final Decomposition decomposition;
    private final Evaluator evaluator;

    /** Prepares a decomposition for measuring. */
    public MeasurementContext(DecompositionSource source) {
        this.decomposition = source.decomposition();
        this.evaluator = decomposition.evaluator();
    }

    /** Returns the decomposition. */
    public Decomposition decomposition() {
        return decomposition;
    }

    /** Returns the target that is decomposed. */
    public Target target() {
        return decomposition.target();
    }

    /** Returns an evaluator of the decomposition, the same at every call. */
    public Evaluator evaluator() {
        return evaluator;
    }

    /** Returns the number of components C. */
    public int components() {
        return decomposition.count();
    }

    /** Returns the number of the target's inputs. */
    public int features() {
        return target().network().inputs();
    }

    /** Returns the number of the target's outputs. */
    public int outputs() {
        return target().network().outputs();
    }

    /** A rule that masks the components on a batch. */
    @FunctionalInterface
    public interface Masking {

        /** Returns the mask for a batch. */
        ComponentMask mask(SparseRows x);
    }

    /**
     * Returns the masking that the decomposition was trained with, for natural batches.
     *
     * @param measure name of the measure, with its article, for the message
     * @throws IllegalArgumentException if the decomposition was trained without switching components off
     */
    public Masking ownMasking(String measure) {
        if (!decomposition.importance().isSelective()) {
            throw new IllegalArgumentException(measure + " switches components off, which this decomposition was not trained with ("
                    + decomposition.importance().describe() + "); pass a selection, for example Selection.batchTopK(1)");
        }
        return evaluator::ownMask;
    }

    /** Returns the masking of a selection. */
    public Masking masking(Selection selection) {
        return x -> evaluator.select(selection, x);
    }

    /**
     * Draws a batch of the target's data. It has the size that training used, because batch top-k depends on it.
     *
     * @param purpose tells the random streams of different measures apart
     * @param number  number of the batch
     */
    public SparseRows naturalBatch(long seed, long purpose, int number) {
        SparseRows batch = new SparseRows(features());
        target().data().sample(RandomStream.of(seed, purpose, number), decomposition.importance().batch(), batch);
        return batch;
    }

    /** Returns the given rows of a batch, in the given order. */
    public static SparseRows rows(SparseRows from, int... which) {
        SparseRows rows = new SparseRows(from.columns());
        rows.gather(from, which, which.length);
        return rows;
    }

    /**
     * Returns the output under hard masks, {@code [rows, outputs]}. Large masks are worked off in parts to bound the memory, and rows of zeros are
     * skipped where the output is known to be zero.
     *
     * @param keep {@code [rows][C]}, whether a component is kept on a row
     */
    public Matrix masked(SparseRows x, boolean[][] keep) {
        boolean skipsZeros = mapsZeroToZero();
        int[] rows = IntStream.range(0, x.rows()).filter(row -> !skipsZeros || !x.isEmpty(row)).toArray();
        Matrix output = Matrix.zeros(x.rows(), outputs());
        long most = pairsPerPass();
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

    /**
     * Returns the output under real-valued masks, {@code [rows, outputs]}.
     *
     * @param mask {@code [rows][C]}, each value in 0 … 1
     */
    public Matrix masked(SparseRows x, float[][] mask) {
        boolean[][] keep = new boolean[mask.length][];
        boolean isHard = true;
        for (int row = 0; row < mask.length; row++) {
            keep[row] = new boolean[mask[row].length];
            for (int c = 0; c < mask[row].length; c++) {
                keep[row][c] = mask[row][c] != 0;
                isHard &= mask[row][c] == 0 || mask[row][c] == 1;
            }
        }
        if (isHard) {
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

    /** Whether an input of zeros gives an output of zeros under every mask: there is no bias, and every activation is 0 at 0. */
    private boolean mapsZeroToZero() {
        NetworkGraph graph = decomposition.components().graph();
        return graph.sinks().stream().allMatch(sink -> graph.path(graph.one(), sink).isZero())
                && graph.functions().stream().allMatch(function -> function.kind().keepsZero());
    }

    /** The number of (sample, component) pairs that one masked pass may have. */
    private long pairsPerPass() {
        long bytesPerPair = 0;
        for (NetworkGraph.Layer layer : decomposition.components().graph().layers()) {
            Factors factors = decomposition.components().factors(layer.parameter());
            bytesPerPair += 2L * Float.BYTES * (layer.in() + factors.rank() + layer.out());
        }
        return PASS_BYTES / bytesPerPair;
    }

    /** Returns inputs in each of which one feature alone is active, {@code [features, features]}. */
    public static Matrix oneHot(int features, double value) {
        Matrix inputs = Matrix.identity(features);
        for (int i = 0; i < features; i++) {
            inputs.set(i, i, (float) value);
        }
        return inputs;
    }

    /** Returns {@code count} consecutive numbers. */
    public static int[] range(int first, int count) {
        return IntStream.range(first, first + count).toArray();
    }

    /** Draws a mask that keeps every component with probability ½. */
    public static boolean[] randomHalf(RandomStream random, int components) {
        boolean[] keep = new boolean[components];
        for (int c = 0; c < components; c++) {
            keep[c] = random.nextLong() < 0;
        }
        return keep;
    }

    /** Returns the mean squared difference over outputs of each sample, computed in double precision. */
    public static double[] squaredErrors(Matrix outputs, Matrix expected) {
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

    /** Returns the number of active features in a row. */
    public static int active(SparseRows x, int row) {
        return x.start(row + 1) - x.start(row);
    }

    /** Returns the index of the largest value, the lowest index among equal values. */
    public static int largest(List<Double> values) {
        int best = 0;
        for (int i = 1; i < values.size(); i++) {
            if (values.get(i) > values.get(best)) {
                best = i;
            }
        }
        return best;
    }
}
