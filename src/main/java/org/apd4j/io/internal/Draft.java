package org.apd4j.io.internal;

import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.CRC32;

/**
 * A temporary file in the same folder as another file, which receives the new content of that file. Its writer holds a lock on it, so a draft
 * without a lock was left behind by a process that died.
 */
final class Draft implements AutoCloseable {

    private static final String ENDING = ".tmp";
    /** The age below which no draft is removed; on file systems without locks, only this protects drafts in use. */
    private static final Duration ABANDONED = Duration.ofHours(1);
    private static final int ATTEMPTS = 5;
    /** The drafts of this process, which must not be opened a second time: closing the second stream would release the lock. */
    private static final Set<Path> OWN = ConcurrentHashMap.newKeySet();

    private final Path path;
    private final FileOutputStream out;

    private Draft(Path path, FileOutputStream out) {
        this.path = path;
        this.out = out;
    }

    /** Creates an empty draft of a file, with the permissions of the file if it exists. */
    static Draft of(Path file) throws IOException {
        for (int attempt = 1;; attempt++) {
            Path path = file.resolveSibling(prefix(file) + UUID.randomUUID() + ENDING);
            OWN.add(path);
            try {
                create(path, file);
                // not a FileChannel, which an interrupt of the thread would close in the middle of a write
                var out = new FileOutputStream(path.toFile());
                if (lock(out) && Files.exists(path)) {
                    return new Draft(path, out);
                }
                out.close(); // another process takes it for abandoned and is about to remove it
            } catch (IOException e) {
                OWN.remove(path);
                Files.deleteIfExists(path);
                throw e;
            }
            OWN.remove(path);
            Files.deleteIfExists(path);
            if (attempt == ATTEMPTS) {
                throw new IOException("another process keeps removing the temporary file");
            }
        }
    }

    private static void create(Path path, Path file) throws IOException {
        if (Files.exists(file) && Files.getFileStore(file).supportsFileAttributeView("posix")) {
            Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
            Files.createFile(path, PosixFilePermissions.asFileAttribute(Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE)));
            Files.setPosixFilePermissions(path, permissions);
        }
    }

    /** Locks a file and returns whether it was free; returns true on file systems without locks. */
    private static boolean lock(FileOutputStream out) {
        try {
            return out.getChannel().tryLock() != null;
        } catch (IOException e) {
            return true;
        }
    }

    /** Returns the beginning of a draft's name. It is a checksum, since the file's own name may have the maximum length already. */
    private static String prefix(Path file) {
        CRC32 sum = new CRC32();
        sum.update(file.getFileName().toString().getBytes(StandardCharsets.UTF_8));
        return String.format(Locale.ROOT, ".%08x.", sum.getValue());
    }

    /** Returns the path of the draft. */
    Path path() {
        return path;
    }

    /** Returns the stream that writes the draft. */
    FileOutputStream out() {
        return out;
    }

    /** Closes the stream and deletes the draft unless it has been renamed. */
    @Override
    public void close() throws IOException {
        try {
            out.close();
        } finally {
            OWN.remove(path);
            Files.deleteIfExists(path);
        }
    }

    /** Removes drafts of a file that dead processes left behind. */
    static void removeAbandoned(Path file) {
        FileTime limit = FileTime.from(Instant.now().minus(ABANDONED));
        try (var files = Files.newDirectoryStream(file.getParent(), path -> isDraft(path.getFileName().toString(), file))) {
            for (Path path : files) {
                if (!OWN.contains(path) && Files.getLastModifiedTime(path).compareTo(limit) < 0) {
                    removeUnlocked(path);
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            // abandoned drafts do no harm; if the folder is at fault, the write that follows reports it
        }
    }

    private static void removeUnlocked(Path path) throws IOException {
        try (var channel = FileChannel.open(path, StandardOpenOption.WRITE); FileLock lock = channel.tryLock()) {
            if (lock != null) {
                Files.deleteIfExists(path);
            }
        } catch (OverlappingFileLockException e) {
            // this process is writing it
        }
    }

    /** Returns whether a name is that of a draft of the file: in the present form, or in the earlier one that held the file's whole name. */
    private static boolean isDraft(String name, Path file) {
        for (String prefix : new String[] {prefix(file), "." + file.getFileName() + "."}) {
            if (name.startsWith(prefix) && name.endsWith(ENDING) && name.length() == prefix.length() + 36 + ENDING.length()) {
                return true;
            }
        }
        return false;
    }
}
