package org.apd4j.interaction.internal;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apd4j.interaction.EdgeFormula;
import org.apd4j.interaction.Integration;
import org.apd4j.interaction.InteractionConfig;
import org.apd4j.math.RandomStream;
import org.apd4j.math.internal.DoubleGemm;
import org.apd4j.math.internal.DoubleMatrix;

/**
 * The edges {@code E [n_out, n_in]} of a section, summed over batches. Squared: {@code E[i,j] = 1/(S N) Σ_x Σ_t Ĵ_x[t,i; j]²} with
 * {@code Ĵ_x[t,i; j] = −Σ_α w_α Σ_s f̂_{x,s,j} ∂f̂′_{x,t,i}/∂f̂_{x,s,j}} at {@code α f̂}, where {@code f̂′ = F(f̂ C⁺) C′}.
 */
public final class EdgeSums {

    private final Section rest;
    private final DoubleMatrix entry;
    private final DoubleMatrix basis;
    private final DoubleMatrix inverse;
    private final DoubleMatrix sectionEntry;
    private final Optional<DoubleMatrix> next;
    private final List<Integration.Point> points;
    private final InteractionConfig config;
    private final Signs signs;
    private final int nodesOut;
    private final DoubleMatrix sum;
    /** Whether the sum over samples is that of squared nodes: with random sources positions are summed before the square. */
    private final boolean isLinear;
    private int samples;

    /** Random signs of the output positions of a sample. */
    @FunctionalInterface
    public interface Signs {
        /** Returns 1 or −1. */
        int of(int sample, int source, int position);
    }

    private EdgeSums(Section section, LayerBasis from, LayerBasis to, InteractionConfig config, Signs signs) {
        Section.Split split = section.split();
        this.rest = split.rest();
        this.basis = from.basis().orElseThrow();
        this.inverse = from.inverse().orElseThrow();
        this.sectionEntry = split.entry();
        this.entry = DoubleGemm.product(inverse, sectionEntry);
        this.next = to.basis();
        this.points = config.points(from.boundary().name());
        this.config = config;
        this.isLinear = rest.isEmpty() && config.edgeSources() == 0;
        this.signs = signs;
        this.nodesOut = to.nodes();
        this.sum = DoubleMatrix.zeros(nodesOut, basis.columns());
    }

    /** Returns the signs that a configuration's seed gives for the section that begins at a node layer. */
    public static Signs signs(InteractionConfig config, int layer) {
        return (sample, source, position) -> RandomStream.of(config.seed(), 0x6564676573L, layer, source, sample, position).nextInt(2) == 0 ? 1 : -1;
    }

    /**
     * Returns the edges of a section {@code [n_out, n_in]}.
     *
     * @param samples {@code [N, inputs]}
     * @param signs   used if the configuration has sources for edges
     */
    public static DoubleMatrix of(Program program, LayerBasis from, LayerBasis to, DoubleMatrix samples, InteractionConfig config, Signs signs) {
        EdgeSums edges = new EdgeSums(program.section(from.boundary(), to.boundary()), from, to, config, signs);
        Batches.forEach(program, from.boundary(), samples, edges::add);
        return edges.result();
    }

    private void add(DoubleMatrix f) {
        int first = samples;
        int count = f.rows() / rest.inputPositions();
        samples += count;
        DoubleMatrix nodes = DoubleGemm.product(f, basis);
        if (config.edges() == EdgeFormula.FUNCTIONAL) {
            addFunctional(nodes);
        } else if (isLinear) {
            for (int row = 0; row < nodes.rows(); row++) {
                for (int j = 0; j < nodes.columns(); j++) {
                    sum.data()[j] += nodes.get(row, j) * nodes.get(row, j);
                }
            }
        } else {
            addSquared(nodes, first, count);
        }
    }

    /**
     * Returns the values at the beginning of the rest: first {@code f̂ C⁺}, then the linear maps. Where a pre-activation is exactly 0, rounding
     * decides on which side of ReLU it falls, and so this is the order of the reference implementation.
     */
    private DoubleMatrix entered(DoubleMatrix nodes) {
        return DoubleGemm.product(DoubleGemm.product(nodes, inverse), sectionEntry);
    }

