package org.apd4j.measures;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.NoSuchElementException;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.apd4j.decomposition.DecompositionSource;
import org.apd4j.measures.importance.FeatureOwners;
import org.apd4j.measures.importance.ImportanceStatistics;
import org.apd4j.measures.importance.KeepOnlyError;
import org.apd4j.measures.residual.NeuronContributions;
import org.apd4j.measures.residual.SubcomponentContributions;
import org.apd4j.measures.superposition.Recovery;
import org.apd4j.targets.Target;
import org.apd4j.targets.Tms;

/**
 * Which mechanisms of a target a decomposition has recovered: for each feature, whether a component of its own has the feature's direction, and
 * whether it is the whole mechanism. The bounds are the same for every method.
 *
 * <p>A feature has <b>a direction of its own</b> if, among live components, the one that is closest to its weights has a cosine similarity above
 * {@link Bounds#cosine}, and is closest to no other feature. This is the success of APD's paper (MMCS, section 3.1), feature by feature. It is little:
 * components that start as what the target's weights do on samples have it before the first step, and components of any length have it.
 *
 * <p>The component is <b>the whole mechanism</b> of the feature if, further,
 * <ul>
 * <li>its length is that of the target's weights, to {@link Bounds#length} (the paper's ML2R, feature by feature): a component of 0.9 of the length
 * leaves a tenth of the weights to the others;</li>
 * <li>the feature alone makes it the most important component, with an importance above {@link FeatureOwners#COVERED} (coverage and separation): the
 * method itself must say that this component is at work;</li>
 * <li>with this component alone the feature's output has at most {@link Bounds#keepOnly} of the error that it has without any
 * ({@link KeepOnlyError}): what it computes counts, and not only how its weights look. In a network with tied weights a component of half the length
 * computes a quarter.</li>
 * </ul>
 *
 * <p>In toy models of superposition the weights of a feature are its row of the encoder. In a residual MLP they are its neuron contributions, each a
 * product of what the neuron reads and what it writes, and the component is the most important one on the feature alone. So the bounds on a product
 * are twice as wide: two angles of 8.1° may add up ({@code cos 8.1° = 0.99}, {@code cos 16.2° = 0.96}), and two errors of 5 % in length. Where
 * each matrix has components of its own, as in SPD, the most important component of every W_in is measured, together with the whole of that layer's W_out.
 * That asks less than of a component with a W_out of its own, whose writing must be right too. The feature has a direction of its own if in every layer
 * this component is the most important one of no other feature.
 *
 * <p>The bounds are ours. Lengths of SPD's components differ by up to 0.018 (standard deviation over the features of one run) where it succeeds, so
 * that 0.05 keeps nearly all of them; an untrained start by samples has lengths of about 0.6, and APD's components with the paper's settings 0.9. The
 * error of a component with exactly the feature's weights is 0 in a toy model; 0.1 is what {@code SharedGate.decompose} asks of a run, too.
 *
 * <pre>{@code
 * var mechanisms = RecoveredMechanisms.of(run, RecoveredMechanisms.Bounds.ROWS);
 * System.out.println(mechanisms.directions() + " directions, " + mechanisms.whole() + " whole mechanisms");
 * }</pre>
 *
 * @param bounds   what is asked
 * @param features what was found, by feature
 */
public record RecoveredMechanisms(Bounds bounds, List<Feature> features) {

    /**
     * What is asked of a component that is a feature's mechanism.
     *
     * @param value    the value of the active feature in inputs with a single one
     * @param cosine   the cosine similarity that it must exceed
     * @param length   the largest deviation of its length, relative to the target's, from 1
     * @param keepOnly the largest error of the feature's output with this component alone, relative to that without any
     */
    public record Bounds(double value, double cosine, double length, double keepOnly) {

        /** For the rows of a toy model's encoder. */
        public static final Bounds ROWS = new Bounds(0.75, Recovery.SUCCESSFUL_MMCS, 0.05, 0.1);
        /** For the neuron contributions of a residual MLP. */
        public static final Bounds CONTRIBUTIONS = new Bounds(1, 0.96, 0.1, 0.1);

        /** Returns the bounds for a target: {@link #ROWS} if it has an encoder, otherwise {@link #CONTRIBUTIONS}. */
        public static Bounds of(Target target) {
            return isToy(target) ? ROWS : CONTRIBUTIONS;
        }
    }

    /**
     * What was found of one feature.
     *
     * @param feature    index of the feature
     * @param component  in a toy model the component that is closest to its weights, −1 if none is live; in a residual MLP the most important one, of the
     *                   first W_in where each matrix has its own
     * @param isOwn      whether it is closest to no other feature, or the most important one of no other
     * @param isOwner    whether it is the most important component on the feature alone
     * @param importance its importance on the feature alone if it is, otherwise that of the component that is, 0 … 1
     * @param cosine     cosine similarity of its weights to the target's
     * @param length     length of its weights relative to the target's
     * @param keepOnly   error of the feature's output with the most important component alone, relative to that without any component
     */
    public record Feature(int feature, int component, boolean isOwn, boolean isOwner, double importance, double cosine, double length,
                          double keepOnly) {

        /** Returns whether the component has the feature's direction and no other feature's. */
        public boolean hasDirection(Bounds bounds) {
            return isOwn && cosine > bounds.cosine();
        }

        /** Returns whether the component is the feature's whole mechanism. */
        public boolean isWhole(Bounds bounds) {
            return hasDirection(bounds) && Math.abs(length - 1) <= bounds.length() && isOwner && importance > FeatureOwners.COVERED
                    && keepOnly <= bounds.keepOnly();
        }
    }

