package org.apd4j.training;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.Objects;
import java.util.StringJoiner;
import java.util.function.LongSupplier;

/**
 * A listener that writes progress as lines of text: the first and the last report, and between them at most one line every two seconds. The text is
 * ASCII and the same in every locale.
 *
 * <pre>{@code
 * run.listen(new TextProgress(System.out)).train();
 * }</pre>
 *
 * <pre>
 * TMS 5-2, seed 0: step 4000 of 20000 (20 %), 812 steps/s, 4.9 s so far, 20 s left; total 0.031, minimality 2.0e-4
 * scrubbing: 5120 of 20000 samples (25 %), 2530 samples/s, 2.0 s so far, 5.9 s left
 * </pre>
 */
public final class TextProgress implements ProgressListener {

    private static final long NANOS_BETWEEN_LINES = 2_000_000_000L;

    private final Appendable out;
    private final LongSupplier nanoTime;
    private long lastLine;

    /**
     * Creates a listener.
     *
     * @param out the destination of the lines, such as {@code System.out}
     */
    public TextProgress(Appendable out) {
        this(out, System::nanoTime);
    }

    TextProgress(Appendable out, LongSupplier nanoTime) {
        this.out = Objects.requireNonNull(out, "out");
        this.nanoTime = nanoTime;
    }

    /**
     * Writes a report as a line, unless the last line is too recent.
     *
     * @throws UncheckedIOException if the text cannot be written
     */
    @Override
    public synchronized void on(Progress progress) {
        long now = nanoTime.getAsLong();
        if ((progress.phase() == Phase.RUNNING || progress.phase() == Phase.PREPARING) && now - lastLine < NANOS_BETWEEN_LINES) {
            return;
        }
        lastLine = now;
        try {
            out.append(line(progress)).append(System.lineSeparator());
        } catch (IOException e) {
            throw new UncheckedIOException("the progress of " + progress.run() + " cannot be written", e);
        }
    }

    /** Returns a report as one line of text, without a line terminator. */
    public static String line(Progress progress) {
        var line = new StringBuilder(progress.run()).append(": ");
        switch (progress.phase()) {
            case STARTED -> line.append(!isTraining(progress) ? standing(progress)
                    : (progress.step() == 0 ? "starts, " + progress.steps() + " steps"
                    : "continues at step " + progress.step() + " of " + progress.steps())
                    + (progress.isPartOfRun() ? ", to step " + progress.goal() : ""));
            case PREPARING, RUNNING -> {
                line.append(standing(progress));
                if (progress.stepsPerSecond() > 0) {
                    line.append(", ").append(speed(progress));
                }
                line.append(", ").append(duration(progress.seconds())).append(" so far");
                if (Double.isFinite(progress.secondsRemaining())) {
                    line.append(", ").append(duration(progress.secondsRemaining())).append(" left");
                }
            }
            case STOPPED -> line.append(progress.hasReachedGoal() ? "" : "stopped at ").append(standing(progress)).append(" after ")
                    .append(duration(progress.seconds())).append(progress.hasReachedGoal() ? ", as requested" : "")
                    .append("; train() continues from there");
            case CANCELLED -> line.append("stopped at ").append(standing(progress)).append(" after ")
                    .append(duration(progress.seconds())).append("; the next call starts from the beginning");
            case SHOWN -> line.append(standing(progress)).append(", not trained here: a result is shown; it was trained in ")
                    .append(duration(progress.seconds()));
            case FINISHED -> line.append(progress.steps()).append(' ').append(progress.unit()).append(" done in ")
                    .append(duration(progress.seconds()));
            case FAILED -> line.append("failed at ").append(standing(progress)).append(" after ")
                    .append(duration(progress.seconds()));
        }
        String losses = losses(progress.history());
        line.append(losses.isEmpty() ? "" : "; ").append(losses);
        return progress.notice().isEmpty() ? line.toString() : line.append("; note: ").append(progress.notice()).toString();
    }

    private static String standing(Progress progress) {
        return (isTraining(progress) ? "step " + progress.step() + " of " + progress.steps()
                : progress.step() + " of " + progress.steps() + " " + progress.unit()) + " (" + percent(progress) + " %)"
                + (progress.isPartOfRun() && !ended(progress) ? ", to step " + progress.goal() : "");
    }

    private static boolean ended(Progress progress) {
        return progress.phase() == Phase.STOPPED || progress.phase() == Phase.FAILED || progress.phase() == Phase.SHOWN;
    }

    private static boolean isTraining(Progress progress) {
        return progress.unit().equals(Progress.STEPS);
    }

    private static String losses(LossHistory history) {
        var losses = new StringJoiner(", ");
        if (history.size() > 0) {
            history.names().forEach(name -> losses.add(name + " " + loss(history.last(name))));
        }
        return losses.toString();
    }

    /** Returns the percentage of the run's steps that are done, rounded down, 0 … 100. */
    public static int percent(Progress progress) {
        return progress.steps() <= 0 ? 100 : (int) Math.min(100, 100L * progress.step() / progress.steps());
    }

    /** Returns a loss with two or three significant digits, such as "2.71", "0.064" or "3.1e-4"; "NaN" and "Infinity" are returned as they are. */
    public static String loss(double value) {
        double magnitude = Math.abs(value);
        if (value == 0) {
            return "0";
        }
        if (!(magnitude >= 0.01 && magnitude < 1e5)) {
            return !Double.isFinite(value) ? Double.toString(value) : String.format(Locale.ROOT, "%.1e", value).replaceFirst("e([+-])0*(?=\\d)", "e$1");
        }
        return String.format(Locale.ROOT, magnitude >= 100 ? "%.0f" : magnitude >= 10 ? "%.1f" : magnitude >= 1 ? "%.2f" : "%.3f", value);
    }

    /** Returns the speed of a report, such as "812 steps/s" or "0.42 samples/s". */
    public static String speed(Progress progress) {
        return speed(progress.stepsPerSecond(), progress.unit());
    }

    /** Returns a speed, such as "812 steps/s" or "0.42 samples/s". */
    public static String speed(double stepsPerSecond, String unit) {
        String format = stepsPerSecond >= 10 ? "%.0f" : stepsPerSecond >= 1 ? "%.1f" : "%.2f";
        return String.format(Locale.ROOT, format, stepsPerSecond) + " " + unit + "/s";
    }

    /** Returns a duration, such as "0.3 s", "42 s", "3 min 20 s" or "1 h 05 min", or "?" if it is not known. */
    public static String duration(double seconds) {
        if (!(seconds >= 0) || Double.isInfinite(seconds)) {
            return "?";
        }
        if (seconds < 9.95) {
            return String.format(Locale.ROOT, "%.1f s", seconds);
        }
        long whole = Math.round(seconds);
        if (whole < 60) {
            return whole + " s";
        }
        return whole < 3600
                ? String.format(Locale.ROOT, "%d min %02d s", whole / 60, whole % 60)
                : String.format(Locale.ROOT, "%d h %02d min", whole / 3600, whole % 3600 / 60);
    }
}
