package org.apd4j.notebook.internal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Where a notebook's runs are kept: beside the notebook, or where the user's caches are if nothing can be written there. */
public final class RunFolder {

    /** Beside the notebook, which is the kernel's working folder. */
    public static final Path BESIDE = Path.of(".runs");
    /** Windows drops spaces and dots at the end of a name. */
    private static final Pattern NAME = Pattern.compile("[\\p{L}\\p{N}]([\\p{L}\\p{N} ._-]*[\\p{L}\\p{N}_-])?");
    /** Names of devices on Windows, whatever ending follows. */
    private static final Pattern RESERVED = Pattern.compile("(CON|PRN|AUX|NUL|(COM|LPT)[0-9¹²³])([. ].*)?", Pattern.CASE_INSENSITIVE);
    /** Of the names of runs' files. */
    public static final String ENDING = ".npz";

    private final List<Path> candidates;

    public RunFolder(Path beside, Path cache) {
        this.candidates = List.of(beside, cache);
    }

    public static RunFolder ofUser() {
        return new RunFolder(BESIDE, cache(System.getenv(), System.getProperty("os.name"), Path.of(System.getProperty("user.home"))));
    }

    /** Where an operating system wants caches to be. */
    public static Path cache(Map<String, String> environment, String system, Path home) {
        String name = system.toLowerCase(Locale.ROOT);
        Path caches;
        if (name.startsWith("windows")) {
            caches = path(environment.get("LOCALAPPDATA"), home.resolve("AppData").resolve("Local"));
        } else if (name.startsWith("mac")) {
            caches = home.resolve("Library").resolve("Caches");
        } else {
            caches = path(environment.get("XDG_CACHE_HOME"), home.resolve(".cache"));
        }
        return caches.resolve("apd4j").resolve("runs");
    }

    private static Path path(String given, Path otherwise) {
        return given == null || given.isBlank() ? otherwise : Path.of(given);
    }

    /**
     * The folder that can be written to, made if it is not there.
     *
     * @throws IOException if neither can
     */
    public Path writable() throws IOException {
        IOException reason = null;
        for (Path candidate : candidates) {
            try {
                Files.createDirectories(candidate);
                Files.delete(Files.createTempFile(candidate, ".try", ".tmp"));
                return candidate;
            } catch (IOException e) {
                reason = e;
            }
        }
        throw new IOException("runs cannot be kept: neither " + candidates.get(0).toAbsolutePath() + " nor " + candidates.get(1)
                + " can be written to", reason);
    }

    /** Whether a folder is only the second choice. */
    public boolean isSecondChoice(Path folder) {
        return !folder.equals(candidates.get(0));
    }

    /** All files of runs that are kept in either place, in the order of their names. */
    public List<Path> files() throws IOException {
        try {
            return candidates.stream().distinct().flatMap(RunFolder::files).toList();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static Stream<Path> files(Path folder) {
        if (!Files.isDirectory(folder)) {
            return Stream.empty();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().endsWith(ENDING)).sorted().toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Checks that a name can be a file's on every system, so that a folder of runs can be taken to another one.
     *
     * @throws IllegalArgumentException if it cannot
     */
    public static void requireName(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("'" + name + "' cannot name a file of a run; use letters, digits, spaces, dots, hyphens and underscores, "
                    + "first a letter or digit, and no space or dot at the end");
        }
        if (RESERVED.matcher(name).matches()) {
            throw new IllegalArgumentException("'" + name + "' cannot name a file of a run, since Windows keeps that name for a device; add a word to it");
        }
    }

    /** The name of a run's file: without folder and ending. */
    public static String nameOf(Path file) {
        String name = file.getFileName().toString();
        return name.substring(0, name.length() - ENDING.length());
    }

    /** The file of a run whose name ends with its fingerprint, whatever stands before that, in the one place or the other. */
    public Optional<Path> ofFingerprint(String fingerprint) throws IOException {
        return files().stream().filter(file -> nameOf(file).endsWith("-" + fingerprint)).findFirst();
    }

    /** The file of a run's name, in the one place or the other. */
    public Optional<Path> existing(String name) {
        return candidates.stream().map(candidate -> candidate.resolve(name + ENDING)).filter(Files::exists).findFirst();
    }
}
