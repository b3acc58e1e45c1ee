package org.apd4j.apd.internal;

import org.apd4j.apd.ApdConfig;
import org.apd4j.decomposition.internal.SparsePass;
import org.apd4j.math.Matrix;
import org.apd4j.network.internal.DensePass;
import org.apd4j.network.internal.NetworkGraph;
import org.apd4j.network.internal.Softmax;

/**
 * The losses of the sparse pass (paper section 2; step 5 of the {@linkplain org.apd4j.apd method}): minimality compares the outputs ŷ with the
 * target's y, hidden reconstruction compares the outputs of observed layers. Their gradients are stored in the pass.
 */
public final class SparseLosses {

    private final ApdConfig config;
    private final NetworkGraph graph;
    private final int observedWidth;
    private double minimality;
    private double hiddenReconstruction;

    /**
     * Creates the losses for a network.
     *
     * @param graph the network, observing the layers that are compared
     */
    public SparseLosses(ApdConfig config, NetworkGraph graph) {
        this.config = config;
        this.graph = graph;
        this.observedWidth = graph.observed().stream().mapToInt(observed -> graph.layers().get(observed.layer()).out()).sum();
    }

    /**
     * Computes both losses, and their gradients with respect to the outputs of the pass, with coefficients.
     *
     * @param pass   the sparse pass of a batch
     * @param target the target's pass of the same batch
     * @param batch  number of samples
     */
    public void compute(SparsePass pass, DensePass target, int batch) {
        pass.clearGradients();
        minimality = minimality(pass.active(), target, batch, true) + minimality(pass.idle(), target, batch, false);
        hiddenReconstruction = 0;
        if (config.hiddenReconstruction() > 0) {
            for (NetworkGraph.Observed observed : graph.observed()) {
                hiddenReconstruction += hiddenActive(pass.active(), target.hidden(observed.layer()), observed, batch)
                        + hiddenIdle(pass.idle(), target.hidden(observed.layer()), observed, batch);
            }
        }
    }

    /** Returns the minimality loss, without its coefficient. */
    public double minimality() {
        return minimality;
    }

    /** Returns the hidden reconstruction loss, without its coefficient; 0 if it is off. */
    public double hiddenReconstruction() {
        return hiddenReconstruction;
    }

    private double minimality(SparsePass.Samples samples, DensePass target, int batch, boolean withGradient) {
        double total = 0;
        for (int i = 0; i < samples.count(); i++) {
            int row = samples.row(i);
            total += switch (config.divergence()) {
                case MSE -> squaredError(samples, i, target.output(), row, batch, withGradient);
                case KL -> divergence(samples, i, target.output(), row, batch, withGradient);
            };
        }
        return total;
    }

    /** Returns a sample's part of the mean over batch and outputs of {@code (ŷ − y)²}; its gradient is {@code 2 (ŷ − y) / (batch · d_out)}. */
    private double squaredError(SparsePass.Samples samples, int i, Matrix y, int row, int batch, boolean withGradient) {
        int outputs = y.columns();
        float[] sparse = samples.output().data();
        float[] wanted = y.data();
        int at = samples.output().rowStart(i);
        int from = y.rowStart(row);
        float sum = 0;
        for (int o = 0; o < outputs; o++) {
            float difference = sparse[at + o] - wanted[from + o];
            sum += difference * difference;
        }
        if (withGradient) {
            float[] gradient = samples.outputGradient().data();
            float scale = (float) (2 * config.minimality() / ((double) batch * outputs));
            for (int o = 0; o < outputs; o++) {
                gradient[at + o] = scale * (sparse[at + o] - wanted[from + o]);
            }
        }
        return sum / ((double) batch * outputs);
    }

    /**
     * Returns a sample's part of the KL divergence, {@code Σ_o softmax(y)_o (log softmax(y)_o − log softmax(ŷ)_o) / batch}; its gradient is
     * {@code (softmax(ŷ) − softmax(y)) / batch}.
     */
    private double divergence(SparsePass.Samples samples, int i, Matrix y, int row, int batch, boolean withGradient) {
        double normalY = Softmax.logSumExp(y, row);
        double normalSparse = Softmax.logSumExp(samples.output(), i);
        double sum = 0;
        for (int o = 0; o < y.columns(); o++) {
            double logWanted = y.get(row, o) - normalY;
            double logSparse = samples.output().get(i, o) - normalSparse;
            sum += Math.exp(logWanted) * (logWanted - logSparse);
            if (withGradient) {
                samples.outputGradient().set(i, o, (float) (config.minimality() / batch * (Math.exp(logSparse) - Math.exp(logWanted))));
            }
        }
        return sum / batch;
    }

    /** Returns the part of {@code |ReLU(ĥ) − ReLU(h)|² / (batch · width)} of samples with active components, and adds its gradient. */
    private double hiddenActive(SparsePass.Samples samples, Matrix wanted, NetworkGraph.Observed observed, int batch) {
        Matrix sparse = samples.hidden(observed.layer());
        Matrix gradient = samples.hiddenGradient(observed.layer());
        double perValue = 1.0 / ((double) batch * observedWidth);
        float scale = (float) (2 * config.hiddenReconstruction() * perValue);
        double total = 0;
        for (int i = 0; i < samples.count(); i++) {
            for (int j = 0; j < sparse.columns(); j++) {
                float value = sparse.get(i, j);
                float difference = compared(value, observed) - compared(wanted.get(samples.row(i), j), observed);
                total += (double) difference * difference;
                if (!observed.rectified() || value > 0) {
                    gradient.set(i, j, gradient.get(i, j) + scale * difference);
                }
            }
        }
        return total * perValue;
    }

    /** Returns the part of samples without active components, whose ĥ is 0; no gradient flows there. */
    private double hiddenIdle(SparsePass.Samples samples, Matrix wanted, NetworkGraph.Observed observed, int batch) {
        double total = 0;
        for (int i = 0; i < samples.count(); i++) {
            for (int j = 0; j < wanted.columns(); j++) {
                float value = compared(wanted.get(samples.row(i), j), observed);
                total += (double) value * value;
            }
        }
        return total / ((double) batch * observedWidth);
    }

    private static float compared(float value, NetworkGraph.Observed observed) {
        return observed.rectified() ? Math.max(0, value) : value;
    }
}
