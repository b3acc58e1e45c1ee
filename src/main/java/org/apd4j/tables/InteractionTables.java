package org.apd4j.tables;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apd4j.interaction.AblationCurve;
import org.apd4j.interaction.BasisComparison;
import org.apd4j.interaction.BlockEdges;
import org.apd4j.interaction.EdgeSearch;
import org.apd4j.interaction.FourierLabel;
import org.apd4j.interaction.NodeBasis;
import org.apd4j.language.FeatureMatch;
import org.apd4j.measures.FeatureDirections;
import tech.tablesaw.api.Table;

/**
 * The tables of the Local Interaction Basis (arXiv 2405.10928).
 *
 * <pre>{@code
 * EdgeSearch search = ablation.requiredEdges("layers.1", 0.01);
 * InteractionTables.edges(Map.of("LIB", List.of(search)))
 * }</pre>
 */
public final class InteractionTables {

    private InteractionTables() {
    }

    /**
     * Returns the numbers of edges that a network needs: a row for each section, a column for each basis.
     *
     * @param searches by the name of the basis, in order: a search for each section, of the same sections in the same order
     * @throws IllegalArgumentException if the bases have searches of different sections
     */
    public static Table edges(Map<String, List<EdgeSearch>> searches) {
        List<String> layers = searches.values().stream().findFirst().orElse(List.of()).stream().map(EdgeSearch::layer).toList();
        NumberTable table = NumberTable.named("Edges required").texts("section that begins at", layers);
        searches.forEach((name, own) -> {
            requireSame(layers, own.stream().map(EdgeSearch::layer).toList(), name);
            table.integers(name, own.stream().mapToInt(EdgeSearch::required).toArray());
        });
        return table.build();
    }

    /**
     * Returns the numbers of edges that networks of several random starts need: a row for each start with its accuracy, columns for each section and
     * basis.
     *
     * @param comparisons of the same sections and bases, in the order of the starts, which are numbered from 0
     * @throws IllegalArgumentException if there are none
     */
    public static Table starts(List<BasisComparison> comparisons) {
        if (comparisons.isEmpty()) {
            throw new IllegalArgumentException("there are no comparisons to be shown");
        }
        NumberTable table = NumberTable.named("Edges required").integers("start", IntStream.range(0, comparisons.size()).toArray())
                .numbers("accuracy", comparisons.stream().mapToDouble(BasisComparison::base).toArray());
        Map<String, List<EdgeSearch>> first = comparisons.get(0).edges();
        int sections = first.values().stream().findFirst().orElse(List.of()).size();
        for (int section = 0; section < sections; section++) {
            int at = section;
            first.forEach((basis, own) -> table.integers(own.get(at).layer() + ", " + basis,
                    comparisons.stream().mapToInt(other -> other.edges().getOrDefault(basis, List.of()).get(at).required()).toArray()));
        }
        return table.build();
    }

    /**
     * Returns the numbers of nodes that a network needs: a row for each node layer, a column for each basis.
     *
     * @param curves  by the name of the basis, in order: a curve for each node layer, of the same node layers in the same order
     * @param allowed how much worse than the untouched network the score may be
     * @throws IllegalArgumentException if the bases have curves of different node layers
     */
    public static Table nodes(Map<String, List<AblationCurve>> curves, double allowed) {
        List<String> layers = curves.values().stream().findFirst().orElse(List.of()).stream().map(AblationCurve::layer).toList();
        NumberTable table = NumberTable.named("Nodes required").texts("node layer", layers);
        curves.forEach((name, own) -> {
            requireSame(layers, own.stream().map(AblationCurve::layer).toList(), name);
            table.integers(name, own.stream().mapToInt(curve -> curve.required(allowed)).toArray());
        });
        return table.build();
    }

