package org.apd4j.training.internal;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apd4j.math.Matrix;
import org.apd4j.math.internal.Adam;
import org.apd4j.math.internal.ColumnOps;
import org.apd4j.math.internal.Workers;
import org.apd4j.training.NotFiniteException;

/**
 * Adam, or with a weight decay AdamW, over named blocks of parameters: the optimizer of targets and of decompositions.
 *
 * <pre>{@code
 * Optimizer adam = new Optimizer(0, Workers.all());
 * adam.add("w", Matrix.identity(2));
 * adam.gradient("w").fill(0.1f);
 * adam.update(1, 1e-3);
 * }</pre>
 *
 * <p>Whoever trains writes into {@link #gradient} of each block and calls {@link #update}.
 */
public final class Optimizer {

    /** Values that a thread updates at a time. */
    private static final int CHUNK = 1 << 16;

    /** Of one value, about. */
    private static final long MULTIPLICATIONS = 20;

    private record Block(String name, Matrix parameter, Matrix gradient, float[] means, float[] squares) {
    }

    private record Piece(Block block, int from, int to) {
    }

    private final Map<String, Block> blocks = new LinkedHashMap<>();
    private final List<Piece> pieces = new ArrayList<>();
    private final Workers workers;
    private final double weightDecay;
    /** Of everything that is updated, as it is now. */
    private ValueBounds largest = ValueBounds.UNKNOWN;

    /** @param weightDecay decoupled: {@code p ← p (1 − lr · weightDecay)} before every update; 0 for Adam */
    public Optimizer(double weightDecay, Workers workers) {
        this.weightDecay = weightDecay;
        this.workers = workers;
    }

    /** Adds a block, which the optimizer will change; it must fill its array. */
    public void add(String name, Matrix parameter) {
        int size = parameter.size();
        if (parameter.data().length != size) {
            throw new IllegalArgumentException("'" + name + "' is a window; the optimizer takes whole arrays");
        }
        Block block = new Block(name, parameter, Matrix.zeros(parameter.rows(), parameter.columns()), new float[size], new float[size]);
        blocks.put(name, block);
        for (int from = 0; from < size; from += CHUNK) {
            pieces.add(new Piece(block, from, Math.min(size, from + CHUNK)));
        }
    }

    /** Where a block's gradient goes. */
    public Matrix gradient(String name) {
        return blocks.get(name).gradient();
    }

    /** Sets all gradients to 0. */
    public void clearGradients() {
        blocks.values().forEach(block -> block.gradient().fill(0));
    }

    /**
     * Updates all blocks, or none.
     *
     * @param step         number of the update, from 1
     * @param learningRate may be 0: the moments still change
     * @throws NotFiniteException before anything has changed, if a gradient, or a moment or a parameter after the update, is NaN or infinite
     */
    public void update(int step, double learningRate) {
        double sum = 0;
        for (var block : blocks.entrySet()) {
            double ofBlock = ColumnOps.sumOfAbsolutes(block.getValue().gradient());
            if (!Double.isFinite(ofBlock)) {
                throw new NotFiniteException("the gradient of '" + block.getKey() + "'", ofBlock, step - 1);
            }
            sum += ofBlock;
        }
        update(step, learningRate, sum);
    }

    /**
     * Updates all blocks, or none, where the size of the gradients is known already.
     *
     * @param largestGradient at least the largest absolute value of all gradients, which are finite
     * @throws NotFiniteException before anything has changed, if a moment or a parameter after the update is NaN or infinite
     */
    public void update(int step, double learningRate, double largestGradient) {
        ValueBounds after = largest.after(largestGradient, step, learningRate, weightDecay);
        largest = after.areSafe(step, learningRate) ? after : largestAfterUpdate(step, learningRate);
        workers.forEach(pieces.size(), MULTIPLICATIONS * pieces.get(0).to(), i -> {
            Piece piece = pieces.get(i);
            Block block = piece.block();
            Adam.update(block.parameter().data(), block.gradient().data(), block.means(), block.squares(), piece.from(), piece.to(), step,
                    learningRate, weightDecay);
        });
    }

    /** Looks at all values that the update would write; the same for any number of threads. */
    private ValueBounds largestAfterUpdate(int step, double learningRate) {
        ValueBounds[] ofPieces = new ValueBounds[pieces.size()];
        workers.forEach(ofPieces.length, MULTIPLICATIONS * pieces.get(0).to(), i -> {
            Piece piece = pieces.get(i);
            Block block = piece.block();
            double[] sizes = Adam.largestAfterUpdate(block.parameter().data(), block.gradient().data(), block.means(), block.squares(), piece.from(),
                    piece.to(), step, learningRate, weightDecay);
            ofPieces[i] = new ValueBounds(sizes[0], sizes[1], sizes[2]);
        });
        ValueBounds all = new ValueBounds(0, 0, 0);
        for (int i = 0; i < ofPieces.length; i++) {
            String block = pieces.get(i).block().name();
            requireFinite(ofPieces[i].mean(), "Adam's first moment of '" + block + "'", step);
            requireFinite(ofPieces[i].square(), "Adam's second moment of '" + block + "'", step);
            requireFinite(ofPieces[i].parameter(), "the parameter '" + block + "'", step);
            all = all.and(ofPieces[i]);
        }
        return all;
    }

    private static void requireFinite(double value, String what, int step) {
        if (!Double.isFinite(value)) {
            throw new NotFiniteException(what, value, step - 1);
        }
    }

    /** Names of the blocks, in order. */
    public List<String> names() {
        return List.copyOf(blocks.keySet());
    }

    /** The parameters of a block, the optimizer's own. */
    public Matrix parameter(String name) {
        return blocks.get(name).parameter();
    }

    /** Running mean of a block's gradients, the optimizer's own: part of what must be kept to continue a run. */
    public float[] means(String name) {
        return blocks.get(name).means();
    }

    /** Running mean of their squares, the optimizer's own. */
    public float[] squares(String name) {
        return blocks.get(name).squares();
    }
}
