package org.apd4j.interaction;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.apd4j.Summarized;
import org.apd4j.Summary;

/**
 * The Local Interaction Basis of a network beside its principal components: how many nodes and edges each needs so that the network keeps its answers.
 *
 * <pre>{@code
 * SectionedNetwork network = SectionedNetwork.of(digitsRun.target().network());
 * BasisComparison both = BasisComparison.of(network, network.nodeLayers(), Samples.of(digits), Samples.of(digits),
 *         InteractionConfig.paper().with(c -> c.threshold = 1e-6), AblationSchedule.exponential(10, 2), 0.01);
 * System.out.println(both.edges().get(BasisComparison.LIB));
 * }</pre>
 *
 * @param bases   the bases by name, {@value #LIB} and {@value #PCA}
 * @param graphs  their edges
 * @param base    accuracy of the untouched network
 * @param allowed how much lower the accuracy may be
 * @param nodes   accuracy with the first nodes only, a curve for each node layer with a basis
 * @param edges   the searches for the edges required, one for each section
 */
public record BasisComparison(Map<String, InteractionBasis> bases, Map<String, InteractionGraph> graphs, double base, double allowed,
                              Map<String, List<AblationCurve>> nodes, Map<String, List<EdgeSearch>> edges) implements Summarized {

    /** The name of the Local Interaction Basis. */
    public static final String LIB = "LIB";
    /** The name of the principal components. */
    public static final String PCA = "PCA";

    /**
     * Computes both bases and what they need.
     *
     * @param nodeLayers names of the node layers, in order; the last has no basis
     * @param samples    for bases and edges
     * @param test       by which accuracies are judged, with labels
     * @param config     of the Local Interaction Basis; the principal components differ in the kind of basis alone
     * @param schedule   of the node ablations; it is filled where an accuracy becomes lower than allowed
     * @param allowed    how much lower than that of the untouched network an accuracy may be, at least 0
     * @throws IllegalArgumentException if a node layer is missing or out of order, or the samples do not fit the network
     */
    public static BasisComparison of(SectionedNetwork network, List<String> nodeLayers, Samples samples, Samples test, InteractionConfig config,
                                     AblationSchedule schedule, double allowed) {
        Map<String, InteractionBasis> bases = bothBases(network, nodeLayers, samples, config);
        Map<String, InteractionGraph> graphs = new LinkedHashMap<>();
        Map<String, List<AblationCurve>> nodes = new LinkedHashMap<>();
        Map<String, List<EdgeSearch>> edges = new LinkedHashMap<>();
        List<Double> base = new ArrayList<>();
        bases.forEach((name, basis) -> {
            InteractionGraph graph = basis.graph();
            graphs.put(name, graph);
            Ablation ablation = Ablation.of(basis, graph, test, Score.ACCURACY);
            base.add(ablation.base());
            List<String> rotated = nodeLayers.subList(0, nodeLayers.size() - 1);
            nodes.put(name, rotated.stream().map(layer -> ablation.nodes(layer, schedule, allowed)).toList());
            edges.put(name, rotated.stream().map(layer -> ablation.requiredEdges(layer, allowed)).toList());
        });
        return new BasisComparison(bases, graphs, base.get(0), allowed, nodes, edges);
    }

    /**
     * Computes both bases.
     *
     * @param config of the Local Interaction Basis; the principal components differ in the kind of basis alone
     * @return the bases by name, {@value #LIB} and {@value #PCA}
     * @throws IllegalArgumentException if a node layer is missing or out of order, or the samples do not fit the network
     */
    public static Map<String, InteractionBasis> bothBases(SectionedNetwork network, List<String> nodeLayers, Samples samples,
                                                          InteractionConfig config) {
        Map<String, InteractionBasis> bases = new LinkedHashMap<>();
        bases.put(LIB, InteractionBasis.of(network, nodeLayers, samples, config));
        bases.put(PCA, InteractionBasis.of(network, nodeLayers, samples, config.with(c -> c.basis = BasisKind.PRINCIPAL_COMPONENTS)));
        return bases;
    }

    /**
     * Returns the basis of a node layer under each name.
     *
     * @throws IllegalArgumentException if there is none of that name
     */
    public Map<String, NodeBasis> layer(String nodeLayer) {
        Map<String, NodeBasis> layers = new LinkedHashMap<>();
        bases.forEach((name, basis) -> layers.put(name, basis.layer(nodeLayer)));
        return layers;
    }

    /**
     * Returns the edges that all sections together require.
     *
     * @param basis {@link #LIB} or {@link #PCA}
     */
    public int edgesRequired(String basis) {
        return edges.getOrDefault(basis, List.of()).stream().mapToInt(EdgeSearch::required).sum();
    }

    /** Returns the edges that all sections together require with {@link #LIB}, as a part of those that they require with {@link #PCA}. */
    public double edgeRatio() {
        return edgesRequired(LIB) / (double) edgesRequired(PCA);
    }

    @Override
    public Summary summary() {
        Map<String, String> entries = new LinkedHashMap<>();
        entries.put("accuracy of the network", String.format(Locale.ROOT, "%.4f", base));
        bases.keySet().forEach(name -> {
            entries.put("nodes required, " + name, nodes.getOrDefault(name, List.of()).stream()
                    .map(curve -> curve.required(allowed) + " in " + curve.layer()).collect(Collectors.joining(", ")));
            entries.put("edges required, " + name, edges.getOrDefault(name, List.of()).stream()
                    .map(search -> search.required() + " from " + search.layer()).collect(Collectors.joining(", ")));
        });
        return new Summary("What two bases need for an accuracy at most " + allowed + " lower", entries);
    }

    /** The summary as lines of text. */
    @Override
    public String toString() {
        return summary().toString();
    }
}
