package org.apd4j.decomposition;

/**
 * How much of each component takes part on each sample of a batch: all or nothing, shared by all layers ({@link Mask}), or any number,
 * shared or one for each layer ({@link SoftMask}).
 *
 * <pre>{@code
 * var evaluator = run.decomposition().evaluator();
 * var batch = run.target().data().sample(0, 256);
 * ComponentMask own = evaluator.ownMask(batch);
 * var output = evaluator.masked(batch, own);
 * }</pre>
 */
public sealed interface ComponentMask permits Mask, SoftMask {

    /** Returns the number of samples. */
    int rows();

    /**
     * Returns how much of a component takes part on a sample: 0 for nothing, 1 for all of it.
     *
     * @throws IllegalStateException if the mask has values of its own for every layer
     */
    float value(int sample, int component);
}
