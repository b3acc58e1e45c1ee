package org.apd4j.measures.importance;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apd4j.decomposition.DecompositionSource;
import org.apd4j.decomposition.Evaluator;
import org.apd4j.decomposition.SoftMask;
import org.apd4j.math.Matrix;
import org.apd4j.math.RandomStream;
import org.apd4j.math.SparseRows;
import org.apd4j.measures.internal.MeasurementContext;

/**
 * The mean squared error of the output under masks {@code m = g + (1 − g) · s} that keep at least what is important, for four choices of s: 0, 1,
 * random, and the worst that a search finds.
 *
 * <pre>{@code
 * var errors = MaskedReconstruction.of(run, 0, 5);
 * System.out.println("random masks " + errors.stochastic() + ", worst masks " + errors.adversarial());
 * }</pre>
 *
 * @param gated       with {@code s = 0}: every component as much as its importance
 * @param unmasked    with {@code s = 1}: all components
 * @param stochastic  with {@code s ~ U[0, 1)}, independent for every sample, component and layer
 * @param adversarial with the worst s, one for each component and layer that all samples of a batch share
 */
public record MaskedReconstruction(double gated, double unmasked, double stochastic, double adversarial) {

    private static final int BATCH = 512;
    private static final int STEPS = 20;
    private static final double STEP_SIZE = 0.1;
    private static final long SOURCES = 0x736f75726365L;
    private static final long NOISE = 0x6e6f697365L;

    /**
     * Measures a decomposition on samples of its target's data.
     *
     * @param batches the number of batches of 512 samples, over which the errors are averaged
     * @throws IllegalArgumentException if there is no batch, or the decomposition switches no components off
     */
    public static MaskedReconstruction of(DecompositionSource decomposed, long seed, int batches) {
        if (batches < 1) {
            throw new IllegalArgumentException("batches is " + batches + "; it must be at least 1");
        }
        var context = new MeasurementContext(decomposed);
        double[] sums = new double[4];
        for (int batch = 0; batch < batches; batch++) {
            SparseRows x = context.target().data().sample(seed + batch, BATCH);
            var search = new Search(context.evaluator(), x);
            sums[0] += search.error(search.filled(0));
            sums[1] += search.error(search.filled(1));
            sums[2] += search.error(search.perSample(seed, batch));
            List<Matrix> sources = search.shared(seed, batch);
            search.climb(sources, STEPS, STEP_SIZE);
            sums[3] += search.error(sources);
        }
        return new MaskedReconstruction(sums[0] / batches, sums[1] / batches, sums[2] / batches, sums[3] / batches);
    }

    /** The error of masks on a batch, and the search for the worst ones: projected gradient ascent by the signs of the gradient. */
    static final class Search {

        private final Evaluator evaluator;
        private final SparseRows x;
        private final Matrix target;
        private final SoftMask importances;

        Search(Evaluator evaluator, SparseRows x) {
            this.evaluator = evaluator;
            this.x = x;
            this.target = evaluator.target(x);
            this.importances = evaluator.importanceMask(x);
        }

        /** Returns sources of one value, {@code [1, C]} for each layer. */
        List<Matrix> filled(float value) {
            List<Matrix> sources = new ArrayList<>();
            for (int l = 0; l < importances.layers(); l++) {
                sources.add(Matrix.zeros(1, importances.layer(l).columns()).fill(value));
            }
            return sources;
        }

        /** Returns random sources, one for each component that all samples share. */
        List<Matrix> shared(long seed, int batch) {
            List<Matrix> sources = filled(0);
            for (int l = 0; l < sources.size(); l++) {
                RandomStream.of(seed, SOURCES, batch, l).fillUniform(sources.get(l).data(), 0, sources.get(l).size());
            }
            return sources;
        }

