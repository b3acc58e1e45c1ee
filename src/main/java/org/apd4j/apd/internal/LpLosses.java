package org.apd4j.apd.internal;

import java.util.Arrays;
import org.apd4j.apd.ApdConfig;
import org.apd4j.apd.LpPenalty;
import org.apd4j.decomposition.Components;
import org.apd4j.decomposition.internal.Attributions;
import org.apd4j.math.Matrix;
import org.apd4j.math.internal.Workers;

/**
 * The losses of the Lp formulation (paper appendix A). Weights {@code w[b,c] = (attr[b,c] / d_out + ε)^(q/2)}, {@code w [batch, C]} and ε = 1e-16,
 * replace the mask: minimality is {@code mean_b Σ_c w[b,c]}, and simplicity has w in the place of the mask. Both losses have a gradient with
 * respect to the attributions.
 */
public final class LpLosses {

    private final ApdConfig config;
    private final Components components;
    private final Workers workers;
    private final double q;
    /** The attributions of the current batch, {@code [rows, C]}. */
    private Matrix values;
    private int batch;
    private Matrix weights;
    private Matrix gradient;

    /** Creates the losses for components of a network. */
    public LpLosses(ApdConfig config, LpPenalty penalty, Components components, Workers workers) {
        this.config = config;
        this.components = components;
        this.workers = workers;
        this.q = penalty.q();
        this.values = Matrix.withCapacity(0, components.count());
        this.weights = Matrix.withCapacity(0, components.count());
        this.gradient = Matrix.withCapacity(0, components.count());
    }

    /**
     * Returns the minimality loss of the Lp formulation, {@code mean_b Σ_c w[b,c]}, without its coefficient, and sets the gradient to its own.
     *
     * @param attributions the attributions, {@code [rows, C]}, of the samples where any are above 0
     * @param batch        number of samples, including those without attributions
     */
    public double minimality(Attributions attributions, int batch) {
        this.values = attributions.values();
        this.batch = batch;
        if (weights.capacity() < values.rows()) {
            weights = Matrix.withCapacity(batch, components.count());
            gradient = Matrix.withCapacity(batch, components.count());
        }
        weights.resize(values.rows());
        gradient.resize(values.rows()).fill(0);
        int outputs = components.graph().network().outputs();
        double total = (double) (batch - values.rows()) * components.count() * Math.pow(Simplicity.EPSILON, q / 2);
        for (int i = 0; i < values.size(); i++) {
            double weight = Math.pow(values.data()[i] / (double) outputs + Simplicity.EPSILON, q / 2);
            weights.data()[i] = (float) weight;
            total += weight;
        }
        Arrays.fill(gradient.data(), 0, gradient.size(), (float) (config.minimality() / batch));
        return total / batch;
    }

    /**
     * Returns the simplicity loss with w in the place of the mask,
     * {@code (1/(N · batch)) Σ_l Σ_b Σ_c Σ_j (w[b,c] · |A_c[:,j]|² · |B_c[j,:]|² + ε)^(p/2)}, without its coefficient, and adds its gradient.
     * Called after {@link #minimality}.
     */
    public double simplicity(Simplicity simplicity) {
        simplicity.measureStrengths(workers);
        double[] totals = new double[components.count()];
        workers.forEach(components.count(), 50L * weights.rows() * components.factors().get(0).rank(),
                c -> totals[c] = simplicity(simplicity, c));
        toAttributions();
        return Arrays.stream(totals).sum();
    }

    private double simplicity(Simplicity simplicity, int c) {
        double half = config.power() / 2;
        double scale = 1.0 / ((double) components.entries() * batch);
        double idleWeight = Math.pow(Simplicity.EPSILON, q / 2);
        int idle = batch - weights.rows();
        double total = 0;
        for (int p = 0; p < components.factors().size(); p++) {
            int uses = simplicity.uses(p);
            double factor = config.simplicity() * scale * uses * half;
            for (int j = 0; j < components.factors().get(p).rank(); j++) {
                double strength = simplicity.strength(p, c, j);
                double base = idleWeight * strength + Simplicity.EPSILON;
                double power = Math.pow(base, half);
                double sum = idle * power;
                double strengthGradient = idle * idleWeight * power / base;
                for (int i = 0; i < weights.rows(); i++) {
                    double weight = weights.get(i, c);
                    base = weight * strength + Simplicity.EPSILON;
                    power = Math.pow(base, half);
                    sum += power;
                    strengthGradient += weight * power / base;
                    gradient.set(i, c, gradient.get(i, c) + (float) (factor * strength * power / base));
                }
                total += uses * sum * scale;
                simplicity.setStrengthGradient(p, c, j, factor * strengthGradient);
            }
        }
        return total;
    }

    /** Turns the gradient with respect to w into that with respect to attributions: {@code ∂w/∂attr = (q/2) w / (attr + d_out ε)}. */
    private void toAttributions() {
        double floor = components.graph().network().outputs() * Simplicity.EPSILON;
        for (int i = 0; i < values.size(); i++) {
            gradient.data()[i] *= (float) (q / 2 * weights.data()[i] / (values.data()[i] + floor));
        }
    }

    /** Returns the gradient of both losses, with their coefficients, with respect to {@link Attributions#values}, {@code [rows, C]}. */
    public Matrix attributionGradient() {
        return gradient;
    }
}
