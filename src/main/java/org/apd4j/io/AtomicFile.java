package org.apd4j.io;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.UUID;

/**
 * Writes a file all or not at all.
 *
 * <pre>{@code
 * AtomicFile.write(Path.of("notes.txt"), out -> out.write("all or nothing".getBytes()));
 * }</pre>
 */
public final class AtomicFile {

    private static final String TEMPORARY = ".tmp";
    /** After so long a temporary file belongs to a process that died in the middle of a write. */
    private static final Duration ABANDONED = Duration.ofHours(1);

    private AtomicFile() {
    }

    /** What is to stand in the file. */
    @FunctionalInterface
    public interface Content {

        /** Writes everything; need not flush or close. */
        void writeTo(OutputStream out) throws IOException;
    }

    /**
     * Writes a file or replaces it in one instant: the content goes to a temporary file in the same folder, is forced to the
     * disk and then takes the file's name. Whatever fails, and whenever the process dies, the file is the previous one or
     * the new one, whole. What processes that died left of earlier attempts is removed when it is an hour old. Works on a thread that is interrupted, too; the interrupt stays set.
     *
     * @throws IOException if the folder does not exist or cannot be written to, the disk is full, or the content throws it: one sentence
     *     with the file and the reason; the previous file is then untouched and the temporary one deleted
     */
    public static void write(Path file, Content content) throws IOException {
        Path target = file.toAbsolutePath();
        Path folder = target.getParent();
        if (folder == null || Files.isDirectory(target)) {
            throw new IOException(file + " is a folder, not a file");
        }
        if (!Files.isDirectory(folder)) {
            throw new NoSuchFileException(file.toString(), null, "its folder does not exist");
        }
        // Not Files.createTempFile, whose files only their owner may read.
        Path temporary = folder.resolve("." + target.getFileName() + "." + UUID.randomUUID() + TEMPORARY);
        removeAbandoned(folder, "." + target.getFileName() + ".");
        try {
            // A stream, not a channel: an interrupt closes a channel in the middle of a write.
            try (var out = new FileOutputStream(temporary.toFile())) {
                content.writeTo(out);
                out.getFD().sync();
            }
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw notWritten(file, temporary, e);
        } finally {
            Files.deleteIfExists(temporary);
        }
        forceFolder(folder);
    }

    /** What the system says, such as "No space left on device", with the file that was meant. */
    private static IOException notWritten(Path file, Path temporary, IOException cause) {
        String said = Objects.toString(cause.getMessage(), cause.getClass().getSimpleName()).replace(temporary.toString(), "").strip();
        String reason = said.startsWith("(") && said.endsWith(")") ? said.substring(1, said.length() - 1) : said;
        return new IOException(file + " could not be written: " + reason + (Files.exists(file) ? "; the file that was there is as it was" : ""), cause);
    }

    private static void removeAbandoned(Path folder, String prefix) {
        FileTime limit = FileTime.from(Instant.now().minus(ABANDONED));
        try (var files = Files.newDirectoryStream(folder, path -> isTemporary(path.getFileName().toString(), prefix))) {
            for (Path file : files) {
                if (Files.getLastModifiedTime(file).compareTo(limit) < 0) {
                    Files.deleteIfExists(file);
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            // They are only in the way: the write itself says what is wrong with the folder.
        }
    }

    private static boolean isTemporary(String name, String prefix) {
        return name.startsWith(prefix) && name.endsWith(TEMPORARY) && name.length() == prefix.length() + 36 + TEMPORARY.length();
    }

    /** Makes the new name survive a power failure where the system can do that. */
    private static void forceFolder(Path folder) {
        try (var channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        } catch (IOException e) {
            // Windows opens no folders, and an interrupted thread no channels: the file itself is safe either way.
        }
    }
}
