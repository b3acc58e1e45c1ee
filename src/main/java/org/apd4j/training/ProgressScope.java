package org.apd4j.training;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.function.LongSupplier;

/**
 * Long work that is no training, such as a measure over many batches. What takes longer than a second reports its {@link Progress} to the
 * listener that {@link Listeners} has for its name, from then on about twice a second; what is quicker reports nothing.
 *
 * <pre>{@code
 * try (ProgressScope work = ProgressScope.of("powers of two", "powers", 1_000)) {
 *     for (int i = 1; i <= 1_000; i++) {
 *         work.done(i);
 *     }
 * }
 * }</pre>
 *
 * <p>Work inside of other work on the same thread is silent: it is part of what is reported already.
 */
public final class ProgressScope implements AutoCloseable {

    private static final double SECONDS_OF_SILENCE = 1;

    private final String name;
    private final String unit;
    private final int steps;
    private final LongSupplier nanoTime;
    private final long start;
    private final ProgressListener listener;
    private final ProgressListener before;
    private final LossHistory noLosses = new LossHistory(List.of());
    private boolean visible;
    private boolean cancelled;
    private int step;
    private int lastStep;
    private double lastTime;
    private double speed = Double.NaN;

    ProgressScope(String name, String unit, int steps, LongSupplier nanoTime) {
        this.name = Objects.requireNonNull(name, "name");
        this.unit = Objects.requireNonNull(unit, "unit");
        this.steps = steps;
        this.nanoTime = nanoTime;
        this.start = nanoTime.getAsLong();
        this.listener = Listeners.forRun(name);
        this.before = Listeners.instead(Listeners.silent());
    }

    /**
     * Work that begins now; whoever begins it closes it.
     *
     * @param name  for people, "scrubbing"
     * @param unit  what is counted, in the plural, "samples"
     * @param steps how many there are to do
     */
    public static ProgressScope of(String name, String unit, int steps) {
        return new ProgressScope(name, unit, steps, System::nanoTime);
    }

    /**
     * Says how many have been done altogether; to be called at least a few times a second, on the thread that does the work.
     *
     * @throws CancellationException if the thread was interrupted, as JupyterLab's stop button does; the interrupt stays set
     */
    public void done(int count) {
        step = Math.min(count, steps);
        if (Thread.currentThread().isInterrupted()) {
            cancelled = true;
            throw new CancellationException(name + " was stopped after " + step + " of " + steps + " " + unit + "; called again, it starts anew");
        }
        double seconds = seconds();
        if (seconds >= SECONDS_OF_SILENCE && (!visible || seconds - lastTime >= Run.SECONDS_BETWEEN_REPORTS)) {
            speed = step > lastStep ? (step - lastStep) / (seconds - lastTime) : speed;
            lastStep = step;
            lastTime = seconds;
            Phase phase = visible ? Phase.RUNNING : Phase.STARTED;
            visible = true;
            report(phase, seconds);
        }
    }

    /** Ends the work: finished if all of it was done, cancelled if it was interrupted, and failed otherwise. */
    @Override
    public void close() {
        Listeners.instead(before);
        if (visible) {
            report(step == steps ? Phase.FINISHED : cancelled ? Phase.CANCELLED : Phase.FAILED, seconds());
        }
    }

    private void report(Phase phase, double seconds) {
        listener.on(new Progress(name, phase, step, steps, seconds, speed, noLosses, unit));
    }

    private double seconds() {
        return (nanoTime.getAsLong() - start) / 1e9;
    }
}