        /** Returns random sources for each sample. */
        List<Matrix> perSample(long seed, int batch) {
            List<Matrix> sources = new ArrayList<>();
            for (int l = 0; l < importances.layers(); l++) {
                Matrix values = Matrix.zeros(x.rows(), importances.layer(l).columns());
                RandomStream.of(seed, NOISE, batch, l).fillUniform(values.data(), 0, values.size());
                sources.add(values);
            }
            return sources;
        }

        /** Returns the mean squared error under the masks that sources make. */
        double error(List<Matrix> sources) {
            return evaluator.masked(x, mask(sources)).squaredDistance(target) / target.size();
        }

        SoftMask mask(List<Matrix> sources) {
            List<Matrix> masks = new ArrayList<>();
            for (int l = 0; l < sources.size(); l++) {
                Matrix g = importances.layer(l);
                Matrix s = sources.get(l);
                Matrix mask = Matrix.zeros(g.rows(), g.columns());
                for (int row = 0; row < g.rows(); row++) {
                    for (int c = 0; c < g.columns(); c++) {
                        mask.set(row, c, g.get(row, c) + (1 - g.get(row, c)) * s.get(s.rows() == 1 ? 0 : row, c));
                    }
                }
                masks.add(mask);
            }
            return importances.isShared() ? SoftMask.shared(masks.get(0)) : SoftMask.ofLayers(masks);
        }

        /**
         * Moves sources that all samples share by steps of a size in the direction of the gradient's signs, limited to 0 … 1, and returns the error before
         * each step. A step depends on the sources alone; so once they come back to what they were before, as they nearly always do after some 20 steps,
         * the rest is known without computing it.
         */
        double[] climb(List<Matrix> sources, int steps, double size) {
            double[] errors = new double[steps];
            List<FloatBuffer> states = new ArrayList<>();
            Map<FloatBuffer, Integer> seen = new HashMap<>();
            for (int step = 0; step < steps; step++) {
                FloatBuffer state = state(sources);
                Integer first = seen.putIfAbsent(state, step);
                if (first != null) {
                    int period = step - first;
                    for (int later = step; later < steps; later++) {
                        errors[later] = errors[later - period];
                    }
                    restore(sources, states.get(first + (steps - first) % period));
                    break;
                }
                states.add(state);
                SoftMask mask = mask(sources);
                Matrix output = evaluator.masked(x, mask);
                errors[step] = output.squaredDistance(target) / target.size();
                SoftMask gradient = evaluator.maskGradient(x, mask, errorGradient(output));
                for (int l = 0; l < sources.size(); l++) {
                    step(sources.get(l), gradient.layer(l), importances.layer(l), size);
                }
            }
            return errors;
        }

        private static FloatBuffer state(List<Matrix> sources) {
            FloatBuffer state = FloatBuffer.allocate(sources.stream().mapToInt(Matrix::columns).sum());
            for (Matrix layer : sources) {
                for (int c = 0; c < layer.columns(); c++) {
                    state.put(layer.get(0, c));
                }
            }
            return state.flip();
        }

        private static void restore(List<Matrix> sources, FloatBuffer state) {
            int place = 0;
            for (Matrix layer : sources) {
                for (int c = 0; c < layer.columns(); c++) {
                    layer.set(0, c, state.get(place++));
                }
            }
        }

        private Matrix errorGradient(Matrix output) {
            Matrix gradient = Matrix.zeros(output.rows(), output.columns());
            for (int i = 0; i < gradient.size(); i++) {
                gradient.data()[i] = 2 * (output.data()[i] - target.data()[i]) / target.size();
            }
            return gradient;
        }

        private static void step(Matrix sources, Matrix maskGradient, Matrix g, double size) {
            for (int c = 0; c < sources.columns(); c++) {
                double sum = 0;
                for (int row = 0; row < g.rows(); row++) {
                    sum += (double) maskGradient.get(row, c) * (1 - g.get(row, c));
                }
                sources.set(0, c, (float) Math.min(1, Math.max(0, sources.get(0, c) + size * Math.signum(sum))));
            }
        }
    }
}
