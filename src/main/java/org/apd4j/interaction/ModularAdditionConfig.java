package org.apd4j.interaction;

import java.util.function.Consumer;

/**
 * The settings of a transformer that learns to add modulo p, and of its training by AdamW on all pairs at once. Immutable; made by a preset or by
 * {@link #of}, and changed by {@link #with}. Test accuracy rises long after training accuracy is 1, the sooner the larger learning rate and weight decay
 * are.
 *
 * <pre>{@code
 * ModularAdditionConfig published = ModularAdditionConfig.paper();
 * ModularAdditionConfig other = ModularAdditionConfig.fast().with(c -> c.steps = 600);
 * }</pre>
 *
 * @param task         the numbers, and the pairs that are trained on
 * @param width        d_model, at least 1
 * @param heads        number of heads, at least 1
 * @param headWidth    d_head, at least 1
 * @param neurons      d_mlp, at least 1
 * @param initialScale weights begin as normal numbers with a standard deviation of this over √d_model, above 0; biases begin at 0
 * @param steps        number of steps, at least 1; each is an epoch, since all pairs are trained on at once
 * @param learningRate learning rate of AdamW after its warm-up, above 0
 * @param warmup       number of steps over which the learning rate rises from 0, at least 0
 * @param weightDecay  decoupled weight decay of every parameter, at least 0
 * @param beta2        decay rate of the mean of the squared gradients, at least 0 and below 1
 * @param testEvery    number of steps between two looks at the test pairs, at least 1
 * @param goal         the test accuracy that counts as learned, above 0
 * @param stepsAfter   number of steps that are still done once a look finds the goal reached; −1 to do all steps
 */
public record ModularAdditionConfig(ModularAddition task, int width, int heads, int headWidth, int neurons, double initialScale, int steps,
                                    double learningRate, int warmup, double weightDecay, double beta2, int testEvery, double goal, int stepsAfter) {

    /** @throws IllegalArgumentException if a setting is out of its range; the message names it, its value and the range */
    public ModularAdditionConfig {
        atLeast(1, "width", width);
        atLeast(1, "heads", heads);
        atLeast(1, "headWidth", headWidth);
        atLeast(1, "neurons", neurons);
        require(initialScale > 0 && initialScale < Double.POSITIVE_INFINITY, "initialScale", initialScale, "a finite number above 0");
        atLeast(1, "steps", steps);
        require(learningRate > 0 && learningRate < Double.POSITIVE_INFINITY, "learningRate", learningRate, "a finite number above 0");
        atLeast(0, "warmup", warmup);
        require(weightDecay >= 0 && weightDecay < Double.POSITIVE_INFINITY, "weightDecay", weightDecay, "a finite number of at least 0");
        require(beta2 >= 0 && beta2 < 1, "beta2", beta2, "at least 0 and below 1");
        atLeast(1, "testEvery", testEvery);
        require(goal > 0 && goal <= 1, "goal", goal, "above 0 and at most 1");
        atLeast(-1, "stepsAfter", stepsAfter);
    }

    private static void atLeast(int least, String setting, int value) {
        require(value >= least, setting, value, "at least " + least);
    }

    private static void require(boolean holds, String setting, Object value, String range) {
        if (!holds) {
            throw new IllegalArgumentException(setting + " is " + value + "; it must be " + range);
        }
    }

    /** Returns the published settings: 60,000 epochs at a learning rate of 1e-3, tested every 1,000 (arXiv 2405.10928). */
    public static ModularAdditionConfig paper() {
        return of(c -> c.testEvery = 1_000);
    }

    /**
     * Returns the published settings with an end 500 epochs after the test accuracy has first reached 0.999, or after 30,000 epochs, tested every 50: the
     * network has its final form by then, in a fraction of the time.
     */
    public static ModularAdditionConfig untilLearned() {
        return of(c -> {
            c.steps = 30_000;
            c.stepsAfter = 500;
        });
    }

    /** Returns the published network, trained for 1,000 epochs at ten times the published learning rate: it learns in less than a minute. */
    public static ModularAdditionConfig fast() {
        return of(c -> {
            c.steps = 1_000;
            c.learningRate = 1e-2;
            c.testEvery = 20;
        });
    }

    /**
     * Returns settings given by name. Settings that are not given have the defaults of {@link Fields}.
     *
     * @throws IllegalArgumentException if a setting is out of its range; the message names it, its value and the range
     */
    public static ModularAdditionConfig of(Consumer<Fields> settings) {
        Fields fields = new Fields();
        settings.accept(fields);
        return fields.toConfig();
    }

    /**
     * Returns these settings with some of them changed. The result is checked as a whole, after all changes.
     *
     * @throws IllegalArgumentException if a setting is out of its range; the message names it, its value and the range
     */
    public ModularAdditionConfig with(Consumer<Fields> change) {
        Fields fields = new Fields();
        fields.set(this);
        change.accept(fields);
        return fields.toConfig();
    }

    /** Returns the learning rate of a step, counted from 0. */
    double learningRate(int step) {
        return step < warmup ? learningRate * step / warmup : learningRate;
    }

    /** The settings by name, for {@link ModularAdditionConfig#of} and {@link ModularAdditionConfig#with}, with the published values as defaults. */
    public static final class Fields {

        // data
        public ModularAddition task = ModularAddition.paper();

        // network
        public int width = 128;
        public int heads = 4;
        public int headWidth = 32;
        public int neurons = 512;
        public double initialScale = 0.8;

        // training
        public int steps = 60_000;
        public double learningRate = 1e-3;
        public int warmup = 10;
        public double weightDecay = 1;
        public double beta2 = 0.98;

        // end
        public int testEvery = 50;
        public double goal = 0.999;
        public int stepsAfter = -1;

        private Fields() {
        }

        private void set(ModularAdditionConfig config) {
            task = config.task;
            width = config.width;
            heads = config.heads;
            headWidth = config.headWidth;
            neurons = config.neurons;
            initialScale = config.initialScale;
            steps = config.steps;
            learningRate = config.learningRate;
            warmup = config.warmup;
            weightDecay = config.weightDecay;
            beta2 = config.beta2;
            testEvery = config.testEvery;
            goal = config.goal;
            stepsAfter = config.stepsAfter;
        }

        private ModularAdditionConfig toConfig() {
            return new ModularAdditionConfig(task, width, heads, headWidth, neurons, initialScale, steps, learningRate, warmup, weightDecay, beta2,
                    testEvery, goal, stepsAfter);
        }
    }
}
