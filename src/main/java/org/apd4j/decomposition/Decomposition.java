package org.apd4j.decomposition;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.stream.Collectors;
import org.apd4j.Summarized;
import org.apd4j.Summary;
import org.apd4j.data.Tensors;
import org.apd4j.decomposition.internal.ComponentSum;
import org.apd4j.math.Matrix;
import org.apd4j.math.internal.Gemm;
import org.apd4j.math.internal.Workers;
import org.apd4j.targets.Target;
import org.apd4j.training.Provenance;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A decomposition of a target: parameter components that sum to its weights, and their importance on an input, found by a method or given by
 * hand. It is not changed by the library; whoever writes into its factors changes it.
 *
 * <pre>{@code
 * Decomposition found = run.train().decomposition();
 * INDArray first = found.component(Tms.ENCODER, 0);
 * INDArray difference = found.sum(Tms.ENCODER).sub(found.target().weights(Tms.ENCODER));
 * }</pre>
 *
 * @param target     the network that was decomposed
 * @param components the components
 * @param importance the importance of each component on an input
 * @param provenance seed, steps and environment of the training
 */
public record Decomposition(Target target, Components components, Importance importance, Provenance provenance)
        implements DecompositionSource, Summarized {

    @Override
    public Decomposition decomposition() {
        return this;
    }

    /**
     * Returns the number of components C.
     *
     * @throws IllegalStateException if components are not shared by all parameters
     */
    public int count() {
        return components.count();
    }

    /**
     * Returns a component's part of a parameter, {@code P_c = A_c · B_c [d_in, d_out]}.
     *
     * @throws NoSuchElementException   if the parameter is not decomposed
     * @throws IllegalArgumentException if there is no such component
     */
    public INDArray component(String parameter, int c) {
        return Tensors.of(components.component(parameter, checked(components.factors(parameter), c)));
    }

    /**
     * Returns the factors A of a parameter, {@code [C, d_in, m]}.
     *
     * @throws NoSuchElementException if the parameter is not decomposed
     */
    public INDArray a(String parameter) {
        Factors factors = components.factors(parameter);
        return Tensors.of(factors.a().toArray(), factors.components(), factors.in(), factors.rank());
    }

    /**
     * Returns the factors B of a parameter, {@code [C, m, d_out]}.
     *
     * @throws NoSuchElementException if the parameter is not decomposed
     */
    public INDArray b(String parameter) {
        Factors factors = components.factors(parameter);
        return Tensors.of(factors.b().toArray(), factors.components(), factors.rank(), factors.out());
    }

    /**
     * Returns the sum of all components of a parameter, {@code Σ_c P_c [d_in, d_out]}. In a faithful decomposition it equals the target's weights.
     *
     * @throws NoSuchElementException if the parameter is not decomposed
     */
    public INDArray sum(String parameter) {
        ComponentSum sum = new ComponentSum(components, Workers.one());
        sum.compute();
        return Tensors.of(sum.of(components.factors().indexOf(components.factors(parameter))));
    }

    /**
     * Returns the target with some components subtracted from its weights: every decomposed parameter becomes {@code W − Σ P_c} over the given
     * components. What the components do not account for in W is kept.
     *
     * @throws IllegalArgumentException if there is no such component
     */
    public Target without(int... removed) {
        return edited("without", removed, true, -1);
    }

    /**
     * Returns the target with only some components as its weights: every decomposed parameter becomes {@code Σ P_c} over the given components.
     *
     * @throws IllegalArgumentException if there is no such component
     */
    public Target only(int... kept) {
        return edited("with only", kept, false, 1);
    }

    private Target edited(String how, int[] which, boolean fromTarget, int sign) {
        Map<String, Matrix> values = new LinkedHashMap<>();
        for (Factors factors : components.factors()) {
            Matrix weights = fromTarget ? target.network().parameter(factors.parameter()).values().copy() : Matrix.zeros(factors.in(), factors.out());
            for (int c : which) {
                Gemm.run(sign, factors.a(checked(factors, c)), false, factors.b(c), false, 1, weights);
            }
            values.put(factors.parameter(), weights);
        }
        String names = which.length == 0 ? "none" : Arrays.stream(which).mapToObj(Integer::toString).collect(Collectors.joining(", "));
        String name = String.format(Locale.ROOT, "%s %s %s %s", target.name(), how, which.length == 1 ? "component" : "components", names);
        return new Target(name, target.network().with(values), target.data(), target.labels());
    }

    /** Returns a new evaluator, which runs target and components on batches. It must not be used by several threads at a time. */
    public Evaluator evaluator() {
        return new Evaluator(this, Workers.all());
    }

    private static int checked(Factors factors, int c) {
        if (c < 0 || c >= factors.components()) {
            throw new IllegalArgumentException("there is no component " + c + "; they are numbered 0 … " + (factors.components() - 1));
        }
        return c;
    }

    @Override
    public Summary summary() {
        Map<String, String> entries = new LinkedHashMap<>();
        int rank = components.factors().stream().mapToInt(Factors::rank).max().orElseThrow();
        entries.put("components", (components.isShared() ? count() + "" : "of each parameter " + components.counts()) + " of rank at most " + rank);
        entries.put("importance", importance.describe());
        entries.put("trained", String.format(Locale.ROOT, "%,d steps, %.1f s", provenance.step(), provenance.seconds()));
        entries.put("seed", Long.toString(provenance.seed()));
        return new Summary("Decomposition of " + target.name(), entries);
    }

    @Override
    public String toString() {
        return summary().line();
    }
}
