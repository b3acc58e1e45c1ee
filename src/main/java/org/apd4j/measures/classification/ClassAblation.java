package org.apd4j.measures.classification;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.apd4j.data.Dataset;
import org.apd4j.decomposition.Decomposition;
import org.apd4j.decomposition.DecompositionSource;
import org.apd4j.math.Statistics;
import org.apd4j.math.internal.Grid;

/**
 * The accuracy of a classifier when one component is removed from its weights, {@code W − P_c}.
 *
 * <pre>{@code
 * ClassAblation ablation = ClassAblation.of(digitsRun, digits);
 * ablation.best(3).accuracy()
 * }</pre>
 *
 * @param target  the confusion matrix of the target
 * @param removed by component, the confusion matrix without it
 */
public record ClassAblation(Confusion target, List<Confusion> removed) {

    public ClassAblation {
        removed = List.copyOf(removed);
    }

    /** The largest accuracy on a class that counts as forgotten. */
    public static final double FORGOTTEN = 0.1;
    /** The least mean accuracy on the other classes at which they count as kept. */
    public static final double KEPT = 0.95;

    /**
     * The effect of removing one component on one class.
     *
     * @param label     index of the class
     * @param component index c of the component
     * @param accuracy  accuracy on the class without the component, 0 … 1; NaN for a class without rows
     * @param others    mean accuracy on the other classes without the component, 0 … 1
     */
    public record Effect(int label, int component, double accuracy, double others) {

        /** Returns {@code others − accuracy}: 1 if the class alone is forgotten, 0 if it fares like the others, negative if it fares better. */
        public double selectivity() {
            return others - accuracy;
        }
    }

    /**
     * Measures a decomposition on labelled rows, which should not be the rows that the target was trained on.
     *
     * @throws IllegalArgumentException if the rows do not have the network's number of inputs, or not as many classes as the network has outputs
     * @throws IllegalStateException    if the rows have no labels
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

    /** Returns the number of components C. */
    public int components() {
        return removed.size();
    }

    /** Returns the names of the classes. */
    public List<String> classes() {
        return target.classes();
    }

    /** Returns the accuracy on each class without each component, {@code [C, classes]}. */
    public Grid accuracies() {
        return Grid.of(components(), classes().size(), (c, label) -> removed.get(c).accuracy(label));
    }

    /** Returns the effect of removing a component on a class. */
    public Effect effect(int label, int component) {
        Confusion without = removed.get(component);
        return new Effect(label, component, without.accuracy(label), without.accuracyOfOthers(label));
    }

    /** Returns the effect of the component whose removal is most selective for a class, the lowest index among equal ones. */
    public Effect best(int label) {
        return IntStream.range(0, components()).mapToObj(c -> effect(label, c))
                .max(Comparator.comparingDouble(Effect::selectivity).thenComparingInt(effect -> -effect.component())).orElseThrow();
    }

    /** Returns the {@linkplain #best(int) most selective effect} for every class, in the order of the classes. */
    public List<Effect> best() {
        return IntStream.range(0, classes().size()).mapToObj(this::best).toList();
    }

    /** Returns the most selective effect of all: which class can be removed most cleanly, and by which component. */
    public Effect cleanest() {
        return best().stream().max(Comparator.comparingDouble(Effect::selectivity)).orElseThrow();
    }

    /** Returns the least selective of the {@linkplain #best() best effects}: the class for which no component can be removed cleanly. */
    public Effect leastClean() {
        return best().stream().min(Comparator.comparingDouble(Effect::selectivity)).orElseThrow();
    }

    /** Returns the mean selectivity of the {@linkplain #best() best effects} over classes. */
    public double meanSelectivity() {
        return Statistics.mean(best().stream().mapToDouble(Effect::selectivity).toArray());
    }

    /** Returns the number of classes that fall below {@value #FORGOTTEN} without some component and leave the others above {@value #KEPT}. */
    public int forgottenCleanly() {
        return (int) best().stream().filter(effect -> effect.accuracy() < FORGOTTEN && effect.others() > KEPT).count();
    }

    /** Returns in one sentence how many classes can be forgotten cleanly, and which are the most and the least clean. */
    public String summary() {
        return String.format(Locale.ROOT, "%d of %d classes fall below %.0f %% and leave the others above %.0f %%; mean selectivity %.2f; the cleanest is "
                + "'%s', the least clean '%s'", forgottenCleanly(), classes().size(), 100 * FORGOTTEN, 100 * KEPT, meanSelectivity(),
                classes().get(cleanest().label()), classes().get(leastClean().label()));
    }
}
