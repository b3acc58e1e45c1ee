package org.apd4j.decomposition;

import java.util.List;
import org.apd4j.data.Sampler;
import org.apd4j.math.SparseRows;
import org.apd4j.training.NotFiniteException;
import org.apd4j.training.internal.Optimizer;

/**
 * The objective that a decomposition minimises. It owns the trained arrays, computes losses and gradients on a batch, and gives the current
 * components; {@link DecompositionRun} draws the batches and updates the arrays.
 *
 * <pre>{@code
 * Objective objective = Apd.METHOD.begin(target.trained(), ApdConfig.paperTms5to2(), 0, Workers.all());
 * System.out.println(objective.losses());
 * }</pre>
 */
public interface Objective {

    /** Returns the names of the losses that {@link #compute} returns, in the same order. */
    List<String> losses();

    /** Registers the trained arrays with the optimizer, which changes them in place. */
    void register(Optimizer optimizer);

    /**
     * Draws the batch of a step. By default, samples of the target's data.
     *
     * @param data   the target's data
     * @param seed   the seed of the run
     * @param stream the stream of random numbers to draw from
     * @param step   number of the step, from 0
     * @param rows   number of samples
     * @param batch  the batch to fill
     */
    default void sample(Sampler data, long seed, long stream, int step, int rows, SparseRows batch) {
        Sampler.draw(data, seed, stream, step, rows, batch);
    }

    /**
     * Computes losses and gradients on a batch, before the update.
     *
     * @param x    the batch, {@code [batch, inputs]}
     * @param step number of the step, from 0
     * @param into the optimizer, whose gradients are set
     * @return the losses without their coefficients, in the order of {@link #losses}
     * @throws NotFiniteException if a loss or a gradient is NaN or infinite
     */
    double[] compute(SparseRows x, int step, Optimizer into);

    /**
     * Returns an upper bound on the absolute values of the gradients of the last {@link #compute}, which saves the optimizer from checking each of
     * them; NaN if none is known, which is the default.
     */
    default double largestGradient() {
        return Double.NaN;
    }

    /** Returns what the user should know of the training so far, for reports of its progress; empty, as by default, if there is nothing. */
    default String notice() {
        return "";
    }

    /** Called after the update of each step, for what a method does besides updates. By default, does nothing. */
    default void afterUpdate(int step, Optimizer optimizer) {
    }

    /** Returns the current components; training changes them in place. */
    Components components();

    /** Returns the importance of the current components on an input. */
    Importance importance();
}
