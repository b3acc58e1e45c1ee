package org.apd4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.StandardLocation;
import javax.tools.ToolProvider;
import jdk.jshell.DeclarationSnippet;
import jdk.jshell.JShell;
import jdk.jshell.Snippet;
import org.junit.jupiter.api.Test;

/** The imports of notebooks, in JShell itself. */
class StartupTest {

    private static final Path STARTUP = Path.of("environment/kernel/startup.jsh");
    /** The imports of the kernel before those of the project's script. */
    private static final List<String> OF_THE_KERNEL = List.of("java.io.*", "java.math.*", "java.net.*", "java.util.*", "java.util.concurrent.*",
            "java.util.prefs.*", "java.util.regex.*");
    private static final Pattern IMPORT = Pattern.compile("(?m)^import ([\\w.]+(?:\\.\\*)?);.*$");

    /** The variables that cells in the README use without declaring them. */
    private static final String GIVEN =
            "TargetRun target; ApdConfig config; DecompositionRun<ApdConfig> run; SeedRuns<DecompositionRun<ApdConfig>> group; Path path;\n"
            + "Help help(Object about) { return Help.of(about); }\n";

    private static List<String> imports() throws IOException {
        return IMPORT.matcher(Files.readString(STARTUP)).results().map(found -> found.group(1)).toList();
    }

    /** Returns the compiler's errors in a piece of code; empty if it compiles. */
    private static String fault(JShell shell, String code) {
        return shell.eval(code).stream().filter(event -> event.causeSnippet() == null && event.status() != Snippet.Status.VALID)
                .map(event -> code + ": " + shell.diagnostics(event.snippet()).map(fault -> fault.getMessage(null)).collect(Collectors.joining("\n"))
                        + (event.snippet() instanceof DeclarationSnippet declaration ? shell.unresolvedDependencies(declaration).toList() : ""))
                .collect(Collectors.joining("\n"));
    }

    private static List<String> typesIn(String packageName) throws IOException {
        Optional<Module> module = ModuleLayer.boot().modules().stream().filter(each -> each.getPackages().contains(packageName)).findAny();
        if (module.isPresent()) {
            Path folder = Path.of(URI.create("jrt:/" + module.get().getName() + "/" + packageName.replace('.', '/')));
            try (Stream<Path> files = Files.list(folder)) {
                return files.map(file -> file.getFileName().toString()).filter(name -> name.endsWith(".class") && !name.contains("$"))
                        .map(name -> packageName + "." + name.replace(".class", "")).toList();
            }
        }
        List<String> names = new ArrayList<>();
        try (JavaFileManager files = ToolProvider.getSystemJavaCompiler().getStandardFileManager(null, null, null)) {
            for (JavaFileObject file : files.list(StandardLocation.CLASS_PATH, packageName, Set.of(JavaFileObject.Kind.CLASS), false)) {
                String name = files.inferBinaryName(StandardLocation.CLASS_PATH, file);
                if (!name.contains("$")) {
                    names.add(name);
                }
            }
        }
        return names;
    }

    private static boolean isPublic(String type) {
        try {
            return java.lang.reflect.Modifier.isPublic(Class.forName(type, false, StartupTest.class.getClassLoader()).getModifiers());
        } catch (ClassNotFoundException | LinkageError e) {
            return false;
        }
    }

    @Test
    void noImportedNameIsAmbiguous() throws IOException {
        Map<String, Set<String>> origins = new TreeMap<>();
        Set<String> single = new TreeSet<>();
        List<String> all = new ArrayList<>(OF_THE_KERNEL);
        all.add("java.lang.*");
        all.addAll(imports());
        for (String name : all) {
            if (name.endsWith(".*")) {
                typesIn(name.substring(0, name.length() - 2)).stream().filter(StartupTest::isPublic)
                        .forEach(type -> origins.computeIfAbsent(type.substring(type.lastIndexOf('.') + 1), none -> new TreeSet<>()).add(type));
            } else {
                single.add(name.substring(name.lastIndexOf('.') + 1));
            }
        }
        assertTrue(origins.size() > 300, "only " + origins.size() + " names were found");
        origins.values().removeIf(types -> types.size() == 1);
        origins.keySet().removeIf(name -> single.contains(name));
        assertEquals(Map.of(), origins);
    }

    @Test
    void everyCellInTheReadmeCompiles() throws IOException {
        Set<String> lines = Pattern.compile("`([^`\\n]+)`").matcher(Files.readString(Path.of("README.md")).replaceAll("(?s)```.*?```", "")).results()
                .map(found -> found.group(1)).filter(line -> line.matches("(?:var |help\\(|[A-Z]\\w*\\.\\w+\\(|run\\.).*\\).*"))
                .map(line -> line.replace("…", "Apd.decompose(target, config)")).collect(Collectors.toCollection(TreeSet::new));
        assertTrue(lines.size() > 8, "found only " + lines);
        var cells = new StringBuilder("class Cells {\n" + GIVEN);
        int number = 0;
        for (String line : lines) {
            cells.append("void cell").append(number++).append("() throws Exception { ").append(line).append(line.endsWith(";") ? " }\n" : "; }\n");
        }
        try (JShell shell = JShell.builder().executionEngine("local").build()) {
            shell.addToClasspath(System.getProperty("java.class.path"));
            for (String name : Stream.concat(OF_THE_KERNEL.stream(), imports().stream()).toList()) {
                assertEquals("", fault(shell, "import " + name + ";"));
            }
            assertEquals("", fault(shell, cells.append("}").toString()));
        }
    }
}
