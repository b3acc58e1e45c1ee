package org.apd4j.interaction;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The settings of a basis and its edges. Immutable; made by a preset with the paper's values or by {@link #of}, and changed by {@link #with}:
 *
 * <pre>{@code
 * InteractionConfig config = InteractionConfig.paper().with(c -> c.threshold = 1e-7);
 * }</pre>
 *
 * @param basis             the kind of basis
 * @param integration       rule for derivatives, unless {@code integrationOf} names another one for a node layer
 * @param intervals         intervals of the rules, at least 0; 0 if no rule integrates
 * @param integrationOf     rule of a node layer, by its full name or by the part before its last dot
 * @param edges             measure of edges
 * @param threshold         directions with a variance, or an effect Λ, below it are dropped; at least 0
 * @param centred           whether the mean is kept in a constant node, so that all others have mean 0
 * @param rotateLast        whether the last node layer has a basis, its principal components
 * @param isolateVariance   whether the variance of a layer norm is a node of its own
 * @param gradientFlow      whether each basis is that of the section to the last node layer, instead of to the next one
 * @param positionSources   random sources that replace the sum over output positions in the basis; 0 for the exact sum
 * @param hiddenSources     random sources that replace the sum over output nodes in the basis; 0 for the exact sum
 * @param edgeSources       random sources that replace the sum over output positions in the edges; 0 for the exact sum
 * @param seed              of the random sources
 */
public record InteractionConfig(BasisKind basis, Integration integration, int intervals, Map<String, Integration> integrationOf, EdgeFormula edges,
                                double threshold, boolean centred, boolean rotateLast, boolean isolateVariance, boolean gradientFlow,
                                int positionSources, int hiddenSources, int edgeSources, long seed) {

    /** @throws IllegalArgumentException if a setting is out of its range, or two contradict each other; the message says what is allowed */
    public InteractionConfig {
        integrationOf = Map.copyOf(integrationOf);
        require(threshold >= 0 && threshold < Double.POSITIVE_INFINITY, "threshold", threshold, "a finite number of at least 0");
        require(!centred || threshold < 1, "threshold", threshold, "below 1, the eigenvalue of the constant, since centred is true");
        require(basis != BasisKind.NEURONS || !centred, "centred", centred, "false for a basis of neurons, which has no constant node");
        require(intervals >= 0, "intervals", intervals, "at least 0");
        boolean isIntegrated = integration != Integration.GRADIENT || integrationOf.values().stream().anyMatch(rule -> rule != Integration.GRADIENT);
        require(intervals == 0 || isIntegrated, "intervals", intervals, "0 for the rule 'gradient', which does not integrate");
        require(positionSources >= 0, "positionSources", positionSources, "at least 1, or 0 for the exact sum");
        require(hiddenSources >= 0, "hiddenSources", hiddenSources, "at least 1, or 0 for the exact sum");
        require(edgeSources >= 0, "edgeSources", edgeSources, "at least 1, or 0 for the exact sum");
        require(edgeSources == 0 || edges == EdgeFormula.SQUARED, "edgeSources", edgeSources, "0 for functional edges");
    }

    private static void require(boolean holds, String field, Object value, String range) {
        if (!holds) {
            throw new IllegalArgumentException("InteractionConfig." + field + " is " + value + "; it must be " + range);
        }
    }

    /** Returns the settings of the published Local Interaction Basis: Jacobian, gradient at f, squared edges, threshold 1e-15. */
    public static InteractionConfig paper() {
        return of(c -> { });
    }

    /** Returns the settings of the paper's comparison, the principal components. */
    public static InteractionConfig principalComponents() {
        return of(c -> c.basis = BasisKind.PRINCIPAL_COMPONENTS);
    }

    /** Returns the settings of the neuron basis, which is not centred. */
    public static InteractionConfig neurons() {
        return of(c -> {
            c.basis = BasisKind.NEURONS;
            c.centred = false;
        });
    }

    /** Returns the settings of naive gradient flow, the paper's other comparison. */
    public static InteractionConfig naiveGradientFlow() {
        return of(c -> c.gradientFlow = true);
    }

    /**
     * Returns settings given by name. Settings that are not given have the defaults of {@link Fields}, those of {@link #paper}.
     *
     * @throws IllegalArgumentException if a setting is out of its range; the message says what is allowed
     */
    public static InteractionConfig of(Consumer<Fields> settings) {
        Fields fields = new Fields();
        settings.accept(fields);
        return fields.toConfig();
    }

    /**
     * Returns these settings with some of them changed. The result is checked as a whole, after all changes.
     *
     * @throws IllegalArgumentException if a setting is out of its range; the message says what is allowed
     */
    public InteractionConfig with(Consumer<Fields> change) {
        Fields fields = new Fields(this);
        change.accept(fields);
        return fields.toConfig();
    }

    /** Returns the rule of a node layer. */
    public Integration integration(String layer) {
        int dot = layer.lastIndexOf('.');
        Integration ofKind = dot < 0 ? null : integrationOf.get(layer.substring(0, dot));
        return integrationOf.getOrDefault(layer, ofKind == null ? integration : ofKind);
    }

    /** Returns the points at which the derivatives of a node layer are taken. */
    public List<Integration.Point> points(String layer) {
        Integration rule = integration(layer);
        return rule.points(rule == Integration.GRADIENT ? 0 : intervals);
    }

    /** The settings by name, for {@link InteractionConfig#of} and {@link InteractionConfig#with}, with their defaults. */
    public static final class Fields {

        // basis
        public BasisKind basis = BasisKind.JACOBIAN;
        public double threshold = 1e-15;
        public boolean centred = true;
        public boolean rotateLast;
        public boolean isolateVariance = true;
        public boolean gradientFlow;

        // derivatives
        public Integration integration = Integration.GRADIENT;
        public int intervals;
        public Map<String, Integration> integrationOf = new LinkedHashMap<>();

        // edges
        public EdgeFormula edges = EdgeFormula.SQUARED;

        // random sources
        public int positionSources;
        public int hiddenSources;
        public int edgeSources;
        public long seed;

        private Fields() {
        }

        private Fields(InteractionConfig config) {
            basis = config.basis;
            threshold = config.threshold;
            centred = config.centred;
            rotateLast = config.rotateLast;
            isolateVariance = config.isolateVariance;
            gradientFlow = config.gradientFlow;
            integration = config.integration;
            intervals = config.intervals;
            integrationOf = new LinkedHashMap<>(config.integrationOf);
            edges = config.edges;
            positionSources = config.positionSources;
            hiddenSources = config.hiddenSources;
            edgeSources = config.edgeSources;
            seed = config.seed;
        }

        private InteractionConfig toConfig() {
            return new InteractionConfig(basis, integration, intervals, integrationOf, edges, threshold, centred, rotateLast, isolateVariance,
                    gradientFlow, positionSources, hiddenSources, edgeSources, seed);
        }
    }
}
