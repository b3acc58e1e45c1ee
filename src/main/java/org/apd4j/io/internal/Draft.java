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
 * The file beside another one to which that one's new content is written first. Its writer holds a lock on it: one without a lock was left by a
 * process that died, whatever the clocks say.
 */
public final class Draft implements AutoCloseable {

    private static final String ENDING = ".tmp";
    /** Nothing is removed that is younger: on a disk without locks this is all that protects it. */
    private static final Duration ABANDONED = Duration.ofHours(1);
    private static final int ATTEMPTS = 5;
    /** Of this process, which must not open them again: closing would give up the lock. */
    private static final Set<Path> OWN = ConcurrentHashMap.newKeySet();

    private final Path path;
    private final FileOutputStream out;

    private Draft(Path path, FileOutputStream out) {
        this.path = path;
        this.out = out;
    }

    /** A draft of a file, empty, which may be read by whom the file may be read by. */
    public static Draft of(Path file) throws IOException {
        for (int attempt = 1;; attempt++) {
            Path path = file.resolveSibling(prefix(file) + UUID.randomUUID() + ENDING);
            OWN.add(path);
            try {
                create(path, file);
                // A stream, not a channel: an interrupt closes a channel in the middle of a write.
                var out = new FileOutputStream(path.toFile());
                if (lock(out) && Files.exists(path)) {
                    return new Draft(path, out);
                }
                out.close(); // somebody thinks it abandoned and is about to remove it
            } catch (IOException e) {
                OWN.remove(path);
                Files.deleteIfExists(path);
                throw e;
            }
            OWN.remove(path);
            Files.deleteIfExists(path);
            if (attempt == ATTEMPTS) {
                throw new IOException("another process keeps removing what is written");
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

    /** Whether it was not locked already; true where there are no locks. */
    private static boolean lock(FileOutputStream out) {
        try {
            return out.getChannel().tryLock() != null;
        } catch (IOException e) {
            return true;
        }
    }

    /** Short, so that every name that a file can have leaves room for it. */
    private static String prefix(Path file) {
        CRC32 sum = new CRC32();
        sum.update(file.getFileName().toString().getBytes(StandardCharsets.UTF_8));
        return String.format(Locale.ROOT, ".%08x.", sum.getValue());
    }

    public Path path() {
        return path;
    }

    public FileOutputStream out() {
        return out;
    }

    /** Removes what is left of it. */
    @Override
    public void close() throws IOException {
        try {
            out.close();
        } finally {
            OWN.remove(path);
            Files.deleteIfExists(path);
        }
    }

    /** Removes the drafts of a file that processes left which died. */
    public static void removeAbandoned(Path file) {
        FileTime limit = FileTime.from(Instant.now().minus(ABANDONED));
        try (var files = Files.newDirectoryStream(file.getParent(), path -> isDraft(path.getFileName().toString(), file))) {
            for (Path path : files) {
                if (!OWN.contains(path) && Files.getLastModifiedTime(path).compareTo(limit) < 0) {
                    removeUnlocked(path);
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            // They are only in the way: the write itself says what is wrong with the folder.
        }
    }

    private static void removeUnlocked(Path path) throws IOException {
        try (var channel = FileChannel.open(path, StandardOpenOption.WRITE); FileLock lock = channel.tryLock()) {
            if (lock != null) {
                Files.deleteIfExists(path);
            }
        } catch (OverlappingFileLockException e) {
            // this process writes it
        }
    }

    /** Under its present name, or under the one that drafts had when they carried the whole name of their file. */
    private static boolean isDraft(String name, Path file) {
        for (String prefix : new String[] {prefix(file), "." + file.getFileName() + "."}) {
            if (name.startsWith(prefix) && name.endsWith(ENDING) && name.length() == prefix.length() + 36 + ENDING.length()) {
                return true;
            }
        }
        return false;
    }
}
