package org.apd4j.measures;

import java.util.function.IntToDoubleFunction;
import org.apd4j.decomposition.ComponentMask;
import org.apd4j.decomposition.Components;
import org.apd4j.decomposition.Decomposition;
import org.apd4j.decomposition.DecompositionSource;
import org.apd4j.decomposition.Factors;
import org.apd4j.math.Matrix;
import org.apd4j.math.SparseRows;
import org.apd4j.math.Statistics;
import org.apd4j.math.internal.Gemm;
import org.apd4j.measures.internal.MeasurementContext;

/**
 * The three losses of a decomposition on a batch (paper section 2), each without its coefficient, whether or not it was trained.
 *
 * <pre>{@code
 * System.out.println(BatchLosses.of(run, batch, run.config().power()));
 * }</pre>
 *
 * @param faithfulness {@code Σ |W − Σ_c P_c|² / N}, N the number of weights
 * @param minimality   mean squared difference between the outputs of the kept components and the target's
 * @param simplicity   {@code (1/(N · batch)) Σ_x Σ_c s_c(x) Σ_l Σ_j (|A[:, j]|² |B[j, :]|²)^(p/2)}
 */
public record BatchLosses(double faithfulness, double minimality, double simplicity) {

    /**
     * Measures a decomposition under the selection that training used.
     *
     * @param batch at least one sample
     * @param power p of the simplicity loss
     * @throws IllegalArgumentException if the batch is empty
     */
    public static BatchLosses of(DecompositionSource decomposed, SparseRows batch, double power) {
        if (batch.rows() == 0) {
            throw new IllegalArgumentException("the batch is empty; it needs at least one sample");
        }
        Decomposition decomposition = decomposed.decomposition();
        var subject = new MeasurementContext(decomposition);
        ComponentMask mask = subject.evaluator().ownMask(batch);
        double minimality = Statistics.mean(MeasurementContext.squaredErrors(subject.evaluator().masked(batch, mask),
                subject.evaluator().target(batch)));
        double simplicity = price(decomposition.components(), c -> {
            double active = 0;
            for (int row = 0; row < batch.rows(); row++) {
                active += mask.value(row, c);
            }
            return active / batch.rows();
        }, power);
        return new BatchLosses(faithfulness(decomposition), minimality, simplicity);
    }

    /** A parameter that serves in two layers, such as the encoder of a toy model, counts in both. */
    static double faithfulness(Decomposition decomposition) {
        Components components = decomposition.components();
        double sum = 0;
        for (Factors factors : components.factors()) {
            Matrix rest = decomposition.target().network().parameter(factors.parameter()).values().copy();
            for (int c = 0; c < components.count(); c++) {
                Gemm.run(-1, factors.a(c), false, factors.b(c), false, 1, rest);
            }
            double square = 0;
            for (int i = 0; i < rest.rows(); i++) {
                for (int j = 0; j < rest.columns(); j++) {
                    square += (double) rest.get(i, j) * rest.get(i, j);
                }
            }
            sum += components.uses(factors) * square;
        }
        return sum / components.entries();
    }

    /** Returns the sum over components of what each pays when it is active, times how much it is. */
    static double price(Components components, IntToDoubleFunction active, double power) {
        double sum = 0;
        for (int c = 0; c < components.count(); c++) {
            double part = active.applyAsDouble(c);
            for (Factors factors : components.factors()) {
                for (int j = 0; j < factors.rank(); j++) {
                    double a = 0;
                    double b = 0;
                    for (int i = 0; i < factors.in(); i++) {
                        a += (double) factors.a(c).get(i, j) * factors.a(c).get(i, j);
                    }
                    for (int o = 0; o < factors.out(); o++) {
                        b += (double) factors.b(c).get(j, o) * factors.b(c).get(j, o);
                    }
                    sum += part * components.uses(factors) * Math.pow(a * b, power / 2);
                }
            }
        }
        return sum / components.entries();
    }

    /** Returns the sum of the losses, each times its coefficient. */
    public double weighted(double faithfulness, double minimality, double simplicity) {
        return faithfulness * this.faithfulness + minimality * this.minimality + simplicity * this.simplicity;
    }
}
