package org.apd4j.spd.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.apd4j.decomposition.DecompositionSettings.Reason;
import org.apd4j.decomposition.Divergence;
import org.apd4j.decomposition.Suggestion;
import org.apd4j.decomposition.internal.ShrinkageCost;
import org.apd4j.math.SparseRows;
import org.apd4j.math.internal.PlainNumber;
import org.apd4j.network.Network;
import org.apd4j.network.internal.NetworkGraph;
import org.apd4j.spd.SpdConfig;
import org.apd4j.targets.Target;
import org.apd4j.training.Schedule;

/**
 * The rules by which SPD's settings are suggested. They are read off the paper's five settings. The coefficient of importance minimality has no meaning
 * by itself; in all of them, what the importances of a sample cost is between 3 and 14 % of the error that the output has without any subcomponent.
 */
public final class SpdRules {

    /** What the importances of a sample cost, as a part of the error without any subcomponent: the middle of the paper's five settings. */
    private static final double PRICE = 0.07;
    /** Part of nonzero inputs up to which data counts as sparse, so that active inputs say how many subcomponents a sample needs. */
    private static final double SPARSE = 0.25;
    /** Subcomponents for each mechanism that is expected. */
    private static final int SURPLUS = 4;
    private static final int LEAST_COMPONENTS = 20;
    /** Part of a matrix's rank that a sample uses where several features share it: 5 of 17, 5 of 25 and 15 of 50 neurons in the paper's figures. */
    private static final double PART_OF_RANK = 0.3;
    /** Number of features up to which the penalty is linear. */
    private static final int FEW = 10;
    /** Samples of a batch in which a feature should be active. */
    private static final int TIMES = 200;
    private static final int LEAST_BATCH = 1024;
    private static final int LARGEST_BATCH = 4096;
    private static final int SAMPLES = 4_000;
    private static final long SEED = 0x7370645f7375L;

    private SpdRules() {
    }

    /**
     * Returns settings for a target.
     *
     * @throws IllegalArgumentException if the target's output does not depend on its weights
     */
    public static Suggestion<SpdConfig> suggest(Target target) {
        Network network = target.network();
        SparseRows x = target.data().sample(SEED, SAMPLES);
        Divergence divergence = target.isClassifier() ? Divergence.KL : Divergence.MSE;
        double error = ShrinkageCost.withoutWeights(network, x, divergence);
        if (!(error > 0)) {
            throw new IllegalArgumentException("the output of '" + target.name()
                    + "' does not change when its weights are 0; there is nothing to decompose");
        }
        NetworkGraph graph = NetworkGraph.of(network);
        int layers = graph.layers().size();
        int rank = graph.layers().stream().mapToInt(SpdRules::rank).max().orElse(1);
        double active = x.size() / (double) x.rows();
        boolean sparse = active <= SPARSE * x.columns();
        int mechanisms = sparse ? x.columns() : rank;
        double important = important(graph, x, active, sparse);
        double minimality = PlainNumber.twoDigits(PRICE * error / important);
        int batch = sparse ? powerOfTwo(TIMES * x.columns() / active) : LEAST_BATCH;
        SpdConfig config = SpdConfig.of(c -> {
            c.components = Math.max(Math.max(LEAST_COMPONENTS, SURPLUS * mechanisms), 2 * rank);
            c.gateWidth = 16;
            c.batch = batch;
            c.steps = layers <= 3 ? 40_000 : layers == 4 ? 50_000 : 100_000;
            c.divergence = divergence;
            c.importanceMinimality = minimality;
            c.power = mechanisms <= FEW ? 1 : 2;
            c.learningRate = 1e-3;
            c.schedule = Schedule.cosine();
        });
        return new Suggestion<>(config, reasons(config, x, error, important, sparse, layers));
    }

    private static List<Reason> reasons(SpdConfig config, SparseRows x, double error, double important, boolean sparse, int layers) {
        List<Reason> reasons = new ArrayList<>();
        reasons.add(new Reason("importance minimality", PlainNumber.of(config.importanceMinimality()), String.format(Locale.ROOT,
                "Measured: without any subcomponent the output is off by %.2g. A sample should need about %.2g of them, which then cost %.0f %% of that; in"
                        + " the paper's runs it is 3 to 14 %%.", error, important, 100 * PRICE)));
        reasons.add(new Reason("power p", PlainNumber.of(config.power()), config.power() == 1 ? "1, as in the paper's smallest models."
                : "2, as in all of the paper's models but the smallest: small importances are nearly free, so that gates can open."));
        reasons.add(new Reason("components C", Integer.toString(config.components()), sparse ? String.format(Locale.ROOT,
                "Of each layer, four for each of the %d features, as in most of the paper's runs: surplus ones fall out of use, missing ones merge features.",
                x.columns()) : "Of each layer, four for each dimension of the widest matrix: surplus ones fall out of use, missing ones merge mechanisms."));
        reasons.add(new Reason("steps", String.format(Locale.ROOT, "%,d", config.steps()), String.format(Locale.ROOT,
                "As the paper for %d decomposed layers. Train two or three seeds: of TMS 5-2 one in six fails, which its faithfulness loss shows beside the"
                        + " others' (Diagnosis.ofSeeds).", layers)));
        reasons.add(new Reason("batch", Integer.toString(config.batch()), sparse ? "Large enough that every feature is active in about " + TIMES
                + " of its samples, within the paper's sizes." : "Every dense sample is informative; a larger batch only costs time."));
        reasons.add(new Reason("width of gates", Integer.toString(config.gateWidth()), "16, as in the paper's models of up to two layers; that of three has"
                + " 128."));
        reasons.add(new Reason("learning rate", PlainNumber.of(config.learningRate()), "The paper's, but for the model of one layer, which has twice as much;"
                + " it falls to 0 by a cosine, as for TMS."));
        reasons.add(new Reason("divergence", config.divergence().name(), config.divergence() == Divergence.KL ? "The outputs are logits."
                : "The outputs are numbers, not logits."));
        return reasons;
    }

    /**
     * Returns the sum of importances that a sample should have, over all layers: one for each active input where a layer reads the input; elsewhere a part
     * of the matrix's rank, on samples that are not empty, or as many, if that is more.
     */
    private static double important(NetworkGraph graph, SparseRows x, double active, boolean sparse) {
        double full = IntStream.range(0, x.rows()).filter(row -> !x.isEmpty(row)).count() / (double) x.rows();
        double sum = 0;
        for (int l = 0; l < graph.layers().size(); l++) {
            double ofRank = Math.max(1, PART_OF_RANK * rank(graph.layers().get(l))) * full;
            boolean readsInput = !graph.path(graph.input(), graph.layerInput(l)).isZero();
            sum += !sparse ? ofRank : readsInput ? active : Math.max(active, ofRank);
        }
        return sum;
    }

    private static int rank(NetworkGraph.Layer layer) {
        return Math.min(layer.in(), layer.out());
    }

    private static int powerOfTwo(double least) {
        int size = LEAST_BATCH;
        while (size < least && size < LARGEST_BATCH) {
            size *= 2;
        }
        return size;
    }
}
