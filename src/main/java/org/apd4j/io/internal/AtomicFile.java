package org.apd4j.io.internal;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * Writes a file all or not at all.
 *
 * <pre>{@code
 * AtomicFile.write(Path.of("notes.txt"), out -> out.write("all or nothing".getBytes()));
 * }</pre>
 */
public final class AtomicFile {

    /** The most links that lead from one to the next. */
    private static final int MAX_LINKS = 40;

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
     * the new one, whole. A symbolic link stays one, and the file that it leads to is written; a file that is replaced keeps its permissions.
     * What processes that died left of earlier attempts is removed when it is an hour old. Works on a thread that is interrupted, too; the
     * interrupt stays set.
     *
     * @throws IOException if the folder does not exist or cannot be written to, the disk is full, or the content throws it: one sentence
     *     with the file and the reason; the previous file is then untouched and the temporary one deleted
     */
    public static void write(Path file, Content content) throws IOException {
        write(file, content, new Disk());
    }

    public static void write(Path file, Content content, Disk disk) throws IOException {
        Path target = followed(file);
        Path folder = target.getParent();
        if (folder == null || Files.isDirectory(target)) {
            throw new IOException(file + " is a folder, not a file");
        }
        if (!Files.isDirectory(folder)) {
            throw new NoSuchFileException(file.toString(), null, "its folder does not exist");
        }
        Draft.removeAbandoned(target);
        String temporary = "";
        try (Draft draft = Draft.of(target)) {
            temporary = draft.path().toString();
            content.writeTo(draft.out());
            disk.force(draft.out());
            draft.out().close(); // Windows renames no file that is open
            disk.rename(draft.path(), target);
        } catch (IOException e) {
            throw notWritten(file, temporary, e);
        }
        disk.forceFolder(folder);
    }

    /** Where a path leads in the end, which need not exist. */
    private static Path followed(Path file) throws IOException {
        Path path = file.toAbsolutePath();
        for (int links = 0; Files.isSymbolicLink(path); links++) {
            if (links == MAX_LINKS) {
                throw new IOException(file + " is a symbolic link that leads round in a circle");
            }
            path = path.resolveSibling(Files.readSymbolicLink(path));
        }
        return path;
    }

    /** What the system says, such as "No space left on device", with the file that was meant. */
    private static IOException notWritten(Path file, String temporary, IOException cause) {
        String said = cause instanceof AccessDeniedException ? "permission denied"
                : cause instanceof FileSystemException e && e.getReason() != null ? e.getReason() : Refusal.reason(cause);
        String reason = said.replace(temporary.isEmpty() ? "\0" : temporary, "").strip();
        boolean inBrackets = reason.startsWith("(") && reason.endsWith(")");
        return new IOException(file + " could not be written: " + (inBrackets ? reason.substring(1, reason.length() - 1) : reason)
                + (Files.exists(file) ? "; the file that was there is as it was" : ""), cause);
    }
}
