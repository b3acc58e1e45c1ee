package org.apd4j.explore;

import java.util.List;
import java.util.Locale;
import org.apd4j.charts.Figure;
import org.apd4j.decomposition.Decomposition;
import org.apd4j.decomposition.DecompositionSource;
import org.apd4j.explore.internal.BoardData;
import org.apd4j.explore.internal.BoardStart;
import org.apd4j.explore.internal.BoardStill;
import org.apd4j.explore.internal.NetworkData;

/**
 * The ablation board of a network that is small enough to be evaluated in a page, such as TMS, gated functions or a classifier of small images.
 * Components are ticked on and off, the input is set with sliders or drawn, and the page shows at once the outputs of the target, of all components
 * and of the ticked ones, and the losses. The page runs the network itself; its numbers agree with those of the
 * {@link org.apd4j.decomposition.Evaluator} to 1e-5.
 *
 * <pre>{@code
 * board(run)
 * }</pre>
 */
public final class Board extends PageOutput {

    /** Largest number of weights, of the network and all components, that a page holds; 32 bits each. */
    private static final int MOST_FLOATS = 40_000;
    private static final Form FORM = new Form("This is a still picture of an ablation board. Where scripts may run, it is interactive: run the cell, "
            + "or trust the notebook, to switch components on and off and to change the input.",
            "board", List.of("dom.js", "network.js", "plots.js", "board.js"), List.of("frame.css", "controls.css"));

    private Board(BoardData data, Figure still) {
        super(data.title(), still, FORM, data);
    }

    /**
     * Returns the board of a decomposition. At first the input is a sample of the data, and those components are ticked whose importance on it is at
     * least a tenth of the largest.
     *
     * @throws IllegalArgumentException if the network and its components have more than 40,000 weights
     * @throws IllegalStateException    if components are not shared by all parameters
     */
    public static Board of(DecompositionSource decomposed) {
        Decomposition decomposition = decomposed.decomposition();
        int count = decomposition.count();
        long floats = NetworkData.floats(decomposition.target().network(), decomposition.components());
        if (floats > MOST_FLOATS) {
            throw new IllegalArgumentException(String.format(Locale.ROOT, "'%s' and its %d components have %,d weights; a board evaluates networks in the page and "
                    + "holds at most %,d. For a residual MLP, use Explorer.of", decomposition.target().name(), count, floats, MOST_FLOATS));
        }
        BoardStart start = BoardStart.of(decomposition);
        return new Board(start.data(), BoardStill.of(decomposition, start));
    }
}
