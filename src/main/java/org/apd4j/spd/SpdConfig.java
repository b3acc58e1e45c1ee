package org.apd4j.spd;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apd4j.decomposition.DecompositionSettings;
import org.apd4j.decomposition.Divergence;
import org.apd4j.decomposition.GateSquashing;
import org.apd4j.decomposition.Suggestion;
import org.apd4j.decomposition.internal.SettingCheck;
import org.apd4j.io.internal.Fingerprint;
import org.apd4j.math.internal.PlainNumber;
import org.apd4j.spd.internal.SpdRules;
import org.apd4j.targets.Target;
import org.apd4j.training.Schedule;

/**
 * The settings of a decomposition by SPD. Immutable; made by a preset with the paper's values or by {@link #of}, and changed by {@link #with}:
 *
 * <pre>{@code
 * SpdConfig config = SpdConfig.paperTms5to2().with(c -> c.steps = 10_000);
 * }</pre>
 *
 * @param components              number of subcomponents C of each layer, at least 1
 * @param gateWidth               width d_g of the gates' hidden layer; 0 for linear gates
 * @param batch                   samples per step, at least 1
 * @param steps                   number of steps, at least 1
 * @param draws                   number S of random masks per step, at least 1
 * @param divergence              measure by which all reconstruction losses compare outputs
 * @param faithfulness            coefficient of the faithfulness loss, at least 0
 * @param stochastic              coefficient of stochastic reconstruction, at least 0
 * @param stochasticLayerwise     coefficient of layer-wise stochastic reconstruction, at least 0
 * @param importanceMinimality    coefficient of importance minimality, at least 0
 * @param power                   p of importance minimality and Schatten, above 0
 * @param reconstruction          coefficient of reconstruction with masks g, at least 0; not in the paper
 * @param reconstructionLayerwise coefficient of layer-wise reconstruction with masks g, at least 0; not in the paper
 * @param outputReconstruction    coefficient of reconstruction with all masks 1, at least 0; not in the paper
 * @param schatten                coefficient of the Schatten loss, at least 0; not in the paper
 * @param learningRate            learning rate of Adam before its schedule, above 0
 * @param schedule                schedule of the learning rate
 * @param parameters              names of the parameters to decompose; empty for all {@link org.apd4j.network.Network#weights weights}
 * @param deltaComponent          whether what the subcomponents lack, {@code W − A B}, takes part in stochastic passes as one more component of
 *                                importance 0, with a random mask for each sample; not in the paper, but in its authors' later code
 * @param start                   initial values of the subcomponents
 * @param faithfulnessWarmup      number of steps before the first one on faithfulness alone, which change A and B only: AdamW with a learning rate of
 *                                0.01 and a weight decay of 0.1, whose state is then discarded; 0 for none, as in the paper. The authors' later code
 *                                takes 200.
 * @param squashing               squashing of gates to the importances that make masks
 */
