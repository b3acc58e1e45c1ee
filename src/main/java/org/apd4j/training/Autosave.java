package org.apd4j.training;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Saves a run to one file while it trains: every minute, and when a call of {@code train} ends. Training waits only while its state is copied;
 * the file is written by another thread, and is whole at every moment. A save that fails does not end the training.
 *
 * <pre>{@code
 * Autosave.of(run, Path.of("tms.npz"));
 * run.train();
 * }</pre>
 */
public final class Autosave implements ProgressListener {

    /** Between two saves. */
    public static final Duration EVERY = Duration.ofMinutes(1);

    /**
     * One save, or the attempt.
     *
     * @param file    where the run is
     * @param step    at least so many steps were done
     * @param bytes   size of the file; 0 if it could not be written
     * @param failure why not, one sentence; null if it was written
     * @param last    whether the run is finished
     */
    public record Save(Path file, int step, long bytes, String failure, boolean last) {
    }

    private final Saveable<?> run;
    private final Path file;
    private final int after;
    private final long nanosBetween;
    private final LongSupplier nanoTime;
    private final Consumer<Save> heard;
    /** Held while a file is written. */
    private final ReentrantLock writing = new ReentrantLock();
    private volatile long lastSave;

    Autosave(Saveable<?> run, Path file, int after, Duration every, LongSupplier nanoTime, Consumer<Save> heard) {
        this.run = Objects.requireNonNull(run, "run");
        this.file = Objects.requireNonNull(file, "file");
        this.after = after;
        this.nanosBetween = every.toNanos();
        this.nanoTime = nanoTime;
        this.heard = Objects.requireNonNull(heard, "heard");
        this.lastSave = nanoTime.getAsLong() - nanosBetween; // of a run that trains already: at its next report
    }

    /** Saves a run every minute from now on; what goes wrong with that is not told. */
    public static <R extends Run<?> & Saveable<?>> Autosave of(R run, Path file) {
        return of(run, file, 0, save -> { });
    }

    /**
     * Saves a run every minute from now on.
     *
     * @param file  its name ends with {@code .npz}
     * @param after nothing is saved before so many steps are done: a file of the same run that is further than this one stays until then
     * @param heard is told of every save that was tried, on the thread that wrote it
     */
    public static <R extends Run<?> & Saveable<?>> Autosave of(R run, Path file, int after, Consumer<Save> heard) {
        var autosave = new Autosave(run, file, after, EVERY, System::nanoTime, heard);
        run.listenToo(autosave);
        return autosave;
    }

    /** Where the run is saved. */
    public Path file() {
        return file;
    }

    @Override
    public void on(Progress progress) {
        switch (progress.phase()) {
            case STARTED -> lastSave = nanoTime.getAsLong();
            case RUNNING -> {
                if (nanoTime.getAsLong() - lastSave >= nanosBetween && !writing.isLocked()) {
                    lastSave = nanoTime.getAsLong();
                    inBackground(progress);
                }
            }
            case STOPPED, FAILED, CANCELLED -> inBackground(progress);
            case FINISHED -> save(progress); // who has waited for the end finds the file
            case PREPARING -> { }
        }
    }

    /** Not a daemon: a program does not end in the middle of a save. */
    private void inBackground(Progress progress) {
        if (isDue(progress)) {
            new Thread(() -> save(progress), "apd4j-autosave").start();
        }
    }

    private boolean isDue(Progress progress) {
        return progress.step() > after || progress.phase() == Phase.FINISHED;
    }

    private void save(Progress progress) {
        if (!isDue(progress)) {
            return;
        }
        boolean last = progress.phase() == Phase.FINISHED;
        Save save;
        writing.lock();
        try {
            run.save(file);
            save = new Save(file, progress.step(), Files.size(file), null, last);
        } catch (IOException | RuntimeException e) {
            save = new Save(file, progress.step(), 0, reason(e), last);
        } finally {
            writing.unlock();
        }
        heard.accept(save);
    }

    private static String reason(Exception e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }
}
