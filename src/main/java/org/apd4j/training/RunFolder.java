package org.apd4j.training;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apd4j.io.ArrayFile;

/**
 * A folder of saved runs, one file each. A run is found again by its name, or by a fingerprint of its settings, seed and target; numbers that were
 * measured on runs are kept in the same way.
 *
 * <pre>{@code
 * var folder = RunFolder.of(Path.of("runs"));
 * var apd = folder.resume(Apd.decompose(target, ApdConfig.paperTms5to2())); // as it was saved, or new
 * apd.train(); // saves itself every minute and at its end
 * folder.list().forEach(saved -> System.out.println(saved.name() + ": " + saved.progress()));
 * }</pre>
 */
public final class RunFolder {

    private static final String ENDING = ".npz";
    /** Windows drops spaces and dots at the end of a name. */
    private static final Pattern NAME = Pattern.compile("[\\p{L}\\p{N}]([\\p{L}\\p{N} ._-]*[\\p{L}\\p{N}_-])?");
    /** Names of devices on Windows, whatever ending follows. */
    private static final Pattern RESERVED = Pattern.compile("(CON|PRN|AUX|NUL|(COM|LPT)[0-9¹²³])([. ].*)?", Pattern.CASE_INSENSITIVE);

    private final List<Path> folders;

    private RunFolder(List<Path> folders) {
        this.folders = folders;
    }

    /**
     * Returns a folder of runs.
     *
     * @param folder    created when the first run is saved
     * @param otherwise folders that are used where the first cannot be written to; runs are looked for in all of them
     */
    public static RunFolder of(Path folder, Path... otherwise) {
        return new RunFolder(Stream.concat(Stream.of(folder), Stream.of(otherwise)).distinct().toList());
    }

    /**
     * What a folder holds of one run, or of one sweep's runs.
     *
     * @param name     the file's name without its ending; for numbers, the name of the folder that they are in
     * @param what     what was trained: "decomposition of TMS 5-2, seed 0"; "?" if the file cannot be read
     * @param progress "4,000 of 20,000" steps; "?" if the file cannot be read
     * @param saved    when it was saved last
     * @param bytes    the size of its files
     * @param files    the {@code .npz} files: one, except for numbers
     */
    public record Entry(String name, String what, String progress, Instant saved, long bytes, List<Path> files) {

        /** Returns the folder. */
        public Path folder() {
            return Objects.requireNonNull(files.get(0).getParent(), "files are listed with their folder");
        }
    }

    /**
     * Returns the first of the folders that can be written to; creates it if it does not exist.
     *
     * @throws IOException if none can be written to
     */
    public Path writable() throws IOException {
        IOException reason = null;
        for (Path folder : folders) {
            try {
                Files.createDirectories(folder);
                Files.delete(Files.createTempFile(folder, ".try", ".tmp"));
                return folder;
            } catch (IOException e) {
                reason = e;
            }
        }
        throw new IOException("runs cannot be saved: no file can be created in " + String.join(" or ", folders.stream().map(Path::toAbsolutePath)
                .map(Path::toString).toList()), reason);
    }

    /** Returns whether a folder is the first choice. */
    public boolean isFirstChoice(Path folder) {
        return folder.equals(folders.get(0));
    }

    /**
     * Checks that a run's file can have a name on every system, so that a folder can be taken from one to another.
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

    /** Returns the name of a run's file, its own name and its fingerprint: "TMS-5-2-APD-seed-0-5f3a9c2e". */
    public static <R extends Run<?> & Saveable<?>> String nameOf(R run) {
        return run.name().replaceAll("[^\\p{L}\\p{N}]+", "-").replaceFirst("^-", "").replaceFirst("^(.{60}).+", "$1") + "-" + run.fingerprint();
    }

    /**
     * Returns where a run of this name is written.
     *
     * @throws IOException if no folder can be written to
     */
    public Path file(String name) throws IOException {
        return writable().resolve(name + ENDING);
    }

    /** Returns what is saved under a name; empty if nothing is. */
    public <R extends Saveable<R>> Optional<SavedRun<R>> find(String name, Saveable<R> fresh) {
        return existing(name).map(file -> SavedRun.of(fresh, file));
    }

    /**
     * Returns what is saved of a run, or of one that would come to the same end, under a name that ends with its fingerprint; empty if nothing is.
     *
     * @throws IOException if the folder cannot be read
     */
    public <R extends Saveable<R>> Optional<SavedRun<R>> find(Saveable<R> fresh) throws IOException {
        Optional<Path> file = ofFingerprint(fresh.fingerprint());
        if (file.isPresent()) {
            return file.map(found -> SavedRun.of(fresh, found));
        }
        // different runs may share a fingerprint of earlier versions
        return ofFingerprint(fresh.formerFingerprint()).map(former -> SavedRun.of(fresh, former)).filter(SavedRun::isSame);
    }

    /**
     * Returns a run as it was saved, or the given one if nothing is. It saves itself from now on, every minute and when training ends.
     *
     * @param fresh a run that has not begun to train
     * @throws IOException if what is saved cannot be read, or the folder cannot be written to
     */
    public <R extends Run<R> & Saveable<R>> R resume(R fresh) throws IOException {
        Path file = file(nameOf(fresh));
        Autosave.await(file);
        return resume(find(fresh), file, fresh);
    }