    private void addSquared(DoubleMatrix nodes, int firstSample, int count) {
        DoubleMatrix entered = entered(nodes);
        List<Section.Run> runs = points.stream().map(point -> rest.run(entered.copy().scale(point.alpha()))).toList();
        int sources = config.edgeSources();
        boolean isPositionwise = sources == 0 && rest.isPositionwise();
        int positions = rest.outputPositions();
        int repeats = sources > 0 ? sources : isPositionwise ? 1 : positions;
        // without sources, and unless all positions are taken at once, one position after the other
        for (int i = 0; i < nodesOut; i++) {
            for (int r = 0; r < repeats; r++) {
                DoubleMatrix seed = DoubleMatrix.zeros(count * positions, nodesOut);
                for (int x = 0; x < count; x++) {
                    for (int t = 0; t < positions; t++) {
                        seed.set(x * positions + t, i, sources > 0 ? signs.of(firstSample + x, r, t) : isPositionwise || t == r ? 1 : 0);
                    }
                }
                DoubleMatrix gradient = next.isPresent() ? DoubleGemm.productTransposed(seed, next.get()) : seed;
                DoubleMatrix g = DoubleMatrix.zeros(entered.rows(), entered.columns());
                for (int p = 0; p < points.size(); p++) {
                    g.add(points.get(p).weight(), runs.get(p).pull(gradient));
                }
                addSquares(i, DoubleGemm.productTransposed(g, entry), nodes, isPositionwise ? 1 : rest.inputPositions());
            }
        }
    }

    /** Adds {@code (Σ_s derivative · node)²}, the inner sum over groups of consecutive rows. */
    private void addSquares(int i, DoubleMatrix derivatives, DoubleMatrix nodes, int together) {
        int width = nodes.columns();
        double[] inner = new double[width];
        for (int group = 0; group < nodes.rows() / together; group++) {
            Arrays.fill(inner, 0);
            for (int row = group * together; row < (group + 1) * together; row++) {
                for (int j = 0; j < width; j++) {
                    inner[j] += derivatives.get(row, j) * nodes.get(row, j);
                }
            }
            for (int j = 0; j < width; j++) {
                sum.data()[i * width + j] += inner[j] * inner[j];
            }
        }
    }

    private void addFunctional(DoubleMatrix nodes) {
        DoubleMatrix entered = entered(nodes);
        DoubleMatrix whole = rotated(rest.value(entered));
        for (Integration.Point point : points) {
            Section.Run run = rest.run(entered.copy().scale(point.alpha()));
            DoubleMatrix excess = rotated(run.output()).add(-1, whole);
            for (int i = 0; i < nodesOut; i++) {
                int node = i;
                DoubleMatrix seed = DoubleMatrix.of(excess.rows(), nodesOut, (row, o) -> o == node ? 2 * excess.get(row, o) : 0);
                DoubleMatrix gradient = next.isPresent() ? DoubleGemm.productTransposed(seed, next.get()) : seed;
                DoubleMatrix derivatives = DoubleGemm.productTransposed(run.pull(gradient), entry);
                for (int row = 0; row < nodes.rows(); row++) {
                    for (int j = 0; j < nodes.columns(); j++) {
                        sum.data()[i * nodes.columns() + j] -= point.weight() * derivatives.get(row, j) * nodes.get(row, j);
                    }
                }
            }
        }
    }

    private DoubleMatrix rotated(DoubleMatrix output) {
        return next.isPresent() ? DoubleGemm.product(output, next.get()) : output;
    }

    private DoubleMatrix result() {
        double rows = (double) rest.inputPositions() * samples;
        if (config.edges() == EdgeFormula.SQUARED && isLinear) {
            double weight = points.stream().mapToDouble(Integration.Point::weight).sum();
            DoubleMatrix map = rotated(entry);
            return DoubleMatrix.of(nodesOut, basis.columns(), (i, j) -> weight * weight * map.get(j, i) * map.get(j, i) * sum.data()[j] / rows);
        }
        return sum.copy().scale(1 / (rows * Math.max(1, config.edgeSources())));
    }
}
