package org.apd4j.measures.importance;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apd4j.decomposition.Components;
import org.apd4j.decomposition.Evaluator;
import org.apd4j.decomposition.SoftMask;
import org.apd4j.decomposition.internal.DeltaComponent;
import org.apd4j.decomposition.internal.MaskedPass;
import org.apd4j.decomposition.internal.SharedSourcePass;
import org.apd4j.math.Matrix;
import org.apd4j.math.RandomStream;
import org.apd4j.math.SparseRows;
import org.apd4j.math.internal.Workers;
import org.jspecify.annotations.Nullable;

/**
 * The error of masks {@code m = g + (1 − g) · s} on a batch, and the search for the worst ones: projected gradient ascent by the signs of the gradient
 * (adversarial reconstruction).
 *
 * <p>Sources s are {@code [1, C]} or {@code [batch, C]} for each layer of the importances. With a delta component they have one more column, the last,
 * which is that component's mask.
 */
final class MaskSearch {

    private static final long SOURCES = 0x736f75726365L;
    private static final long NOISE = 0x6e6f697365L;

    private final SparseRows x;
    private final boolean perSample;
    private final Matrix target;
    private final SoftMask importances;
    private final Components components;
    /** The pass for sources of each sample, and that for sources that all share; each is made when it is first needed. */
    private @Nullable MaskedPass maskedPass;
    private @Nullable SharedSourcePass sharedSourcePass;
    /** By layer of the importances, the number of pieces that make up the delta component; 0 without one. */
    private final List<Integer> deltaPieces;

    MaskSearch(Evaluator evaluator, SparseRows x, MaskSources kind) {
        this.x = x;
        this.perSample = kind.perSample();
        this.target = evaluator.target(x);
        this.importances = evaluator.importanceMask(x);
        var own = evaluator.components();
        if (kind.delta()) {
            DeltaComponent delta = DeltaComponent.of(own.graph().network(), own, Workers.all());
            this.components = delta.components();
            this.deltaPieces = importances.isShared() ? List.of(delta.pieces().get(0)) : own.graph().layers().stream()
                    .map(layer -> delta.pieces().get(own.factors().indexOf(own.factors(layer.parameter())))).toList();
        } else {
            this.components = own;
            this.deltaPieces = Collections.nCopies(importances.layers(), 0);
        }
    }

    private boolean hasDelta(int layer) {
        return deltaPieces.get(layer) > 0;
    }

    private Matrix zeros(int layer, boolean ofEachSample) {
        return Matrix.zeros(ofEachSample ? x.rows() : 1, importances.layer(layer).columns() + (hasDelta(layer) ? 1 : 0));
    }

    /** Returns sources of one value, for the components and for the delta component. */
    List<Matrix> filled(float value, float ofDelta) {
        List<Matrix> sources = new ArrayList<>();
        for (int l = 0; l < importances.layers(); l++) {
            Matrix own = zeros(l, false).fill(value);
            if (hasDelta(l)) {
                own.set(0, own.columns() - 1, ofDelta);
            }
            sources.add(own);
        }
        return sources;
    }

    /** Returns the random sources with which a search starts: for each sample, or one for each component that all samples share. */
    List<Matrix> start(long seed, int batch) {
        return random(perSample, seed, SOURCES, batch);
    }

    /** Returns random sources for each sample. */
    List<Matrix> noise(long seed, int batch) {
        return random(true, seed, NOISE, batch);
    }

    private List<Matrix> random(boolean ofEachSample, long seed, long purpose, int batch) {
        List<Matrix> sources = new ArrayList<>();
        for (int l = 0; l < importances.layers(); l++) {
            Matrix values = zeros(l, ofEachSample);
            RandomStream.of(seed, purpose, batch, l).fillUniform(values.data(), 0, values.size());
            sources.add(values);
        }
        return sources;
    }

    /** Returns the mean squared error under the masks that sources make. */
    double error(List<Matrix> sources) {
        return error(forward(sources));
    }

    private double error(Matrix output) {
        return output.squaredDistance(target) / target.size();
    }

    private static boolean areSharedByAllSamples(List<Matrix> sources) {
        return sources.get(0).rows() == 1;
    }

    private Matrix forward(List<Matrix> sources) {
        return areSharedByAllSamples(sources) ? sharedSourcePass().forward(withDeltaPieces(sources)) : maskedPass().forward(x, mask(sources));
    }

    private SharedSourcePass sharedSourcePass() {
        if (sharedSourcePass == null) {
            sharedSourcePass = new SharedSourcePass(components, x, importances, Workers.all());
        }
        return sharedSourcePass;
    }

    private MaskedPass maskedPass() {
        if (maskedPass == null) {
            maskedPass = new MaskedPass(components, Workers.all());
        }
        return maskedPass;
    }

