package org.apd4j.apd.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apd4j.apd.ApdConfig;
import org.apd4j.data.Sampler;
import org.apd4j.decomposition.DecompositionSettings.Reason;
import org.apd4j.decomposition.Divergence;
import org.apd4j.decomposition.Selection;
import org.apd4j.decomposition.Suggestion;
import org.apd4j.decomposition.internal.ShrinkageCost;
import org.apd4j.math.Matrix;
import org.apd4j.math.SparseRows;
import org.apd4j.math.internal.PlainNumber;
import org.apd4j.network.Network;
import org.apd4j.network.internal.NetworkGraph;
import org.apd4j.targets.Target;
import org.apd4j.training.Schedule;

/**
 * The rules by which APD's settings are suggested. They are rules of thumb, based on measurements of the network on its data and calibrated on the
 * paper's experiments; a sweep around them finds better ones.
 */
public final class ApdRules {

    /** k as a part of the mean number of active features. It is below 1 because inputs close to 0 need no component. */
    private static final double PART_OF_ACTIVE = 0.85;
    /** Part of nonzero inputs up to which data counts as sparse, so that the number of active features says how large k must be. */
    private static final double SPARSE = 0.25;
    /** Part by which simplicity may shrink active components. */
    private static final double SHRINKAGE = 0.06;
    /** Number of components as a multiple of the number of mechanisms that is expected. */
    private static final double SURPLUS = 1.25;
    /** Part by which weights are scaled down to measure what that costs. */
    private static final double SHORTER = 0.1;
    private static final double POWER = 0.9;
    private static final int SAMPLES = 4_000;
    private static final long SEED = 0x73756767L;
    private static final int STEPS = 10_000;
    private static final int LARGEST_RANK = 50;

    private ApdRules() {
    }

    /**
     * Returns settings for a target on some data.
     *
     * @throws IllegalArgumentException if data and network differ in their number of features, or the target's output does not depend on its
     *     weights
     */
    public static Suggestion<ApdConfig> suggest(Target target, Sampler data) {
        Network network = target.network();
        if (data.features() != network.inputs()) {
            throw new IllegalArgumentException("the data has " + data.features() + " features, the network takes " + network.inputs());
        }
        SparseRows x = data.sample(SEED, SAMPLES);
        double active = x.size() / (double) x.rows();
        boolean sparse = active <= SPARSE * x.columns();
        Optional<ActiveNeuronEstimate> neurons = sparse ? Optional.empty() : Optional.of(ActiveNeuronEstimate.of(network, x));
        int components = (int) Math.max(2, Math.ceil(SURPLUS * neurons.map(ActiveNeuronEstimate::count).orElse(x.columns())));
        double k = Math.min(PlainNumber.twoDigits(neurons.map(ActiveNeuronEstimate::perSample).orElse(PART_OF_ACTIVE * active)), components);
        int largest = NetworkGraph.of(network).layers().stream().mapToInt(layer -> Math.min(layer.in(), layer.out())).max().orElse(1);
        int rank = sparse ? Math.min(largest, LARGEST_RANK) : Math.min(largest, 2);
        boolean classifier = target.isClassifier();
        Divergence divergence = classifier ? Divergence.KL : Divergence.MSE;
        double cost = ShrinkageCost.cost(network, x, divergence, SHORTER);
        if (!(cost > 0)) {
            throw new IllegalArgumentException("the output of '" + target.name()
                    + "' does not change when its weights are scaled down; there is nothing to decompose");
        }
        double simplicity = PlainNumber.twoDigits(2 * SHRINKAGE * cost / (POWER * simplicity(network, k, components, POWER)));
        long entries = network.weights().stream().mapToLong(p -> p.values().size()).sum();
        double rate = PlainNumber.twoDigits(Math.min(3e-2, Math.max(1e-3, 0.03 * Math.sqrt(10.0 / entries))));
        int batch = sparse ? Math.min(2048, Math.max(256, Integer.highestOneBit((int) Math.ceil(100 * x.columns() / active)))) : 256;

        ApdConfig config = ApdConfig.paperTms40to10().with(c -> {
            c.components = components;
            c.rank = rank;
            c.sparsity = Selection.batchTopK(k);
            c.divergence = divergence;
            c.minimality = 1;
            c.simplicity = simplicity;
            c.power = POWER;
            c.learningRate = rate;
            c.schedule = Schedule.cosine().warmup(0.05);
            c.batch = batch;
            c.steps = STEPS;
            c.copies = 1;
        });
        List<Reason> reasons = new ArrayList<>(neurons.map(own -> ofDenseData(config, x, active, own))
                .orElseGet(() -> ofSparseData(config, x, active)));
        reasons.add(new Reason("minimality", "1", classifier
                ? "The outputs are logits: the loss is the KL divergence of the softmax. A divergence of one nat costs as much as a mean squared error"
                        + " of 1 in the weights."
                : "The weight of the faithfulness loss, as in TMS 5-2; raise it if the sparse pass stays wrong."));
        reasons.add(new Reason("simplicity", PlainNumber.of(simplicity), String.format(Locale.ROOT, "Measured: at this value it pays to shorten the active"
                + " components by %.0f %%, enough pressure to separate them without much shrinkage.", 100 * SHRINKAGE)));
        reasons.add(new Reason("learning rate", PlainNumber.of(rate), String.format(Locale.ROOT, "Falls with the root of the number of weights (%,d), as"
                + " in the paper's experiments.", entries)));
        reasons.add(new Reason("batch", Integer.toString(batch), sparse ? "Large enough that every feature is active in dozens of its samples."
                : "Every dense sample is informative; a larger batch only costs time."));
        reasons.add(new Reason("steps", String.format(Locale.ROOT, "%,d", STEPS), "The paper takes 10,000 to 20,000; a scan can do with a fifth."));
        return new Suggestion<>(config, reasons);
    }

