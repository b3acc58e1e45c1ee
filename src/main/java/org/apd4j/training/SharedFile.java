package org.apd4j.training;

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

/**
 * A file that several programs may write: one at a time, and each learns whether another one has written since. The lock is one that the system
 * takes back when a program dies; the empty hidden file that carries it stays beside the other.
 */
final class SharedFile {

    private static final long MILLIS_BETWEEN_TRIES = 20;

    private final Path file;
    private final Path lock;
    private final Duration patience;
    private Version known;

    /** What tells one content of the file from another without reading it: files are replaced, never changed. */
    private record Version(FileTime modified, long size, Object key) {

        static Version of(Path file) throws IOException {
            try {
                BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
                return new Version(attributes.lastModifiedTime(), attributes.size(), attributes.fileKey());
            } catch (NoSuchFileException e) {
                return null;
            }
        }
    }

    /** Something that reads or writes the file. */
    @FunctionalInterface
    interface Job {

        /** @param changed whether somebody else has written or deleted the file since it was last looked at here */
        void run(boolean changed) throws IOException;
    }

    /** @param patience how long a job waits for others */
    SharedFile(Path file, Duration patience) {
        this.file = Objects.requireNonNull(file, "file");
        this.lock = lockOf(file);
        this.patience = patience;
        try {
            this.known = Version.of(file);
        } catch (IOException e) {
            this.known = null; // whatever is there then counts as written by somebody else
        }
    }

    /** The file that carries the lock of another one. */
    static Path lockOf(Path file) {
        return file.resolveSibling("." + file.getFileName() + ".lock");
    }

    /**
     * Does something while nobody else who uses this class has the file. An interrupt does not disturb it and stays set.
     *
     * @throws IOException what the job throws, or if others have the file for longer than the patience
     */
    void alone(Job job) throws IOException {
        boolean interrupted = Thread.interrupted(); // an interrupt closes channels
        try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            long start = System.nanoTime();
            FileLock held = tryLock(channel);
            while (held == null) {
                if (System.nanoTime() - start > patience.toNanos()) {
                    throw new IOException(file + " is being saved by another program; it was not free for " + patience.toSeconds() + " seconds");
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

    /** Returns null if somebody else has the lock, in this program or another; closing the channel gives it back. */
    private static FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }
}
