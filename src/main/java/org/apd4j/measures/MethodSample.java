package org.apd4j.measures;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apd4j.decomposition.ComponentMask;
import org.apd4j.decomposition.Decomposition;
import org.apd4j.decomposition.DecompositionSource;
import org.apd4j.math.Matrix;
import org.apd4j.math.SparseRows;
import org.apd4j.math.Statistics;
import org.apd4j.measures.internal.MeasurementContext;

/**
 * One step of the method on one sample of a batch (paper section 2): the target's output, the attributions, the components that are kept, the output
 * of the sparse pass, and what the sample contributes to each loss.
 *
 * <pre>{@code
 * Figures.method(MethodSample.of(run, batch, 1, run.config().power()))
 * }</pre>
 *
 * @param inputs       the values of all features of the sample
 * @param target       y, the target's output
 * @param attributions of each component, at least 0
 * @param kept         by component, whether the selection, which sees the whole batch, keeps it on this sample
 * @param sparse       ŷ, the output of the kept components
 * @param faithfulness the faithfulness loss {@code Σ |W − Σ_c P_c|² / N}; the same for all samples
 * @param minimality   the mean squared difference of ŷ and y
 * @param simplicity   what the kept components pay, {@code (1/N) Σ_c Σ_l Σ_j (|A[:, j]|² |B[j, :]|²)^(p/2)}
 */
public record MethodSample(List<Double> inputs, List<Double> target, List<Double> attributions, List<Boolean> kept, List<Double> sparse,
                           double faithfulness, double minimality, double simplicity) {

    public MethodSample {
        inputs = List.copyOf(inputs);
        target = List.copyOf(target);
        attributions = List.copyOf(attributions);
        kept = List.copyOf(kept);
        sparse = List.copyOf(sparse);
    }

    /**
     * Measures a decomposition on one sample.
     *
     * @param batch the whole batch
     * @param row   the sample
     * @param power p of the simplicity loss
     * @throws IllegalArgumentException if there is no such sample, or the decomposition selects no components by attributions
     */
    public static MethodSample of(DecompositionSource decomposed, SparseRows batch, int row, double power) {
        if (row < 0 || row >= batch.rows()) {
            throw new IllegalArgumentException("there is no sample " + row + "; the batch has 0 … " + (batch.rows() - 1));
        }
        Decomposition decomposition = decomposed.decomposition();
        var subject = new MeasurementContext(decomposition);
        List<Double> inputs = new ArrayList<>();
        for (int i = 0; i < batch.columns(); i++) {
            inputs.add(0.0);
        }
        for (int k = batch.start(row); k < batch.start(row + 1); k++) {
            inputs.set(batch.column(k), (double) batch.value(k));
        }
        ComponentMask mask = subject.evaluator().ownMask(batch);
        Matrix attributions = subject.evaluator().attributions(batch);
        Matrix target = subject.evaluator().target(batch);
        Matrix sparse = subject.evaluator().masked(batch, mask);
        List<Boolean> kept = IntStream.range(0, decomposition.count()).mapToObj(c -> mask.value(row, c) > MeasurementContext.ACTIVE).toList();
        List<Double> y = row(target, row);
        List<Double> ofSparse = row(sparse, row);
        double error = Statistics.mean(IntStream.range(0, y.size()).mapToDouble(o -> Math.pow(ofSparse.get(o) - y.get(o), 2)).toArray());
        return new MethodSample(inputs, y, row(attributions, row), kept, ofSparse, BatchLosses.faithfulness(decomposition), error,
                BatchLosses.price(decomposition.components(), c -> kept.get(c) ? 1 : 0, power));
    }

    private static List<Double> row(Matrix matrix, int row) {
        return IntStream.range(0, matrix.columns()).mapToObj(column -> (double) matrix.get(row, column)).toList();
    }
}
