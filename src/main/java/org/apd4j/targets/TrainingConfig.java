package org.apd4j.targets;

import org.apd4j.training.Schedule;

/**
 * How a target is trained: AdamW on the mean squared error to the labels.
 *
 * <pre>{@code
 * var training = new TrainingConfig(1024, 5_000, 5e-3, Schedule.constant(), 0.01);
 * var shorter = training.withSteps(100);
 * }</pre>
 *
 * @param batch        samples a step
 * @param steps        steps
 * @param learningRate of AdamW
 * @param schedule     of the learning rate
 * @param weightDecay  decoupled weight decay, on everything that is trained
 */
public record TrainingConfig(int batch, int steps, double learningRate, Schedule schedule, double weightDecay) {

    /** @throws IllegalArgumentException naming the value that is out of its range */
    public TrainingConfig {
        if (batch < 1) {
            throw new IllegalArgumentException("batch is " + batch + "; it must be at least 1");
        }
        if (steps < 1) {
            throw new IllegalArgumentException("steps is " + steps + "; it must be at least 1");
        }
        if (!(learningRate > 0) || Double.isInfinite(learningRate)) {
            throw new IllegalArgumentException("learningRate is " + learningRate + "; it must be above 0");
        }
        if (!(weightDecay >= 0) || Double.isInfinite(weightDecay)) {
            throw new IllegalArgumentException("weightDecay is " + weightDecay + "; it must be at least 0");
        }
    }

    /** The same for another number of steps. */
    public TrainingConfig withSteps(int steps) {
        return new TrainingConfig(batch, steps, learningRate, schedule, weightDecay);
    }
}
