package org.apd4j.training;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A piece of long work other than training, such as a measurement over many batches, whose progress is reported. Once it has taken a second, it
 * reports its {@link Progress} about twice a second to the listener that {@link Listeners} returns for its name; shorter work reports nothing.
 *
 * <pre>{@code
 * try (ProgressScope work = ProgressScope.of("powers of two", "powers", 1_000)) {
 *     for (int i = 1; i <= 1_000; i++) {
 *         work.done(i);
 *     }
 * }
 * }</pre>
 *
 * <p>A scope within another scope on the same thread reports nothing, since it is part of work that is reported already.
 */
public final class ProgressScope implements AutoCloseable {

    private static final double SECONDS_OF_SILENCE = 1;

    private final String name;
    private final String unit;
    private final int steps;
    private final LongSupplier nanoTime;
    private final long start;
    private final ProgressListener listener;
    private final @Nullable ProgressListener before;
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
        this.before = Listeners.override(Listeners.silent());
    }

    /**
     * Opens a scope, which the caller must close.
     *
     * @param name  the name of the work ("scrubbing")
     * @param unit  what is counted, in the plural ("samples")
     * @param steps how many of them there are
     */
    public static ProgressScope of(String name, String unit, int steps) {
        return new ProgressScope(name, unit, steps, System::nanoTime);
    }

    /**
     * Records how many steps are done. Call it at least a few times a second, on the thread that does the work.
     *
     * @param count the number of steps done since the scope was opened
     * @throws CancellationException if the thread has been interrupted, as by JupyterLab's stop button; it stays interrupted
     */
    public void done(int count) {
        step = Math.min(count, steps);
        if (Thread.currentThread().isInterrupted()) {
            cancelled = true;
            throw new CancellationException(name + " was stopped after " + step + " of " + steps + " " + unit
                    + "; the next call starts from the beginning");
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

    /** Ends the work: as finished if all steps are done, as cancelled if it was interrupted, otherwise as failed. */
    @Override
    public void close() {
        Listeners.override(before);
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
