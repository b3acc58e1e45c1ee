package org.apd4j.sharedgate;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apd4j.decomposition.DecompositionSettings;
import org.apd4j.decomposition.Divergence;
import org.apd4j.decomposition.Suggestion;
import org.apd4j.decomposition.internal.SettingCheck;
import org.apd4j.io.internal.Fingerprint.Default;
import org.apd4j.math.internal.PlainNumber;
import org.apd4j.sharedgate.internal.SharedGateRules;
import org.apd4j.targets.Target;
import org.apd4j.training.Schedule;

/**
 * The settings of a decomposition by shared gates. Immutable; made by a preset or by {@link #of}, and changed by {@link #with}:
 *
 * <pre>{@code
 * SharedGateConfig config = SharedGateConfig.tms5to2().with(c -> c.components = 40);
 * }</pre>
 *
 * @param components       number of components C, at least 1; some should die, so more than there are mechanisms
 * @param gateRank         rank of a component's pieces of the gate matrices, at least 1
 * @param otherRank        rank of a component's pieces of all other matrices, at least 1
 * @param gate             what gates read
 * @param gateWidth        hidden neurons of a gate that is an MLP, at least 1; without effect for other gates
 * @param masks            distribution of the random masks
 * @param start            initial pieces of the other matrices
 * @param gateSlope        s0, the sum of a gate's initial slopes over the gate matrices, above 0
 * @param batch            non-empty samples per step, at least 1
 * @param steps            number of steps T, at least 1
 * @param divergence       measure by which outputs are compared
 * @param faithfulness     κ0, coefficient of the faithfulness loss at first, above 0
 * @param lastFaithfulness κ1, the same at the end, above 0
 * @param faithfulnessFrom f, fraction of the run after which the coefficient changes from κ0 to κ1, at least 0 and below 1
 * @param stochastic       k_s, coefficient of the stochastic pass, at least 0
 * @param keep             k_k, coefficient of the keep pass, at least 0
 * @param minimality       β, coefficient of minimality, the price of an open gate, at least 0
 * @param ramp             ρ, fraction of the run over which β grows from 0; 0 for none
 * @param decay            δ, factor by which β falls over the second half, above 0; 1 for none
 * @param hidden           k_h, coefficient of hidden reconstruction, at least 0
 * @param direction        k_d, coefficient of the direction loss, at least 0
 * @param units            units of β, k_h and k_d
 * @param prunings         fractions of the run at which unused components die, ascending, at least 0 and below 1
 * @param pruningSamples   non-empty samples that a pruning looks at, at least 1
 * @param restarts         fractions of the run at which unused components are rebuilt, ascending, at least 0 and below 1; none by default
 * @param restartSamples   non-empty samples that a restart looks at, at least 1
 * @param candidates       non-empty samples from which the initial components are picked, at least {@code components}
 * @param warmupSteps      steps that fit the initial pieces' sum to the weights, at least 0
 * @param warmupRate       learning rate of these steps, above 0
 * @param learningRate     learning rate of Adam before its schedule, above 0
 * @param schedule         schedule of the learning rate
 * @param inSpan           whether to work in the part of wide streams that is written and read, in which the network computes the same ({@link SharedGateSpan})
 * @param parameters       names of the parameters to decompose; empty for all {@link org.apd4j.network.Network#weights weights}
 */
