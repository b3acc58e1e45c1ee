package org.apd4j.training;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A folder of results, which has a folder for each notebook. Files are found by fingerprints in their names, whatever notebook they were made by; where
 * several notebooks have a result of their own, for example of a target that was trained on another machine, one of them comes first.
 */
final class ResultFolder {

    private static final Pattern VALUE = Pattern.compile("(.+-of-[0-9a-f]{8})\\.npz");
    private static final Pattern RUN = Pattern.compile(".+-([0-9a-f]{8})\\.npz");

    private final Path folder;
    private final String first;
    private final Map<String, List<Path>> runs = new HashMap<>();
    private final Map<String, List<Path>> values = new HashMap<>();
    private final Set<Path> used = Collections.synchronizedSet(new LinkedHashSet<>());

    private ResultFolder(Path folder, String first) {
        this.folder = folder;
        this.first = first;
    }

    /**
     * Returns the folder with what it holds now; a folder that does not exist holds nothing.
     *
     * @param first the name of the folder in it whose results come first; where it has none, the others come in order
     */
    static ResultFolder of(Path path, String first) {
        ResultFolder folder = new ResultFolder(path, first);
        if (Files.isDirectory(path)) {
            try (Stream<Path> files = Files.walk(path, 2)) {
                files.sorted().forEach(folder::add);
            } catch (IOException e) {
                throw new UncheckedIOException("the results in " + path.toAbsolutePath() + " cannot be listed: " + e.getMessage(), e);
            }
        }
        return folder;
    }

    private void add(Path file) {
        String name = file.getFileName().toString();
        Matcher value = VALUE.matcher(name);
        Matcher run = RUN.matcher(name);
        if (value.matches()) {
            values.computeIfAbsent(value.group(1), key -> new ArrayList<>()).add(file);
        } else if (run.matches()) {
            runs.computeIfAbsent(run.group(1), key -> new ArrayList<>()).add(file);
        }
    }

    /** Returns the name of a value's file without its ending. */
    static String nameOf(String value, String fingerprint) {
        return value + "-of-" + fingerprint;
    }

    /** Returns the file of the run with this fingerprint; empty if there is none. */
    Optional<Path> run(String fingerprint) {
        return use(runs.getOrDefault(fingerprint, List.of()));
    }

    /** Returns the file of a value; empty if there is none. */
    Optional<Path> value(String name, String fingerprint) {
        return use(values.getOrDefault(nameOf(name, fingerprint), List.of()));
    }

    private Optional<Path> use(List<Path> files) {
        Optional<Path> file = files.stream().filter(one -> one.getParent() != null && one.getParent().endsWith(first)).findFirst()
                .or(() -> files.stream().findFirst());
        file.ifPresent(used::add);
        return file;
    }

    /** Returns the files that have been found so far, in the order in which they were first. */
    List<Path> used() {
        synchronized (used) {
            return List.copyOf(used);
        }
    }

    /** Returns all files, by folder and name. */
    List<Path> files() {
        return Stream.concat(runs.values().stream(), values.values().stream()).flatMap(List::stream).sorted().toList();
    }

    /** Returns where the folder is, and whether it holds anything, for messages. */
    String where() {
        return folder.toAbsolutePath().normalize() + (runs.isEmpty() && values.isEmpty() ? ", which holds no results" : "");
    }
}
