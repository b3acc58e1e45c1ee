package org.apd4j.apd.internal;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apd4j.apd.Apd;
import org.apd4j.apd.ApdConfig;
import org.apd4j.apd.LpPenalty;
import org.apd4j.decomposition.Components;
import org.apd4j.decomposition.DecompositionMethod;
import org.apd4j.decomposition.Divergence;
import org.apd4j.decomposition.Factors;
import org.apd4j.decomposition.Importance;
import org.apd4j.decomposition.Loss;
import org.apd4j.decomposition.Objective;
import org.apd4j.decomposition.Selection;
import org.apd4j.decomposition.Sparsity;
import org.apd4j.decomposition.Suggestion;
import org.apd4j.io.ArrayFile;
import org.apd4j.math.Matrix;
import org.apd4j.math.internal.Workers;
import org.apd4j.network.Network;
import org.apd4j.network.Parameter;
import org.apd4j.targets.Target;
import org.apd4j.targets.internal.TargetFile;

/**
 * Attribution-based Parameter Decomposition as a {@link DecompositionMethod}. Users call {@link Apd}.
 *
 * <pre>{@code
 * DecompositionMethod<ApdConfig> method = new ApdMethod();
 * }</pre>
 */
public final class ApdMethod implements DecompositionMethod<ApdConfig> {

    @Override
    public String name() {
        return "APD";
    }

    @Override
    public Class<ApdConfig> settings() {
        return ApdConfig.class;
    }

    @Override
    public Map<Class<?>, Map<String, Class<?>>> kinds() {
        return Map.of(Sparsity.class, Map.of("batch_top_k", Selection.BatchTopK.class, "per_sample_top_k", Selection.PerSampleTopK.class, "lp",
                LpPenalty.class));
    }

    @Override
    public Objective begin(Target target, ApdConfig config, long seed, Workers workers) {
        Network network = target.network();
        if (config.divergence() == Divergence.KL && network.outputs() < 2) {
            throw new IllegalArgumentException("the divergence is KL, but '" + target.name()
                    + "' has one output, whose softmax is always 1; use MSE");
        }
        HeapEstimate.check(target, config);
        return ApdObjective.of(network, random(network, config, seed, workers), config, seed, workers);
    }

    @Override
    public List<String> losses(ApdConfig config) {
        return config.losses().stream().map(Loss::label).toList();
    }

    @Override
    public Optional<Importance> importance(ApdConfig config) {
        return Optional.of(config.importance());
    }

    @Override
    public Map<String, int[]> blocks(Network network, ApdConfig config) {
        Map<String, int[]> shapes = new LinkedHashMap<>();
        for (Parameter parameter : LayerChoice.parameters(network, config)) {
            shapes.put(parameter.name() + ".A", new int[] {config.components(), parameter.values().rows(), config.rank()});
            shapes.put(parameter.name() + ".B", new int[] {config.components(), config.rank(), parameter.values().columns()});
        }
        return shapes;
    }

    @Override
    public void bringUpToDate(ArrayFile file) {
        file.addMissing("config", "projections", 0);
        file.rename("config", "selection", "sparsity");
        TargetFile.EarlierRoles roles = TargetFile.earlierRoles(file); // older files store these settings with the network
        file.object("config").ifPresent(config -> {
            roles.decomposed().ifPresent(names -> config.putIfAbsent("parameters", names));
            roles.observed().ifPresent(layers -> config.putIfAbsent("hiddenLayers", layers));
        });
    }

    @Override
    public String formerText(ApdConfig config) {
        return config.toString().replace("sparsity=", "selection=").replace("=LpPenalty[", "=Lp[").replace(", parameters=[], hiddenLayers=[]]", "]");
    }

    @Override
    public ApdConfig canonical(Network network, ApdConfig config) {
        return LayerChoice.withoutDefaults(network, config);
    }

    @Override
    public String runName(Target target, ApdConfig config, long seed) {
        return RunName.of(target.name(), config, seed);
    }

    @Override
    public Optional<Suggestion<ApdConfig>> suggest(Target target) {
        return Optional.of(ApdRules.suggest(target, target.data()));
    }

    @Override
    public Map<String, String> describe(ApdConfig config) {
        Map<String, String> entries = new LinkedHashMap<>();
        entries.put("components", config.components() + " of rank at most " + config.rank());
        entries.put("selection", config.sparsity().describe(config.batch()));
        return entries;
    }

    @Override
    public String toString() {
        return name();
    }

    /** Returns components at random initial values ({@link Factors#random}). */
    private static Components random(Network network, ApdConfig config, long seed, Workers workers) {
        List<Factors> factors = new ArrayList<>();
        for (Parameter parameter : LayerChoice.parameters(network, config)) {
            Matrix values = parameter.values();
            factors.add(Factors.random(parameter.name(), config.components(), values.rows(), values.columns(), config.rank(), config.initialScale(),
                    config.copies(), seed, factors.size(), workers));
        }
        return new Components(network, factors);
    }
}
