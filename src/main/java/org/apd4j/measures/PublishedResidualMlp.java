package org.apd4j.measures;

/**
 * What was published of a residual MLP's decomposition (paper sections 3.2 and 3.3), read off the figures: means of the losses of
 * {@link Scrubbing}. Of components the paper draws all, and counts few; the counts are what "nearly all" and "many" are taken for here.
 *
 * <pre>{@code
 * double published = PublishedResidualMlp.ONE_LAYER.scrubbed();
 * double ours = Scrubbing.of(mlpRun, 0, 20_000).of(Scrubbing.Kind.SCRUBBED).mean();
 * }</pre>
 *
 * @param features            number of features
 * @param topK                mean loss under the training's selection
 * @param scrubbed            mean loss, scrubbed
 * @param antiScrubbed        mean loss, anti-scrubbed
 * @param baseline            mean loss of the monosemantic baseline
 * @param featuresRepresented features represented, at least
 * @param monosemantic        monosemantic components, at least
 * @param acrossLayers        features whose predominant component has its three largest neurons in several layers, at least; 0 where there is
 *                            one layer
 */
public record PublishedResidualMlp(int features, double topK, double scrubbed, double antiScrubbed, double baseline,
                                   int featuresRepresented, int monosemantic, int acrossLayers) {

    /** Losses agree with the published ones that differ by at most this part of them. */
    public static final double NEAR = 0.25;

    /** How many of a component's largest neurons are looked at for the layers that they lie in. */
    public static final int LARGEST_NEURONS = 3;

    /** Compressed computation (paper section 3.2). */
    public static final PublishedResidualMlp ONE_LAYER = new PublishedResidualMlp(100, 1.2e-4, 2.7e-4, 1.4e-3, 8.4e-4, 95, 90, 0);

    /** Cross-layer distributed representations (paper section 3.3). */
    public static final PublishedResidualMlp TWO_LAYERS = new PublishedResidualMlp(100, 9e-5, 4.0e-4, 1.6e-3, 8.3e-4, 95, 70, 50);
}
