package org.apd4j.interaction;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.IntToDoubleFunction;
import org.apd4j.interaction.internal.EdgeAblation;
import org.apd4j.interaction.internal.LayerBasis;
import org.apd4j.interaction.internal.NetworkScore;
import org.apd4j.interaction.internal.NodeAblation;
import org.apd4j.math.internal.DoubleMatrix;
import org.apd4j.math.internal.Grid;

/**
 * The score of a network, on samples that should not be those of the basis, when only the leading nodes of a node layer, or the strongest edges of a
 * section, are left (paper section 4).
 *
 * <pre>{@code
 * Ablation ablation = Ablation.of(interactions, interactions.graph(), Samples.of(digits), Score.ACCURACY);
 * AblationCurve curve = ablation.nodes("layers.1", AblationSchedule.paper());
 * EdgeSearch search = ablation.requiredEdges("layers.1", 0.001);
 * }</pre>
 */
public final class Ablation {

    /** Numbers of nodes between a good and a bad one that are tried in turn. */
    private static final int MOST_IN_TURN = 64;

    private final InteractionBasis basis;
    private final InteractionGraph graph;
    private final NetworkScore scores;
    private final double base;

    private Ablation(InteractionBasis basis, InteractionGraph graph, NetworkScore scores) {
        this.basis = basis;
        this.graph = graph;
        this.scores = scores;
        this.base = scores.base();
    }

    /**
     * Returns the ablations of a network, after running it untouched.
     *
     * @throws IllegalArgumentException if the samples do not fit the network or have no labels, or the edges are not those of the basis
     */
    public static Ablation of(InteractionBasis basis, InteractionGraph graph, Samples test, Score score) {
        SectionedNetwork network = basis.network();
        network.check(test);
        if (!test.isLabelled()) {
            throw new IllegalArgumentException("the samples have no labels; ablations are judged by the right answers");
        }
        int answers = test.size() * network.positions(SectionedNetwork.OUTPUT);
        if (test.labels().length != answers) {
            throw new IllegalArgumentException("there are " + test.labels().length + " labels for " + test + "; the network gives " + answers
                    + " answers to them");
        }
        for (int label : test.labels()) {
            if (label >= network.outputs()) {
                throw new IllegalArgumentException("a label is " + label + "; the network has the classes 0 to " + (network.outputs() - 1));
            }
        }
        List<LayerBasis> layers = basis.found();
        for (int l = 0; l + 1 < layers.size(); l++) {
            var strength = graph.from(layers.get(l).boundary().name()).strength();
            if (strength.rows() != layers.get(l + 1).nodes() || strength.columns() != layers.get(l).nodes()) {
                throw new IllegalArgumentException("the edges from '" + layers.get(l).boundary().name() + "' are " + strength
                        + "; the basis has nodes for ["
                        + layers.get(l + 1).nodes() + ", " + layers.get(l).nodes() + "]");
            }
        }
        return new Ablation(basis, graph, new NetworkScore(network.program(), test.inputs(), test.labels(), score));
    }

    /** Returns the score of the untouched network. */
    public double base() {
        return base;
    }

    /**
     * Removes nodes of a node layer, those of the smallest effect first and the constant last.
     *
     * @throws IllegalArgumentException if the node layer has no basis
     */
    public AblationCurve nodes(String layer, AblationSchedule schedule) {
        LayerBasis found = rotated(layer);
        return curve(layer, nodes(found, found.basis().orElseThrow(), found.inverse().orElseThrow()), found.width(), schedule);
    }

    /**
     * Removes nodes as {@link #nodes(String, AblationSchedule)} does, and fills the gap in the schedule in which the score becomes worse than allowed:
     * from the last number that is good enough downwards, one after the other, up to the first that is not. (A gap of more than {@value #MOST_IN_TURN}
     * numbers is halved first.) So {@link AblationCurve#required} of this difference does not depend on how coarse the schedule is there.
     *
     * @param allowed how much worse than the base score a score may be
     * @throws IllegalArgumentException if the node layer has no basis, or the difference is negative
     */
    public AblationCurve nodes(String layer, AblationSchedule schedule, double allowed) {
        LayerBasis found = rotated(layer);
        return filled(layer, nodes(found, found.basis().orElseThrow(), found.inverse().orElseThrow()), found.width(), schedule, allowed);
    }

    /**
     * Removes principal components of a node layer, those of the smallest variance first and the constant last.
     *
     * @throws IllegalArgumentException if the node layer has no principal components
     */
    public AblationCurve principalComponents(String layer, AblationSchedule schedule) {
        LayerBasis found = rotated(layer);
        return curve(layer, components(layer, found), found.width(), schedule);
    }

    /**
     * Removes principal components, and fills the gap in the schedule as {@link #nodes(String, AblationSchedule, double)} does.
     *
     * @param allowed how much worse than the base score a score may be
     * @throws IllegalArgumentException if the node layer has no principal components, or the difference is negative
     */
    public AblationCurve principalComponents(String layer, AblationSchedule schedule, double allowed) {
        LayerBasis found = rotated(layer);
        return filled(layer, components(layer, found), found.width(), schedule, allowed);
    }

