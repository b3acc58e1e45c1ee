package org.apd4j.decomposition;

import java.util.List;
import org.apd4j.math.Matrix;

/**
 * A real-valued mask: for each sample, the factor by which each component is multiplied, the same in all layers or different for each layer.
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

    /** Returns a mask that is the same in all layers. The values, {@code [batch, C]}, are not copied. */
    public static SoftMask shared(Matrix values) {
        return new SoftMask(List.of(values));
    }

    /**
     * Returns a mask with different values for each layer.
     *
     * @param values {@code [batch, C]} for each use of a decomposed parameter, in the network's order; C may differ. They are not copied.
     * @throws IllegalArgumentException if there are no layers, or they differ in their number of samples
     */
    public static SoftMask ofLayers(List<Matrix> values) {
        if (values.isEmpty()) {
            throw new IllegalArgumentException("a mask needs values for at least one layer");
        }
        for (Matrix layer : values) {
            if (layer.rows() != values.get(0).rows()) {
                throw new IllegalArgumentException("the layers of a mask have " + values.get(0).rows() + " and " + layer.rows()
                        + " samples; their numbers must be equal");
            }
        }
        return new SoftMask(List.copyOf(values));
    }

    /** Returns whether the mask is the same in all layers. */
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
            throw new IllegalStateException("the mask has different values for each of " + layers.size() + " layers; ask for layer(l)");
        }
        return layers.get(0).get(sample, component);
    }

    /** Returns the values for a layer, {@code [batch, C]}; not a copy. */
    public Matrix layer(int layer) {
        return isShared() ? layers.get(0) : layers.get(layer);
    }

    /** Returns the number of layers with different values; 1 if the mask is the same in all layers. */
    public int layers() {
        return layers.size();
    }

    @Override
    public String toString() {
        return "mask of " + rows() + " samples, " + (isShared() ? "the same in all layers" : "of " + layers.size() + " layers");
    }
}