public record SpdConfig(int components, int gateWidth, int batch, int steps, int draws, Divergence divergence, double faithfulness, double stochastic,
                        double stochasticLayerwise, double importanceMinimality, double power, double reconstruction,
                        double reconstructionLayerwise, double outputReconstruction, double schatten, double learningRate, Schedule schedule,
                        List<String> parameters, @Fingerprint.Default("false") boolean deltaComponent,
                        @Fingerprint.Default("PROJECTED") SpdStart start, @Fingerprint.Default("0") int faithfulnessWarmup,
                        @Fingerprint.Default("LEAKY") GateSquashing squashing) implements DecompositionSettings {

    private static final SettingCheck CHECK = new SettingCheck("SpdConfig");

    /** @throws IllegalArgumentException if a setting is out of its range; the message says what is allowed */
    public SpdConfig {
        parameters = List.copyOf(parameters);
        CHECK.require(components >= 1, "components", components, "at least 1");
        CHECK.require(gateWidth >= 0, "gateWidth", gateWidth, "at least 1, or 0 for linear gates");
        CHECK.require(batch >= 1, "batch", batch, "at least 1");
        CHECK.require(steps >= 1, "steps", steps, "at least 1");
        CHECK.require(draws >= 1, "draws", draws, "at least 1");
        CHECK.requireCoefficient(faithfulness, "faithfulness");
        CHECK.requireCoefficient(stochastic, "stochastic");
        CHECK.requireCoefficient(stochasticLayerwise, "stochasticLayerwise");
        CHECK.requireCoefficient(importanceMinimality, "importanceMinimality");
        CHECK.requireCoefficient(reconstruction, "reconstruction");
        CHECK.requireCoefficient(reconstructionLayerwise, "reconstructionLayerwise");
        CHECK.requireCoefficient(outputReconstruction, "outputReconstruction");
        CHECK.requireCoefficient(schatten, "schatten");
        CHECK.requireAboveZero(power, "power");
        CHECK.require(faithfulnessWarmup >= 0, "faithfulnessWarmup", faithfulnessWarmup, "a number of steps, or 0 for none");
        CHECK.requireAboveZero(learningRate, "learningRate");
    }

    /** Returns the settings of TMS 5-2, with and without an identity layer. */
    public static SpdConfig paperTms5to2() {
        return of(c -> {
            c.components = 20;
            c.gateWidth = 16;

            c.batch = 4096;
            c.steps = 40_000;

            c.importanceMinimality = 3e-3;
            c.power = 1;

            c.learningRate = 1e-3;
            c.schedule = Schedule.cosine();
        });
    }

    /** Returns the settings of TMS 40-10, with and without an identity layer. */
    public static SpdConfig paperTms40to10() {
        return paperTms5to2().with(c -> {
            c.components = 200;
            c.importanceMinimality = 1e-4;
            c.power = 2;
        });
    }

    /** Returns the settings of the residual MLP of one layer. */
    public static SpdConfig paperOneLayer() {
        return of(c -> {
            c.components = 100;
            c.gateWidth = 16;

            c.batch = 2048;
            c.steps = 30_000;

            c.importanceMinimality = 1e-5;
            c.power = 2;

            c.learningRate = 2e-3;
            c.schedule = Schedule.constant();
        });
    }

    /** Returns the settings of the residual MLP of two layers. The importance coefficient is that of the released configuration; the text has 1e-5. */
    public static SpdConfig paperTwoLayers() {
        return paperOneLayer().with(c -> {
            c.components = 400;
            c.steps = 50_000;
            c.importanceMinimality = 2e-5;
            c.learningRate = 1e-3;
        });
    }

    /** Returns the settings of the residual MLP of three layers. The number of steps is that of the released configuration; the text has 200,000. */
    public static SpdConfig paperThreeLayers() {
        return paperOneLayer().with(c -> {
            c.components = 500;
            c.gateWidth = 128;
            c.steps = 100_000;
            c.importanceMinimality = 5e-6;
            c.learningRate = 1e-3;
        });
    }

    /**
     * Returns settings to start from for a target, all of whose weights are decomposed, with a reason for each. They are rules of thumb that give the
     * paper's settings for the paper's targets, to within a factor of three; a sweep around them finds better ones.
     *
     * @throws IllegalArgumentException if the target's output does not depend on its weights
     */
    public static Suggestion<SpdConfig> suggest(Target target) {
        return SpdRules.suggest(target);
    }

    /**
     * Returns settings given by name. Settings that are not given have the defaults of {@link Fields}.
     *
     * @throws IllegalArgumentException if a setting is out of its range; the message says what is allowed
     */
    public static SpdConfig of(Consumer<Fields> settings) {
        Fields fields = new Fields();
        settings.accept(fields);
        return fields.toConfig();
    }

    /**
     * Returns these settings with some of them changed. The result is checked as a whole, after all changes.
     *
     * @throws IllegalArgumentException if a setting is out of its range; the message says what is allowed
     */
    public SpdConfig with(Consumer<Fields> change) {
        Fields fields = new Fields(this);
        change.accept(fields);
        return fields.toConfig();
    }

    /**
     * The settings by name, for {@link SpdConfig#of} and {@link SpdConfig#with}, with their defaults. {@code components} has none and must be given.
     */
    public static final class Fields {

        // components and gates
        public int components;
        public int gateWidth = 16;
        public List<String> parameters = List.of();
        public SpdStart start = SpdStart.PROJECTED;
        public int faithfulnessWarmup;
        public GateSquashing squashing = GateSquashing.LEAKY;

        // data
        public int batch = 4096;
        public int steps = 40_000;

        // losses
        public int draws = 1;
        public Divergence divergence = Divergence.MSE;
        public double faithfulness = 1;
        public double stochastic = 1;
        public double stochasticLayerwise = 1;
        public double importanceMinimality = 1e-3;
        public double power = 1;
        public double reconstruction;
        public double reconstructionLayerwise;
        public double outputReconstruction;
        public double schatten;
        public boolean deltaComponent;

        // optimizer
        public double learningRate = 1e-3;
        public Schedule schedule = Schedule.constant();

        private Fields() {
        }

        private Fields(SpdConfig config) {
            components = config.components;
            gateWidth = config.gateWidth;
            parameters = config.parameters;
            batch = config.batch;
            steps = config.steps;
            draws = config.draws;
            divergence = config.divergence;
            faithfulness = config.faithfulness;
            stochastic = config.stochastic;
            stochasticLayerwise = config.stochasticLayerwise;
            importanceMinimality = config.importanceMinimality;
            power = config.power;
            reconstruction = config.reconstruction;
            reconstructionLayerwise = config.reconstructionLayerwise;
            outputReconstruction = config.outputReconstruction;
            schatten = config.schatten;
            learningRate = config.learningRate;
            schedule = config.schedule;
            deltaComponent = config.deltaComponent;
            start = config.start;
            faithfulnessWarmup = config.faithfulnessWarmup;
            squashing = config.squashing;
        }

        private SpdConfig toConfig() {
            return new SpdConfig(components, gateWidth, batch, steps, draws, divergence, faithfulness, stochastic, stochasticLayerwise,
                    importanceMinimality, power, reconstruction, reconstructionLayerwise, outputReconstruction, schatten, learningRate, schedule,
                    parameters, deltaComponent, start, faithfulnessWarmup, squashing);
        }
    }

    /** Returns the coefficient of a loss, at least 0. */
    public double coefficient(SpdLoss loss) {
        return switch (loss) {
            case FAITHFULNESS -> faithfulness;
            case STOCHASTIC -> stochastic;
            case STOCHASTIC_LAYERWISE -> stochasticLayerwise;
            case IMPORTANCE_MINIMALITY -> importanceMinimality;
            case RECONSTRUCTION -> reconstruction;
            case RECONSTRUCTION_LAYERWISE -> reconstructionLayerwise;
            case OUTPUT_RECONSTRUCTION -> outputReconstruction;
            case SCHATTEN -> schatten;
        };
    }

    /** Returns the losses that are part of the total: those with a coefficient above 0. */
    public List<SpdLoss> losses() {
        return Stream.of(SpdLoss.values()).filter(loss -> coefficient(loss) > 0).toList();
    }

    @Override
    public Map<String, String> described() {
        Map<String, String> entries = new LinkedHashMap<>();
        entries.put("subcomponents C of a layer", Integer.toString(components));
        entries.put("width of gates", gateWidth == 0 ? "0 (linear)" : Integer.toString(gateWidth));
        entries.put("draws S", Integer.toString(draws));
        for (SpdLoss loss : losses()) {
            entries.put("coefficient of " + loss.label(), PlainNumber.of(coefficient(loss)));
        }
        entries.put("power p", PlainNumber.of(power));
        if (deltaComponent) {
            entries.put("delta component", "yes");
        }
        if (start != SpdStart.PROJECTED) {
            entries.put("initial values", "independent of the target");
        }
        if (faithfulnessWarmup > 0) {
            entries.put("warm-up on faithfulness", String.format(Locale.ROOT, "%,d steps", faithfulnessWarmup));
        }
        if (squashing != GateSquashing.LEAKY) {
            entries.put("squashing of gates", "clamped");
        }
        entries.put("learning rate", PlainNumber.of(learningRate));
        entries.put("schedule", schedule.toString());
        entries.put("steps", String.format(Locale.ROOT, "%,d", steps));
        entries.put("batch", Integer.toString(batch));
        return entries;
    }
}
