package org.apd4j.experiments.internal;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apd4j.experiments.ComparisonResults;
import org.apd4j.experiments.ComparisonStudy;
import org.apd4j.experiments.ModularAdditionSeeds;
import org.apd4j.experiments.Profile;
import org.apd4j.experiments.ResidualMlpReach;
import org.apd4j.experiments.SharedGateReach;
import org.apd4j.training.Results;
import org.apd4j.training.RunFolder;
import tech.tablesaw.api.Table;

/** The command {@code lab.py compare}: makes the committed comparison of methods, or parts of it. */
public final class ComparisonProgram {

    /** A part that has a file of its own beside that of the comparison, by the name on the command line, which is also that of its file. */
    private enum Own {
        REACH("reach", new Study<>("reach of shared gates, %d targets a case", SharedGateReach.TARGETS, new SharedGateReach(List.of()), SharedGateReach::read,
                SharedGateReach::missing, SharedGateReach::make, known -> List.of(known.table()))),
        RESIDUAL_REACH("residual-reach", new Study<>("reach of shared gates in residual MLPs, %d targets of one layer", ResidualMlpReach.TARGETS, new ResidualMlpReach(List.of()),
                ResidualMlpReach::read, ResidualMlpReach::missing, ResidualMlpReach::make, known -> List.of(known.table(), known.neurons()))),
        MODULAR_ADDITION("modular-addition", new Study<>("modular addition, %d networks", ModularAdditionSeeds.SEEDS, new ModularAdditionSeeds(List.of()),
                ModularAdditionSeeds::read, (known, networks) -> known.missing(networks).stream().map(seed -> "seed " + seed).toList(),
                ModularAdditionSeeds::make, known -> List.of(known.table(), known.besidePublished())));

        private final String label;
        private final Study<?> study;

        Own(String label, Study<?> study) {
            this.label = label;
            this.study = study;
        }

        private static Optional<Own> named(String label) {
            return Arrays.stream(values()).filter(own -> own.label.equals(label)).findFirst();
        }
    }

    /**
     * A study whose results are a file.
     *
     * @param words   what it is, with its size
     * @param size    its committed size
     * @param nothing results without a run
     * @param read    reads its file
     * @param missing names the runs of a size that results lack
     * @param make    trains and measures them
     * @param tables  what is printed of results
     */
    private record Study<T>(String words, int size, T nothing, Reader<T> read, BiFunction<T, Integer, List<String>> missing, Maker<T> make,
                            Function<T, List<Table>> tables) {
    }

    private interface Reader<T> {
        T read(Path file) throws IOException;
    }

    private interface Maker<T> {
        T make(Path file, int size, Results.Origin origin, Consumer<String> report) throws IOException;
    }

    private static final String USAGE = "usage: compare [PART…] [--seeds N] [--runs DIR] [--output FILE] [--measure-only | --missing | --table], PART: "
            + Stream.concat(Arrays.stream(ComparisonStudy.Part.values()).map(ComparisonStudy.Part::label), Arrays.stream(Own.values()).map(own -> own.label))
                    .collect(Collectors.joining(", ")) + " (default: all)";
    private static final int WRONG = 2;

    private final Set<ComparisonStudy.Part> parts = new LinkedHashSet<>();
    private Path runs = Path.of("notebooks", ".runs", "comparison");
    private Path output = Path.of("notebooks", "data", "comparison.csv");
    private int seeds;
    private final Set<Own> own = EnumSet.noneOf(Own.class);
    private String what = "";

    private ComparisonProgram(String... arguments) {
        for (int i = 0; i < arguments.length; i++) {
            String argument = arguments[i];
            switch (argument) {
                case "--seeds" -> seeds = number(value(arguments, ++i));
                case "--runs" -> runs = Path.of(value(arguments, ++i));
                case "--output" -> output = Path.of(value(arguments, ++i));
                case "--measure-only", "--missing", "--table" -> what = argument;
                default -> Own.named(argument).ifPresentOrElse(own::add, () -> parts.add(Arrays.stream(ComparisonStudy.Part.values())
                        .filter(part -> part.label().equals(argument)).findFirst()
                        .orElseThrow(() -> new IllegalArgumentException("there is no part '" + argument + "'"))));
            }
        }
        if (parts.isEmpty() && own.isEmpty()) {
            parts.addAll(List.of(ComparisonStudy.Part.values()));
            own.addAll(EnumSet.allOf(Own.class));
        }
    }

