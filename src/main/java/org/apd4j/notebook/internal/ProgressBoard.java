package org.apd4j.notebook.internal;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.LongSupplier;
import org.apd4j.training.Phase;
import org.apd4j.training.Progress;
import org.apd4j.training.ProgressListener;
import org.apd4j.training.TextProgress;

/**
 * The live display of one run, or of several that belong together: one output, changed in place about twice a second, and a
 * static summary when all is done. Listeners may be called from several threads.
 *
 * <pre>{@code
 * run.listen(ProgressBoard.of("my run").listener("my run")).train();
 * }</pre>
 */
public final class ProgressBoard {

    /** A little less than the half second between two reports, so that none is lost to a clock's jitter. */
    private static final long NANOS_BETWEEN_UPDATES = 400_000_000L;

    private final String title;
    private final List<String> runs;
    private final Screen screen;
    private final LongSupplier nanoTime;
    private final Map<String, Progress> reports = new LinkedHashMap<>();
    private String id;
    private long start;
    private double doneAtStart;
    private long lastUpdate;

    public ProgressBoard(String title, List<String> runs, Screen screen, LongSupplier nanoTime) {
        if (runs.isEmpty()) {
            throw new IllegalArgumentException("there are no runs, there must be 1 or more");
        }
        this.title = Objects.requireNonNull(title, "title");
        this.runs = List.copyOf(runs);
        this.screen = screen;
        this.nanoTime = nanoTime;
    }

    /** A board for one run, or other long work, in the notebook; shown with its first report. */
    public static ProgressBoard of(String run) {
        return new ProgressBoard(run, List.of(run), new KernelScreen(), System::nanoTime);
    }

    /**
     * A board for runs that belong together, in the notebook; shown at once.
     *
     * @param title what they have in common
     * @param runs  what tells them apart, 1 or more, in the order of their lines
     */
    public static ProgressBoard of(String title, List<String> runs) {
        var board = new ProgressBoard(title, runs, new KernelScreen(), System::nanoTime);
        board.open();
        return board;
    }

    /** The listener of one of the board's runs. */
    public ProgressListener listener(String run) {
        Objects.requireNonNull(run, "run");
        return progress -> take(run, progress);
    }

    /** Shows the board. */
    public synchronized void open() {
        id = "apd-progress-" + UUID.randomUUID();
        start = nanoTime.getAsLong();
        screen.show(Outputs.html(id, html(), text()));
        lastUpdate = start;
    }

    private synchronized void take(String run, Progress progress) {
        boolean over = reports.values().stream().filter(ProgressBoard::ended).count() >= runs.size();
        Progress before = reports.put(run, progress);
        if (progress.phase() != Phase.PREPARING && (before == null || before.phase() == Phase.PREPARING)) {
            doneAtStart += ProgressHtml.done(progress) / runs.size();
        }
        long now = nanoTime.getAsLong();
        if (id == null || over && progress.phase() == Phase.STARTED) {
            // A run that goes on does so in another cell, which gets a display of its own.
            open();
        } else if (ended(progress) || now - lastUpdate >= NANOS_BETWEEN_UPDATES) {
            screen.update(Outputs.html(id, html(), text()));
            lastUpdate = now;
        }
    }

    public static boolean ended(Progress progress) {
        return switch (progress.phase()) {
            case STARTED, PREPARING, RUNNING -> false;
            case STOPPED, FINISHED, CANCELLED, FAILED -> true;
        };
    }

    private String html() {
        return runs.size() == 1 && reports.size() == 1 ? ProgressHtml.one(reports.values().iterator().next())
                : ProgressHtml.several(title, standing(), runs, reports);
    }

    private String text() {
        return runs.size() == 1 && reports.size() == 1 ? TextProgress.line(reports.values().iterator().next()) : title + ": " + standing();
    }

    /** Where a group stands, in words. */
    private String standing() {
        double elapsed = (nanoTime.getAsLong() - start) / 1e9;
        return ProgressHtml.standing(runs.size(), reports, elapsed, doneAtStart);
    }
}
