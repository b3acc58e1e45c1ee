package org.apd4j.interaction.internal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apd4j.math.internal.DoubleGemm;
import org.apd4j.math.internal.DoubleMatrix;

/**
 * The score of a network in which each node of the next node layer sees only the nodes of this one that its edges come from:
 * {@code f̂′_i = F((f̂ ⊙ mask_i) C⁺) C′_i}, and the network continues from {@code f̂′ C′⁺}.
 */
public final class EdgeAblation {

    private final NetworkScore scores;
    private final Section rest;
    private final Section after;
    private final DoubleMatrix entry;
    private final List<SharedRows> nodes;
    private final Optional<DoubleMatrix> next;
    private final Optional<DoubleMatrix> nextInverse;
    private final DoubleMatrix strength;
    private final double[] decreasing;
    private final int first;
    private final int allEdges;

    /**
     * @param strength E {@code [n_out, n_in]}
     * @param centred  whether column 0 belongs to the constant
     */
    public EdgeAblation(NetworkScore scores, LayerBasis from, LayerBasis to, DoubleMatrix strength, boolean centred) {
        this.scores = scores;
        Section.Split split = scores.program().section(from.boundary(), to.boundary()).split();
        this.rest = split.rest();
        this.after = scores.restFrom(to.boundary());
        this.entry = DoubleGemm.product(from.inverse().orElseThrow(), split.entry());
        DoubleMatrix basis = from.basis().orElseThrow();
        this.nodes = scores.sharedAt(from.boundary()).stream().map(f -> f.times(basis)).toList();
        this.next = to.basis();
        this.nextInverse = to.inverse();
        this.strength = strength;
        this.first = centred ? 1 : 0;
        this.allEdges = from.width() * to.width();
        double[] sorted = IntStream.range(0, strength.rows()).boxed().flatMapToDouble(i -> IntStream.range(first, strength.columns())
                .mapToDouble(j -> strength.get(i, j))).sorted().toArray();
        this.decreasing = IntStream.range(0, sorted.length).mapToDouble(i -> sorted[sorted.length - 1 - i]).toArray();
    }

    /** Returns the number T of edges at which a search begins: the product of the widths of both node layers before truncation. */
    public int allEdges() {
        return allEdges;
    }

    /** Returns the mask {@code [n_out][n_in]} of the strongest edges; equally strong ones are kept together, those of the constant always. */
    public boolean[][] mask(int edges) {
        boolean[][] mask = new boolean[strength.rows()][strength.columns()];
        for (int i = 0; i < mask.length; i++) {
            for (int j = 0; j < mask[i].length; j++) {
                mask[i][j] = j < first || edges > decreasing.length || edges > 0 && strength.get(i, j) >= decreasing[edges - 1];
            }
        }
        return mask;
    }

    /** Returns whether a mask keeps every edge. */
    public static boolean isComplete(boolean[][] mask) {
        return Arrays.stream(mask).allMatch(row -> IntStream.range(0, row.length).allMatch(j -> row[j]));
    }

    /** Returns the score under a mask. */
    public double score(boolean[][] mask) {
        Map<List<Integer>, List<Integer>> outputsOf = new LinkedHashMap<>();
        for (int i = 0; i < mask.length; i++) {
            boolean[] row = mask[i];
            outputsOf.computeIfAbsent(IntStream.range(0, row.length).filter(j -> row[j]).boxed().toList(), unused -> new ArrayList<>()).add(i);
        }
        return scores.of(batch -> after.value(back(rest.isEmpty() ? linear(nodes.get(batch), mask) : masked(nodes.get(batch), outputsOf))));
    }

    /** A linear section takes one product, with the masked map. */
    private DoubleMatrix linear(SharedRows values, boolean[][] mask) {
        DoubleMatrix map = next.isPresent() ? DoubleGemm.product(entry, next.get()) : entry;
        return values.times(DoubleMatrix.of(map.rows(), map.columns(), (j, i) -> mask[i][j] ? map.get(j, i) : 0)).expanded();
    }

    private DoubleMatrix masked(SharedRows values, Map<List<Integer>, List<Integer>> outputsOf) {
        int rows = values.rows() / rest.inputPositions() * rest.outputPositions();
        DoubleMatrix result = DoubleMatrix.zeros(rows, strength.rows());
        outputsOf.forEach((inputs, outputs) -> {
            int[] in = inputs.stream().mapToInt(Integer::intValue).toArray();
            DoubleMatrix all = values.values();
            DoubleMatrix kept = DoubleMatrix.of(all.rows(), in.length, (row, j) -> all.get(row, in[j]));
            DoubleMatrix map = DoubleMatrix.of(in.length, entry.columns(), (j, a) -> entry.get(in[j], a));
            DoubleMatrix columns = DoubleMatrix.of(rest.outputs(), outputs.size(), (a, o) -> next.isPresent() ? next.get().get(a, outputs.get(o))
                    : a == outputs.get(o) ? 1 : 0);
            DoubleMatrix part = rest.product(values.with(kept), map, columns);
            for (int row = 0; row < rows; row++) {
                for (int o = 0; o < outputs.size(); o++) {
                    result.set(row, outputs.get(o), part.get(row, o));
                }
            }
        });
        return result;
    }

    private DoubleMatrix back(DoubleMatrix nodeValues) {
        return nextInverse.isPresent() ? DoubleGemm.product(nodeValues, nextInverse.get()) : nodeValues;
    }
}
