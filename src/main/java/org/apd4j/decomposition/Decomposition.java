package org.apd4j.decomposition;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.NoSuchElementException;
import org.apd4j.Summarized;
import org.apd4j.Summary;
import org.apd4j.data.Tensors;
import org.apd4j.kernel.Workers;
import org.apd4j.target.Target;
import org.apd4j.training.Provenance;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A target and its parameter components: what a run has found. Immutable.
 *
 * <pre>{@code
 * Decomposition found = run.train().decomposition();
 * INDArray first = found.component(Tms.ENCODER, 0);
 * INDArray difference = found.sum(Tms.ENCODER).sub(found.target().weights(Tms.ENCODER));
 * }</pre>
 *
 * @param target     the network that was decomposed
 * @param config     the settings of the run
 * @param components the components; they are not changed by anybody
 * @param provenance where it comes from
 */
public record Decomposition(Target target, ApdConfig config, Components components, Provenance provenance)
        implements Decomposed, Summarized {

    @Override
    public Decomposition decomposition() {
        return this;
    }

    /** C. */
    public int count() {
        return components.count();
    }

    /**
     * {@code P_c} of a parameter, {@code [d_in, d_out]}.
     *
     * @throws NoSuchElementException if the parameter is not decomposed
     */
    public INDArray component(String parameter, int c) {
        return Tensors.of(components.component(parameter, checked(c)));
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

    /** Runs target and components on batches of your own; for one thread at a time. */
    public Evaluator evaluator() {
        return new Evaluator(this, Workers.all());
    }

    private int checked(int c) {
        if (c < 0 || c >= count()) {
            throw new IllegalArgumentException("there is no component " + c + "; they are numbered 0 … " + (count() - 1));
        }
        return c;
    }

    @Override
    public Summary summary() {
        Map<String, String> entries = new LinkedHashMap<>();
        entries.put("components", count() + " of rank at most " + config.rank());
        entries.put("selection", config.selectionText());
        entries.put("trained", String.format(Locale.ROOT, "%,d of %,d steps, %.1f s", provenance.step(), config.steps(), provenance.seconds()));
        entries.put("seed", Long.toString(provenance.seed()));
        return new Summary("Decomposition of " + target.name(), entries);
    }
}
