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
 * A target, parameter components that sum to its weights, and how they say which of them an input needs: what a method has found, or what
 * somebody has written down. Immutable.
 *
 * <pre>{@code
 * Decomposition found = run.train().decomposition();
 * INDArray first = found.component(Tms.ENCODER, 0);
 * INDArray difference = found.sum(Tms.ENCODER).sub(found.target().weights(Tms.ENCODER));
 * }</pre>
 *
 * @param target     the network that was decomposed
 * @param components the components; they are not changed by anybody
 * @param importance how important each is on an input
 * @param provenance where it comes from
 */
public record Decomposition(Target target, Components components, Importance importance, Provenance provenance)
        implements DecompositionSource, Summarized {

    @Override
    public Decomposition decomposition() {
        return this;
    }

    /** Returns C, where all parameters share their components. */
    public int count() {
        return components.count();
    }

    /**
     * {@code P_c} of a parameter, {@code [d_in, d_out]}.
     *
     * @throws NoSuchElementException if the parameter is not decomposed
     */
    public INDArray component(String parameter, int c) {
        return Tensors.of(components.component(parameter, checked(components.factors(parameter), c)));
    }

    /** {@code A} of a parameter, {@code [C, d_in, m]}. */
    public INDArray a(String parameter) {
        Factors factors = components.factors(parameter);
        return Tensors.of(factors.a().toArray(), factors.components(), factors.in(), factors.rank());
    }

    /** {@code B} of a parameter, {@code [C, m, d_out]}. */
    public INDArray b(String parameter) {
        Factors factors = components.factors(parameter);
        return Tensors.of(factors.b().toArray(), factors.components(), factors.rank(), factors.out());
    }

    /** {@code Σ_c P_c} of a parameter, {@code [d_in, d_out]}: the target's weights, if it is faithful. */
    public INDArray sum(String parameter) {
        ComponentSum sum = new ComponentSum(components, Workers.one());
        sum.compute();
        return Tensors.of(sum.of(components.factors().indexOf(components.factors(parameter))));
    }

    /**
     * The target with some components taken out of its weights: every decomposed parameter is {@code W − Σ P_c} over them. What the
     * components do not explain of W stays.
     *
     * @throws IllegalArgumentException if there is no such component
     */
    public Target without(int... removed) {
        return edited("without", removed, true, -1);
    }

    /**
     * The target with the weights of some components alone: every decomposed parameter is {@code Σ P_c} over them.
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

    /** Runs target and components on batches of your own; for one thread at a time. */
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
