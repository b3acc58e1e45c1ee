package org.apd4j.notebook;

import java.util.LinkedHashMap;
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
 */
public final class ProgressBoard {

    /** A little less than the half second between two reports, so that none is lost to a clock's jitter. */
    private static final long NANOS_BETWEEN_UPDATES = 400_000_000L;

    private final String title;
    private final int runs;
    private final Screen screen;
    private final LongSupplier nanoTime;
    private final Map<String, Progress> reports = new LinkedHashMap<>();
    private String id;
    private long lastUpdate;

    ProgressBoard(String title, int runs, Screen screen, LongSupplier nanoTime) {
        if (runs < 1) {
            throw new IllegalArgumentException("runs is " + runs + ", it must be 1 or more");
        }
        this.title = Objects.requireNonNull(title, "title");
        this.runs = runs;
        this.screen = screen;
        this.nanoTime = nanoTime;
    }

    /**
     * A board for runs that belong together, in the notebook.
     *
     * @param title what they have in common
     * @param runs  how many there will be, 1 or more
     */
    public static ProgressBoard of(String title, int runs) {
        return new ProgressBoard(title, runs, new KernelScreen(), System::nanoTime);
    }

    /** The listener of one of the board's runs. */
    public ProgressListener listener(String run) {
        Objects.requireNonNull(run, "run");
        return progress -> take(run, progress);
    }

    private synchronized void take(String run, Progress progress) {
        boolean over = ended() >= runs;
        reports.put(run, progress);
        long now = nanoTime.getAsLong();
        if (id == null || over && progress.phase() == Phase.STARTED) {
            // A run that goes on does so in another cell, which gets a display of its own.
            id = "apd-progress-" + UUID.randomUUID();
            screen.show(Outputs.html(id, html(), TextProgress.line(progress)));
            lastUpdate = now;
        } else if (progress.phase() != Phase.RUNNING || now - lastUpdate >= NANOS_BETWEEN_UPDATES) {
            screen.update(Outputs.html(id, html(),
                    runs == 1 || ended() < runs ? TextProgress.line(progress) : ProgressHtml.summaryLine(title, reports)));
            lastUpdate = now;
        }
    }

    private int ended() {
        return (int) reports.values().stream().filter(ProgressBoard::ended).count();
    }

    static boolean ended(Progress progress) {
        return progress.phase() != Phase.STARTED && progress.phase() != Phase.RUNNING;
    }

    private String html() {
        return runs == 1 ? ProgressHtml.one(reports.values().iterator().next()) : ProgressHtml.several(title, runs, reports);
    }
}
