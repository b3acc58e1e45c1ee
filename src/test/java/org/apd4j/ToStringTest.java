package org.apd4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apd4j.apd.Apd;
import org.apd4j.apd.ApdConfig;
import org.apd4j.targets.Tms;
import org.apd4j.targets.TmsConfig;
import org.apd4j.training.SeedRuns;
import org.junit.jupiter.api.Test;

/** The text forms of the library's objects. */
class ToStringTest {

    private static final Path SOURCES = Path.of("src/main/java");

    /** Tools that do something and hold no result. */
    private static final Set<String> TOOLS = Set.of("ArrayFile", "LiveFigure", "LiveTable", "RunArrays", "TextProgress", "ProgressScope",
            "ApdKernel");

    private static List<Class<?>> publicTypes() throws IOException {
        try (Stream<Path> files = Files.walk(SOURCES)) {
            return files.filter(file -> file.toString().endsWith(".java") && !file.endsWith("package-info.java")
                    && !file.toString().contains("internal"))
                    .map(file -> SOURCES.relativize(file).toString().replace(".java", "").replaceAll("[/\\\\]", "."))
                    .<Class<?>>map(ToStringTest::type).flatMap(type -> Stream.concat(Stream.of(type), Arrays.stream(type.getDeclaredClasses())))
                    .filter(type -> Modifier.isPublic(type.getModifiers())).toList();
        }
    }

    private static Class<?> type(String name) {
        try {
            return Class.forName(name, false, ToStringTest.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            throw new AssertionError(e);
        }
    }

    private static boolean hasInstances(Class<?> type) {
        return !type.isInterface() && Stream.concat(
                Arrays.stream(type.getDeclaredMethods()).filter(method -> !Modifier.isStatic(method.getModifiers())),
                Arrays.stream(type.getDeclaredConstructors())).anyMatch(member -> Modifier.isPublic(member.getModifiers()));
    }

    @Test
    void everyPublicResultHasAToString() throws Exception {
        var silent = new TreeSet<String>();
        for (Class<?> type : publicTypes()) {
            boolean isPlain = !type.isInterface() && type.getMethod("toString").getDeclaringClass() == Object.class;
            if (hasInstances(type) && isPlain && !TOOLS.contains(type.getSimpleName()) && !type.getSimpleName().equals("Fields")) {
                silent.add(type.getName());
            }
        }
        assertEquals(new TreeSet<String>(), silent);
    }

    @Test
    void recordsWriteOutTheirArrays() throws Exception {
        var hashes = new TreeSet<String>();
        for (Class<?> type : publicTypes()) {
            boolean holdsAnArray = type.isRecord()
                    && Arrays.stream(type.getRecordComponents()).map(RecordComponent::getType).anyMatch(Class::isArray);
            if (holdsAnArray && !writesToString(type)) {
                hashes.add(type.getName());
            }
        }
        assertEquals(new TreeSet<String>(), hashes);
    }

    /** The compiler gives every record a method of this name, so that the source must be asked. */
    private static boolean writesToString(Class<?> type) throws IOException {
        Class<?> outer = type.getEnclosingClass() == null ? type : type.getEnclosingClass();
        String source = Files.readString(SOURCES.resolve(outer.getName().replace('.', '/') + ".java"));
        return source.substring(source.indexOf("record " + type.getSimpleName())).contains("public String toString()");
    }

    @Test
    void runsAndTheirResultsDescribeThemselvesInOneLine() {
        var target = Tms.of(TmsConfig.paper5to2(), 0);
        assertEquals(target.name() + ": 0 of 5,000 steps", target.toString());
        target.train(2);
        assertTrue(target.toString().matches(".+: 2 of 5,000 steps, [a-z ]+ \\d\\.\\d{3}e[+-]\\d\\d"), target.toString());
        var apd = Apd.decompose(target, ApdConfig.paperTms5to2()).train(1);
        assertTrue(apd.toString().matches(".+: 1 of 20,000 steps, [a-z ]+ \\d\\.\\d{3}e[+-]\\d\\d"), apd.toString());
        String decomposition = apd.decomposition().toString();
        assertTrue(decomposition.startsWith("Decomposition of ") && decomposition.contains("components 5 of rank at most"), decomposition);
        String seeds = SeedRuns.of("Seeds", 2, seed -> Tms.of(TmsConfig.paper5to2(), seed)).toString();
        assertTrue(seeds.contains("seeds 2"), seeds);
        for (String line : List.of(target.toString(), apd.toString(), decomposition, seeds)) {
            assertFalse(line.contains("\n") || line.contains("@"), line);
        }
    }

    @Test
    void aSummaryHasAOneLineForm() {
        assertEquals("A run: steps 3", new Summary("A run", Map.of("steps", "3")).line());
        assertEquals("A run", new Summary("A run", Map.of()).line());
    }
}
