package org.apd4j.decomposition;

/**
 * A mask on components: for each sample of a batch, the factor by which each component is multiplied. It is 0 or 1 and the same in all layers
 * ({@link Mask}), or any number, the same in all layers or different for each ({@link SoftMask}).
 *
 * <pre>{@code
 * var evaluator = run.decomposition().evaluator();
 * var batch = run.target().data().sample(0, 256);
 * ComponentMask own = evaluator.ownMask(batch);
 * var output = evaluator.masked(batch, own);
 * }</pre>
 */
public sealed interface ComponentMask permits Mask, SoftMask {

    /** Returns the number of samples in the batch. */
    int rows();

    /**
     * Returns the factor of a component on a sample: 0 turns the component off, 1 leaves it as it is.
     *
     * @throws IllegalStateException if the mask has different values for each layer
     */
    float value(int sample, int component);
}
