package org.apd4j.training.internal;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apd4j.math.Matrix;
import org.apd4j.math.internal.Adam;
import org.apd4j.math.internal.ColumnOps;
import org.apd4j.math.internal.Workers;
import org.apd4j.training.NotFiniteException;

/**
 * The optimiser of targets and decompositions: Adam, or AdamW with weight decay, over named blocks of parameters.
 *
 * <pre>{@code
 * Optimizer adam = new Optimizer(0, Workers.all());
 * adam.add("w", Matrix.identity(2));
 * adam.gradient("w").fill(0.1f);
 * adam.update(1, 1e-3);
 * }</pre>
 *
 * <p>For each step, write the gradient of every block to {@link #gradient} and call {@link #update}.
 */
public final class Optimizer {

    /** The number of values that a thread updates at a time. */
    private static final int CHUNK = 1 << 16;

    /** The approximate cost of the update of a value, in multiplications. */
    private static final long MULTIPLICATIONS = 20;

    private record Block(String name, Matrix parameter, Matrix gradient, float[] means, float[] squares) {
    }

    /** The blocks of a range of one array, which are updated one after the other. */
    private record Piece(List<Block> blocks, int from, int to) {
    }

    private final Map<String, Block> blocks = new LinkedHashMap<>();
    private final List<Piece> pieces = new ArrayList<>();
    private final Workers workers;
    private final double weightDecay;
    private final double beta2;
    /** The largest number of blocks that share an array. */
    private int updatesOfAnArray = 1;
    /** Bounds on the current parameters and moments. */
    private ValueBounds largest = ValueBounds.UNKNOWN;

    /**
     * Creates an optimiser without blocks.
     *
     * @param weightDecay λ of the decoupled decay {@code p ← p (1 − lr · λ)} before every update; 0 for plain Adam
     * @param workers     the threads that share an update
     */
    public Optimizer(double weightDecay, Workers workers) {
        this(weightDecay, 0.999, workers);
    }

    /** Creates an optimiser without blocks, with another decay rate β₂ of the mean of the squared gradients, at least 0 and below 1. */
    public Optimizer(double weightDecay, double beta2, Workers workers) {
        this.weightDecay = weightDecay;
        this.beta2 = beta2;
        this.workers = workers;
    }

    /**
     * Adds a block of parameters, which updates will change. Several blocks may share an array: each has a gradient and moments of its own, and their
     * updates are applied one after the other, in the order in which they were added.
     *
     * @throws IllegalArgumentException if the matrix is only a part of its array
     */
    public void add(String name, Matrix parameter) {
        int size = parameter.size();
        if (parameter.data().length != size) {
            throw new IllegalArgumentException("'" + name + "' is a view of a larger array; the optimiser needs a matrix that fills its array");
        }
        Block block = new Block(name, parameter, Matrix.zeros(parameter.rows(), parameter.columns()), new float[size], new float[size]);
        blocks.put(name, block);
        boolean isShared = false;
        for (Piece piece : pieces) {
            if (piece.blocks().get(0).parameter().data() == parameter.data()) {
                piece.blocks().add(block);
                updatesOfAnArray = Math.max(updatesOfAnArray, piece.blocks().size());
                isShared = true;
            }
        }
        for (int from = 0; from < size && !isShared; from += CHUNK) {
            pieces.add(new Piece(new ArrayList<>(List.of(block)), from, Math.min(size, from + CHUNK)));
        }
    }

    /** Returns the gradient of a block, to be written by the caller. */
    public Matrix gradient(String name) {
        return block(name).gradient();
    }

    /** Sets all gradients to 0. */
    public void clearGradients() {
        blocks.values().forEach(block -> block.gradient().fill(0));
    }

    /**
     * Updates all blocks.
     *
     * @param step         the number of the update, counted from 1
     * @param learningRate at least 0; at 0 the moments still change
     * @throws NotFiniteException if a gradient, or a moment or parameter after the update, is not finite; no block has changed then
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
     * Updates all blocks, given a bound on the gradients.
     *
     * @param step            the number of the update, counted from 1
     * @param learningRate    at least 0; at 0 the moments still change
     * @param largestGradient an upper bound on the absolute values of all gradients, which are finite
     * @throws NotFiniteException if a moment or parameter after the update is not finite; no block has changed then
     */
    public void update(int step, double learningRate, double largestGradient) {
        ValueBounds after = largest;
        for (int i = 0; i < updatesOfAnArray; i++) {
            after = after.after(largestGradient, step, learningRate, weightDecay);
        }
        largest = after.areSafe(step, learningRate) ? after : largestAfterUpdate(step, learningRate);
        workers.forEach(pieces.size(), MULTIPLICATIONS * pieces.get(0).to(), i -> {
            Piece piece = pieces.get(i);
            for (Block block : piece.blocks()) {
                Adam.update(block.parameter().data(), block.gradient().data(), block.means(), block.squares(), piece.from(), piece.to(), step,
                        learningRate, weightDecay, beta2);
            }
        });
    }

    /** Returns bounds on all values that an update would write. They do not depend on the number of threads. */
    private ValueBounds largestAfterUpdate(int step, double learningRate) {
        ValueBounds[] ofPieces = new ValueBounds[pieces.size()];
        workers.forEach(ofPieces.length, MULTIPLICATIONS * pieces.get(0).to(), i -> {
            Piece piece = pieces.get(i);
            ValueBounds bounds = new ValueBounds(0, 0, 0);
            for (Block block : piece.blocks()) {
                double[] sizes = Adam.largestAfterUpdate(block.parameter().data(), block.gradient().data(), block.means(), block.squares(),
                        piece.from(), piece.to(), step, learningRate, weightDecay, beta2);
                // where several blocks share an array, the updates add up to at most the sum of what each alone leads to
                bounds = new ValueBounds(bounds.parameter() + sizes[0], Math.max(bounds.mean(), sizes[1]), Math.max(bounds.square(), sizes[2]));
            }
            ofPieces[i] = bounds;
        });
        ValueBounds all = new ValueBounds(0, 0, 0);
        for (int i = 0; i < ofPieces.length; i++) {
            String block = pieces.get(i).blocks().get(0).name();
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

    /** Returns the names of the blocks, in the order in which they were added. */
    public List<String> names() {
        return List.copyOf(blocks.keySet());
    }

    /** Returns the parameters of a block; not a copy. */
    public Matrix parameter(String name) {
        return block(name).parameter();
    }

    /** Returns the running means of a block's gradients; not a copy. They are part of the state of a run. */
    public float[] means(String name) {
        return block(name).means();
    }

    /** Returns the running means of a block's squared gradients; not a copy. */
    public float[] squares(String name) {
        return block(name).squares();
    }

    private Block block(String name) {
        return Objects.requireNonNull(blocks.get(name), name);
    }
}