    /** Returns sources with one column for each piece of the delta component. */
    private List<Matrix> withDeltaPieces(List<Matrix> sources) {
        List<Matrix> all = new ArrayList<>();
        for (int l = 0; l < sources.size(); l++) {
            Matrix own = sources.get(l);
            int count = importances.layer(l).columns();
            Matrix pieces = Matrix.zeros(1, count + deltaPieces.get(l));
            for (int c = 0; c < pieces.columns(); c++) {
                pieces.set(0, c, own.get(0, Math.min(c, count)));
            }
            all.add(pieces);
        }
        return all;
    }

    /** Returns the masks that sources of each sample make; those of the pieces of a delta component are equal. */
    SoftMask mask(List<Matrix> sources) {
        List<Matrix> masks = new ArrayList<>();
        for (int l = 0; l < sources.size(); l++) {
            Matrix g = importances.layer(l);
            Matrix s = sources.get(l);
            Matrix mask = Matrix.zeros(g.rows(), g.columns() + deltaPieces.get(l));
            for (int row = 0; row < g.rows(); row++) {
                for (int c = 0; c < mask.columns(); c++) {
                    mask.set(row, c, c < g.columns() ? g.get(row, c) + (1 - g.get(row, c)) * s.get(row, c) : s.get(row, g.columns()));
                }
            }
            masks.add(mask);
        }
        return importances.isShared() ? SoftMask.shared(masks.get(0)) : SoftMask.ofLayers(masks);
    }

    /**
     * Moves sources by steps of a size in the direction of the gradient's signs, limited to 0 … 1, and returns the error before each step. A step depends
     * on the sources alone; so once they come back to what they were before, as they nearly always do after some 20 steps, the rest is known without
     * computing it.
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
            Matrix output = forward(sources);
            errors[step] = error(output);
            List<double[][]> gradients = gradients(sources, errorGradient(output));
            for (int l = 0; l < sources.size(); l++) {
                step(sources.get(l), gradients.get(l), size);
            }
        }
        return errors;
    }

    private static FloatBuffer state(List<Matrix> sources) {
        FloatBuffer state = FloatBuffer.allocate(sources.stream().mapToInt(Matrix::size).sum());
        sources.forEach(layer -> state.put(layer.data(), layer.offset(), layer.size()));
        return state.flip();
    }

    private static void restore(List<Matrix> sources, FloatBuffer state) {
        FloatBuffer from = state.duplicate();
        sources.forEach(layer -> from.get(layer.data(), layer.offset(), layer.size()));
    }

    private Matrix errorGradient(Matrix output) {
        Matrix gradient = Matrix.zeros(output.rows(), output.columns());
        for (int i = 0; i < gradient.size(); i++) {
            gradient.data()[i] = 2 * (output.data()[i] - target.data()[i]) / target.size();
        }
        return gradient;
    }

    /** Returns the gradients with respect to the sources of the last pass, by layer {@code [1 or batch][C]}. */
    private List<double[][]> gradients(List<Matrix> sources, Matrix outputGradient) {
        List<double[][]> gradients = new ArrayList<>();
        if (areSharedByAllSamples(sources)) {
            double[][] shared = sharedSourcePass().backward(outputGradient);
            for (int l = 0; l < sources.size(); l++) {
                gradients.add(new double[][] {ofDeltaPieces(shared[l], sources.get(l).columns())});
            }
        } else {
            SoftMask masks = maskedPass().backward(outputGradient);
            for (int l = 0; l < sources.size(); l++) {
                double[][] rows = new double[sources.get(l).rows()][];
                for (int row = 0; row < rows.length; row++) {
                    rows[row] = ofDeltaPieces(ofSources(masks.layer(l), importances.layer(l), row), sources.get(l).columns());
                }
                gradients.add(rows);
            }
        }
        return gradients;
    }

    /** Returns {@code ∂s = (1 − g) · ∂m} of a row; a delta component's pieces have no importance. */
    private static double[] ofSources(Matrix maskGradient, Matrix g, int row) {
        double[] gradient = new double[maskGradient.columns()];
        for (int c = 0; c < gradient.length; c++) {
            gradient[c] = (double) maskGradient.get(row, c) * (c < g.columns() ? 1 - g.get(row, c) : 1);
        }
        return gradient;
    }

    /** Returns gradients with one entry for the delta component, the sum over its pieces, which are the last ones. */
    private static double[] ofDeltaPieces(double[] gradient, int sources) {
        double[] sums = new double[sources];
        for (int c = 0; c < gradient.length; c++) {
            sums[Math.min(c, sources - 1)] += gradient[c];
        }
        return sums;
    }

    private static void step(Matrix sources, double[][] gradient, double size) {
        for (int row = 0; row < sources.rows(); row++) {
            for (int c = 0; c < sources.columns(); c++) {
                sources.set(row, c, (float) Math.min(1, Math.max(0, sources.get(row, c) + size * Math.signum(gradient[row][c]))));
            }
        }
    }
}
