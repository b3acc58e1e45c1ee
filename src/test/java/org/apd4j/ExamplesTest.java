package org.apd4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The examples in the Javadoc, {@code <pre>{@code …}</pre>}, and the cells in the README. */
class ExamplesTest {

    private static final Path SOURCES = Path.of("src/main/java");
    private static final Path STARTUP = Path.of("environment/kernel/startup.jsh");
    private static final Pattern COMMENT = Pattern.compile("/\\*\\*.*?\\*/", Pattern.DOTALL);
    private static final Pattern EXAMPLE = Pattern.compile("<pre>\\{@code\\n(.*?)\\n[ *]*}</pre>", Pattern.DOTALL);
    private static final Pattern README_BLOCK = Pattern.compile("```java\\n(.*?)```", Pattern.DOTALL);
    private static final Pattern PUBLIC_TYPE = Pattern.compile("^public (?:abstract |final |sealed |non-sealed )*(?:class|record|interface|enum) ",
            Pattern.MULTILINE);

    /** What examples may take as given, so that each can be short. */
    private static final String GIVEN = """
            TargetRun target;
            DecompositionRun<ApdConfig> run;
            DecompositionRun<ApdConfig> apd;
            DecompositionRun<ApdConfig> mlpRun;
            GatedFunctions gated;
            DecompositionRun<ApdConfig> gatedRun;
            Dataset digits;
            InteractionBasis interactions;
            InteractionGraph graph;
            Ablation ablation;
            DecompositionRun<ApdConfig> digitsRun;
            SparseRows batch;
            Matrix w;
            Matrix b;

            Help help(Object about) {
                return Help.of(about);
            }

            Board board(DecompositionSource decomposed) {
                return Board.of(decomposed);
            }

            Explorer explorer(DecompositionSource decomposed) {
                return Explorer.of(decomposed);
            }
            """;

    /**
     * @param file   the source that it stands in; for the README, one whose room its cells are about
     * @param number in the file
     * @param place  for people
     */
    private record Example(Path file, int number, String code, String place) {

        String className() {
            return "Example_" + SOURCES.relativize(file).toString().replaceAll("\\.java$", "").replaceAll("\\W", "_") + "_" + number;
        }

        String typeName() {
            return SOURCES.relativize(file).toString().replaceAll("\\.java$", "").replaceAll("[/\\\\]", ".");
        }

        /** A class whose method is the cell: what ends it without a semicolon is its result. */
        String source(String imports) {
            String plain = code.replaceAll("(?m)(?<=^|\\s)//.*$", "").replaceAll("(?m)\\s+$", "");
            int last = Math.max(plain.lastIndexOf(";\n"), plain.lastIndexOf("}\n"));
            String statements = plain.substring(0, last + 1);
            String rest = plain.substring(last + 1).strip();
            boolean isResult = !rest.isEmpty() && !rest.endsWith(";") && !rest.endsWith("}");
            return imports + "import " + typeName() + ";\nimport " + typeName().replaceAll("\\.\\w+$", "") + ".*;\n"
                    + "@SuppressWarnings(\"all\")\nclass " + className() + " {\n" + GIVEN + "Object cell() throws Exception {\n" + statements + "\n"
                    + (isResult ? "return " + rest + ";" : rest + "\nreturn null;") + "\n}\n}\n";
        }
    }

    private static List<Path> sources() throws IOException {
        try (Stream<Path> files = Files.walk(SOURCES)) {
            return files.filter(file -> file.toString().endsWith(".java")).sorted().toList();
        }
    }

    private static List<Example> examples(Path file) throws IOException {
        List<Example> examples = new ArrayList<>();
        Matcher comments = COMMENT.matcher(Files.readString(file));
        while (comments.find()) {
            Matcher found = EXAMPLE.matcher(comments.group());
            while (found.find()) {
                examples.add(new Example(file, examples.size(), found.group(1).lines().map(line -> line.replaceFirst("^ *\\* ?", ""))
                        .collect(Collectors.joining("\n")), file.toString()));
            }
        }
        return examples;
    }

    /** The README's blocks of Java that are cells and no programs. */
    private static List<Example> cellsOfReadme() throws IOException {
        List<Example> cells = new ArrayList<>();
        Matcher block = README_BLOCK.matcher(Files.readString(Path.of("README.md")));
        while (block.find()) {
            if (!block.group(1).startsWith("import ")) {
                cells.add(new Example(SOURCES.resolve("org/apd4j/apd/Apd.java"), 1_000 + cells.size(), block.group(1).strip(), "README.md"));
            }
        }
        assertEquals(2, cells.size(), "cells of the README");
        return cells;
    }

    @Test
    void everyPublicTypeHasAnExample() throws IOException {
        var without = new TreeSet<String>();
        for (Path file : sources()) {
            String text = Files.readString(file);
            Matcher type = PUBLIC_TYPE.matcher(text);
            if (!file.toString().contains("internal") && type.find()
                    && !EXAMPLE.matcher(text.substring(Math.max(0, text.lastIndexOf("/**", type.start())), type.start())).find()) {
                without.add(SOURCES.relativize(file).toString());
            }
        }
        assertEquals(new TreeSet<String>(), without, "put <pre>{@code …}</pre> behind the first paragraph of the type's documentation");
    }

    private static String internalPackages() throws IOException {
        try (Stream<Path> folders = Files.walk(SOURCES)) {
            return folders.filter(folder -> folder.endsWith("internal"))
                    .map(folder -> "import " + SOURCES.relativize(folder).toString().replace(File.separatorChar, '.') + ".*;\n")
                    .collect(Collectors.joining());
        }
    }

    @Test
    void everyExampleCompilesWithTheImportsOfANotebook(@TempDir Path folder) throws IOException {
        String imports = Files.readString(STARTUP).lines().filter(line -> line.startsWith("import ")).collect(Collectors.joining("\n"))
                // what JShell imports by itself, and what notebooks need not know
                + "\nimport java.io.*;\nimport java.util.*;\nimport org.apd4j.io.*;\n" + internalPackages();
        Map<URI, Example> examples = new LinkedHashMap<>();
        List<JavaFileObject> units = new ArrayList<>();
        List<Example> all = new ArrayList<>(cellsOfReadme());
        for (Path file : sources()) {
            all.addAll(examples(file));
        }
        for (Example example : all) {
            URI uri = URI.create("string:///" + example.className() + ".java");
            String source = example.source(imports);
            examples.put(uri, example);
            units.add(new SimpleJavaFileObject(uri, JavaFileObject.Kind.SOURCE) {
                @Override
                public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                    return source;
                }
            });
        }
        assertTrue(examples.size() > 20, "only " + examples.size() + " examples were found");
        var diagnostics = new DiagnosticCollector<JavaFileObject>();
        ToolProvider.getSystemJavaCompiler().getTask(null, null, diagnostics, List.of("-d", folder.toString(), "-proc:none", "-Xlint:none",
                "-classpath", System.getProperty("java.class.path")), null, units).call();
        String wrong = diagnostics.getDiagnostics().stream().filter(d -> d.getKind() == javax.tools.Diagnostic.Kind.ERROR)
                .map(d -> examples.get(d.getSource().toUri()).place() + ": " + d.getMessage(null) + "\n  in: "
                        + examples.get(d.getSource().toUri()).code().replace("\n", "\n      "))
                .collect(Collectors.joining("\n"));
        assertEquals("", wrong);
    }
}
