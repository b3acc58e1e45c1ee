package org.apd4j.training;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.apd4j.io.internal.SharedFile;
import org.jspecify.annotations.Nullable;

/**
 * Saves a run to one file while it trains: every minute, and when a call of {@code train} ends. Training waits only while its state is copied;
 * another thread writes the file, which is whole at every moment. A save that fails does not end the training. If another program saves the same run
 * to the same file, the state with more steps stays, and the other program's saves fail with a message that says so.
 *
 * <pre>{@code
 * Autosave.of(run, Path.of("tms.npz"));
 * run.train();
 * }</pre>
 */
public final class Autosave implements ProgressListener {

    /** The time between two saves. */
    public static final Duration EVERY = Duration.ofMinutes(1);

    /**
     * A save, successful or not.
     *
     * @param file    the file
     * @param step    steps done, or a few fewer
     * @param bytes   the file's size; 0 if it could not be written
     * @param failure why the file could not be written, in one sentence; null if it was written
     * @param last    whether the run is finished
     */
    public record Save(Path file, int step, long bytes, @Nullable String failure, boolean last) {
    }

    /** How long a save waits for another program's save to end. */
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
        this.lastSave = nanoTime.getAsLong() - nanosBetween; // a run that is training already is saved at its next report
    }

    /** Saves a run every minute from now on; failures are not reported. */
    public static <R extends Run<?> & Saveable<?>> Autosave of(R run, Path file) {
        return of(run, file, 0, save -> { });
    }

    /**
     * Saves a run every minute from now on.
     *
     * @param file  its name ends with {@code .npz}
     * @param after nothing is saved until more than this many steps are done, so that a file of the same run with more steps is not replaced before
     * @param heard called after every save, successful or not, on the thread that wrote the file
     */
    public static <R extends Run<?> & Saveable<?>> Autosave of(R run, Path file, int after, Consumer<Save> heard) {
        var autosave = new Autosave(run, file, after, EVERY, System::nanoTime, heard);
        run.addListener(autosave);
        return autosave;
    }

    /** Returns the file. */
    public Path file() {
        return file;
    }

    /**
     * Waits until this program is no longer saving a run to a file: a run that was stopped a moment ago is saved in the background. If a run that saves
     * to the file is still training, waits up to {@value TrainingGuard#SECONDS_TO_WIND_DOWN} seconds for the end of its training.
     */
    public static void await(Path file) {
        UNDER_WAY.await(file);
    }

    /** Returns the empty hidden file beside a saved run that carries the lock by which programs that save to it wait for each other. */
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
            case FINISHED -> { // when train returns, the file is there
                try {
                    save(progress);
                } finally {
                    UNDER_WAY.trainsNoLonger(file, this);
                }
            }
            case PREPARING, SHOWN -> { }
        }
    }

    /** Saves on a thread that is no daemon: the program does not end in the middle of a save. */
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
        } catch (OutOfMemoryError e) { // no thread could be started
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
        } catch (IOException | RuntimeException | Error e) { // not even an error here may end the training
            save = failed(progress, e);
        } finally {
            writing.unlock();
        }
        heard.accept(save);
    }

    /**
     * Returns whether this run has to replace the file that another program has written since: yes if it is gone or holds the same run at an earlier
     * step, no if it holds the same step.
     *
     * @throws IOException if this run may not replace it
     */
    private <R extends Saveable<R>> boolean mayReplace(Saveable<R> own) throws IOException {
        if (Files.notExists(file)) {
            return true;
        }
        SavedRun<R> other = SavedRun.of(own, file);
        if (other.fault().isPresent()) {
            throw new IOException(file + " has been replaced by another program and stays, but cannot be read: " + other.fault().get());
        }
        if (other.difference().isPresent()) {
            throw new IOException(file + " has been replaced by another program and stays: it differs in " + other.difference().get()
                    + ". Save one of the two runs under another name");
        }
        if (other.step() > own.step()) {
            throw new IOException(file + " has been replaced by another program that trains the same run, and stays as long as it has more steps: "
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
