package org.apd4j.benchmark;

import java.util.List;
import java.util.Locale;
import org.apd4j.math.SparseRows;
import org.apd4j.network.Parameter;
import org.apd4j.network.internal.NetworkGraph;
import org.apd4j.spd.SpdConfig;
import org.apd4j.targets.Target;

/**
 * What the arithmetic of a training step of SPD costs in full, at the rates of this machine: what several passes share is computed once, rows of a batch
 * that are 0 count once, every gate is evaluated, and no product is folded. Steps cost less where gates are interpolated and products folded, and more
 * for what is not counted: passes over arrays of {@code [rows, C]}, random numbers and the like.
 *
 * @param gates    milliseconds of one core for the gates, there and back
 * @param products milliseconds of one core for the products with A and B
 * @param adam     milliseconds of one core for the update
 */
record SpdArithmetic(double gates, double products, double adam) {

    private static final int SAMPLES = 1 << 14;
    private static final double MILLION = 1e6;

    /**
     * The rates of a machine.
     *
     * @param gate    milliseconds of one core for a million evaluations of a hidden neuron of a gate, there and back
     * @param product milliseconds of one core for 10⁹ floating-point operations of a product of matrices
     * @param update  milliseconds of one core for the update of a million parameters
     */
    record Rates(double gate, double product, double update) {
    }

    static SpdArithmetic of(Target target, SpdConfig config, Rates rates) {
        List<String> parameters = config.parameters().isEmpty() ? target.network().weights().stream().map(Parameter::name).toList() : config.parameters();
        List<NetworkGraph.Layer> layers = NetworkGraph.of(target.network(), parameters).layers();
        double rows = rows(target, config.batch());
        double components = config.components();
        double width = Math.max(config.gateWidth(), 1);
        double multiplyAdds = 0;
        double values = 0;
        for (int l = 0; l < layers.size(); l++) {
            NetworkGraph.Layer layer = layers.get(l);
            multiplyAdds += rows * components * ((l == 0 ? 2 : 5) * layer.in() + 6 * layer.out()); // what the passes share is counted once
            multiplyAdds += 3 * components * layer.in() * layer.out(); // faithfulness: A B, and the gradients of both
            values += components * (layer.in() + layer.out() + 3 * width + 1);
        }
        double evaluations = layers.size() * rows * components * width;
        return new SpdArithmetic(evaluations / MILLION * rates.gate(), 2 * multiplyAdds / 1e9 * rates.product(), values / MILLION * rates.update());
    }

    /** Returns the mean number of rows of a batch that are not 0. */
    private static double rows(Target target, int batch) {
        SparseRows samples = target.data().sample(0, SAMPLES);
        int filled = 0;
        for (int row = 0; row < SAMPLES; row++) {
            filled += samples.isEmpty(row) ? 0 : 1;
        }
        return (double) batch * filled / SAMPLES;
    }

    /** Returns the milliseconds of a step on a number of cores that share all of it evenly. */
    double on(int cores) {
        return (gates + products + adam) / cores;
    }

    String line(String name, int cores) {
        return String.format(Locale.ROOT, "| %s | %.2f | %.2f | %.2f | %.2f |", name, gates, products, adam, on(cores));
    }
}
