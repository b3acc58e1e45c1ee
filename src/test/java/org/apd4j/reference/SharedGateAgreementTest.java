package org.apd4j.reference;

import static org.apd4j.testsupport.GoldenRun.difference;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apd4j.decomposition.Divergence;
import org.apd4j.math.Matrix;
import org.apd4j.math.SparseRows;
import org.apd4j.math.internal.Workers;
import org.apd4j.network.Network;
import org.apd4j.network.internal.NetworkGraph;
import org.apd4j.reference.ReferenceSharedGate.Configuration;
import org.apd4j.sharedgate.GateKind;
import org.apd4j.sharedgate.SharedGateConfig;
import org.apd4j.sharedgate.internal.Draws;
import org.apd4j.sharedgate.internal.SharedGateObjective;
import org.apd4j.training.internal.Optimizer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** On random networks, settings and batches the library's losses, gradients and updates are those of a program of the formulas in double precision. */
class SharedGateAgreementTest {

    private static final int STEPS = 4;

    static List<Integer> rounds() {
        return java.util.stream.IntStream.range(0, 40).boxed().toList();
    }

    private static SharedGateConfig config(Configuration own, int batch, int gateRank, int otherRank) {
        return SharedGateConfig.of(c -> {
            c.components = own.components();
            c.gateRank = gateRank;
            c.otherRank = otherRank;
            c.gate = GateKind.valueOf(own.gate().name());
            c.gateWidth = SharedGateTwins.WIDTH;
            c.batch = batch;
            c.steps = STEPS;
            c.divergence = own.kl() ? Divergence.KL : Divergence.MSE;
            c.faithfulness = own.kappa0();
            c.lastFaithfulness = own.kappa1();
            c.faithfulnessFrom = own.kappaFrom();
            c.stochastic = own.stochastic();
            c.keep = own.keep();
            c.minimality = own.beta();
            c.ramp = own.ramp();
            c.decay = own.decay();
            c.hidden = own.hidden();
            c.direction = own.direction();
            c.units = SharedGateConfig.Units.ABSOLUTE;
            c.learningRate = own.lr();
            c.inSpan = false;
            c.prunings = List.of();
        });
    }

    /** One run of both programs, step by step. */
    private static final class Sides {

        private final Random random;
        private final Configuration configuration;
        private final SharedGateConfig config;
        private final ReferenceSharedGate twin;
        private final SharedGateObjective library;
        private final Optimizer optimizer = new Optimizer(0, Workers.all());
        /** The library's parameters by the twin's layers. */
        private final Map<String, String> parameters = new LinkedHashMap<>();
        private final int features;
        private final int dead;
        private double[][] r = {};

        Sides(int round) {
            random = new Random(900 + round);
            ReferenceNetwork network = SharedGateTwins.network(random);
            features = SharedGateTwins.features(network);
            configuration = SharedGateTwins.configuration(random, network, STEPS);
            twin = SharedGateTwins.twin(random, network, configuration);
            Network own = LibraryTwin.network(network);
            List<NetworkGraph.Layer> layers = NetworkGraph.of(own).layers();
            for (int l = 0; l < layers.size(); l++) {
                parameters.putIfAbsent(network.layers().get(l).owner(), layers.get(l).parameter());
            }
            int otherRank = network.layers().size() > 1 ? configuration.ranks().get(network.layers().get(1).owner()) : 1;
            config = config(configuration, round % 5 == 0 ? 300 : 2 + random.nextInt(30), configuration.ranks().get(network.layers().get(0).owner()),
                    otherRank);
            library = SharedGateObjective.of(own, List.copyOf(parameters.values()), config, configuration.share(), new Given(), Workers.all());
            library.register(optimizer);
            dead = configuration.components() > 1 && round % 3 == 0 ? random.nextInt(configuration.components()) : -1;
            if (dead >= 0) {
                twin.parameters().forEach((name, values) -> {
                    for (int i = 0; i < values.length; i++) {
                        for (int j = 0; j < values[i].length; j++) {
                            boolean own1 = name.contains(".A.") && j == dead || name.contains(".B.") && i == dead;
                            values[i][j] = own1 ? 0 : values[i][j];
                        }
                    }
                });
                twin.alive()[dead] = 0;
                optimizer.parameter("gate.alive").set(0, dead, 0);
            }
            optimizer.names().stream().filter(name -> !name.equals("gate.alive") && !name.equals("units"))
                    .forEach(name -> optimizer.parameter(name).copyFrom(asLibrary(name, twin.parameters())));
        }

