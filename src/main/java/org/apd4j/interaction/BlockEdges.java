package org.apd4j.interaction;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntUnaryOperator;
import org.apd4j.interaction.InteractionModules.Node;
import org.apd4j.math.Statistics;
import org.apd4j.math.internal.Grid;

/**
 * The edges that join blocks of a network which do not interact: a basis that finds the blocks has none. Each node belongs to the block in which its
 * column of C is longest. Nodes of constants and their edges do not count.
 *
 * <pre>{@code
 * BlockEdges blocks = BlockEdges.of(interactions, interactions.graph(), entry -> entry < 4 ? 0 : 1);
 * double joined = blocks.share("layers.1");
 * }</pre>
 *
 * @param sections one for each section, in order
 */
public record BlockEdges(List<Section> sections) {

    /**
     * The edges of a section.
     *
     * @param from       name of the earlier node layer
     * @param to         name of the later node layer
     * @param fromBlocks block of each node of the earlier node layer, −1 for a constant
     * @param toBlocks   block of each node of the later one
     * @param strength   E {@code [n_out, n_in]}
     * @param share      part of the sum of all edges without constants that joins two blocks, 0 … 1; NaN if all edges are 0
     */
    public record Section(String from, String to, List<Integer> fromBlocks, List<Integer> toBlocks, Grid strength, double share) {

        public Section {
            fromBlocks = List.copyOf(fromBlocks);
            toBlocks = List.copyOf(toBlocks);
        }

        @Override
        public String toString() {
            return String.format(Locale.ROOT, "%s → %s: %.3g of the edges join blocks", from, to, share);
        }

        /** Returns the part of all pairs of nodes, constants apart, that are of different blocks: the share if all edges were equally strong. */
        public double shareOfPairs() {
            long pairs = 0;
            long joining = 0;
            for (int earlier : fromBlocks) {
                for (int later : toBlocks) {
                    pairs += earlier >= 0 && later >= 0 ? 1 : 0;
                    joining += earlier >= 0 && later >= 0 && earlier != later ? 1 : 0;
                }
            }
            return joining / (double) pairs;
        }
    }

    public BlockEdges {
        sections = List.copyOf(sections);
    }

    /**
     * Assigns nodes to blocks and sums their edges.
     *
     * @param graph   the edges of the basis
     * @param blockOf the block of an entry of any node layer but the constant, at least 0
     * @throws IllegalArgumentException if the edges are not those of the basis, or a block is negative
     */
    public static BlockEdges of(InteractionBasis basis, InteractionGraph graph, IntUnaryOperator blockOf) {
        Map<String, List<Integer>> blocks = new LinkedHashMap<>();
        for (NodeBasis layer : basis.layers()) {
            blocks.put(layer.layer(), blocks(layer, basis.config().centred(), blockOf));
        }
        List<Section> sections = new ArrayList<>();
        for (InteractionGraph.Edges edges : graph.sections()) {
            List<Integer> from = blocks.getOrDefault(edges.from(), List.of());
            List<Integer> to = blocks.getOrDefault(edges.to(), List.of());
            if (edges.strength().columns() != from.size() || edges.strength().rows() != to.size()) {
                throw new IllegalArgumentException("the edges from '" + edges.from() + "' are " + edges.strength() + "; the basis has nodes for ["
                        + to.size() + ", " + from.size() + "]");
            }
            double all = 0;
            double joining = 0;
            for (int i = 0; i < to.size(); i++) {
                for (int j = 0; j < from.size(); j++) {
                    if (to.get(i) >= 0 && from.get(j) >= 0) {
                        all += edges.strength().get(i, j);
                        joining += to.get(i).equals(from.get(j)) ? 0 : edges.strength().get(i, j);
                    }
                }
            }
            sections.add(new Section(edges.from(), edges.to(), from, to, edges.strength(), joining / all));
        }
        return new BlockEdges(sections);
    }

    private static List<Integer> blocks(NodeBasis layer, boolean centred, IntUnaryOperator blockOf) {
        boolean hasConstant = !layer.layer().equals(SectionedNetwork.OUTPUT);
        int entries = layer.width() - (hasConstant ? 1 : 0);
        List<Integer> blocks = new ArrayList<>();
        for (int node = 0; node < layer.nodes(); node++) {
            Map<Integer, Double> squares = new TreeMap<>();
            for (int entry = 0; entry < entries; entry++) {
                int block = blockOf.applyAsInt(entry);
                if (block < 0) {
                    throw new IllegalArgumentException("the block of entry " + entry + " is " + block + "; it must be at least 0");
                }
                double value = layer.basis().get(entry, node);
                squares.merge(block, value * value, Double::sum);
            }
            double all = squares.values().stream().mapToDouble(Double::doubleValue).sum();
            boolean isConstant = hasConstant && (centred ? node == 0 : all == 0);
            blocks.add(isConstant ? -1 : longest(squares));
        }
        return List.copyOf(blocks);
    }

    private static int longest(Map<Integer, Double> squares) {
        int longest = -1;
        double most = -1;
        for (Map.Entry<Integer, Double> block : squares.entrySet()) {
            if (block.getValue() > most) {
                most = block.getValue();
                longest = block.getKey();
            }
        }
        return longest;
    }

    /**
     * Returns the part of a section's edges that joins two blocks.
     *
     * @param from name of the node layer at which the section begins
     * @throws IllegalArgumentException if none begins there
     */
    public double share(String from) {
        return section(from).share();
    }

    /**
     * Returns a section.
     *
     * @param from name of the node layer at which it begins
     * @throws IllegalArgumentException if none begins there
     */
    public Section section(String from) {
        return sections.stream().filter(section -> section.from().equals(from)).findFirst().orElseThrow(() -> new IllegalArgumentException(
                "no section begins at '" + from + "'; they begin at " + sections.stream().map(Section::from).toList()));
    }

    /** Returns the largest share of all sections. */
    public double largestShare() {
        return sections.stream().mapToDouble(Section::share).max().orElse(Double.NaN);
    }

    /** Returns the part of the modules of more than one node whose nodes, constants apart, are all of one block; NaN if there are none. */
    public double pureModules(InteractionModules modules) {
        Map<Node, Integer> blocks = new LinkedHashMap<>();
        for (Section section : sections) {
            for (int i = 0; i < section.fromBlocks().size(); i++) {
                blocks.put(new Node(section.from(), i), section.fromBlocks().get(i));
            }
            for (int i = 0; i < section.toBlocks().size(); i++) {
                blocks.put(new Node(section.to(), i), section.toBlocks().get(i));
            }
        }
        double[] pure = modules.larger().stream().mapToDouble(module -> module.stream().map(blocks::get).filter(block -> block != null && block >= 0)
                .distinct().count() <= 1 ? 1 : 0).toArray();
        return pure.length == 0 ? Double.NaN : Statistics.mean(pure);
    }

    /** The shares, section by section. */
    @Override
    public String toString() {
        return Arrays.toString(sections.stream().map(Section::toString).toArray());
    }
}
