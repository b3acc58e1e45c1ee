package org.apd4j.training;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Saves a run to one file while it trains: every minute, and when a call of {@code train} ends. Training waits only while its state is copied;
 * the file is written by another thread, and is whole at every moment. A save that fails does not end the training. If another program saves to the
 * same file, the run that is further stays, and the other program is told.
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

    /** How long a save waits for another program's, which takes as long as a file takes to be written. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final SavesUnderWay UNDER_WAY = new SavesUnderWay();

    private final Saveable<?> run;
    private final Path file;
    private final SharedFile shared;
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
        this.shared = new SharedFile(file, PATIENCE);
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
        run.addListener(autosave);
        return autosave;
    }

    /** Where the run is saved. */
    public Path file() {
        return file;
    }

    /**
     * Waits until nothing in this program is saving a run to a file: a run that is stopped, or was a moment ago, is saved in the background. Of one
     * that is still training it waits for the end of the training for at most {@value OneAtATime#SECONDS_TO_WIND_DOWN} seconds.
     */
    public static void await(Path file) {
        UNDER_WAY.await(file);
    }

    /** Returns the empty hidden file beside a saved run by which programs that save to it wait for each other. */
    public static Path lock(Path file) {
        return SharedFile.lockOf(file);
    }

    @Override
    public void on(Progress progress) {
        switch (progress.phase()) {
            case STARTED -> {
                UNDER_WAY.trains(file, this);
                lastSave = nanoTime.getAsLong();
            }
            case RUNNING -> {
                if (nanoTime.getAsLong() - lastSave >= nanosBetween && !writing.isLocked()) {
                    lastSave = nanoTime.getAsLong();
                    inBackground(progress);
                }
            }
            case STOPPED, FAILED, CANCELLED -> {
                inBackground(progress);
                UNDER_WAY.trainsNoLonger(file, this);
            }
            case FINISHED -> { // who has waited for the end finds the file
                try {
                    save(progress);
                } finally {
                    UNDER_WAY.trainsNoLonger(file, this);
                }
            }
            case PREPARING -> { }
        }
    }

    /** Not a daemon: a program does not end in the middle of a save. */
    private void inBackground(Progress progress) {
        if (!isDue(progress)) {
            return;
        }
        UNDER_WAY.begins(file);
        try {
            new Thread(() -> {
                try {
                    save(progress);
                } finally {
                    UNDER_WAY.ends(file);
                }
            }, "apd4j-autosave").start();
        } catch (OutOfMemoryError e) { // no thread to be had
            UNDER_WAY.ends(file);
            heard.accept(failed(progress, e));
        }
    }

    private boolean isDue(Progress progress) {
        return progress.step() > after || progress.phase() == Phase.FINISHED;
    }

    private void save(Progress progress) {
        if (!isDue(progress)) {
            return;
        }
        Save save;
        writing.lock();
        try {
            shared.alone(changed -> {
                if (!changed || mayReplace(run)) {
                    run.save(file);
                }
            });
            save = new Save(file, progress.step(), Files.size(file), null, progress.phase() == Phase.FINISHED);
        } catch (IOException | RuntimeException | Error e) { // an error here is no reason to end the training
            save = failed(progress, e);
        } finally {
            writing.unlock();
        }
        heard.accept(save);
    }

    /**
     * Whether this run may replace what somebody else has saved in its place meanwhile: nothing, or the same run at an earlier step. If that is
     * exactly where this one is, there is nothing to do.
     *
     * @throws IOException if it may not, saying why
     */
    private <R extends Saveable<R>> boolean mayReplace(Saveable<R> own) throws IOException {
        if (Files.notExists(file)) {
            return true;
        }
        R other;
        try {
            other = own.saved(file);
        } catch (IOException e) {
            throw new IOException(file + " was replaced meanwhile by another program and stays, but cannot be read: " + e.getMessage(), e);
        }
        Optional<String> difference = own.difference(other);
        if (difference.isPresent()) {
            throw new IOException(file + " was replaced meanwhile by another program and stays: it differs in " + difference.get()
                    + ". Save one of the two under another name");
        }
        if (other.step() > own.step()) {
            throw new IOException(file + " was replaced meanwhile by another program, which trains the same run, and stays as long as it is further: "
                    + "it is at step " + other.step() + ", this run at step " + own.step());
        }
        return other.step() < own.step();
    }

    private Save failed(Progress progress, Throwable thrown) {
        return new Save(file, progress.step(), 0, reason(thrown), progress.phase() == Phase.FINISHED);
    }

    private static String reason(Throwable thrown) {
        if (thrown instanceof OutOfMemoryError) {
            return "the memory is used up: " + thrown.getMessage() + "; give Java more (-Xmx)";
        }
        return thrown.getMessage() == null ? thrown.getClass().getSimpleName() : thrown.getMessage();
    }

    @Override
    public String toString() {
        return "saves " + run + " to " + file;
    }
}