    /**
     * Returns how well single nodes show what is known of a text: a row for each feature, for each basis its best node and that node's absolute
     * correlation with the feature, and at the end the same of the best direction that there is.
     *
     * @param matches by the name of the basis, in order: of the same features in the same order
     * @throws IllegalArgumentException if the bases have matches of different features
     */
    public static Table matches(Map<String, List<FeatureMatch>> matches) {
        List<FeatureMatch> first = matches.values().stream().findFirst().orElse(List.of());
        List<String> features = first.stream().map(FeatureMatch::feature).toList();
        NumberTable table = NumberTable.named("Nodes that show what is known").texts("what is known", features);
        matches.forEach((name, own) -> {
            requireSame(features, own.stream().map(FeatureMatch::feature).toList(), name);
            table.integers(name + ", node", own.stream().mapToInt(FeatureMatch::node).toArray())
                    .numbers(name + ", correlation", own.stream().mapToDouble(FeatureMatch::correlation).toArray());
        });
        return table.numbers("best direction", first.stream().mapToDouble(FeatureMatch::best).toArray()).build();
    }

    /**
     * Returns the share of the sum of edges that joins blocks which do not interact: a row for each section, a column for each basis.
     *
     * @param bases by the name of the basis, in order; all of the same sections
     * @throws IllegalArgumentException if the bases have different sections
     */
    public static Table blocks(Map<String, BlockEdges> bases) {
        List<String> sections = bases.values().stream().findFirst().map(blocks -> blocks.sections().stream().map(BlockEdges.Section::from).toList())
                .orElse(List.of());
        NumberTable table = NumberTable.named("Share of the sum of edges that joins the blocks").texts("section that begins at", sections);
        bases.forEach((name, blocks) -> {
            requireSame(sections, blocks.sections().stream().map(BlockEdges.Section::from).toList(), name);
            table.numbers(name, blocks.sections().stream().mapToDouble(BlockEdges.Section::share).toArray());
        });
        return table.build();
    }

    private static void requireSame(List<String> layers, List<String> own, String name) {
        if (!own.equals(layers)) {
            throw new IllegalArgumentException("the rows of " + name + " are " + own + ", those of others are " + layers);
        }
    }

    /**
     * Returns the first nodes of a node layer with their effects Λ and their labels.
     *
     * @param labels of the nodes, in order
     * @throws IllegalArgumentException if there are fewer labels, or effects, than nodes that are shown
     */
    public static Table labels(NodeBasis basis, List<FourierLabel> labels, int count) {
        if (labels.size() < count || basis.effects().size() < count) {
            throw new IllegalArgumentException("there are " + labels.size() + " labels and " + basis.effects().size() + " effects for the " + count
                    + " nodes to be shown");
        }
        return NumberTable.named("Nodes of " + basis.layer())
                .integers("node", IntStream.range(0, count).toArray())
                .numbers("effect Λ", IntStream.range(0, count).mapToDouble(basis.effects()::get).toArray())
                .texts("waves, with their shares of the sum of squares", labels.subList(0, count).stream().map(FourierLabel::toString).toList())
                .build();
    }

    /**
     * Returns what several methods find of the features that are known: a row for each target and method.
     *
     * @param found by the name of the target, and of the method
     */
    public static Table features(Map<String, Map<String, FeatureDirections>> found) {
        List<String> targets = new ArrayList<>();
        List<String> methods = new ArrayList<>();
        List<FeatureDirections> directions = new ArrayList<>();
        found.forEach((target, ofTarget) -> ofTarget.forEach((method, own) -> {
            targets.add(target);
            methods.add(method);
            directions.add(own);
        }));
        return NumberTable.named("Features found")
                .texts("target", targets)
                .texts("method", methods)
                .integers("features", directions.stream().mapToInt(own -> own.features().size()).toArray())
                .integers("directions", directions.stream().mapToInt(FeatureDirections::directions).toArray())
                .integers("features found", directions.stream().mapToInt(FeatureDirections::found).toArray())
                .numbers("mean cosine", directions.stream().mapToDouble(FeatureDirections::meanCosine).toArray())
                .build();
    }
}
