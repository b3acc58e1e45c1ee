package org.apd4j.testsupport;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apd4j.interaction.BasisKind;
import org.apd4j.interaction.EdgeWeights;
import org.apd4j.interaction.FourierLabel;
import org.apd4j.interaction.InteractionBasis;
import org.apd4j.interaction.InteractionConfig;
import org.apd4j.interaction.InteractionGraph;
import org.apd4j.interaction.InteractionModules;
import org.apd4j.interaction.ModularAddition;
import org.apd4j.interaction.ModularAdditionConfig;
import org.apd4j.interaction.ModularAdditionRun;
import org.apd4j.interaction.SectionedNetwork;

/** The interaction graph of a small network that has begun to learn to add modulo 13. */
public record AdditionGraph(InteractionBasis basis, InteractionGraph graph, InteractionModules modules, Map<String, List<FourierLabel>> labels) {

    private static final int P = 13;

    /** Trains the network and computes the graph in a basis. */
    public static AdditionGraph of(BasisKind kind) {
        ModularAdditionRun run = ModularAdditionRun.of(ModularAdditionConfig.fast().with(c -> {
            c.task = new ModularAddition(P, 0.6, 0);
            c.width = 24;
            c.heads = 2;
            c.headWidth = 8;
            c.neurons = 32;
            c.steps = 150;
        }), 0).train();
        InteractionBasis basis = InteractionBasis.of(SectionedNetwork.transformer(run.trained()), List.of("ln1.0", "ln2.0", "unembed", "output"),
                run.config().task().train(), InteractionConfig.paper().with(c -> {
                    c.threshold = 1e-7;
                    c.basis = kind;
                }));
        InteractionGraph graph = basis.graph();
        Map<String, List<FourierLabel>> labels = new LinkedHashMap<>();
        for (String layer : basis.nodeLayers().subList(0, 3)) {
            labels.put(layer, FourierLabel.ofNodes(basis, layer, P));
        }
        return new AdditionGraph(basis, graph, InteractionModules.of(basis, graph, EdgeWeights.squareRoots(), 1, 0), labels);
    }
}