public record SharedGateConfig(int components, int gateRank, int otherRank, GateKind gate, @Default("16") int gateWidth, RandomMasks masks, Start start,
                               double gateSlope, int batch, int steps, Divergence divergence, double faithfulness, double lastFaithfulness, double faithfulnessFrom,
                               double stochastic, double keep, double minimality, double ramp, double decay, double hidden, double direction,
                               Units units, List<Double> prunings, int pruningSamples, List<Double> restarts, int restartSamples, int candidates,
                               int warmupSteps, double warmupRate, double learningRate, Schedule schedule, boolean inSpan, List<String> parameters)
        implements DecompositionSettings {

    private static final SettingCheck CHECK = new SettingCheck("SharedGateConfig");

    /** How the initial pieces of the matrices beside the gate matrices are made. v is the input of the matrix on a component's sample, of norm 1. */
    public enum Start {
        /** {@code A = v, B = v W}, as for the gate matrices. */
        INPUT,
        /** {@code A = W o, B = o} for the direction o of {@code v W}: pieces that write in the direction of what the matrix writes on the sample. */
        OUTPUT
    }

    /** The units of the coefficients β, k_h and k_d. */
    public enum Units {
        /** The coefficients are numbers as they are. */
        ABSOLUTE,
        /**
         * β is a multiple of {@code E0}, k_h and k_d of {@code E0/Eh}: E0 is the error of the output without any component, Eh the mean square of what
         * the other matrices read, both means over non-empty samples of the target.
         */
        NATURAL
    }

    /** @throws IllegalArgumentException if a setting is out of its range; the message says what is allowed */
    public SharedGateConfig {
        parameters = List.copyOf(parameters);
        prunings = List.copyOf(prunings);
        restarts = List.copyOf(restarts);
        CHECK.require(components >= 1, "components", components, "at least 1");
        CHECK.require(gateRank >= 1, "gateRank", gateRank, "at least 1");
        CHECK.require(otherRank >= 1, "otherRank", otherRank, "at least 1");
        CHECK.require(gate != GateKind.SIGNED || gateRank == 1, "gateRank", gateRank, "1 for a signed gate, which reads one number");
        CHECK.require(gate != GateKind.MLP || gateRank == 1, "gateRank", gateRank, "1 for a gate that is an MLP of one number");
        CHECK.require(gateWidth >= 1, "gateWidth", gateWidth, "at least 1");
        CHECK.require(gate != GateKind.MLP || restarts.isEmpty(), "restarts", restarts, "empty for gates that are MLPs, whose start is random");
        CHECK.require(batch >= 1, "batch", batch, "at least 1");
        CHECK.require(steps >= 1, "steps", steps, "at least 1");
        CHECK.require(pruningSamples >= 1, "pruningSamples", pruningSamples, "at least 1");
        CHECK.require(restartSamples >= 1, "restartSamples", restartSamples, "at least 1");
        CHECK.require(candidates >= components, "candidates", candidates, "at least as many as components, " + components);
        CHECK.require(warmupSteps >= 0, "warmupSteps", warmupSteps, "at least 0");
        CHECK.requireAboveZero(gateSlope, "gateSlope");
        CHECK.requireAboveZero(faithfulness, "faithfulness");
        CHECK.requireAboveZero(lastFaithfulness, "lastFaithfulness");
        CHECK.require(isPart(faithfulnessFrom), "faithfulnessFrom", faithfulnessFrom, "at least 0 and below 1");
        CHECK.requireCoefficient(stochastic, "stochastic");
        CHECK.requireCoefficient(keep, "keep");
        CHECK.requireCoefficient(minimality, "minimality");
        CHECK.require(ramp >= 0 && ramp <= 1, "ramp", ramp, "0 … 1, a fraction of the run");
        CHECK.requireAboveZero(decay, "decay");
        CHECK.requireCoefficient(hidden, "hidden");
        CHECK.requireCoefficient(direction, "direction");
        CHECK.require(isAscending(prunings), "prunings", prunings, "ascending fractions of the run, at least 0 and below 1");
        CHECK.require(isAscending(restarts), "restarts", restarts, "ascending fractions of the run, at least 0 and below 1");
        CHECK.requireAboveZero(warmupRate, "warmupRate");
        CHECK.requireAboveZero(learningRate, "learningRate");
    }

    private static boolean isPart(double value) {
        return value >= 0 && value < 1;
    }

    private static boolean isAscending(List<Double> values) {
        for (int i = 0; i < values.size(); i++) {
            if (!isPart(values.get(i)) || i > 0 && values.get(i) <= values.get(i - 1)) {
                return false;
            }
        }
        return true;
    }

    /** Returns the settings of TMS 5-2: the rule with hidden reconstruction, in the target's natural units. */
    public static SharedGateConfig tms5to2() {
        return of(c -> {
            c.components = 20;
            c.minimality = 0.5;
            c.hidden = 3;
        });
    }

    /** Returns the settings of TMS 40-10: the rule with hidden reconstruction, in the target's natural units. */
    public static SharedGateConfig tms40to10() {
        return tms5to2().with(c -> c.components = 60);
    }

    /** Returns the settings of the residual MLPs of one and two layers. */
    public static SharedGateConfig residualMlp() {
        return of(c -> {
            c.components = 200;
            c.gateSlope = 4;
            c.candidates = 4096;
            c.stochastic = 3;
            c.keep = 8;
            c.minimality = 1;
            c.faithfulness = 100;
            c.lastFaithfulness = 1000;
            c.faithfulnessFrom = 0.5;
            c.pruningSamples = 20_000;
            c.warmupSteps = 300;
            c.warmupRate = 3e-3;
        });
    }

    /**
     * Returns settings for a target, all of whose weights are decomposed, with a reason for each. They follow from its network and data alone: no
     * coefficient must be given, since the price of an open gate is a multiple of the error that the output has without any component.
     */
    public static Suggestion<SharedGateConfig> suggest(Target target) {
        return SharedGateRules.suggest(target);
    }

    /**
     * Returns settings given by name. Settings that are not given have the defaults of {@link Fields}.
     *
     * @throws IllegalArgumentException if a setting is out of its range; the message says what is allowed
     */
    public static SharedGateConfig of(Consumer<Fields> settings) {
        Fields fields = new Fields();
        settings.accept(fields);
        return fields.toConfig();
    }

    /**
     * Returns these settings with some of them changed. The result is checked as a whole, after all changes.
     *
     * @throws IllegalArgumentException if a setting is out of its range; the message says what is allowed
     */
    public SharedGateConfig with(Consumer<Fields> change) {
        Fields fields = new Fields(this);
        change.accept(fields);
        return fields.toConfig();
    }

    /**
     * The settings by name, for {@link SharedGateConfig#of} and {@link SharedGateConfig#with}, with their defaults. {@code components} and
     * {@code minimality} have none and must be given.
     */
    public static final class Fields {

        // components and gates
        public int components;
        public int gateRank = 1;
        public int otherRank = 1;
        public GateKind gate = GateKind.ABSOLUTE;
        public int gateWidth = 16;
        public RandomMasks masks = RandomMasks.UNIFORM;
        public List<String> parameters = List.of();
        public boolean inSpan = true;

        // start
        public Start start = Start.INPUT;
        public double gateSlope = 1;
        public int candidates = 1024;
        public int warmupSteps = 200;
        public double warmupRate = 1e-2;

        // data
        public int batch = 256;
        public int steps = 8_000;

        // losses
        public Divergence divergence = Divergence.MSE;
        public double faithfulness = 1;
        public double lastFaithfulness = 30;
        public double faithfulnessFrom = 0.7;
        public double stochastic = 1;
        public double keep = 1;
        public double minimality = Double.NaN;
        public double ramp;
        public double decay = 0.1;
        public double hidden;
        public double direction;
        public Units units = Units.NATURAL;

        // pruning and restarts
        public List<Double> prunings = List.of(0.5, 0.7);
        public int pruningSamples = 4_000;
        public List<Double> restarts = List.of();
        public int restartSamples = 4096;

        // optimizer
        public double learningRate = 5e-3;
        public Schedule schedule = Schedule.cosine();

        private Fields() {
        }

        private Fields(SharedGateConfig config) {
            components = config.components;
            gateRank = config.gateRank;
            otherRank = config.otherRank;
            gate = config.gate;
            gateWidth = config.gateWidth;
            masks = config.masks;
            parameters = config.parameters;
            inSpan = config.inSpan;
            start = config.start;
            gateSlope = config.gateSlope;
            candidates = config.candidates;
            warmupSteps = config.warmupSteps;
            warmupRate = config.warmupRate;
            batch = config.batch;
            steps = config.steps;
            divergence = config.divergence;
            faithfulness = config.faithfulness;
            lastFaithfulness = config.lastFaithfulness;
            faithfulnessFrom = config.faithfulnessFrom;
            stochastic = config.stochastic;
            keep = config.keep;
            minimality = config.minimality;
            ramp = config.ramp;
            decay = config.decay;
            hidden = config.hidden;
            direction = config.direction;
            units = config.units;
            prunings = config.prunings;
            pruningSamples = config.pruningSamples;
            restarts = config.restarts;
            restartSamples = config.restartSamples;
            learningRate = config.learningRate;
            schedule = config.schedule;
        }

        private SharedGateConfig toConfig() {
            return new SharedGateConfig(components, gateRank, otherRank, gate, gateWidth, masks, start, gateSlope, batch, steps, divergence, faithfulness,
                    lastFaithfulness, faithfulnessFrom, stochastic, keep, minimality, ramp, decay, hidden, direction, units, prunings, pruningSamples,
                    restarts, restartSamples, candidates, warmupSteps, warmupRate, learningRate, schedule, inSpan, parameters);
        }
    }

    /** Returns the coefficient of faithfulness at a step: {@code κ0 · (κ1/κ0)^max(0, (t/T − f)/(1 − f))}. */
    public double faithfulness(int step) {
        double part = ((double) step / steps - faithfulnessFrom) / (1 - faithfulnessFrom);
        return faithfulness * Math.pow(lastFaithfulness / faithfulness, Math.max(0, part));
    }

    /** Returns the coefficient of minimality at a step, in its units: {@code β · min(1, t/(ρT)) · δ^max(0, 2t/T − 1)}. */
    public double minimality(int step) {
        double risen = ramp == 0 ? 1 : Math.min(1, step / (ramp * steps));
        return minimality * risen * Math.pow(decay, Math.max(0, 2.0 * step / steps - 1));
    }

    /** Returns the losses that are part of the total: those with a coefficient above 0. */
    public List<SharedGateLoss> losses() {
        return Stream.of(SharedGateLoss.values()).filter(loss -> switch (loss) {
            case FAITHFULNESS -> true;
            case STOCHASTIC -> stochastic > 0;
            case KEEP -> keep > 0;
            case MINIMALITY -> minimality > 0;
            case HIDDEN -> hidden > 0;
            case DIRECTION -> direction > 0;
        }).toList();
    }

    @Override
    public Map<String, String> described() {
        String error = units == Units.NATURAL ? " E0" : "";
        String perSquare = units == Units.NATURAL ? " E0/Eh" : "";
        Map<String, String> entries = new LinkedHashMap<>();
        entries.put("components C", Integer.toString(components));
        entries.put("rank of pieces", gateRank == otherRank ? Integer.toString(gateRank) : gateRank + " in gate matrices, " + otherRank + " in others");
        entries.put("gate", gate == GateKind.MLP ? "MLP of " + gateWidth + " neurons" : word(gate));
        entries.put("random masks", word(masks));
        entries.put("start of the other pieces", word(start));
        entries.put("minimality β", PlainNumber.of(minimality) + error);
        entries.put("β rises over ρ", PlainNumber.of(ramp));
        entries.put("β falls to δ", PlainNumber.of(decay));
        entries.put("stochastic k_s", PlainNumber.of(stochastic));
        entries.put("keep k_k", PlainNumber.of(keep));
        entries.put("hidden k_h", PlainNumber.of(hidden) + perSquare);
        entries.put("direction k_d", PlainNumber.of(direction) + perSquare);
        entries.put("faithfulness κ", PlainNumber.of(faithfulness) + " to " + PlainNumber.of(lastFaithfulness) + " from " + PlainNumber.of(faithfulnessFrom)
                + " on");
        entries.put("prunings at", prunings.toString());
        entries.put("restarts at", restarts.toString());
        entries.put("learning rate", PlainNumber.of(learningRate));
        entries.put("schedule", schedule.toString());
        entries.put("steps", String.format(Locale.ROOT, "%,d", steps));
        entries.put("batch", Integer.toString(batch));
        return entries;
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
