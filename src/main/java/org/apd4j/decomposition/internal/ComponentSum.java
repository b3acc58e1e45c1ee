package org.apd4j.decomposition.internal;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apd4j.decomposition.Components;
import org.apd4j.decomposition.Factors;
import org.apd4j.math.Matrix;
import org.apd4j.math.internal.Gemm;
import org.apd4j.math.internal.Workers;

/**
 * The sums {@code Σ_c P_c} of all parameters. Components are summed in a fixed number of groups, and the groups in order, so that the bits of the
 * sums do not depend on the number of threads.
 */
public final class ComponentSum {

    /** The number of groups, which bounds the threads that can help; more cost memory traffic. */
    private static final int GROUPS = 16;

    private final Components components;
    private final Workers workers;
    private final int groups;
    private final Matrix[][] partial;
    private final Matrix[] sums;

    public ComponentSum(Components components, Workers workers) {
        this.components = components;
        this.workers = workers;
        this.groups = Math.min(GROUPS, Collections.min(components.counts()));
        int parameters = components.factors().size();
        this.partial = new Matrix[parameters][groups];
        this.sums = new Matrix[parameters];
        for (int p = 0; p < parameters; p++) {
            Factors factors = components.factors().get(p);
            for (int g = 0; g < groups; g++) {
                partial[p][g] = Matrix.zeros(factors.in(), factors.out());
            }
            sums[p] = Matrix.zeros(factors.in(), factors.out());
        }
    }

    /** Computes all sums. */
    public void compute() {
        int parameters = components.factors().size();
        long work = components.factors().stream().mapToLong(f -> (long) f.components() * f.in() * f.rank() * f.out()).max().orElse(0) / groups;
        workers.forEach(parameters * groups, work, task -> sumGroup(task % parameters, task / parameters));
        for (int p = 0; p < parameters; p++) {
            Matrix sum = sums[p].copyFrom(partial[p][0]);
            for (int g = 1; g < groups; g++) {
                add(partial[p][g].data(), sum.data());
            }
        }
    }

    private void sumGroup(int p, int group) {
        Factors factors = components.factors().get(p);
        Matrix sum = partial[p][group].fill(0);
        for (int c = group * factors.components() / groups; c < (group + 1) * factors.components() / groups; c++) {
            Gemm.addProduct(factors.a(c), factors.b(c), sum);
        }
    }

    private static void add(float[] from, float[] to) {
        for (int i = 0; i < to.length; i++) {
            to[i] += from[i];
        }
    }

    /** Returns the sum of a parameter's components, {@code [d_in, d_out]}. */
    public Matrix of(int parameter) {
        return sums[parameter];
    }

    /** Returns copies of all sums, in the order of the parameters. */
    public List<Matrix> copies() {
        List<Matrix> copies = new ArrayList<>();
        for (Matrix sum : sums) {
            copies.add(sum.copy());
        }
        return copies;
    }
}
