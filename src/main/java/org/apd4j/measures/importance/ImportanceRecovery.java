package org.apd4j.measures.importance;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apd4j.decomposition.DecompositionSource;
import org.apd4j.measures.superposition.Recovery;
import org.apd4j.targets.Tms;

/**
 * How well the components recover the features of a toy model of superposition, and how far their importances are from one component a feature.
 *
 * <pre>{@code
 * var found = ImportanceRecovery.of(run, List.of(0, 0), 0);
 * System.out.println("MMCS " + found.live().mmcs() + ", " + found.errors() + " wrong importances");
 * }</pre>
 *
 * @param all            the recovery of the encoder's rows by any component
 * @param live           the same by live components only
 * @param liveComponents the encoder's live components
 * @param residualNorm   the norm of what the sum of all components lacks of the encoder, {@code ‖W − Σ_c P_c‖}
 * @param errorsOfLayers by layer, the number of importances that are wrong ({@link ImportanceMatrix#identityError},
 *                       {@link ImportanceMatrix#denseError})
 */
public record ImportanceRecovery(Recovery all, Recovery live, List<Integer> liveComponents, double residualNorm,
                                 List<Integer> errorsOfLayers) {

    private static final double TOLERANCE = 0.1;
    private static final double VALUE = 0.75;

    /** Copies the lists. */
    public ImportanceRecovery {
        liveComponents = List.copyOf(liveComponents);
        errorsOfLayers = List.copyOf(errorsOfLayers);
    }

    /**
     * Measures a decomposition.
     *
     * @param blocks by layer, the number of components that should work together on every input; 0 where each feature should have one of its own
     * @param seed   the seed of the samples that decide which components are live
     * @throws IllegalArgumentException if the target has no such encoder, or the number of layers is another
     */
    public static ImportanceRecovery of(DecompositionSource decomposed, List<Integer> blocks, long seed) {
        OneHotImportances oneHot = OneHotImportances.of(decomposed, VALUE);
        List<ImportanceMatrix> layers = oneHot.layers();
        if (layers.size() != blocks.size()) {
            throw new IllegalArgumentException("there are " + layers.size() + " layers with importances, and " + blocks.size()
                    + " blocks are given; it must be one for each layer");
        }
        List<Integer> live = ImportanceStatistics.of(decomposed, seed).layers().get(0).liveComponents();
        List<Integer> errors = new ArrayList<>();
        for (int l = 0; l < layers.size(); l++) {
            errors.add(blocks.get(l) == 0 ? layers.get(l).identityError(TOLERANCE) : layers.get(l).denseError(blocks.get(l), TOLERANCE));
        }
        return new ImportanceRecovery(Recovery.of(decomposed, Tms.ENCODER), Recovery.of(decomposed, Tms.ENCODER, live), live,
                SubcomponentMatrices.of(decomposed, Tms.ENCODER, oneHot).residualNorm(), errors);
    }

    /** Returns the number of wrong importances over all layers. */
    public int errors() {
        return errorsOfLayers.stream().mapToInt(Integer::intValue).sum();
    }

    /** Returns the recovery by live components in one sentence, with their number and that of wrong importances. */
    public String summary() {
        return String.format(Locale.ROOT, "%s; %d live, %d wrong importances", live.summary(), liveComponents.size(), errors());
    }

    /** Returns whether the live components recover every feature by one of its own ({@link Recovery#success}). */
    public boolean success() {
        return live.success();
    }
}
