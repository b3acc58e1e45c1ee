package org.apd4j.io.internal;

import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** What {@link AtomicFile} asks of the system so that a file survives a power failure. */
public class Disk {

    /** Forces the content of a file that was written to the disk. */
    public void force(FileOutputStream written) throws IOException {
        written.getFD().sync();
    }

    /** Gives a file the name of another one, which it replaces, in one instant. */
    public void rename(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Forces the names in a folder to the disk, where the system can do that. */
    public void forceFolder(Path folder) {
        boolean interrupted = Thread.interrupted(); // which would close the channel
        try (var channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        } catch (IOException e) {
            // Windows opens no folders: the file itself is safe either way.
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
