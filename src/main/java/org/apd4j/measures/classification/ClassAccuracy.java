package org.apd4j.measures.classification;

import org.apd4j.data.Dataset;
import org.apd4j.decomposition.Decomposition;
import org.apd4j.decomposition.DecompositionSource;
import org.apd4j.decomposition.Evaluator;

/**
 * The accuracy of a classifier and of its decomposition on the rows of a data set.
 *
 * <pre>{@code
 * var accuracy = ClassAccuracy.of(digitsRun, digits);
 * System.out.println(accuracy.activeComponents() + " with the active components, " + accuracy.target() + " with the target");
 * }</pre>
 *
 * @param rows             number of rows
 * @param target           fraction of the rows that the target gives their class
 * @param allComponents    the same with all components
 * @param activeComponents the same with those components alone that the training's selection keeps for each row when all rows are one batch
 */
public record ClassAccuracy(int rows, double target, double allComponents, double activeComponents) {

    /**
     * Measures the three.
     *
     * @throws IllegalArgumentException if the rows do not fit the network, or the training switched no component off
     * @throws IllegalStateException    if the rows have no labels
     */
    public static ClassAccuracy of(DecompositionSource decomposed, Dataset data) {
        Decomposition found = decomposed.decomposition();
        Evaluator evaluator = found.evaluator();
        return new ClassAccuracy(data.size(), Confusion.of(found.target(), data).accuracy(),
                Confusion.of("all components", evaluator.allComponents(data.all()), data).accuracy(),
                Confusion.of("active components", evaluator.masked(data.all()), data).accuracy());
    }
}