    /** Copies the list. */
    public RecoveredMechanisms {
        features = List.copyOf(features);
    }

    /**
     * Measures a decomposition on 20,000 samples of its target's data.
     *
     * @throws IllegalArgumentException if the target is neither a toy model of superposition nor a residual MLP with an output for every feature, or
     *                                  the decomposition switches no components off
     * @throws NoSuchElementException   if a matrix of a residual MLP is not decomposed
     */
    public static RecoveredMechanisms of(DecompositionSource decomposed, Bounds bounds) {
        FeatureOwners owners = FeatureOwners.of(decomposed, bounds.value());
        return of(decomposed, bounds, ImportanceStatistics.of(decomposed, 0).layers().get(0).liveComponents(), owners, KeepOnlyError.of(decomposed, owners));
    }

    /**
     * Measures a decomposition of which other measures are known.
     *
     * @param live   the live components of the first layer where each has components of its own; only those are compared with the rows of an encoder
     * @param owners the features' own components, for {@link Bounds#value}
     * @param errors the errors with these alone
     * @throws IllegalArgumentException if the target is neither a toy model of superposition nor a residual MLP with an output for every feature, or
     *                                  the decomposition switches no components off
     * @throws NoSuchElementException   if a matrix of a residual MLP is not decomposed
     */
    public static RecoveredMechanisms of(DecompositionSource decomposed, Bounds bounds, List<Integer> live, FeatureOwners owners,
                                         KeepOnlyError errors) {
        return isToy(decomposed.decomposition().target()) ? ofRows(Recovery.of(decomposed, Tms.ENCODER, live), bounds, owners.layers().get(0), errors)
                : ofContributions(decomposed, bounds, owners, errors);
    }

    private static RecoveredMechanisms ofRows(Recovery found, Bounds bounds, FeatureOwners.Layer owners, KeepOnlyError errors) {
        List<Integer> components = found.features().stream().map(Recovery.Feature::component).toList();
        List<Feature> features = new ArrayList<>();
        for (Recovery.Feature row : found.features()) {
            int i = row.feature();
            features.add(new Feature(i, row.component(), isOwn(components, i), owners.owner().get(i) == row.component(), owners.importance().get(i),
                    row.cosine(), row.l2Ratio(), errors.share(i)));
        }
        return new RecoveredMechanisms(bounds, features);
    }

    private static RecoveredMechanisms ofContributions(DecompositionSource decomposed, Bounds bounds, FeatureOwners owners, KeepOnlyError errors) {
        boolean isShared = decomposed.decomposition().components().isShared();
        NeuronContributions contributions = isShared ? NeuronContributions.of(decomposed) : ofPieces(SubcomponentContributions.of(decomposed), owners);
        List<Feature> features = new ArrayList<>();
        for (int i = 0; i < errors.kept().size(); i++) {
            int feature = i;
            int component = owners.layers().get(0).owner().get(i);
            int column = isShared ? component : i;
            features.add(new Feature(i, component, owners.layers().stream().allMatch(layer -> isOwn(layer.owner(), feature)), true,
                    owners.layers().stream().mapToDouble(layer -> layer.importance().get(feature)).min().orElse(0),
                    contributions.cosine(column, i), contributions.lengthRatio(column, i), errors.share(i)));
        }
        return new RecoveredMechanisms(bounds, features);
    }

    /** Returns the contributions of each feature's pieces, its owners in every layer of neurons; importances may be the same in all layers. */
    private static NeuronContributions ofPieces(SubcomponentContributions contributions, FeatureOwners owners) {
        int features = owners.layers().get(0).owner().size();
        return contributions.assembled(IntStream.range(0, features).mapToObj(i -> IntStream.range(0, contributions.layers().size())
                .mapToObj(l -> owners.layers().get(owners.layers().size() == 1 ? 0 : l).owner().get(i)).toList()).toList());
    }

    private static boolean isOwn(List<Integer> components, int feature) {
        return Collections.frequency(components, components.get(feature)) == 1;
    }

    private static boolean isToy(Target target) {
        return target.network().parameters().stream().anyMatch(parameter -> parameter.name().equals(Tms.ENCODER));
    }

    /** Returns the number of features with a direction of their own. */
    public int directions() {
        return (int) features.stream().filter(feature -> feature.hasDirection(bounds)).count();
    }

    /** Returns the number of features whose whole mechanism was recovered. */
    public int whole() {
        return (int) features.stream().filter(feature -> feature.isWhole(bounds)).count();
    }

    /** Returns whether the whole mechanism of every feature was recovered. */
    public boolean success() {
        return whole() == features.size();
    }

    /** Returns the mean cosine similarity; for a toy model the mean max cosine similarity (MMCS). */
    public double meanCosine() {
        return mean(Feature::cosine);
    }

    /** Returns the mean relative length; for a toy model the mean L2 ratio (ML2R). */
    public double meanLength() {
        return mean(Feature::length);
    }

    private double mean(ToDoubleFunction<Feature> number) {
        return features.stream().mapToDouble(number).average().orElse(Double.NaN);
    }

    /** Returns the counts and means in one sentence. */
    public String summary() {
        return String.format(Locale.ROOT, "%d of %d features have a direction of their own, %d a whole mechanism; cosine %.3f, length %.3f on average",
                directions(), features.size(), whole(), meanCosine(), meanLength());
    }
}
