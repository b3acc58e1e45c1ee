package org.apd4j.interaction.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import org.apd4j.interaction.Score;
import org.apd4j.math.internal.DoubleMatrix;

/** The score of a network on labelled samples, whose logits are computed by whoever asks, some samples at a time. */
public final class NetworkScore {

    private final Program program;
    private final int[] labels;
    private final Score score;
    private final List<DoubleMatrix> batches = new ArrayList<>();

    /**
     * @param samples {@code [N, inputs]}
     * @param labels  {@code [N · T]}
     */
    public NetworkScore(Program program, DoubleMatrix samples, int[] labels, Score score) {
        this.program = program;
        this.labels = labels.clone();
        this.score = score;
        Batches.forEach(program, samples, batches::add);
    }

    Program program() {
        return program;
    }

    /** Returns what is measured. */
    public Score score() {
        return score;
    }

    /** Returns the values at a boundary, by batch. */
    List<DoubleMatrix> valuesAt(Boundary boundary) {
        return batches.stream().map(batch -> program.valuesAt(boundary, batch)).toList();
    }

    /** Returns the values at a boundary, by batch, with equal rows shared. */
    List<SharedRows> sharedAt(Boundary boundary) {
        return valuesAt(boundary).stream().map(SharedRows::of).toList();
    }

    /** Returns the rest of the network from a boundary on. */
    Section restFrom(Boundary boundary) {
        return program.section(boundary, output());
    }

    Boundary output() {
        return program.boundaries().get(program.boundaries().size() - 1);
    }

    /** Returns the score of the untouched network. */
    public double base() {
        List<DoubleMatrix> logits = valuesAt(output());
        return of(logits::get);
    }

    /** Returns the score of logits that are computed batch by batch. */
    double of(IntFunction<DoubleMatrix> logitsOf) {
        double sum = 0;
        int at = 0;
        for (int b = 0; b < batches.size(); b++) {
            DoubleMatrix logits = logitsOf.apply(b);
            for (int row = 0; row < logits.rows(); row++, at++) {
                sum += score == Score.ACCURACY ? (largest(logits, row) == labels[at] ? 1 : 0) : crossEntropy(logits, row, labels[at]);
            }
        }
        return sum / at;
    }

    private static int largest(DoubleMatrix logits, int row) {
        int best = 0;
        for (int o = 1; o < logits.columns(); o++) {
            best = logits.get(row, o) > logits.get(row, best) ? o : best;
        }
        return best;
    }

    private static double crossEntropy(DoubleMatrix logits, int row, int label) {
        double highest = logits.get(row, largest(logits, row));
        double sum = 0;
        for (int o = 0; o < logits.columns(); o++) {
            sum += Math.exp(logits.get(row, o) - highest);
        }
        return Math.log(sum) + highest - logits.get(row, label);
    }
}
