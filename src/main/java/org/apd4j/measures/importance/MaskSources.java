package org.apd4j.measures.importance;

/**
 * What the sources s of the masks {@code m = g + (1 − g) · s} belong to when a search makes them as bad as it can, and whether what the components lack
 * of the weights takes part.
 *
 * <pre>{@code
 * var errors = MaskedReconstruction.of(run, MaskSources.shared().withDelta(), 0, 5);
 * }</pre>
 *
 * @param perSample whether each sample has sources of its own; otherwise all samples of a batch share one for each component (and layer, where each
 *                  layer has components of its own)
 * @param delta     whether there is one more component, the delta component {@code Δ = W − Σ_c P_c}, of importance 0, so that its mask is its source
 */
public record MaskSources(boolean perSample, boolean delta) {

    /** Returns sources that all samples of a batch share, without a delta component. */
    public static MaskSources shared() {
        return new MaskSources(false, false);
    }

    /** Returns sources for each sample, without a delta component. */
    public static MaskSources ofEachSample() {
        return new MaskSources(true, false);
    }

    /** Returns the same with a delta component. */
    public MaskSources withDelta() {
        return new MaskSources(perSample, true);
    }
}
