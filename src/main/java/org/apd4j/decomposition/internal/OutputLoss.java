package org.apd4j.decomposition.internal;

import org.apd4j.decomposition.Divergence;
import org.apd4j.math.Matrix;
import org.apd4j.network.internal.Softmax;

/**
 * The comparison of a pass's outputs with the target's.
 *
 * <pre>{@code
 * Matrix outputs = Matrix.zeros(1, 2).fill(1);
 * double loss = OutputLoss.compute(Divergence.MSE, outputs, Matrix.zeros(1, 2), 1, 1, 1, Matrix.zeros(1, 2)); // 1
 * }</pre>
 */
public final class OutputLoss {

    private OutputLoss() {
    }

    /**
     * Returns a part of the mean of {@code (ŷ − y)²} over batch and outputs, or of {@code KL(softmax(y) ‖ softmax(ŷ))} over the batch, and sets the
     * gradient of {@code coefficient} times the loss with respect to ŷ.
     *
     * @param count    the number of samples; the gradient of further rows is set to 0
     * @param batch    the number of samples of the whole batch
     * @param gradient receives the gradient, {@code [samples, outputs]}
     */
    public static double compute(Divergence divergence, Matrix output, Matrix target, int count, int batch, double coefficient, Matrix gradient) {
        gradient.fill(0);
        return divergence == Divergence.MSE ? squaredError(output, target, count, batch, coefficient, gradient)
                : klDivergence(output, target, count, batch, coefficient, gradient);
    }

    private static double squaredError(Matrix output, Matrix target, int count, int batch, double coefficient, Matrix gradient) {
        double values = (double) batch * output.columns();
        float scale = (float) (2 * coefficient / values);
        float[] own = output.data();
        float[] wanted = target.data();
        float[] to = gradient.data();
        double total = 0;
        for (int row = 0; row < count; row++) {
            int from = row * output.columns();
            float sum = 0;
            for (int i = from; i < from + output.columns(); i++) {
                float difference = own[i] - wanted[i];
                sum += difference * difference;
                to[i] = scale * difference;
            }
            total += sum;
        }
        return total / values;
    }

    private static double klDivergence(Matrix output, Matrix target, int count, int batch, double coefficient, Matrix gradient) {
        double total = 0;
        for (int row = 0; row < count; row++) {
            double normal = Softmax.logSumExp(target, row);
            double ownNormal = Softmax.logSumExp(output, row);
            for (int o = 0; o < output.columns(); o++) {
                double logWanted = target.get(row, o) - normal;
                double logOwn = output.get(row, o) - ownNormal;
                total += Math.exp(logWanted) * (logWanted - logOwn);
                gradient.set(row, o, (float) (coefficient / batch * (Math.exp(logOwn) - Math.exp(logWanted))));
            }
        }
        return total / batch;
    }
}
