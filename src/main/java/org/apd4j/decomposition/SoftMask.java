package org.apd4j.decomposition;

import java.util.List;
import org.apd4j.math.Matrix;

/**
 * A real-valued mask: on each sample, the number that each component is multiplied by. One number may stand for a component in all
 * layers, or each layer may have its own.
 *
 * <pre>{@code
 * var batch = run.target().data().sample(0, 256);
 * SoftMask half = SoftMask.shared(Matrix.zeros(256, run.decomposition().count()).fill(0.5f));
 * var output = run.decomposition().evaluator().masked(batch, half);
 * }</pre>
 */
public final class SoftMask implements ComponentMask {

    private final List<Matrix> layers;

    private SoftMask(List<Matrix> layers) {
        this.layers = layers;
    }

    /** Returns a mask that is the same in all layers, given as {@code [batch, C]}; not copied. */
    public static SoftMask shared(Matrix values) {
        return new SoftMask(List.of(values));
    }

    /**
     * Returns a mask with numbers of its own for every layer.
     *
     * @param values {@code [batch, C]} for each use of a decomposed parameter, in the network's order; C may differ. Not copied.
     * @throws IllegalArgumentException if there is none, or they differ in their number of samples
     */
    public static SoftMask ofLayers(List<Matrix> values) {
        if (values.isEmpty()) {
            throw new IllegalArgumentException("a mask needs values for at least one layer");
        }
        for (Matrix layer : values) {
            if (layer.rows() != values.get(0).rows()) {
                throw new IllegalArgumentException("the layers of a mask have " + values.get(0).rows() + " and " + layer.rows()
                        + " samples; they must have as many");
            }
        }
        return new SoftMask(List.copyOf(values));
    }

    /** Returns whether one number stands for a component in all layers. */
    public boolean isShared() {
        return layers.size() == 1;
    }

    @Override
    public int rows() {
        return layers.get(0).rows();
    }

    @Override
    public float value(int sample, int component) {
        if (!isShared()) {
            throw new IllegalStateException("the mask has values of its own for each of " + layers.size() + " layers; ask for layer(l)");
        }
        return layers.get(0).get(sample, component);
    }

    /** Returns a layer's mask, {@code [batch, C]}. */
    public Matrix layer(int layer) {
        return isShared() ? layers.get(0) : layers.get(layer);
    }

    /** Returns the number of layers that have values of their own; 1 if the mask is shared. */
    public int layers() {
        return layers.size();
    }

    @Override
    public String toString() {
        return "mask of " + rows() + " samples, " + (isShared() ? "the same in all layers" : "of " + layers.size() + " layers");
    }
}
