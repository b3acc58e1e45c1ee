package org.apd4j.reference;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apd4j.reference.ReferenceSharedGate.Configuration;
import org.apd4j.reference.ReferenceSharedGate.Gate;

/** Random networks, settings and states of the shared-gate method. */
final class SharedGateTwins {

    /** Hidden neurons of gates that are MLPs. */
    static final int WIDTH = 3;

    private SharedGateTwins() {
    }

    static double[][] gaussian(Random random, int rows, int columns, double scale) {
        double[][] values = new double[rows][columns];
        for (double[] row : values) {
            for (int j = 0; j < columns; j++) {
                row[j] = (float) (scale * random.nextGaussian());
            }
        }
        return values;
    }

    static double[][] uniform(Random random, int rows, int columns) {
        double[][] values = new double[rows][columns];
        for (double[] row : values) {
            for (int j = 0; j < columns; j++) {
                row[j] = random.nextFloat();
            }
        }
        return values;
    }

    /** As many outputs as inputs; without biases before the last layer, so that an empty input is mapped to zeros. */
    static ReferenceNetwork network(Random random) {
        int features = 2 + random.nextInt(7);
        if (random.nextBoolean()) {
            int hidden = 1 + random.nextInt(features);
            List<double[][]> layers = new ArrayList<>();
            for (int i = random.nextInt(3); i > 0; i--) {
                layers.add(gaussian(random, hidden, hidden, 0.8));
            }
            return new ReferenceNetwork.Tms(gaussian(random, features, hidden, 0.8), layers, gaussian(random, 1, features, 0.3)[0]);
        }
        int stream = 2 + random.nextInt(12);
        List<ReferenceNetwork.Block> blocks = new ArrayList<>();
        for (int i = 1 + random.nextInt(3); i > 0; i--) {
            int neurons = 1 + random.nextInt(5);
            blocks.add(new ReferenceNetwork.Block(gaussian(random, stream, neurons, 0.6), null, gaussian(random, neurons, stream, 0.6), null));
        }
        return new ReferenceNetwork.ResidualMlp(gaussian(random, features, stream, 0.5), gaussian(random, stream, features, 0.5), blocks,
                random.nextBoolean() ? ReferenceNetwork.Activation.RELU : ReferenceNetwork.Activation.GELU);
    }

    static int features(ReferenceNetwork network) {
        return network instanceof ReferenceNetwork.Tms tms ? tms.encoder().length : ((ReferenceNetwork.ResidualMlp) network).embedding().length;
    }

    private static boolean isGate(ReferenceNetwork network, int layer) {
        return network instanceof ReferenceNetwork.Tms ? layer == 0 : layer % 2 == 0;
    }

    static Configuration configuration(Random random, ReferenceNetwork network, int steps) {
        int gateRank = 1 + random.nextInt(3);
        int otherRank = 1 + random.nextInt(3);
        Map<String, Integer> ranks = new LinkedHashMap<>();
        for (int l = 0; l < network.layers().size(); l++) {
            ranks.putIfAbsent(network.layers().get(l).owner(), isGate(network, l) ? gateRank : otherRank);
        }
        Gate gate = gateRank == 1 ? Gate.values()[random.nextInt(4)] : Gate.NORM;
        return new Configuration(1 + random.nextInt(12), ranks, gate, random.nextBoolean(), 2, steps, 1, 30, 0.3, 1 + random.nextDouble(),
                random.nextDouble(), 0.05, random.nextInt(2) * 0.4, 0.5, random.nextInt(2) * 0.7, 0.2 + random.nextDouble(), random.nextBoolean(), 0.7,
                1e-3, 3, 1e-2);
    }

    /** A twin at random values, some of whose gates are open, some half open and some closed. */
    static ReferenceSharedGate twin(Random random, ReferenceNetwork network, Configuration configuration) {
        var twin = new ReferenceSharedGate(network, configuration);
        int gates = 0;
        for (int l = 0; l < network.layers().size(); l++) {
            var layer = network.layers().get(l);
            gates += isGate(network, l) ? 1 : 0;
            for (int r = 0; r < configuration.ranks().get(layer.owner()) && !layer.tied(); r++) {
                twin.parameters().put(layer.name() + ".A." + r, gaussian(random, layer.weight().length, configuration.components(), 0.4));
                twin.parameters().put(layer.name() + ".B." + r, gaussian(random, configuration.components(), layer.weight()[0].length, 0.4));
            }
        }
        twin.parameters().put("gate.s", gaussian(random, gates, configuration.components(), 1));
        twin.parameters().put("gate.b", gaussian(random, 1, configuration.components(), 0.6));
        if (configuration.gate() == Gate.MLP) {
            fill(twin.parameters().get("gate.s"), 1);
            fill(twin.parameters().get("gate.b"), 0);
            for (int i = 0; i < gates; i++) {
                for (String array : List.of("w_in", "b_in", "w_out")) {
                    twin.parameters().put("gate." + i + "." + array, gaussian(random, configuration.components(), WIDTH, 0.8));
                }
                twin.parameters().put("gate." + i + ".b_out", gaussian(random, 1, configuration.components(), 0.6));
            }
        }
        return twin;
    }

    private static void fill(double[][] values, double value) {
        for (double[] row : values) {
            Arrays.fill(row, value);
        }
    }

    /** Samples, none of them empty. */
    static double[][] x(Random random, int batch, int features) {
        double[][] x = new double[batch][features];
        for (double[] row : x) {
            for (int i = 0; i < features; i++) {
                row[i] = random.nextInt(3) == 0 ? (float) (2 * random.nextDouble() - 0.7) : 0;
            }
            row[random.nextInt(features)] = 0.2 + 0.25 * random.nextInt(3);
        }
        return x;
    }
}
