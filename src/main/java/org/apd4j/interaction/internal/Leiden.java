package org.apd4j.interaction.internal;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import nl.cwts.networkanalysis.Clustering;
import nl.cwts.networkanalysis.LeidenAlgorithm;
import nl.cwts.networkanalysis.Network;
import nl.cwts.util.LargeDoubleArray;
import nl.cwts.util.LargeIntArray;

/** The Leiden algorithm for modularity with a resolution, computed by CWTS's networkanalysis. */
public final class Leiden {

    /** Iterations of the algorithm, as in the reference implementation. */
    private static final int ITERATIONS = 10;
    /** Near 0, the refinement takes the best merger, as in the reference implementation, and does not choose at random. */
    private static final double RANDOMNESS = 1e-10;

    private Leiden() {
    }

    /**
     * An undirected edge.
     *
     * @param one    a vertex
     * @param other  another vertex
     * @param weight above 0
     */
    public record Edge(int one, int other, double weight) { }

    /**
     * A partition of vertices.
     *
     * @param communities of each vertex
     * @param modularity  {@code Q = Σ_c (w_in(c) / w − (vol(c) / 2w)²)}
     */
    public record Partition(int[] communities, double modularity) { }

    /** Returns a partition of vertices {@code 0 … vertices − 1} that makes {@code Σ_c (w_in(c) − γ vol(c)² / 4w)} large. */
    public static Partition partition(int vertices, List<Edge> edges, double resolution, long seed) {
        int[] communities = new int[vertices];
        if (edges.isEmpty()) {
            Arrays.setAll(communities, v -> v);
            return new Partition(communities, 0);
        }
        double total = edges.stream().mapToDouble(Edge::weight).sum();
        LargeIntArray[] ends = {new LargeIntArray(edges.stream().mapToInt(Edge::one).toArray()),
                new LargeIntArray(edges.stream().mapToInt(Edge::other).toArray())};
        Network network = new Network(vertices, true, ends, new LargeDoubleArray(edges.stream().mapToDouble(Edge::weight).toArray()), false, false);
        Clustering found = new LeidenAlgorithm(resolution / (2 * total), ITERATIONS, RANDOMNESS, new Random(seed)).findClustering(network);
        Arrays.setAll(communities, found::getCluster);
        return new Partition(communities, modularity(communities, edges, total));
    }

    private static double modularity(int[] communities, List<Edge> edges, double total) {
        int count = Arrays.stream(communities).max().orElseThrow() + 1;
        double[] volume = new double[count];
        double inside = 0;
        for (Edge edge : edges) {
            volume[communities[edge.one()]] += edge.weight();
            volume[communities[edge.other()]] += edge.weight();
            inside += communities[edge.one()] == communities[edge.other()] ? edge.weight() : 0;
        }
        return inside / total - Arrays.stream(volume).map(part -> part / (2 * total) * (part / (2 * total))).sum();
    }
}
