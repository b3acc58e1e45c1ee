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
import org.jspecify.annotations.Nullable;

/**
 * The live display of a run or of a group of runs: one output, updated about twice a second, and a static summary at the end. Its listeners may be
 * called on several threads.
 *
 * <pre>{@code
 * run.listen(ProgressBoard.of("my run").listener("my run")).train();
 * }</pre>
 */
public final class ProgressBoard {

    /** A little less than the half second between two reports, so that none is skipped because of the clock's jitter. */
    private static final long NANOS_BETWEEN_UPDATES = 400_000_000L;

    private final String title;
    private final List<String> runs;
    private final Screen screen;
    private final LongSupplier nanoTime;
    private final Map<String, Progress> reports = new LinkedHashMap<>();
    private @Nullable String id;
    private long start;
    private double doneAtStart;
    private long lastUpdate;

    /**
     * Creates a board that is not shown yet.
     *
     * @param nanoTime the clock
     * @throws IllegalArgumentException if there are no runs
     */
    public ProgressBoard(String title, List<String> runs, Screen screen, LongSupplier nanoTime) {
        if (runs.isEmpty()) {
            throw new IllegalArgumentException("there are no runs; a board needs at least one");
        }
        this.title = Objects.requireNonNull(title, "title");
        this.runs = List.copyOf(runs);
        this.screen = screen;
        this.nanoTime = nanoTime;
    }

    /** Returns a board for one run, or for other long work, that appears in the notebook with the first report. */
    public static ProgressBoard of(String run) {
        return new ProgressBoard(run, List.of(run), new KernelScreen(), System::nanoTime);
    }

    /**
     * Returns a board for a group of runs, which appears in the notebook at once.
     *
     * @param title the name of the group
     * @param runs  the names of the runs within the group, at least one, in the order of the lines
     * @throws IllegalArgumentException if there are no runs
     */
    public static ProgressBoard of(String title, List<String> runs) {
        var board = new ProgressBoard(title, runs, new KernelScreen(), System::nanoTime);
        board.open();
        return board;
    }

    /** Returns the listener for one of the runs. */
    public ProgressListener listener(String run) {
        Objects.requireNonNull(run, "run");
        return progress -> take(run, progress);
    }

    /** Shows the board. */
    public synchronized void open() {
        String newId = "apd-progress-" + UUID.randomUUID();
        id = newId;
        start = nanoTime.getAsLong();
        screen.show(Outputs.html(newId, html(), text()));
        lastUpdate = start;
    }

    private synchronized void take(String run, Progress progress) {
        boolean over = reports.values().stream().filter(ProgressBoard::ended).count() >= runs.size();
        @Nullable Progress before = reports.put(run, progress);
        if (progress.phase() != Phase.PREPARING && (before == null || before.phase() == Phase.PREPARING)) {
            doneAtStart += ProgressHtml.done(progress) / runs.size();
        }
        long now = nanoTime.getAsLong();
        if (id == null || over && progress.phase() == Phase.STARTED) {
            // a run is usually continued in another cell, which gets a display of its own
            open();
        } else if (ended(progress) && !isOneOfManyShown(progress) || now - lastUpdate >= NANOS_BETWEEN_UPDATES) {
            screen.update(Outputs.html(id, html(), text()));
            lastUpdate = now;
        }
    }

    /** Returns whether a report is of a shown result that others will follow: a hundred of them come within a second, and the last one displays all. */
    private boolean isOneOfManyShown(Progress progress) {
        return progress.phase() == Phase.SHOWN && reports.values().stream().filter(ProgressBoard::ended).count() < runs.size();
    }

    /** Returns whether a report is the last one of a call. */
    public static boolean ended(Progress progress) {
        return switch (progress.phase()) {
            case STARTED, PREPARING, RUNNING -> false;
            case STOPPED, FINISHED, SHOWN, CANCELLED, FAILED -> true;
        };
    }

    private String html() {
        return runs.size() == 1 && reports.size() == 1 ? ProgressHtml.one(reports.values().iterator().next())
                : ProgressHtml.several(title, standing(), runs, reports);
    }

    private String text() {
        return runs.size() == 1 && reports.size() == 1 ? TextProgress.line(reports.values().iterator().next()) : title + ": " + standing();
    }

    /** Returns the state of the group as text. */
    private String standing() {
        double elapsed = (nanoTime.getAsLong() - start) / 1e9;
        return ProgressHtml.standing(runs.size(), reports, elapsed, doneAtStart);
    }
}
