package org.apd4j.training;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apd4j.kernel.Adam;
import org.apd4j.kernel.Matrix;
import org.apd4j.kernel.Workers;

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

    private record Block(Matrix parameter, Matrix gradient, float[] means, float[] squares) {
    }

    private record Piece(Block block, int from, int to) {
    }

    private final Map<String, Block> blocks = new LinkedHashMap<>();
    private final List<Piece> pieces = new ArrayList<>();
    private final Workers workers;
    private final double weightDecay;

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
        Block block = new Block(parameter, Matrix.zeros(parameter.rows(), parameter.columns()), new float[size], new float[size]);
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
     * One update of all blocks.
     *
     * @param step         number of the update, from 1
     * @param learningRate may be 0: the moments still change
     */
    public void update(int step, double learningRate) {
        workers.forEach(pieces.size(), MULTIPLICATIONS * pieces.get(0).to(), i -> {
            Piece piece = pieces.get(i);
            Block block = piece.block();
            Adam.update(block.parameter().data(), block.gradient().data(), block.means(), block.squares(), piece.from(), piece.to(), step,
                    learningRate, weightDecay);
        });
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
