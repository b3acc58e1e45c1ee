package org.apd4j.io.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.SyncFailedException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class AtomicFileTest {

    @TempDir
    Path temporary;

    private Path folder;
    private Path file;

    @BeforeEach
    void makeFolder() throws IOException {
        folder = Files.createDirectory(temporary.resolve("folder"));
        file = folder.resolve("run.npz");
    }

    private static void write(Path file, String text) throws IOException {
        AtomicFile.write(file, out -> out.write(text.getBytes()));
    }

    private List<Path> files() throws IOException {
        try (var files = Files.list(folder)) {
            return files.sorted().toList();
        }
    }

    /** What is asked of the system, in order. */
    private static final class Watched extends Disk {
        private final List<String> asked = new ArrayList<>();

        @Override
        public void force(FileOutputStream written) throws IOException {
            super.force(written);
            asked.add("force " + written.getChannel().size());
        }

        @Override
        public void rename(Path from, Path to) throws IOException {
            super.rename(from, to);
            asked.add("rename to " + to.getFileName());
        }

        @Override
        public void forceFolder(Path folder) {
            super.forceFolder(folder);
            asked.add("force folder " + folder.getFileName());
        }
    }

    @Test
    void contentIsForcedToTheDiskBeforeTheRenameAndTheRenameAfterwards() throws IOException {
        var disk = new Watched();
        AtomicFile.write(file, out -> out.write(new byte[70]), disk);
        assertEquals(List.of("force 70", "rename to run.npz", "force folder folder"), disk.asked);
    }

    @Test
    void forcingAClosedFileFails() throws IOException {
        var out = new FileOutputStream(file.toFile());
        new Disk().force(out);
        out.close();
        assertThrows(SyncFailedException.class, () -> new Disk().force(out));
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void aFolderIsForcedEvenByAnInterruptedThread() throws IOException {
        for (boolean interrupted : new boolean[] {false, true}) {
            Path recorded = temporary.resolve("forced " + interrupted + ".jfr");
            try (var recording = new Recording()) {
                recording.enable("jdk.FileForce").withoutThreshold();
                recording.start();
                if (interrupted) {
                    Thread.currentThread().interrupt();
                }
                new Disk().forceFolder(folder);
                assertEquals(interrupted, Thread.interrupted());
                recording.stop();
                recording.dump(recorded);
            }
            assertTrue(RecordingFile.readAllEvents(recorded).stream().anyMatch(event -> folder.toString().equals(event.getString("path"))));
        }
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void aSymbolicLinkIsKeptAndItsTargetIsWritten() throws IOException {
        Path elsewhere = Files.createDirectory(temporary.resolve("elsewhere"));
        Files.createSymbolicLink(file, Path.of("..", "elsewhere", "middle"));
        Files.createSymbolicLink(elsewhere.resolve("middle"), Path.of("real.npz"));
        for (String text : new String[] {"first", "second"}) {
            write(file, text);
            assertTrue(Files.isSymbolicLink(file));
            assertEquals(text, Files.readString(elsewhere.resolve("real.npz")));
        }
        assertEquals(List.of(file), files());
        Files.createSymbolicLink(folder.resolve("circle"), Path.of("circle"));
        String said = assertThrows(IOException.class, () -> write(folder.resolve("circle"), "")).getMessage();
        assertTrue(said.endsWith("circle is a symbolic link in a cycle of links"), said);
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void aReplacedFileKeepsItsPermissionsAtAllTimes() throws IOException {
        write(file, "secret");
        for (String permissions : new String[] {"rw-------", "rw-rw-rw-", "rw-r-----"}) {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
            AtomicFile.write(file, out -> {
                Path draft = files().stream().filter(one -> !one.equals(file)).findFirst().orElseThrow();
                assertEquals(permissions, PosixFilePermissions.toString(Files.getPosixFilePermissions(draft)));
                out.write(1);
            });
            assertEquals(permissions, PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        }
    }

    @Test
    void aNameMayBeAsLongAsTheSystemAllows() throws IOException {
        Path longest = folder.resolve("n".repeat(251) + ".npz");
        write(longest, "whole");
        assertEquals("whole", Files.readString(longest));
        Path tooLong = folder.resolve("n".repeat(260));
        String said = assertThrows(IOException.class, () -> write(tooLong, "")).getMessage();
        assertTrue(said.startsWith(tooLong + " could not be written: ") && !said.contains(".tmp"), said);
        assertEquals(List.of(longest), files());
    }

    @Test
    void draftBeingWrittenIsNotRemovedWhateverItsTimeStamp() throws IOException {
        AtomicFile.write(file, out -> {
            out.write(7);
            Path draft = files().get(0);
            Files.setLastModifiedTime(draft, FileTime.from(Instant.now().minus(Duration.ofHours(3))));
            write(file, "of another writer");
            assertTrue(Files.exists(draft));
        });
        assertEquals(1, Files.size(file));
    }

    @Test
    void draftLockedByAnotherProcessIsNotRemovedAndAnUnlockedOneIs() throws Exception {
        String draft = draftName();
        Path held = folder.resolve(draft);
        Path oldName = folder.resolve(".run.npz." + UUID.randomUUID() + ".tmp");
        Path young = folder.resolve(draftName());
        for (Path path : List.of(held, oldName, young)) {
            Files.writeString(path, "draft");
        }
        Process holder = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")), Holder.class.getName(), held.toString())
                .redirectErrorStream(true).start();
        try {
            assertEquals('h', holder.getInputStream().read());
            FileTime old = FileTime.from(Instant.now().minus(Duration.ofHours(3)));
            Files.setLastModifiedTime(held, old);
            Files.setLastModifiedTime(oldName, old);
            write(file, "one");
            assertTrue(Files.exists(held) && Files.exists(young));
            assertFalse(Files.exists(oldName));
        } finally {
            holder.destroyForcibly().waitFor();
        }
        write(file, "two");
        assertFalse(Files.exists(held));
    }

    @Test
    void draftOfAnotherFileIsNotRemoved() throws IOException {
        String other = draftName().replaceFirst("^\\.[0-9a-f]{8}", ".00000000");
        Path draft = Files.writeString(folder.resolve(other), "draft");
        Files.setLastModifiedTime(draft, FileTime.from(Instant.now().minus(Duration.ofHours(3))));
        write(file, "one");
        assertTrue(Files.exists(draft));
        Path own = Files.writeString(folder.resolve(draftName()), "draft");
        Files.setLastModifiedTime(own, FileTime.from(Instant.now().minus(Duration.ofHours(3))));
        write(folder.resolve("other.npz"), "two");
        assertTrue(Files.exists(own));
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void draftThatIsGivenUpIsClosed() throws IOException {
        assertThrows(IOException.class, () -> AtomicFile.write(file, out -> {
            throw new IOException("no more");
        }));
        assertEquals(List.of(), files());
        try (var open = Files.list(Path.of("/proc/self/fd"))) {
            assertEquals(List.of(), open.map(AtomicFileTest::target).filter(name -> name.startsWith(folder + "/")).toList());
        }
    }

    private static String target(Path link) {
        try {
            return Files.readSymbolicLink(link).toString();
        } catch (IOException e) {
            return ""; // of the listing itself, or of a thread that has closed it meanwhile
        }
    }

    /** Locks a file until it is killed. */
    static final class Holder {

        public static void main(String[] arguments) throws Exception {
            try (var channel = FileChannel.open(Path.of(arguments[0]), StandardOpenOption.WRITE)) {
                channel.lock();
                System.out.print('h');
                System.out.flush();
                Thread.sleep(Long.MAX_VALUE);
            }
        }
    }

    /** A name that a draft of the file has. */
    private String draftName() throws IOException {
        List<String> names = new ArrayList<>();
        AtomicFile.write(file, out -> files().stream().map(path -> path.getFileName().toString())
                .filter(name -> name.endsWith(".tmp")).forEach(names::add));
        String name = names.get(0);
        return name.substring(0, name.length() - 40) + UUID.randomUUID() + ".tmp";
    }
}
