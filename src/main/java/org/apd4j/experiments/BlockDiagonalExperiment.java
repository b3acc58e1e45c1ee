package org.apd4j.experiments;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apd4j.interaction.BasisComparison;
import org.apd4j.interaction.BlockEdges;
import org.apd4j.interaction.DenseLayer;
import org.apd4j.interaction.InteractionBasis;
import org.apd4j.interaction.InteractionConfig;
import org.apd4j.interaction.Samples;
import org.apd4j.interaction.SectionedNetwork;
import org.apd4j.math.Statistics;
import org.apd4j.math.internal.Grid;
import org.apd4j.math.internal.PyTorchRandom;
import org.apd4j.network.Activation;

/**
 * An experiment with the Local Interaction Basis on a network whose right answer is known (arXiv 2405.10928): an MLP of two blocks that do not interact,
 * with random weights. A basis that finds the blocks has no edges between them.
 *
 * <pre>{@code
 * var experiment = BlockDiagonalExperiment.published().withSamples(500);
 * System.out.println(experiment.blockEdges(experiment.bases()));
 * }</pre>
 *
 * @param block     width of a block; the network is twice as wide
 * @param layers    number of weight matrices, at least 1; ReLU is between them
 * @param deviation standard deviation of the weights
 * @param bias      of every neuron and output
 * @param samples   number of inputs, whose entries are independent and normal with variance 1
 * @param seed      of weights and inputs, as given to {@code torch.manual_seed}
 */
public record BlockDiagonalExperiment(int block, int layers, double deviation, double bias, int samples, long seed) {

    /** The names of the three bases that are compared. */
    public static final String NEURONS = "neurons";
    public static final String PCA = BasisComparison.PCA;
    public static final String LIB = BasisComparison.LIB;

    /** @throws IllegalArgumentException if a number is out of its range */
    public BlockDiagonalExperiment {
        if (block < 4 || layers < 1 || !(deviation > 0 && deviation < Double.POSITIVE_INFINITY) || !Double.isFinite(bias) || samples < 2 * block + 1) {
            throw new IllegalArgumentException("blocks are " + block + " wide, there are " + layers + " layers of weights with deviation " + deviation
                    + " and bias " + bias + ", and " + samples + " samples; widths must be at least 4, layers at least 1, the deviation above 0, and "
                    + "samples more than a node layer is wide");
        }
    }

    /** Returns the published setting: two blocks of width 4, five weight matrices with deviation 2, no biases, 10,000 inputs, seed 0. */
    public static BlockDiagonalExperiment published() {
        return new BlockDiagonalExperiment(4, 5, 2, 0, 10_000, 0);
    }

    /** Returns this experiment with another number of inputs. */
    public BlockDiagonalExperiment withSamples(int samples) {
        return new BlockDiagonalExperiment(block, layers, deviation, bias, samples, seed);
    }

    /** Returns this experiment with another bias of all neurons and outputs. */
    public BlockDiagonalExperiment withBias(double bias) {
        return new BlockDiagonalExperiment(block, layers, deviation, bias, samples, seed);
    }

    /** Returns this experiment with another seed. */
    public BlockDiagonalExperiment withSeed(long seed) {
        return new BlockDiagonalExperiment(block, layers, deviation, bias, samples, seed);
    }

    /**
     * Returns the network. As in the published code, which sets the generator back before every layer, all weight matrices are the same.
     *
     * @return an MLP with the node layers {@code layers.0}, … and {@code output}
     */
    public SectionedNetwork network() {
        PyTorchRandom random = new PyTorchRandom(seed);
        List<float[]> blocks = List.of(random.nextFloatNormals(block * block), random.nextFloatNormals(block * block));
        Grid weights = Grid.of(width(), width(), (in, out) -> in / block != out / block ? 0
                : (float) deviation * blocks.get(in / block)[in % block * block + out % block]);
        List<Double> biases = Statistics.list(IntStream.range(0, width()).mapToDouble(i -> bias).toArray());
        List<DenseLayer> all = new ArrayList<>();
        for (int layer = 0; layer < layers; layer++) {
            all.add(new DenseLayer(weights, biases));
        }
        return SectionedNetwork.mlp(Activation.RELU, all);
    }

    private int width() {
        return 2 * block;
    }

    /** Returns the inputs. */
    public Samples inputs() {
        PyTorchRandom random = new PyTorchRandom(seed);
        double[] first = random.nextNormals(samples * block);
        double[] second = random.nextNormals(samples * block);
        double[][] rows = new double[samples][width()];
        for (int row = 0; row < samples; row++) {
            System.arraycopy(first, row * block, rows[row], 0, block);
            System.arraycopy(second, row * block, rows[row], block, block);
        }
        return Samples.of(rows);
    }

    /** Computes the bases of all node layers, in the order {@value #NEURONS}, {@value #PCA}, {@value #LIB}. */
    public Map<String, InteractionBasis> bases() {
        SectionedNetwork network = network();
        Samples inputs = inputs();
        Map<String, InteractionBasis> bases = new LinkedHashMap<>();
        bases.put(NEURONS, InteractionBasis.of(network, network.nodeLayers(), inputs, InteractionConfig.neurons()));
        bases.put(PCA, InteractionBasis.of(network, network.nodeLayers(), inputs, InteractionConfig.principalComponents()));
        bases.put(LIB, InteractionBasis.of(network, network.nodeLayers(), inputs, InteractionConfig.paper()));
        return bases;
    }

    /** Computes the edges of a basis, and which of them join the two blocks. */
    public BlockEdges blockEdges(InteractionBasis basis) {
        return BlockEdges.of(basis, basis.graph(), entry -> entry / block);
    }

    /** Computes the edges of several bases, and which of them join the two blocks, by the names of the bases. */
    public Map<String, BlockEdges> blockEdges(Map<String, InteractionBasis> bases) {
        Map<String, BlockEdges> edges = new LinkedHashMap<>();
        bases.forEach((name, basis) -> edges.put(name, blockEdges(basis)));
        return edges;
    }
}
