package org.apd4j.decomposition;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apd4j.reference.ReferenceApd;
import org.apd4j.reference.ReferenceApd.Attributions;
import org.apd4j.reference.ReferenceApd.Configuration;
import org.apd4j.reference.ReferenceApd.Factors;
import org.apd4j.reference.ReferenceNetwork;
import org.apd4j.reference.ReferenceNetwork.Activation;
import org.apd4j.reference.ReferenceNetwork.Block;
import org.apd4j.reference.ReferenceNetwork.ResidualMlp;
import org.apd4j.reference.ReferenceNetwork.Tms;
import org.apd4j.reference.ReferenceOptimizer.Schedule;
import org.apd4j.reference.ReferenceOptimizer.Settings;

/**
 * A random network, configuration, start and batches, as a function of one number. All values are floats, so that single and double
 * precision begin at the same numbers.
 *
 * @param batches {@code [steps, batch, features]}
 * @param tied    whether attributions are tied on purpose: equal samples, equal components, or exact zeros
 */
public record RandomCase(int number, String description, ReferenceNetwork network, Configuration configuration, Map<String, Factors> factors,
                  int components, int rank, double[][][] batches, boolean tied) {

    /** Updates that every case is followed for. */
    public static final int STEPS = 4;

    /** The case of a number; neighbours differ in attributions, network and what is tied, so that a few hundred cover everything. */
    public static RandomCase of(int number) {
        return new Maker(number).make();
    }

    @Override
    public String toString() {
        return "case " + number + " (" + description + ")";
    }

    private static final class Maker {
        private final int number;
        private final Random random;
        private final boolean large;

        Maker(int number) {
            this.number = number;
            this.random = new Random(1000 + number);
            // large enough for the native products and for more than one range of rows
            this.large = number % 30 == 29;
        }

        private int upTo(int most) {
            return 1 + random.nextInt(most);
        }

        private int width(int most) {
            return large ? 20 + random.nextInt(20) : random.nextInt(6) == 0 ? 1 : upTo(most);
        }

        private double normal(double scale) {
            return (float) (scale * random.nextGaussian());
        }

        private double[] vector(int size, double shift, double scale) {
            double[] values = new double[size];
            for (int i = 0; i < size; i++) {
                values[i] = (float) (shift + normal(scale));
            }
            return values;
        }

        private double[][] matrix(int rows, int columns, double scale) {
            double[][] values = new double[rows][];
            for (int i = 0; i < rows; i++) {
                values[i] = vector(columns, 0, scale);
            }
            return values;
        }

        RandomCase make() {
            ReferenceNetwork network = switch (number % 5) {
                case 0, 1 -> tms(number / 5 % 3);
                case 2, 3 -> residualMlp(1 + number / 5 % 3);
                default -> gated();
            };
            int features = network instanceof Tms tms ? tms.encoder().length : ((ResidualMlp) network).embedding().length;
            int components = number % 17 == 0 ? 1 : large ? 12 : upTo(8);
            int rank = switch (number % 4) {
                case 0 -> 1;
                case 1 -> 9; // beyond most dimensions here
                default -> upTo(4);
            };
            int batch = number % 11 == 0 ? 1 : large ? 70 : upTo(20);
            Map<String, Factors> factors = factors(network, components, rank);
            double[][][] batches = batches(batch, features);
            int ties = number % 7;
            String tie = switch (ties) {
                case 0 -> equalSamples(batches);
                case 1 -> equalComponents(factors);
                case 2 -> zeroComponents(factors);
                case 3 -> zeroSamples(batches);
                default -> "";
            };
            if (number % 23 == 5) {
                tie += " all-zero batch";
                for (double[] row : batches[0]) {
                    Arrays.fill(row, 0);
                }
            }
            if (number % 19 == 7) {
                tie += " zero target layer";
                for (double[] row : network.layers().get(0).weight()) {
                    Arrays.fill(row, 0);
                }
            }
            Configuration configuration = configuration(components, batch, network);
            String description = network.getClass().getSimpleName() + " " + network.layers().size() + " layers, " + features + " features, C "
                    + components + ", m " + rank + ", batch " + batch + ", " + tie + " " + configuration;
            return new RandomCase(number, description, network, configuration, factors, components, rank, batches, !tie.isEmpty());
        }

        private ReferenceNetwork tms(int hiddenLayers) {
            int features = width(8);
            int width = width(5);
            List<double[][]> hidden = new ArrayList<>();
            for (int i = 0; i < hiddenLayers; i++) {
                hidden.add(matrix(width, width, 1 / Math.sqrt(width)));
            }
            return new Tms(matrix(features, width, 1 / Math.sqrt(width)), hidden, vector(features, -0.1, 0.2));
        }

        private ReferenceNetwork residualMlp(int layers) {
            int features = width(6);
            int residual = width(7);
            int outputs = random.nextBoolean() ? features : width(5);
            double[][] embedding = matrix(features, residual, 1 / Math.sqrt(residual));
            double[][] unembedding = matrix(residual, outputs, 1 / Math.sqrt(residual));
            if (outputs == features && random.nextBoolean()) {
                for (int i = 0; i < residual; i++) {
                    for (int j = 0; j < features; j++) {
                        unembedding[i][j] = embedding[j][i];
                    }
                }
            }
            List<Block> blocks = new ArrayList<>();
            for (int l = 0; l < layers; l++) {
                int neurons = width(6);
                blocks.add(new Block(matrix(residual, neurons, 0.8), random.nextBoolean() ? vector(neurons, 0, 0.3) : null,
                        matrix(neurons, residual, 0.8), random.nextBoolean() ? vector(residual, 0, 0.3) : null));
            }
            return new ResidualMlp(embedding, unembedding, blocks, random.nextBoolean() ? Activation.RELU : Activation.GELU);
        }

        /** Few inputs, written into a wider stream one to one; biases that keep most neurons off; outputs read from other places. */
        private ReferenceNetwork gated() {
            int features = upTo(4);
            int residual = features + 2;
            double[][] embedding = new double[features][residual];
            for (int i = 0; i < features; i++) {
                embedding[i][i] = 1;
            }
            double[][] unembedding = new double[residual][2];
            unembedding[residual - 2][0] = 1;
            unembedding[residual - 1][1] = 1;
            int neurons = 4 + random.nextInt(6);
            List<Block> blocks = new ArrayList<>();
            for (int l = 0; l < 1 + number / 5 % 2; l++) {
                blocks.add(new Block(matrix(residual, neurons, 1.5), vector(neurons, -1, 0.5), matrix(neurons, residual, 0.5), null));
            }
            return new ResidualMlp(embedding, unembedding, blocks, Activation.RELU);
        }

        private Map<String, Factors> factors(ReferenceNetwork network, int components, int rank) {
            Map<String, Factors> factors = new LinkedHashMap<>();
            for (var layer : network.layers()) {
                if (!layer.tied()) {
                    int in = layer.weight().length;
                    int out = layer.weight()[0].length;
                    // products of all components about as large as the weights
                    double scale = Math.pow(1.0 / ((double) components * rank * Math.max(in, out)), 0.25);
                    double[][][] a = new double[components][][];
                    double[][][] b = new double[components][][];
                    for (int c = 0; c < components; c++) {
                        a[c] = matrix(in, rank, scale);
                        b[c] = matrix(rank, out, scale);
                    }
                    factors.put(layer.name(), new Factors(a, b));
                }
            }
            return factors;
        }

        private double[][][] batches(int batch, int features) {
            double probability = random.nextBoolean() ? 1 : 0.3;
            double low = random.nextBoolean() ? 0 : -1;
            double[][][] batches = new double[STEPS][batch][features];
            for (double[][] x : batches) {
                for (double[] row : x) {
                    for (int i = 0; i < features; i++) {
                        row[i] = random.nextDouble() < probability ? (float) (low + (1 - low) * random.nextDouble()) : 0;
                    }
                }
            }
            return batches;
        }

        private String equalSamples(double[][][] batches) {
            for (double[][] x : batches) {
                for (int i = 1; i < x.length; i++) {
                    x[i] = x[i % Math.max(1, x.length / 3)].clone();
                }
            }
            return "equal samples,";
        }

        private String equalComponents(Map<String, Factors> factors) {
            factors.values().forEach(f -> {
                for (int c = 1; c < f.a().length; c++) {
                    f.a()[c] = f.copy().a()[c % 2 == 0 ? c : c - 1];
                    f.b()[c] = f.copy().b()[c % 2 == 0 ? c : c - 1];
                }
            });
            return "equal components,";
        }

        /** B is zero rather than A, whose columns must have a direction where unit norm is on. */
        private String zeroComponents(Map<String, Factors> factors) {
            factors.values().forEach(f -> {
                for (int c = 0; c < f.b().length; c += 2) {
                    for (double[] row : f.b()[c]) {
                        Arrays.fill(row, 0);
                    }
                }
            });
            return "components of zero,";
        }

        private String zeroSamples(double[][][] batches) {
            for (double[][] x : batches) {
                for (int i = 0; i < x.length; i += 2) {
                    Arrays.fill(x[i], 0);
                }
            }
            return "samples of zero,";
        }

        private Configuration configuration(int components, int batch, ReferenceNetwork network) {
            Attributions attributions = Attributions.values()[number / 2 % 4];
            ReferenceApd.Selection selection;
            boolean lp = false;
            switch (random.nextInt(6)) {
                case 0 -> selection = new ReferenceApd.PerSampleTopK(upTo(components));
                case 1 -> selection = new ReferenceApd.BatchTopK(components); // everything
                case 2, 3 -> {
                    lp = attributions == Attributions.GRADIENT_FROM_TARGET;
                    selection = lp ? new ReferenceApd.Lp(0.6 + random.nextDouble()) : new ReferenceApd.PerSampleTopK(1);
                }
                default -> selection = new ReferenceApd.BatchTopK(Math.max(1.0 / batch, random.nextDouble() * Math.min(components, 3)));
            }
            Map<String, Double> coefficients = new LinkedHashMap<>();
            coefficient(coefficients, ReferenceApd.FAITHFULNESS, 1);
            coefficient(coefficients, lp ? ReferenceApd.MINIMALITY_LP : ReferenceApd.MINIMALITY, 2);
            coefficient(coefficients, ReferenceApd.SIMPLICITY, 0.5);
            coefficient(coefficients, ReferenceApd.OUTPUT_RECONSTRUCTION, 1);
            if (!lp) {
                coefficient(coefficients, ReferenceApd.HIDDEN_RECONSTRUCTION, 1);
            }
            Schedule schedule = Schedule.values()[random.nextInt(4)];
            Settings settings = new Settings(1e-3 + 0.01 * random.nextDouble(), schedule, random.nextInt(3) * 0.2, STEPS + random.nextInt(4),
                    1 + 5 * random.nextDouble(), 0);
            return new Configuration(attributions, selection, coefficients, 0.5 + 1.5 * random.nextDouble(), !lp && random.nextInt(3) == 0,
                    random.nextInt(3) == 0, settings);
        }

        /** Off in a quarter of the cases. */
        private void coefficient(Map<String, Double> coefficients, String loss, double scale) {
            if (random.nextInt(4) > 0) {
                coefficients.put(loss, scale * (0.5 + random.nextDouble()));
            }
        }
    }

    /** The same case with every number changed by up to a few units in the last place of single precision. */
    RandomCase perturbed(Random noise) {
        ReferenceNetwork other;
        if (network instanceof Tms tms) {
            other = new Tms(perturbed(tms.encoder(), noise), tms.hidden().stream().map(h -> perturbed(h, noise)).toList(),
                    perturbed(tms.bias(), noise));
        } else {
            ResidualMlp mlp = (ResidualMlp) network;
            other = new ResidualMlp(perturbed(mlp.embedding(), noise), perturbed(mlp.unembedding(), noise),
                    mlp.blocks().stream().map(block -> new Block(perturbed(block.in(), noise), perturbed(block.biasIn(), noise),
                            perturbed(block.out(), noise), perturbed(block.biasOut(), noise))).toList(), mlp.activation());
        }
        return new RandomCase(number, description, other, configuration, perturbed(factors, noise), components, rank, batches, tied);
    }

    static Map<String, Factors> perturbed(Map<String, Factors> factors, Random noise) {
        Map<String, Factors> result = new LinkedHashMap<>();
        factors.forEach((name, f) -> {
            Factors copy = f.copy();
            for (int c = 0; c < copy.a().length; c++) {
                copy.a()[c] = perturbed(copy.a()[c], noise);
                copy.b()[c] = perturbed(copy.b()[c], noise);
            }
            result.put(name, copy);
        });
        return result;
    }

    private static double[][] perturbed(double[][] values, Random noise) {
        return Arrays.stream(values).map(row -> perturbed(row, noise)).toArray(double[][]::new);
    }

    private static double[] perturbed(double[] values, Random noise) {
        return values == null ? null : Arrays.stream(values).map(v -> v * (1 + 0x1p-22 * (2 * noise.nextDouble() - 1))).toArray();
    }
}