    private static String value(String[] arguments, int index) {
        if (index >= arguments.length) {
            throw new IllegalArgumentException(arguments[index - 1] + " needs a value");
        }
        return arguments[index];
    }

    private static int number(String text) {
        try {
            int number = Integer.parseInt(text);
            if (number > 0) {
                return number;
            }
        } catch (NumberFormatException e) {
            // reported below
        }
        throw new IllegalArgumentException("--seeds is '" + text + "'; it must be a whole number above 0");
    }

    /** Runs the command and ends the program. */
    public static void main(String[] arguments) throws IOException {
        System.exit(run(new PrintStream(System.out, true, StandardCharsets.UTF_8), System.getenv(), arguments));
    }

    /**
     * Runs the command.
     *
     * @param environment may name commit and machine, as for recorded results
     * @return the exit code
     */
    static int run(PrintStream out, Map<String, String> environment, String... arguments) throws IOException {
        ComparisonProgram program;
        try {
            program = new ComparisonProgram(arguments);
        } catch (IllegalArgumentException e) {
            out.println(e.getMessage());
            out.println(USAGE);
            return WRONG;
        }
        program.run(out, new Results.Origin(environment.getOrDefault("APD_COMMIT", "unknown"), LocalDate.now(ZoneOffset.UTC).toString(),
                Profile.PAPER.name(), environment.getOrDefault("APD_MACHINE", System.getProperty("os.name") + ", " + System.getProperty("os.arch"))));
        return 0;
    }

    private void run(PrintStream out, Results.Origin origin) throws IOException {
        if (!parts.isEmpty()) {
            List<ComparisonStudy> studies = parts.stream().map(part -> ComparisonStudy.of(part, seeds > 0 ? seeds : part.seeds())).toList();
            ComparisonResults known = Files.exists(output) ? ComparisonResults.read(output) : new ComparisonResults(List.of());
            for (ComparisonStudy study : studies) {
                List<String> missing = study.missingIn(known);
                out.println(study + ", " + missing.size() + " of them not in " + output);
                if (what.equals("--missing")) {
                    missing.forEach(out::println);
                }
            }
            ComparisonStudy all = ComparisonStudy.together(studies);
            if (what.isEmpty()) {
                all.make(RunFolder.of(runs), output, origin, out::println);
            } else if (what.equals("--measure-only")) {
                all.measure(RunFolder.of(runs), output, origin, out::println);
            }
        }
        for (Own one : own) {
            run(one.study, output.resolveSibling(one.label + ".csv"), out, origin);
        }
        if (!parts.isEmpty() && Files.exists(output)) {
            ComparisonResults results = ComparisonResults.read(output);
            for (var table : List.of(results.recovery(), results.ownComponents(), results.errors(), results.sensitivity())) {
                out.println(table.printAll());
            }
            out.println(results.markdown());
            out.println(results.sensitivitySentence());
        }
    }

    private <T> void run(Study<T> study, Path file, PrintStream out, Results.Origin origin) throws IOException {
        int size = seeds > 0 ? seeds : study.size();
        T known = Files.exists(file) ? study.read().read(file) : study.nothing();
        List<String> missing = study.missing().apply(known, size);
        out.println(String.format(Locale.ROOT, study.words(), size) + ", " + missing.size() + " runs not in " + file);
        if (what.equals("--missing")) {
            missing.forEach(out::println);
        } else if (what.isEmpty()) {
            known = study.make().make(file, size, origin, out::println);
        }
        if (Files.exists(file)) {
            study.tables().apply(known).forEach(table -> out.println(table.printAll()));
        }
    }
}
