package org.apd4j.experiments.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ComparisonProgramTest {

    private final ByteArrayOutputStream console = new ByteArrayOutputStream();

    private int run(String... arguments) throws IOException {
        console.reset();
        return ComparisonProgram.run(new PrintStream(console, true, StandardCharsets.UTF_8), Map.of(), arguments);
    }

    private String said() {
        return console.toString(StandardCharsets.UTF_8);
    }

    @Test
    void wrongArgumentsAreNamedWithTheRightOnes() throws IOException {
        assertEquals(2, run("6-2"));
        assertTrue(said().contains("there is no part '6-2'") && said().contains("5-2, 40-10, one-layer, two-layers, sensitivity, reach, residual-reach, modular-addition"), said());
        assertEquals(2, run("--seeds", "none"));
        assertTrue(said().contains("--seeds is 'none'"), said());
        assertEquals(2, run("--runs"));
        assertTrue(said().contains("--runs needs a value"), said());
    }

    @Test
    void whatIsMissingIsListedWithoutTraining(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("comparison.csv");
        assertEquals(0, run("5-2", "--seeds", "1", "--output", file.toString(), "--runs", folder.resolve("runs").toString(), "--missing"));
        assertTrue(said().contains("TMS 5-2, SPD, seed 0") && said().contains("3 of them not in"), said());
        assertFalse(Files.exists(file));
        assertFalse(Files.exists(folder.resolve("runs")));
    }

    @Test
    void everyPartIsListedByItself(@TempDir Path folder) throws IOException {
        assertEquals(0, run("two-layers", "5-2", "--seeds", "1", "--output", folder.resolve("comparison.csv").toString(), "--missing"));
        List<String> lines = said().lines().filter(line -> line.startsWith("comparison study") || line.contains("SPD")).toList();
        assertEquals(4, lines.size(), said());
        assertTrue(lines.get(0).startsWith("comparison study two-layers, 1 seed, 3 runs, 3 of them not in"), said());
        assertEquals("residual MLP, two layers, SPD, seed 0", lines.get(1));
        assertTrue(lines.get(2).startsWith("comparison study 5-2, 1 seed, 3 runs, 3 of them not in"), said());
        assertEquals("TMS 5-2, SPD, seed 0", lines.get(3));
    }

    @Test
    void aPartThatIsNamedTwiceIsMadeOnce(@TempDir Path folder) throws IOException {
        assertEquals(0, run("5-2", "5-2", "--seeds", "1", "--output", folder.resolve("comparison.csv").toString(), "--missing"));
        assertEquals(1, said().lines().filter(line -> line.startsWith("comparison study")).count(), said());
    }

    @Test
    void theReachOfSharedGatesHasAFileOfItsOwn(@TempDir Path folder) throws IOException {
        assertEquals(0, run("reach", "--seeds", "1", "--output", folder.resolve("comparison.csv").toString(), "--missing"));
        assertTrue(said().contains("5-2, pairs together in 80 %, C 60, seed 2000") && said().contains("16 runs not in"), said());
        assertTrue(said().contains("reach.csv") && !said().contains("SPD"), said());
        assertFalse(Files.exists(folder.resolve("reach.csv")));
    }

    @Test
    void theReachInResidualMlpsHasAFileOfItsOwn(@TempDir Path folder) throws IOException {
        assertEquals(0, run("residual-reach", "--seeds", "1", "--output", folder.resolve("comparison.csv").toString(), "--missing"));
        assertTrue(said().contains("reach of shared gates in residual MLPs, 1 targets of one layer, ") && said().contains("two layers, as they are, target 0, seed 1"), said());
        assertTrue(said().contains("residual-reach.csv") && !said().contains("toy"), said());
    }

    @Test
    void theNetworksThatAddHaveAFileOfTheirOwn(@TempDir Path folder) throws IOException {
        assertEquals(0, run("modular-addition", "--seeds", "2", "--output", folder.resolve("comparison.csv").toString(), "--missing"));
        assertTrue(said().contains("modular addition, 2 networks, 2 runs not in") && said().contains("seed 0") && said().contains("seed 1"), said());
        assertTrue(said().contains("modular-addition.csv") && !said().contains("SPD") && !said().contains("toy"), said());
    }
}
