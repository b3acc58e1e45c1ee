package org.apd4j.measures;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.apd4j.data.Dataset;
import org.apd4j.decomposition.Decomposition;
import org.apd4j.decomposition.DecompositionSource;
import org.apd4j.math.internal.Grid;

/**
 * What a classifier still knows when one component is taken out of its weights, {@code W − P_c}.
 *
 * <pre>{@code
 * ClassAblation ablation = ClassAblation.of(digitsRun, digits);
 * ablation.best(3).accuracy()
 * }</pre>
 *
 * @param target  with nothing removed
 * @param removed without component c, C of them
 */
public record ClassAblation(Confusion target, List<Confusion> removed) {

    public ClassAblation {
        removed = List.copyOf(removed);
    }

    /**
     * What removing one component does to one class.
     *
     * @param label     the class
     * @param component c
     * @param accuracy  of the class without the component, 0 … 1
     * @param others    mean accuracy of the other classes without it
     */
    public record Effect(int label, int component, double accuracy, double others) {

        /** How well the class is forgotten and the others are kept: 1 is perfect, 0 is no difference between them. */
        public double selectivity() {
            return others - accuracy;
        }
    }

    /**
     * Measured on rows with labels, not those that the target was trained on.
     *
     * @throws IllegalArgumentException if the rows do not fit the network
     * @throws IllegalStateException    if they have no labels
     */
    public static ClassAblation of(DecompositionSource decomposed, Dataset data) {
        Decomposition found = decomposed.decomposition();
        Confusion target = Confusion.of(found.target(), data);
        List<Confusion> removed = new ArrayList<>();
        for (int c = 0; c < found.count(); c++) {
            removed.add(Confusion.of(found.without(c), data));
        }
        return new ClassAblation(target, removed);
    }

    /** C. */
    public int components() {
        return removed.size();
    }

    /** Names of the classes. */
    public List<String> classes() {
        return target.classes();
    }

    /** Accuracy of each class without each component, {@code [C, classes]}. */
    public Grid accuracies() {
        return Grid.of(components(), classes().size(), (c, label) -> removed.get(c).accuracy(label));
    }

    /** What a component's removal does to a class. */
    public Effect effect(int label, int component) {
        Confusion without = removed.get(component);
        return new Effect(label, component, without.accuracy(label), without.accuracyOfOthers(label));
    }

    /** For a class the component whose removal forgets it and keeps the others best, the lowest of equal ones. */
    public Effect best(int label) {
        return IntStream.range(0, components()).mapToObj(c -> effect(label, c))
                .max(Comparator.comparingDouble(Effect::selectivity).thenComparingInt(effect -> -effect.component())).orElseThrow();
    }

    /** {@link #best(int)} of every class, in their order. */
    public List<Effect> best() {
        return IntStream.range(0, classes().size()).mapToObj(this::best).toList();
    }

    /** The class that can be forgotten most cleanly, and how. */
    public Effect cleanest() {
        return best().stream().max(Comparator.comparingDouble(Effect::selectivity)).orElseThrow();
    }
}