    private IntToDoubleFunction components(String layer, LayerBasis found) {
        var principal = found.principal().orElseThrow(() -> new IllegalArgumentException("the basis of '" + layer + "' has no principal components"));
        return nodes(found, principal.basis(), principal.inverse());
    }

    private LayerBasis rotated(String layer) {
        LayerBasis found = basis.found().get(basis.index(layer));
        if (found.boundary().isOutput() || found.basis().isEmpty()) {
            throw new IllegalArgumentException("'" + layer + "' has no basis whose nodes could be removed");
        }
        return found;
    }

    /** Returns the score by the number of directions kept. */
    private IntToDoubleFunction nodes(LayerBasis found, DoubleMatrix directions, DoubleMatrix inverse) {
        var runs = new NodeAblation(scores, found.boundary(), directions, inverse);
        return kept -> kept >= directions.columns() ? base : runs.score(kept);
    }

    private AblationCurve filled(String layer, IntToDoubleFunction score, int width, AblationSchedule schedule, double allowed) {
        requireAllowed(allowed);
        List<AblationCurve.Point> points = new ArrayList<>(curve(layer, score, width, schedule).points());
        int bad = 0;
        while (bad < points.size() && isGood(points.get(bad), allowed)) {
            bad++;
        }
        if (bad > 0 && bad < points.size()) {
            int low = points.get(bad).kept();
            int high = points.get(bad - 1).kept();
            while (high - low > MOST_IN_TURN) {
                int middle = (low + high) / 2;
                points.add(bad, new AblationCurve.Point(middle, score.applyAsDouble(middle)));
                if (isGood(points.get(bad), allowed)) {
                    high = middle;
                    bad++;
                } else {
                    low = middle;
                }
            }
            boolean isGood = true;
            for (int kept = high - 1; kept > low && isGood; kept--) {
                points.add(bad, new AblationCurve.Point(kept, score.applyAsDouble(kept)));
                isGood = isGood(points.get(bad), allowed);
                bad++;
            }
        }
        return new AblationCurve(layer, scores.score(), base, points);
    }

    private boolean isGood(AblationCurve.Point point, double allowed) {
        return scores.score().holds(point.value(), base, allowed);
    }

    private static void requireAllowed(double allowed) {
        if (!(allowed >= 0)) {
            throw new IllegalArgumentException("the allowed difference is " + allowed + "; it must be at least 0");
        }
    }

    private AblationCurve curve(String layer, IntToDoubleFunction score, int width, AblationSchedule schedule) {
        List<AblationCurve.Point> points = new ArrayList<>();
        for (int kept : schedule.kept(width)) {
            points.add(new AblationCurve.Point(kept, score.applyAsDouble(kept)));
            if (Math.abs(points.get(points.size() - 1).value() - points.get(0).value()) > schedule.stopAt()) {
                break;
            }
        }
        return new AblationCurve(layer, scores.score(), base, points);
    }

    /**
     * Keeps only the strongest edges of a section; those of the constant are always kept, and not counted.
     *
     * @param layer name of the node layer at which the section begins
     * @param kept  numbers of edges, at least 0
     * @throws IllegalArgumentException if no section begins there, or a number is negative
     */
    public AblationCurve edges(String layer, List<Integer> kept) {
        kept.stream().filter(count -> count < 0).findFirst().ifPresent(count -> {
            throw new IllegalArgumentException("the number of edges to keep is " + count + "; it must be at least 0");
        });
        EdgeAblation runs = edgeAblation(layer);
        return new AblationCurve(layer, scores.score(), base, kept.stream().map(count -> new AblationCurve.Point(count, score(runs,
                runs.mask(count)))).toList());
    }

    private double score(EdgeAblation runs, boolean[][] mask) {
        return EdgeAblation.isComplete(mask) ? base : runs.score(mask);
    }

    private EdgeAblation edgeAblation(String layer) {
        int index = basis.index(layer);
        if (index == basis.found().size() - 1) {
            throw new IllegalArgumentException("no section begins at '" + layer + "', the last node layer");
        }
        return new EdgeAblation(scores, basis.found().get(index), basis.found().get(index + 1), DoubleMatrix.of(graph.from(layer).strength()),
                basis.config().centred());
    }

    /**
     * Finds, by bisection, how many edges of a section are needed for a score that is worse than the base score by at most an allowed difference.
     *
     * @param layer name of the node layer at which the section begins
     * @throws IllegalArgumentException if no section begins there, or the difference is negative
     */
    public EdgeSearch requiredEdges(String layer, double allowed) {
        requireAllowed(allowed);
        EdgeAblation runs = edgeAblation(layer);
        int all = runs.allEdges();
        int low = 0;
        int high = all;
        List<AblationCurve.Point> tried = new ArrayList<>();
        boolean[][] mask = runs.mask(all);
        while (high - low > 1) {
            int removed = (low + high) / 2;
            mask = runs.mask(all - removed);
            double value = score(runs, mask);
            tried.add(new AblationCurve.Point(all - removed, value));
            if (scores.score().holds(value, base, allowed)) {
                low = removed;
            } else {
                high = removed;
            }
        }
        boolean[][] last = mask;
        return new EdgeSearch(layer, all - low, tried, Grid.of(last.length, last[0].length, (i, j) -> last[i][j] ? 1 : 0));
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%s %.4f of the untouched network", scores.score(), base);
    }
}
