package org.apd4j.decomposition;

import java.util.List;
import org.apd4j.data.Sampler;
import org.apd4j.math.SparseRows;
import org.apd4j.training.NotFiniteException;
import org.apd4j.training.internal.Optimizer;

/**
 * What a decomposition minimises while it trains: it owns the numbers that are trained, says losses and gradients on a batch, and what the
 * components are at any time. {@link DecompositionRun} draws the batches and updates.
 *
 * <pre>{@code
 * Objective objective = Apd.METHOD.begin(target.target(), ApdConfig.paperTms5to2(), 0, Workers.all());
 * System.out.println(objective.losses());
 * }</pre>
 */
public interface Objective {

    /** Returns the names of the losses that are on, in the order of {@link #compute}. */
    List<String> losses();

    /** Gives the optimizer the blocks of numbers that are trained; it changes them in place. */
    void register(Optimizer optimizer);

    /**
     * Draws the batch of a step. By default it is the target's data.
     *
     * @param stream which random numbers are the decomposition's
     */
    default void sample(Sampler data, long seed, long stream, int step, int rows, SparseRows batch) {
        Sampler.draw(data, seed, stream, step, rows, batch);
    }

    /**
     * Computes losses and gradients on a batch, before the update.
     *
     * @param step number of the step, from 0
     * @param into whose gradients are filled in
     * @return the losses without their coefficients, in the order of {@link #losses}
     * @throws NotFiniteException if a loss or a gradient is NaN or infinite
     */
    double[] compute(SparseRows x, int step, Optimizer into);

    /** Returns a bound on the absolute values of the gradients of the last {@link #compute}, which saves another look at them; NaN if it is not known. */
    default double largestGradient() {
        return Double.NaN;
    }

    /** Does what a method does besides updates, after the update of a step; nothing by default. */
    default void afterUpdate(int step, Optimizer optimizer) {
    }

    /** Returns the components as they are: they change as training goes on. */
    Components components();

    /** Returns how important the present components are on an input. */
    Importance importance();
}
