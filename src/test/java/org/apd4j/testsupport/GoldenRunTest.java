package org.apd4j.testsupport;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apd4j.io.NpyArray;
import org.apd4j.io.Npz;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GoldenRunTest {

    private static final String RUN = "tms_5_2";

    @TempDir
    Path folder;

    @BeforeEach
    void copyOneRun() throws Exception {
        Path resources = Path.of(GoldenRunTest.class.getResource("/golden").toURI());
        for (String file : new String[] {RUN + ".json", RUN + ".npz"}) {
            Files.copy(resources.resolve(file), folder.resolve(file));
        }
    }

    private void assertSaid(String sentence) {
        String message = assertThrows(IllegalStateException.class, () -> GoldenRun.load(folder, RUN)).getMessage();
        assertTrue(message.contains(sentence), message);
        assertTrue(message.contains(RUN), message);
        assertFalse(message.contains("\n"), message);
    }

    private void replaceInJson(String what, String by) throws IOException {
        Path json = folder.resolve(RUN + ".json");
        String text = Files.readString(json);
        assertTrue(text.contains(what));
        Files.writeString(json, text.replace(what, by));
    }

    @Test
    void aRunProvidesItsConfigurationAndArrays() {
        var run = GoldenRun.load(folder, RUN);
        assertEquals(5, run.decomposition().components());
        assertEquals("batch top-k", run.decomposition().selection());
        assertEquals(0.75, run.decomposition().k());
        assertEquals(Map.of("faithfulness", 1.0, "minimality", 1.0, "simplicity", 0.7), run.decomposition().coefficients());
        assertEquals("constant", run.optimizer().schedule());
        assertEquals(64, run.batch(10).length);
        assertEquals(48, Arrays.stream(GoldenRun.flat(run.mask(0))).sum());
        assertEquals("linear1", run.layers().get(0).name());
    }

    @Test
    void aMissingFolderOrFileIsNamed() throws IOException {
        Path nowhere = folder.resolve("nowhere");
        assertEquals("the folder of golden runs " + nowhere + " does not exist",
                assertThrows(IllegalStateException.class, () -> GoldenRun.load(nowhere, RUN)).getMessage());
        Files.delete(folder.resolve(RUN + ".npz"));
        assertSaid(folder.resolve(RUN + ".npz") + ": there is no such file");
        Files.delete(folder.resolve(RUN + ".json"));
        assertSaid(folder + " has no file " + RUN + ".json");
    }

    @Test
    void aDamagedConfigurationIsNamedWithItsField() throws IOException {
        replaceInJson("\"C\": 5", "\"C\": -5");
        assertSaid("has no count in 'C'");
        replaceInJson("\"C\": -5", "\"C\": 5");
        replaceInJson("constant", "sometimes");
        assertSaid("has 'sometimes' in 'schedule', which is none of");
        replaceInJson("\"hidden\"", "\"width\"");
        assertSaid("has no field 'network.hidden'");
        Files.writeString(folder.resolve(RUN + ".json"), "{\"C\": ");
        assertSaid("is not JSON");
        Files.writeString(folder.resolve(RUN + ".json"), "");
        assertSaid("has no field 'network'");
        Files.writeString(folder.resolve(RUN + ".json"), "[]");
        assertSaid("has no field 'network'");
    }

    @Test
    void damagedArraysAreNamed() throws IOException {
        Path npz = folder.resolve(RUN + ".npz");
        byte[] bytes = Files.readAllBytes(npz);
        Files.write(npz, Arrays.copyOf(bytes, bytes.length / 2));
        assertSaid("cannot be read as an .npz file");
        bytes[1000] ^= 1;
        Files.write(npz, bytes);
        assertSaid("checksum");
    }

    @Test
    void anArrayThatIsMissingMisshapenOrNotFiniteIsNamed() throws IOException {
        Path npz = folder.resolve(RUN + ".npz");
        var arrays = new LinkedHashMap<>(Npz.read(npz));
        arrays.put("loss.faithfulness", NpyArray.of(new double[] {1, Double.NaN}, 2));
        Npz.write(npz, arrays);
        assertSaid("has a value in 'loss.faithfulness' that is not finite");
        arrays.remove("loss.faithfulness");
        Npz.write(npz, arrays);
        var run = GoldenRun.load(folder, RUN);
        assertTrue(assertThrows(IllegalStateException.class, () -> run.array("loss.faithfulness", 11)).getMessage()
                .endsWith("has no array 'loss.faithfulness'"));
        arrays.put("x", NpyArray.of(new double[10], 2, 5));
        Npz.write(npz, arrays);
        assertSaid("has 'x' in the shape [2, 5] instead of [11, 64, 5]");
    }

    @Test
    void theDifferenceOfTwoArraysIsRelativeToTheLargestEntryAndKeepsNaN() {
        assertEquals(0.25, GoldenRun.difference(new double[] {4, 1}, new double[] {4, 2}));
        assertEquals(0.5, GoldenRun.difference(new double[] {0.5}, new double[] {0}));
        assertEquals(Double.NaN, GoldenRun.difference(new double[] {Double.NaN, 1}, new double[] {4, 1}));
        assertArrayEquals(new double[] {1, 2}, GoldenRun.flat(new double[][] {{1}, {2}}));
    }
}
