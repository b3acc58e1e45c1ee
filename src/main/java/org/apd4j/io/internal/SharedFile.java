package org.apd4j.io.internal;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A file that several programs may write, one at a time. Each learns whether another one has replaced it since. The operating system releases the
 * lock when a program dies; the empty hidden file that carries the lock stays beside the file.
 *
 * <pre>{@code
 * var shared = new SharedFile(Path.of("run.npz"), Duration.ofSeconds(30));
 * shared.alone(changed -> System.out.println(changed ? "another program has written it" : "it is as it was"));
 * }</pre>
 */
public final class SharedFile {

    private static final long MILLIS_BETWEEN_TRIES = 20;

    private final Path file;
    private final Path lock;
    private final Duration patience;
    private @Nullable Version known;

    /** The attributes that tell one content from another without reading it: files are replaced, never changed. */
    private record Version(FileTime modified, long size, @Nullable Object key) {

        static @Nullable Version of(Path file) throws IOException {
            try {
                BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
                return new Version(attributes.lastModifiedTime(), attributes.size(), attributes.fileKey());
            } catch (NoSuchFileException e) {
                return null;
            }
        }
    }

    /** Reads or writes the file. */
    @FunctionalInterface
    public interface Job {

        /** @param changed whether another program has replaced or deleted the file since this object last looked at it */
        void run(boolean changed) throws IOException;
    }

    /** @param patience how long a job waits for other programs */
    public SharedFile(Path file, Duration patience) {
        this.file = Objects.requireNonNull(file, "file");
        this.lock = lockOf(file);
        this.patience = patience;
        try {
            this.known = Version.of(file);
        } catch (IOException e) {
            this.known = null; // whatever is there counts as written by another program
        }
    }

    /** Returns the hidden file that carries the lock of a file. */
    public static Path lockOf(Path file) {
        return file.resolveSibling("." + file.getFileName() + ".lock");
    }

    /**
     * Runs a job while holding the file's lock. An interrupt does not disturb it and stays set.
     *
     * @throws IOException if the job throws it, or another program holds the lock for longer than the patience
     */
    public void alone(Job job) throws IOException {
        boolean interrupted = Thread.interrupted(); // an interrupt closes channels
        try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            long start = System.nanoTime();
            @Nullable FileLock held = tryLock(channel);
            while (held == null) {
                if (System.nanoTime() - start > patience.toNanos()) {
                    throw new IOException(file + " has been locked by another program for " + patience.toSeconds() + " seconds; try again when that program has saved");
                }
                try {
                    Thread.sleep(MILLIS_BETWEEN_TRIES);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
                held = tryLock(channel);
            }
            job.run(!Objects.equals(known, Version.of(file)));
            known = Version.of(file);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Returns null if the lock is held, in this program or another; closing the channel releases it. */
    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }
}