        private final class Given implements Draws {
            @Override
            public void masks(int step, int part, int[] live, int[] samples, int count, Matrix to) {
                for (int c = 0; c < live.length; c++) {
                    for (int n = 0; n < count; n++) {
                        to.set(c, n, (float) r[samples[n]][live[c]]);
                    }
                }
            }

            @Override
            public SparseRows pruning(int number) {
                throw new IllegalStateException("there is no pruning");
            }

            @Override
            public SparseRows restart(int number) {
                throw new IllegalStateException("there is no restart");
            }

            @Override
            public void restartPieces(int restart, int rebuilt, int parameter, float[] to) {
                throw new IllegalStateException("there is no restart");
            }
        }

        /** The twin's arrays in the form of one of the library's. */
        private Matrix asLibrary(String name, Map<String, double[][]> arrays) {
            if (name.startsWith("gate.")) {
                return LibraryTwin.matrix(arrays.get(name));
            }
            int ofGate = name.indexOf(".gate.");
            if (ofGate > 0) { // an MLP: the twin numbers the gate matrices; its b_out is a row, the library's a column
                List<String> nodes = optimizer.names().stream().filter(other -> other.endsWith(".gate.w_in")).map(other -> other.substring(0,
                        other.length() - ".gate.w_in".length())).toList();
                double[][] own = arrays.get("gate." + nodes.indexOf(name.substring(0, ofGate)) + name.substring(ofGate + ".gate".length()));
                return LibraryTwin.matrix(name.endsWith("b_out") ? ReferenceNetwork.transposed(own) : own);
            }
            boolean isA = name.endsWith(".A");
            String parameter = name.substring(0, name.length() - 2);
            String layer = parameters.entrySet().stream().filter(entry -> entry.getValue().equals(parameter)).findFirst().orElseThrow().getKey();
            Matrix all = optimizer.parameter(name).copy();
            int rank = all.rows() / configuration.components();
            for (int piece = 0; piece < rank; piece++) {
                double[][] own = arrays.get(layer + (isA ? ".A." : ".B.") + piece);
                for (int c = 0; c < configuration.components(); c++) {
                    for (int i = 0; i < all.columns(); i++) {
                        all.set(piece * configuration.components() + c, i, (float) (isA ? own[i][c] : own[c][i]));
                    }
                }
            }
            return all;
        }

        /** Does a step and returns by how much each loss and gradient is off. */
        Map<String, Double> step(int step) {
            r = SharedGateTwins.uniform(random, config.batch(), configuration.components());
            double[][] x = SharedGateTwins.x(random, config.batch(), features);
            double[] losses = library.compute(SparseRows.of(LibraryTwin.matrix(x)), step, optimizer);
            ReferenceSharedGate.Step expected = twin.step(x, r, step);
            Map<String, Double> off = new LinkedHashMap<>();
            for (int i = 0; i < losses.length; i++) {
                String name = config.losses().get(i).name().toLowerCase(java.util.Locale.ROOT);
                off.put(name, difference(new double[] {losses[i]}, new double[] {expected.losses().get(name)}));
            }
            optimizer.names().stream().filter(name -> !name.equals("gate.alive") && !name.equals("units")).forEach(name -> off.put("gradient of " + name,
                    difference(LibraryTwin.flat(optimizer.gradient(name)), LibraryTwin.flat(asLibrary(name, expected.gradients())))));
            optimizer.update(step + 1, config.learningRate() * config.schedule().factor(step, STEPS));
            return off;
        }

        /** Returns by how much each array is off. */
        Map<String, Double> arrays() {
            Map<String, Double> off = new LinkedHashMap<>();
            optimizer.names().stream().filter(name -> !name.equals("gate.alive") && !name.equals("units")).forEach(name -> off.put(name,
                    difference(LibraryTwin.flat(optimizer.parameter(name)), LibraryTwin.flat(asLibrary(name, twin.parameters())))));
            return off;
        }
    }

    @ParameterizedTest
    @MethodSource("rounds")
    void lossesGradientsAndUpdatesAgree(int round) {
        Sides sides = new Sides(round);
        for (int step = 0; step < STEPS; step++) {
            int at = step;
            sides.step(step).forEach((what, off) -> assertTrue(off <= (at == 0 ? 1e-4 : 1e-3),
                    "round " + round + ", step " + at + ": " + what + " is off by " + off + " with " + sides.config));
        }
        sides.arrays().forEach((what, off) -> assertTrue(off <= 1e-3, "round " + round + ": " + what + " is off by " + off));
    }
}