    private static List<Reason> ofSparseData(ApdConfig config, SparseRows x, double active) {
        return List.of(
                new Reason("k", PlainNumber.of(((Selection.BatchTopK) config.sparsity()).k()), String.format(Locale.ROOT, "%.3g features are active in a sample"
                        + " on average, and each wants one component; k is %.0f %% of that, for inputs that are nearly 0 need none.",
                        active, 100 * PART_OF_ACTIVE)),
                new Reason("components C", Integer.toString(config.components()), String.format(Locale.ROOT, "One for each of the %d features and a"
                        + " quarter more: surplus components stay empty, missing ones merge features.", x.columns())),
                new Reason("rank m", Integer.toString(config.rank()), "A component may have any rank that the matrices have, as in the paper, up to "
                        + LARGEST_RANK + "; simplicity takes away what it does not need."));
    }

    private static List<Reason> ofDenseData(ApdConfig config, SparseRows x, double active, ActiveNeuronEstimate neurons) {
        return List.of(
                new Reason("k", PlainNumber.of(((Selection.BatchTopK) config.sparsity()).k()), String.format(Locale.ROOT, "The inputs are dense (%.0f of %d"
                        + " values are not 0), so k is measured: taken as components, %.1f of the %d neurons of '%s' matter for a sample.",
                        active, x.columns(), neurons.perSample(), neurons.count(), neurons.layer())),
                new Reason("components C", Integer.toString(config.components()), String.format(Locale.ROOT, "As many as '%s' has neurons (%d) and a"
                        + " quarter more: surplus components stay unused, missing ones merge mechanisms.", neurons.layer(), neurons.count())),
                new Reason("rank m", Integer.toString(config.rank()), "With about as many components as neurons, C · m has rank enough for the"
                        + " weights; a rank of 1 leaves a component no room to join two directions."));
    }

    /**
     * Returns the simplicity loss of C rank-one components of equal size that sum to the weights, k of which are active:
     * {@code (k / N) Σ_l (|W_l|² / C)^(p/2)}.
     */
    private static double simplicity(Network network, double k, int components, double power) {
        double sum = 0;
        long entries = 0;
        for (NetworkGraph.Layer layer : NetworkGraph.of(network).layers()) {
            Matrix weights = network.parameter(layer.parameter()).values();
            double squares = 0;
            for (int i = 0; i < weights.rows(); i++) {
                for (int j = 0; j < weights.columns(); j++) {
                    squares += (double) weights.get(i, j) * weights.get(i, j);
                }
            }
            sum += Math.pow(squares / components, power / 2);
            entries += weights.size();
        }
        return k * sum / entries;
    }
}
