package org.apd4j.interaction;

import java.util.List;

/**
 * How strong edges become weights of the graph whose modules are looked for.
 *
 * <pre>{@code
 * EdgeWeights published = EdgeWeights.of(List.of(ablation.requiredEdges("layers.0", 0.001)));
 * EdgeWeights plain = EdgeWeights.squareRoots();
 * }</pre>
 */
public sealed interface EdgeWeights {

    /**
     * Returns the weights of the published graphs, {@code log₁₀(E/ε)}, 0 below ε: the weakest edge of a section that the last proposal of its search
     * kept.
     */
    static EdgeWeights of(List<EdgeSearch> searches) {
        return new Searched(searches);
    }

    /** Returns the weights {@code log₁₀(E/ε)}, 0 below ε, with one ε for all sections. */
    static EdgeWeights above(double epsilon) {
        return new Above(epsilon);
    }

    /** Returns the weights {@code √E}. */
    static EdgeWeights squareRoots() {
        return new SquareRoots();
    }

    /**
     * Weights {@code log₁₀(E/ε)}, 0 below ε, with ε from the searches for the edges that a network needs.
     *
     * @param searches one for each section between node layers before the output
     */
    record Searched(List<EdgeSearch> searches) implements EdgeWeights {
        public Searched {
            searches = List.copyOf(searches);
        }
    }

    /**
     * Weights {@code log₁₀(E/ε)}, 0 below ε.
     *
     * @param epsilon above 0
     */
    record Above(double epsilon) implements EdgeWeights {
        /** @throws IllegalArgumentException if ε is not a finite number above 0 */
        public Above {
            if (!(epsilon > 0 && epsilon < Double.POSITIVE_INFINITY)) {
                throw new IllegalArgumentException("the strength ε at which edges begin to count is " + epsilon
                        + "; it must be a finite number above 0");
            }
        }
    }

    /** Weights {@code √E}. */
    record SquareRoots() implements EdgeWeights { }
}
