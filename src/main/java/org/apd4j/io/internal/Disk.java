package org.apd4j.io.internal;

import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** The disk operations by which {@link AtomicFile} makes sure that a file survives a power failure. */
class Disk {

    /** Forces the content of a written file to the disk. */
    void force(FileOutputStream written) throws IOException {
        written.getFD().sync();
    }

    /** Renames a file atomically, replacing the file that had the name. */
    void rename(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Forces the entries of a folder to the disk, where the system supports that. */
    void forceFolder(Path folder) {
        boolean interrupted = Thread.interrupted(); // an interrupt would close the channel
        try (var channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        } catch (IOException e) {
            // Windows cannot open folders; the content of the file is safe all the same
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