    /**
     * Does the same under a name.
     *
     * @param name letters, digits, dots, hyphens, underscores, and spaces but not at its end
     * @throws IllegalArgumentException if it cannot be the name of a file on every system
     * @throws IOException              also if what is saved differs in settings, seed or target
     */
    public <R extends Run<R> & Saveable<R>> R resume(String name, R fresh) throws IOException {
        requireName(name);
        Path file = file(name);
        Autosave.await(file);
        return resume(find(name, fresh), file, fresh);
    }

    private static <R extends Run<R> & Saveable<R>> R resume(Optional<SavedRun<R>> saved, Path file, R fresh) throws IOException {
        Optional<String> obstacle = saved.flatMap(SavedRun::obstacle);
        if (obstacle.isPresent()) {
            throw new IOException("training cannot continue: " + obstacle.get() + "; delete the file, or use another name, to begin anew");
        }
        R run = saved.flatMap(SavedRun::run).orElse(fresh);
        Autosave.of(run, file);
        return run;
    }

    /**
     * Returns a group whose runs are made as they were saved, or new, and save themselves.
     *
     * @see #resume(Run)
     */
    public <R extends Run<R> & Saveable<R>> SeedRuns<R> resume(SeedRuns<R> group) {
        return group.made((name, maker) -> {
            try {
                return resume(maker.get());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    /**
     * Saves numbers that were measured on a finished run.
     *
     * @param name     of the file, without its ending
     * @param target   the name of what was trained, for people
     * @param settings the settings, for people
     */
    public void saveNumbers(String name, String target, String settings, long seed, Map<String, Double> numbers) throws IOException {
        NumbersFile.write(file(name), target, settings, seed, numbers);
    }

    /**
     * Returns the numbers that were saved under a name; empty if there are none.
     *
     * @throws IOException if they are damaged
     */
    public Optional<Map<String, Double>> numbers(String name) throws IOException {
        Optional<Path> file = existing(name);
        return file.isPresent() ? Optional.of(NumbersFile.read(file.get())) : Optional.empty();
    }

    /**
     * Returns everything that is saved, by name: runs, and each folder of numbers as one.
     *
     * @throws IOException if a folder cannot be read
     */
    public List<Entry> list() throws IOException {
        List<Entry> entries = new ArrayList<>();
        for (Path folder : folders) {
            for (Path file : saved(folder)) {
                SavedDescription description = SavedDescription.of(file);
                entry(stem(file), description.what(), description.progress(), List.of(file)).ifPresent(entries::add);
            }
            for (Path inside : files(folder, Files::isDirectory)) {
                List<Path> numbers = saved(inside);
                if (!numbers.isEmpty() && numbers.stream().allMatch(SavedDescription::isOfNumbers)) {
                    entry(inside.getFileName().toString(), SavedDescription.of(numbers.get(0)).what(),
                            numbers.size() + (numbers.size() == 1 ? " run" : " runs"), numbers).ifPresent(entries::add);
                }
            }
        }
        return entries;
    }

    private static Optional<Entry> entry(String name, String what, String progress, List<Path> files) throws IOException {
        Instant saved = Instant.MIN;
        long bytes = 0;
        for (Path file : files) {
            try {
                Instant time = Files.getLastModifiedTime(file).toInstant();
                saved = time.isAfter(saved) ? time : saved;
                bytes += Files.size(file);
            } catch (NoSuchFileException e) {
                return Optional.empty(); // deleted by another program a moment ago
            }
        }
        return Optional.of(new Entry(name, what, progress, saved, bytes, files));
    }

    /**
     * Deletes what was saved of a run, with all that stands beside its file.
     *
     * @throws IOException if a file cannot be deleted
     */
    public void delete(Entry entry) throws IOException {
        for (Path file : entry.files()) {
            Files.deleteIfExists(file);
            Files.deleteIfExists(ArrayFile.descriptionBeside(file));
            Files.deleteIfExists(Autosave.lock(file));
        }
        if (!folders.contains(entry.folder()) && files(entry.folder(), path -> true).isEmpty()) {
            Files.delete(entry.folder());
        }
    }

    private static List<Path> files(Path folder, Predicate<Path> wanted) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(wanted).sorted().toList();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static List<Path> saved(Path folder) throws IOException {
        return files(folder, path -> path.getFileName().toString().endsWith(ENDING));
    }

    private static String stem(Path file) {
        String name = file.getFileName().toString();
        return name.substring(0, name.length() - ENDING.length());
    }

    private Optional<Path> ofFingerprint(String fingerprint) throws IOException {
        for (Path folder : folders) {
            List<Path> found = files(folder, path -> path.getFileName().toString().endsWith("-" + fingerprint + ENDING));
            if (!found.isEmpty()) {
                return Optional.of(found.get(0));
            }
        }
        return Optional.empty();
    }

    private Optional<Path> existing(String name) {
        return folders.stream().map(folder -> folder.resolve(name + ENDING)).filter(Files::exists).findFirst();
    }

    @Override
    public String toString() {
        return "runs in " + String.join(" or ", folders.stream().map(Path::toString).toList());
    }
}
