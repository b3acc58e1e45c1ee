package org.apd4j.spd.internal;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apd4j.decomposition.Components;
import org.apd4j.decomposition.DecompositionMethod;
import org.apd4j.decomposition.Divergence;
import org.apd4j.decomposition.Factors;
import org.apd4j.decomposition.Objective;
import org.apd4j.decomposition.Remedies;
import org.apd4j.decomposition.Suggestion;
import org.apd4j.decomposition.internal.Gates;
import org.apd4j.decomposition.internal.ParameterChoice;
import org.apd4j.decomposition.internal.RankOneLayer;
import org.apd4j.io.ArrayFile;
import org.apd4j.math.Matrix;
import org.apd4j.math.RandomStream;
import org.apd4j.math.internal.Workers;
import org.apd4j.network.Network;
import org.apd4j.network.Parameter;
import org.apd4j.network.internal.NetworkGraph;
import org.apd4j.spd.SpdConfig;
import org.apd4j.spd.SpdLoss;
import org.apd4j.targets.Target;

/**
 * Stochastic Parameter Decomposition as a {@link DecompositionMethod}. Users call {@link org.apd4j.spd.Spd}.
 *
 * <pre>{@code
 * DecompositionMethod<SpdConfig> method = new SpdMethod();
 * }</pre>
 */
public final class SpdMethod implements DecompositionMethod<SpdConfig> {

    private static final long FACTORS = 0x7370645f4142L;
    private static final long GATES = 0x7370645f6761L;

    @Override
    public String name() {
        return "SPD";
    }

    @Override
    public Class<SpdConfig> settings() {
        return SpdConfig.class;
    }

    @Override
    public Objective begin(Target target, SpdConfig config, long seed, Workers workers) {
        Network network = target.network();
        if (config.divergence() == Divergence.KL && network.outputs() < 2) {
            throw new IllegalArgumentException("the divergence is KL, but '" + target.name() + "' has one output, whose softmax is always 1; use MSE");
        }
        HeapEstimate.check(target, parameters(network, config), config);
        Components components = random(network, config, seed);
        List<Gates> gates = new ArrayList<>();
        for (int l = 0; l < components.graph().layers().size(); l++) {
            gates.add(Gates.random(config.components(), config.gateWidth(), seed, GATES, l));
        }
        if (config.faithfulnessWarmup() > 0) {
            List<RankOneLayer> layers = components.graph().layers().stream()
                    .map(layer -> RankOneLayer.of(network, layer, components.factors(layer.parameter()))).toList();
            new Faithfulness(layers, components.entries()).warmUp(config.faithfulnessWarmup(), workers);
        }
        return new SpdObjective(network, components, gates, config, MaskNumbers.of(seed), workers);
    }

    /** Returns factors at random initial values. */
    private static Components random(Network network, SpdConfig config, long seed) {
        List<Factors> all = new ArrayList<>();
        for (Parameter parameter : parameters(network, config)) {
            Matrix weights = parameter.values();
            Factors factors = Factors.zeros(parameter.name(), config.components(), weights.rows(), weights.columns(), 1);
            for (int c = 0; c < config.components(); c++) {
                RandomStream random = RandomStream.of(seed, FACTORS, all.size(), c);
                draw(factors.a(c), random);
                draw(factors.b(c), random);
                switch (config.start()) {
                    case PROJECTED -> project(factors.a(c), factors.b(c), weights);
                    case INDEPENDENT -> {
                        scale(factors.a(c), Math.sqrt(1.0 / weights.rows()));
                        scale(factors.b(c), Math.sqrt(1.0 / config.components()));
                    }
                }
            }
            all.add(factors);
        }
        return Components.ofLayers(network, all);
    }

    private static void draw(Matrix vector, RandomStream random) {
        for (int i = vector.offset(); i < vector.offset() + vector.size(); i++) {
            vector.data()[i] = (float) random.nextNormal();
        }
    }

    /**
     * Makes the paper's initial values of random directions.
     *
     * @param a       {@code A[:,c]}, scaled to norm 1
     * @param b       {@code B[c,:]}, scaled to norm 1 and then multiplied by {@code A[:,c]ᵀ W B[c,:]ᵀ}
     * @param weights W
     */
    static void project(Matrix a, Matrix b, Matrix weights) {
        scale(a, 1 / norm(a));
        scale(b, 1 / norm(b));
        double overlap = 0;
        for (int i = 0; i < weights.rows(); i++) {
            for (int j = 0; j < weights.columns(); j++) {
                overlap += (double) a.data()[a.offset() + i] * weights.get(i, j) * b.data()[b.offset() + j];
            }
        }
        scale(b, overlap);
    }

    private static double norm(Matrix vector) {
        double sum = 0;
        for (int i = vector.offset(); i < vector.offset() + vector.size(); i++) {
            sum += (double) vector.data()[i] * vector.data()[i];
        }
        return Math.sqrt(sum);
    }

    private static void scale(Matrix vector, double factor) {
        for (int i = vector.offset(); i < vector.offset() + vector.size(); i++) {
            vector.data()[i] = (float) (vector.data()[i] * factor);
        }
    }

    private static List<Parameter> parameters(Network network, SpdConfig config) {
        return ParameterChoice.of(network, config.parameters(), "SpdConfig.parameters");
    }

    @Override
    public void bringUpToDate(ArrayFile file) {
        file.addMissing("config", "deltaComponent", false);
        file.addMissing("config", "start", "projected");
        file.addMissing("config", "faithfulnessWarmup", 0);
        file.addMissing("config", "squashing", "leaky");
    }

    @Override
    public SpdConfig canonical(Network network, SpdConfig config) {
        List<String> names = ParameterChoice.withoutDefault(network, parameters(network, config));
        return config.with(c -> c.parameters = names);
    }

    @Override
    public List<String> losses(SpdConfig config) {
        return config.losses().stream().map(SpdLoss::label).toList();
    }

    @Override
    public Map<String, int[]> blocks(Network network, SpdConfig config) {
        Map<String, int[]> shapes = new LinkedHashMap<>();
        NetworkGraph graph = NetworkGraph.of(network, parameters(network, config).stream().map(Parameter::name).toList());
        for (NetworkGraph.Layer layer : graph.layers()) {
            shapes.put(layer.node() + ".A", new int[] {config.components(), layer.in()});
            shapes.put(layer.node() + ".B", new int[] {config.components(), layer.out()});
            shapes.putAll(Gates.shapes(layer.node(), config.components(), config.gateWidth()));
        }
        return shapes;
    }

    @Override
    public Optional<Suggestion<SpdConfig>> suggest(Target target) {
        return Optional.of(SpdRules.suggest(target));
    }

    @Override
    public Optional<Remedies> remedies(SpdConfig config) {
        return Optional.of(SpdRemedies.of(config));
    }

    @Override
    public Map<String, String> describe(SpdConfig config) {
        Map<String, String> entries = new LinkedHashMap<>();
        entries.put("components", config.components() + " of rank 1 in each layer");
        entries.put("gates", config.gateWidth() == 0 ? "linear" : "of width " + config.gateWidth());
        return entries;
    }

    @Override
    public String toString() {
        return name();
    }
}
