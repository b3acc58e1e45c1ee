package org.apd4j.language;

import java.util.function.Consumer;
import org.apd4j.training.Schedule;

/**
 * The settings of a small language model, and of its training by AdamW on pieces of a text. Immutable; made by a preset or by {@link #of}, and changed by
 * {@link #with}. The model has layer norms, neurons with GELU, and embedded positions.
 *
 * <pre>{@code
 * LanguageModelConfig stories = LanguageModelConfig.stories();
 * LanguageModelConfig longer = stories.with(c -> c.steps = 8_000);
 * }</pre>
 *
 * @param positions     length S of the pieces, at least 1
 * @param blocks        number of blocks, at least 1
 * @param heads         of each block, at least 1
 * @param headWidth     d_head, at least 1; d_model is {@code heads · headWidth}
 * @param neurons       d_mlp, at least 1
 * @param initialScale  standard deviation of the initial weights times the square root of d_model, above 0
 * @param steps         number of steps, at least 1
 * @param sequences     pieces of a step, drawn anywhere in the text, at least 1
 * @param learningRate  above 0
 * @param schedule      of the learning rate
 * @param weightDecay   λ of AdamW, at least 0
 * @param beta2         decay rate of the mean of the squared gradients, at least 0 and below 1
 * @param testEvery     number of steps between two looks at the test text, at least 1
 * @param testSequences pieces of the test text that a look takes, or all that there are if fewer, at least 1
 */
public record LanguageModelConfig(int positions, int blocks, int heads, int headWidth, int neurons, double initialScale, int steps, int sequences,
                                  double learningRate, Schedule schedule, double weightDecay, double beta2, int testEvery, int testSequences) {

    /** @throws IllegalArgumentException if a setting is out of its range; the message names it, its value and the range */
    public LanguageModelConfig {
        atLeastOne("positions", positions);
        atLeastOne("blocks", blocks);
        atLeastOne("heads", heads);
        atLeastOne("headWidth", headWidth);
        atLeastOne("neurons", neurons);
        require(initialScale > 0 && initialScale < Double.POSITIVE_INFINITY, "initialScale", initialScale, "a finite number above 0");
        atLeastOne("steps", steps);
        atLeastOne("sequences", sequences);
        require(learningRate > 0 && learningRate < Double.POSITIVE_INFINITY, "learningRate", learningRate, "a finite number above 0");
        require(weightDecay >= 0 && weightDecay < Double.POSITIVE_INFINITY, "weightDecay", weightDecay, "a finite number of at least 0");
        require(beta2 >= 0 && beta2 < 1, "beta2", beta2, "at least 0 and below 1");
        atLeastOne("testEvery", testEvery);
        atLeastOne("testSequences", testSequences);
    }

    private static void atLeastOne(String setting, int value) {
        require(value >= 1, setting, value, "at least 1");
    }

    private static void require(boolean holds, String setting, Object value, String range) {
        if (!holds) {
            throw new IllegalArgumentException(setting + " is " + value + "; it must be " + range);
        }
    }

    /** Returns the settings of a model of two blocks that learns the stories of {@link StoryGrammar}, in a few minutes. */
    public static LanguageModelConfig stories() {
        return of(c -> { });
    }

    /**
     * Returns settings given by name. Settings that are not given have the defaults of {@link Fields}.
     *
     * @throws IllegalArgumentException if a setting is out of its range; the message names it, its value and the range
     */
    public static LanguageModelConfig of(Consumer<Fields> settings) {
        Fields fields = new Fields();
        settings.accept(fields);
        return fields.toConfig();
    }

    /**
     * Returns these settings with some of them changed. The result is checked as a whole, after all changes.
     *
     * @throws IllegalArgumentException if a setting is out of its range; the message names it, its value and the range
     */
    public LanguageModelConfig with(Consumer<Fields> change) {
        Fields fields = new Fields();
        fields.set(this);
        change.accept(fields);
        return fields.toConfig();
    }

    /** The settings by name, for {@link LanguageModelConfig#of} and {@link LanguageModelConfig#with}, with those of {@link #stories} as defaults. */
    public static final class Fields {

        // network
        public int positions = 32;
        public int blocks = 2;
        public int heads = 4;
        public int headWidth = 12;
        public int neurons = 192;
        public double initialScale = 0.8;

        // training
        public int steps = 4_000;
        public int sequences = 32;
        public double learningRate = 3e-3;
        public Schedule schedule = Schedule.linear().warmup(0.05);
        public double weightDecay = 0.1;
        public double beta2 = 0.98;

        // looks at the test text
        public int testEvery = 20;
        public int testSequences = 100;

        private Fields() {
        }

        private void set(LanguageModelConfig config) {
            positions = config.positions;
            blocks = config.blocks;
            heads = config.heads;
            headWidth = config.headWidth;
            neurons = config.neurons;
            initialScale = config.initialScale;
            steps = config.steps;
            sequences = config.sequences;
            learningRate = config.learningRate;
            schedule = config.schedule;
            weightDecay = config.weightDecay;
            beta2 = config.beta2;
            testEvery = config.testEvery;
            testSequences = config.testSequences;
        }

        private LanguageModelConfig toConfig() {
            return new LanguageModelConfig(positions, blocks, heads, headWidth, neurons, initialScale, steps, sequences, learningRate, schedule,
                    weightDecay, beta2, testEvery, testSequences);
        }
    }
}
