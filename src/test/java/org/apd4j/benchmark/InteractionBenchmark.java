package org.apd4j.benchmark;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apd4j.interaction.Ablation;
import org.apd4j.interaction.EdgeSearch;
import org.apd4j.interaction.InteractionBasis;
import org.apd4j.interaction.InteractionConfig;
import org.apd4j.interaction.InteractionGraph;
import org.apd4j.interaction.ModularAddition;
import org.apd4j.interaction.ModularAdditionConfig;
import org.apd4j.interaction.ModularAdditionRun;
import org.apd4j.interaction.Score;
import org.apd4j.interaction.SectionedNetwork;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The times of the Local Interaction Basis on the network that adds modulo 113, at the sizes of its notebook: a step of the training, the Jacobian
 * basis, the edges, and the search for the edges that a section needs. Matrix products bound them from below: their number is given with each, counted
 * on a network trained for 1,000 epochs, and does not depend on the machine.
 */
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(value = 1, jvmArgsAppend = {"-Xmx3g", "--enable-native-access=ALL-UNNAMED"})
public class InteractionBenchmark {

    /** A run of the published network, which must not come to its end while it is measured. */
    @State(Scope.Benchmark)
    public static class Training {

        private ModularAdditionRun run;

        /** Begins a run. */
        @Setup(Level.Iteration)
        public void start() {
            if (run == null || run.step() > run.steps() / 2) {
                run = ModularAdditionRun.of(ModularAdditionConfig.paper(), 0);
            }
        }
    }

    /** A network that has learned to add, its basis and its edges. */
    @State(Scope.Benchmark)
    public static class Learned {

        private static final List<String> LAYERS = List.of("ln1.0", "ln2.0", "unembed", "output");

        private SectionedNetwork network;
        private InteractionBasis basis;
        private InteractionGraph graph;

        /** Trains until nearly all test pairs are right. */
        @Setup
        public void learn() {
            network = SectionedNetwork.transformer(ModularAdditionRun.of(ModularAdditionConfig.fast(), 0).train(500).trained());
            basis = basis();
            graph = basis.graph();
        }

        private InteractionBasis basis() {
            return InteractionBasis.of(network, LAYERS, ModularAddition.paper().train(), InteractionConfig.paper().with(c -> c.threshold = 1e-7));
        }
    }

    /** The ablations of a section on all test pairs. */
    @State(Scope.Benchmark)
    public static class Section {

        @Param({"ln1.0", "ln2.0", "unembed"})
        private String from;

        private Ablation ablation;

        /** Runs the untouched network. */
        @Setup
        public void start(Learned learned) {
            ablation = Ablation.of(learned.basis, learned.graph, ModularAddition.paper().test(), Score.ACCURACY);
        }
    }

    /**
     * Measures a step on all 3,830 training pairs, with an evaluation of the 8,939 test pairs every 1,000 steps. It is bound by the products of single
     * precision, 3.5 GFLOP forward and backward with keys and values computed once for each of 227 pairs of token and position, and then by softmax,
     * ReLU and the reading of activations between products.
     */
    @Benchmark
    @BenchmarkMode(Mode.AverageTime)
    @Warmup(iterations = 2, time = 4)
    @Measurement(iterations = 5, time = 4)
    public ModularAdditionRun trainingStep(Training training) {
        return training.run.train(1);
    }

    /**
     * Measures the bases of all node layers on the 3,830 training pairs. It is bound by 230 GFLOP of products in double precision, nearly all of them the
     * Jacobians of {@code ln2.0} and {@code ln1.0} with respect to the nodes of the next layer and their sums of squares; eigenvalues of matrices of at most
     * 129 rows take no time beside them.
     */
    @Benchmark
    @BenchmarkMode(Mode.SingleShotTime)
    @Warmup(iterations = 1)
    @Measurement(iterations = 3)
    public InteractionBasis jacobianBasis(Learned learned) {
        return learned.basis();
    }

    /**
     * Measures the edges of all sections on the same pairs. It is bound by 214 GFLOP of products in double precision, again of Jacobians; the last section is
     * linear and costs nothing.
     */
    @Benchmark
    @BenchmarkMode(Mode.SingleShotTime)
    @Warmup(iterations = 1)
    @Measurement(iterations = 3)
    public InteractionGraph edges(Learned learned) {
        return learned.basis.graph();
    }

    /**
     * Measures a search on the 8,939 test pairs, which runs the section about fourteen times. From {@code ln1.0} it is bound by 44 GFLOP of products in double
     * precision for 101 nodes, with keys and values of 227 rows for each mask, and by the softmax of every sample, head and mask; from {@code ln2.0} by 93
     * GFLOP for 60 nodes, a pass through the MLP for each mask; from {@code unembed} by 8 GFLOP, one product for all nodes. Nodes with the same mask share a
     * pass, so these numbers depend on the network.
     */
    @Benchmark
    @BenchmarkMode(Mode.SingleShotTime)
    @Warmup(iterations = 1)
    @Measurement(iterations = 3)
    public EdgeSearch bisection(Section section) {
        return section.ablation.requiredEdges(section.from, 0.001);
    }
}
