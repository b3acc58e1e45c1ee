package org.apd4j.interaction;

import java.util.List;
import org.apd4j.math.internal.Grid;

/**
 * The outcome of a bisection for the number of edges of a section that a network needs. The score is not monotone in that number, so the outcome
 * belongs to the sequence of the search.
 *
 * <pre>{@code
 * EdgeSearch search = ablation.requiredEdges("layers.1", 0.01);
 * System.out.println(search.required());
 * }</pre>
 *
 * @param layer    name of the node layer at which the section begins
 * @param required smallest number of edges for which the score held
 * @param tried    numbers of edges tried, with their scores, in order
 * @param mask     {@code [n_out, n_in]}, 1 for the edges kept at the last number tried, which may be one edge less than required, else 0
 */
public record EdgeSearch(String layer, int required, List<AblationCurve.Point> tried, Grid mask) {

    public EdgeSearch {
        tried = List.copyOf(tried);
    }

    @Override
    public String toString() {
        return layer + ": " + required + " edges required";
    }
}
