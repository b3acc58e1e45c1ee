package org.apd4j.experiments;

import org.apd4j.measures.residual.Scrubbing;

/**
 * Published results for the decomposition of a residual MLP (paper sections 3.2 and 3.3), read off the figures: mean losses of {@link Scrubbing}, and
 * least numbers of features and components. The paper shows the components and counts few of them, so the least numbers are what "nearly all" and
 * "many" are taken to mean here.
 *
 * <pre>{@code
 * double published = PublishedResidualMlp.ONE_LAYER.scrubbed();
 * double ours = Scrubbing.of(mlpRun, 0, 20_000).of(Scrubbing.Kind.SCRUBBED).mean();
 * }</pre>
 *
 * @param features            number of features
 * @param topK                mean loss under the selection that training used
 * @param scrubbed            mean loss, scrubbed
 * @param antiScrubbed        mean loss, anti-scrubbed
 * @param baseline            mean loss of the monosemantic baseline
 * @param featuresRepresented least number of represented features
 * @param monosemantic        least number of monosemantic components
 * @param largestTop1         largest loss of a feature with one component a sample; NaN where the paper shows none
 */
public record PublishedResidualMlp(int features, double topK, double scrubbed, double antiScrubbed, double baseline,
                                   int featuresRepresented, int monosemantic, double largestTop1) {

    /** The largest relative difference at which a loss agrees with the published one. */
    public static final double NEAR = 0.25;

    /** Compressed computation (paper section 3.2). */
    public static final PublishedResidualMlp ONE_LAYER = new PublishedResidualMlp(100, 1.2e-4, 2.7e-4, 1.4e-3, 8.4e-4, 95, 90, 1.2e-3);

    /** Cross-layer distributed representations (paper section 3.3). */
    public static final PublishedResidualMlp TWO_LAYERS = new PublishedResidualMlp(100, 9e-5, 4.0e-4, 1.6e-3, 8.3e-4, 95, 70, Double.NaN);
}
