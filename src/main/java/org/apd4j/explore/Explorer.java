package org.apd4j.explore;

import java.util.List;
import org.apd4j.charts.Figure;
import org.apd4j.decomposition.Decomposition;
import org.apd4j.decomposition.DecompositionSource;
import org.apd4j.explore.internal.ExplorerData;
import org.apd4j.figures.ResidualMlpFigures;
import org.apd4j.measures.residual.NeuronContributions;

/**
 * The explorer of the components of a residual MLP. A feature or a component is picked, and the page shows the neuron contributions in target and
 * component, the response of the feature's output, the outputs under random ablations, the layers' shares, the other features that the component
 * answers to, and the other components that serve the feature. All numbers are those of {@link org.apd4j.measures.residual measures}.
 *
 * <pre>{@code
 * explorer(mlpRun)
 * }</pre>
 */
public final class Explorer extends PageOutput {

    /** Number of random ablations of each feature unless another one is given. */
    public static final int ABLATIONS = 64;

    private static final int FEATURES_OF_PICTURE = 4;
    private static final Form FORM = new Form("This is a still picture of a component explorer. Where scripts may run, it is interactive: run the cell, "
            + "or trust the notebook, to pick features and components.",
            "explorer", List.of("dom.js", "plots.js", "hover.js", "explorer.js"), List.of("frame.css", "controls.css"));

    private Explorer(ExplorerData data, Figure still) {
        super(data.title(), still, FORM, data);
    }

    /**
     * Returns the explorer of a decomposition, with {@value #ABLATIONS} random ablations of each feature and seed 0.
     *
     * @throws IllegalArgumentException if the target is no residual MLP with an output for every feature, or its data are not sparse features
     */
    public static Explorer of(DecompositionSource decomposed) {
        return of(decomposed, 0, ABLATIONS);
    }

    /**
     * Returns the explorer of a decomposition.
     *
     * @param seed      of the random ablations
     * @param ablations number of random ablations of each feature, at least 2; see {@link org.apd4j.measures.residual.OneHotAblation}
     * @throws IllegalArgumentException if the target is no residual MLP with an output for every feature, its data are not sparse features, or
     *                                  {@code ablations} is below 2
     */
    public static Explorer of(DecompositionSource decomposed, long seed, int ablations) {
        Decomposition decomposition = decomposed.decomposition();
        NeuronContributions contributions = NeuronContributions.of(decomposition);
        Figure still = ResidualMlpFigures.neuronContributions(contributions, Math.min(FEATURES_OF_PICTURE, contributions.features()));
        return new Explorer(ExplorerData.of(decomposition, contributions, seed, ablations), still);
    }
}
