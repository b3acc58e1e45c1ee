package org.apd4j.io.internal;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * Atomic writing of files: a file is written as a whole or not at all.
 *
 * <pre>{@code
 * AtomicFile.write(Path.of("notes.txt"), out -> out.write("all or nothing".getBytes()));
 * }</pre>
 */
public final class AtomicFile {

    /** The longest chain of symbolic links that is followed. */
    private static final int MAX_LINKS = 40;

    private AtomicFile() {
    }

    /** The content of a file to be written. */
    @FunctionalInterface
    public interface Content {

        /** Writes the whole content; need not flush or close the stream. */
        void writeTo(OutputStream out) throws IOException;
    }

    /**
     * Writes a file or replaces it atomically: the content goes to a temporary file in the same folder, which is forced to the disk and then renamed.
     * Whatever fails, and whenever the process dies, the file has either its previous or its new content. If the file is a symbolic link, the file
     * that it leads to is written; a replaced file keeps its permissions. Temporary files that dead processes left behind are removed after an hour.
     * An interrupted thread can write, too, and stays interrupted.
     *
     * @throws IOException if the folder does not exist or is not writable, the disk is full, or the content throws it; the message names the file
     *     and the reason, the previous file is untouched and the temporary file is deleted
     */
    public static void write(Path file, Content content) throws IOException {
        write(file, content, new Disk());
    }

    /**
     * Writes a file as {@link #write(Path, Content)} does.
     *
     * @param disk the operations on the disk, which tests replace by failing ones
     */
    static void write(Path file, Content content, Disk disk) throws IOException {
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
            draft.out().close(); // Windows cannot rename an open file
            disk.rename(draft.path(), target);
        } catch (IOException e) {
            throw notWritten(file, temporary, e);
        }
        disk.forceFolder(folder);
    }

    /** Returns the path at the end of a chain of symbolic links; it need not exist. */
    private static Path followed(Path file) throws IOException {
        Path path = file.toAbsolutePath();
        for (int links = 0; Files.isSymbolicLink(path); links++) {
            if (links == MAX_LINKS) {
                throw new IOException(file + " is a symbolic link in a cycle of links");
            }
            path = path.resolveSibling(Files.readSymbolicLink(path));
        }
        return path;
    }

    /** Returns an exception that names the file and the reason that the system gives, such as "No space left on device". */
    private static IOException notWritten(Path file, String temporary, IOException cause) {
        String said = cause instanceof AccessDeniedException ? "permission denied"
                : cause instanceof FileSystemException e && e.getReason() != null ? e.getReason() : Refusal.reason(cause);
        String reason = said.replace(temporary.isEmpty() ? "\0" : temporary, "").strip();
        boolean inBrackets = reason.startsWith("(") && reason.endsWith(")");
        return new IOException(file + " could not be written: " + (inBrackets ? reason.substring(1, reason.length() - 1) : reason)
                + (Files.exists(file) ? "; the previous file is unchanged" : ""), cause);
    }
}
