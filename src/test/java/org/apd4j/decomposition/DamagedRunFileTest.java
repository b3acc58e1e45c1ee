package org.apd4j.decomposition;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apd4j.apd.Apd;
import org.apd4j.apd.ApdConfig;
import org.apd4j.io.NpyArray;
import org.apd4j.io.Npz;
import org.apd4j.targets.TargetRun;
import org.apd4j.targets.Tms;
import org.apd4j.targets.TmsConfig;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever is wrong with a file is said in one sentence that names it. */
class DamagedRunFileTest {

    @TempDir
    Path folder;

    private Path file;
    private byte[] good;

    @BeforeEach
    void save() throws IOException {
        file = folder.resolve("run.npz");
        Apd.decompose(Tms.untrained(TmsConfig.paper5to2(), 1), ApdConfig.paperTms5to2().with(c -> {
            c.steps = 20;
            c.batch = 32;
        }), 1).train(6).save(file);
        good = Files.readAllBytes(file);
    }

    private String refusal() {
        String message = assertThrows(IOException.class, () -> Apd.load(file)).getMessage();
        assertTrue(message.contains(file.toString()), message);
        assertFalse(message.contains("\n"), message);
        assertFalse(message.contains("Exception") || message.contains("org.apd4j") || message.contains("Deserialization") || message.contains("coerc"), message);
        return message;
    }

    private void change(Consumer<Map<String, NpyArray>> change) throws IOException {
        Files.write(file, good);
        Map<String, NpyArray> arrays = new HashMap<>(Npz.read(file));
        change.accept(arrays);
        Npz.write(file, arrays);
    }

    private void changeText(String from, String to) throws IOException {
        change(arrays -> {
            String text = new String(arrays.get("run_json").toBytes(), StandardCharsets.UTF_8);
            assertTrue(text.contains(from), text);
            put(arrays, text.replace(from, to));
        });
    }

    private static void put(Map<String, NpyArray> arrays, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        arrays.put("run_json", NpyArray.of(bytes, bytes.length));
    }

    private static void poke(Map<String, NpyArray> arrays, String name, float value) {
        float[] values = arrays.get(name).toFloats();
        values[values.length - 1] = value;
        arrays.put(name, NpyArray.of(values, arrays.get(name).shape()));
    }

    private void assertRefusal(String... parts) {
        String message = refusal();
        for (String part : parts) {
            assertTrue(message.contains(part), message);
        }
    }

    @Test
    void aFileThatIsNotThereIsNamed() throws IOException {
        Files.delete(file);
        assertRefusal("there is no such file");
    }

    @Test
    void aTruncatedFileIsRefusedWhereverItEnds() throws IOException {
        for (int length = 0; length < good.length; length += 97) {
            Files.write(file, Arrays.copyOf(good, length));
            assertRefusal("cannot be read as an .npz file");
        }
    }

    @Test
    void aFlippedByteIsRefusedOrChangesNothing() throws IOException {
        var original = Npz.read(file);
        int refused = 0;
        for (int at = 0; at < good.length; at += 7) {
            byte[] bytes = good.clone();
            bytes[at] ^= 0x10;
            Files.write(file, bytes);
            try {
                Apd.load(file);
                assertEquals(original, Npz.read(file), "byte " + at);
            } catch (IOException e) {
                refusal();
                refused++;
            }
        }
        assertTrue(refused > good.length / 7 / 2, "refused " + refused);
    }

    @ParameterizedTest
    @ValueSource(strings = {"factors.linear1.A", "adam_mean.linear1.B", "adam_square.linear1.A", "target.b_final", "losses", "history.steps",
            "history.values", "history.stride", "run_json"})
    void aMissingArrayOneOfAnotherShapeAndOneOfAnotherTypeAreNamed(String name) throws IOException {
        change(arrays -> arrays.remove(name));
        assertRefusal(name.equals("history.steps") ? "history.steps" : "lacks the array '" + name + "'");
        change(arrays -> arrays.put(name, NpyArray.of(new float[6], 3, 2, 1)));
        assertRefusal("'" + name + "' ", name.equals("run_json") ? "not |u1" : "is <f4 (3, 2, 1); it should be ");
        change(arrays -> arrays.put(name, NpyArray.of(new boolean[arrays.get(name).size()], arrays.get(name).shape())));
        assertRefusal("'" + name + "' is ", "|b1");
    }

    @Test
    void anArrayTooManyIsNamed() throws IOException {
        change(arrays -> arrays.put("stowaway", NpyArray.of(new int[1])));
        assertRefusal("do not belong to it, [stowaway]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"factors.linear1.A", "adam_mean.linear1.B", "adam_square.linear1.A", "target.b_final"})
    void aValueThatIsNotFiniteIsNamedWithItsPlace(String name) throws IOException {
        for (float value : new float[] {Float.NaN, Float.NEGATIVE_INFINITY}) {
            change(arrays -> poke(arrays, name, value));
            assertRefusal("the array '" + name + "' holds " + value + " at (", "every value must be finite");
        }
    }

    @Test
    void numbersThatNoRunCanHaveAreNamed() throws IOException {
        change(arrays -> poke(arrays, "adam_square.linear1.A", -1));
        assertRefusal("'adam_square.linear1.A' holds -1.0");
        change(arrays -> arrays.put("history.stride", NpyArray.of(new int[] {3})));
        assertRefusal("'history.stride' holds 3");
        change(arrays -> arrays.put("history.steps", NpyArray.of(new int[] {0, 1, 2, 3, 4, 9}, 6)));
        assertRefusal("'history.steps' holds 9");
        change(arrays -> arrays.put("losses", NpyArray.of(new double[] {Double.NaN, 0, 0}, 3)));
        assertRefusal("'losses' holds NaN for the loss 'faithfulness'");
        double[] history = new double[18];
        history[0] = Double.POSITIVE_INFINITY;
        change(arrays -> arrays.put("history.values", NpyArray.of(history, 3, 6)));
        assertRefusal("'history.values' holds Infinity");
    }

    @Test
    void anotherVersionAndAnotherFormatAreNamed() throws IOException {
        changeText("\"version\" : 2", "\"version\" : 3");
        assertRefusal("is of version 3", "reads version 1 … 2");
        changeText("\"version\" : 2,", "");
        assertRefusal("is of version");
        changeText("apd4j decomposition run", "apd4j wine list");
        assertRefusal("holds 'apd4j wine list', not 'apd4j decomposition run'");
        Files.write(file, good);
        var asTarget = assertThrows(IOException.class, () -> TargetRun.load(file));
        assertTrue(asTarget.getMessage().endsWith("holds 'apd4j decomposition run', not 'apd4j target run'"), asTarget.getMessage());
    }

    @Test
    void aDescriptionThatIsNotJsonIsNamed() throws IOException {
        for (String text : new String[] {"", "not JSON", "[1, 2]", "{\"format\": ", "{} {}", "{\"format\": 1, \"format\": 2}"}) {
            change(arrays -> put(arrays, text));
            assertRefusal("the array 'run_json' is not ");
        }
        change(arrays -> arrays.put("run_json", NpyArray.of(new byte[] {(byte) 0xff, (byte) 0xfe}, 2)));
        assertRefusal("'run_json' is not UTF-8 text");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
            "\"type\" : \"linear\"                    | \"type\" : \"convolution\"   | has the unknown type 'convolution' in 'target.network.nodes[1]'",
            "\"type\" : \"linear\",                   | ``                           | lacks a 'type' in 'target.network.nodes[1]'",
            "\"rank\" : 3                             | \"rank\" : 0                 | ApdConfig.rank is 0; it must be at least 1",
            "\"rank\" : 3                             | \"rank\" : \"3\"             | has \"3\" in 'config.rank' instead of an integer",
            "\"rank\" : 3                             | \"rank\" : 3.5               | has 3.5 in 'config.rank' instead of an integer",
            "\"rank\" : 3                             | \"rank\" : null              | has null in 'config.rank'",
            "\"rank\" : 3,                            | ``                           | lacks 'config.rank'",
            "\"rank\" : 3                             | \"rank\" : 4                 | it should be <f4 (5, 5, 4)",
            "\"rank\" : 3                             | \"rank\" : 3, \"sauce\" : 1  | has an unknown field 'config.sauce'",
            "\"mse\"                                  | \"ssim\"                     | has \"ssim\" in 'config.divergence' instead of one of [mse, kl]",
            "\"role\" : \"trained\"                   | \"role\" : \"painted\"       | \"painted\" in 'target.network.parameters[0].role' instead of one of [trained, fixed]",
            "\"from\" : \"encoder\"                   | \"from\" : \"nowhere\"       | there is no node 'nowhere'",
            "\"from\" : \"encoder\"                   | \"from\" : \"output\"        | there is no node 'output' yet",
            "\"from\" : \"pre-activation\"            | \"from\" : \"decoder\"       | nothing reads [pre-activation]",
            "\"step\" : 6                             | \"step\" : 21                | it is at step 21 of 20",
            "\"step\" : 6                             | \"step\" : -1                | claims step -1",
            "\"learningRate\" : 0.03                  | \"learningRate\" : 1e999       | learningRate",
            "\"hiddenLayers\" : [ ]                  | \"hiddenLayers\" : 3           | has 3 in 'config.hiddenLayers' instead of a list",
            "\"parameters\" : [ {                    | \"parameters\" : 3, \"x\" : [ { | has 3 in 'target.network.parameters' instead of a list",
            "\"config\" : {                          | \"config\" : null, \"x\" : { | 'config'",
            "\"transposed\" : true                   | \"transposed\" : 1             | instead of true or false",
            "\"name\" : \"linear1\"                  | \"name\" : 3                   | lacks the array 'target.3'",
            "\"seed\" : 1                            | \"seed\" : 1e30                | 'provenance.seed'",
            "\"simplicity\" ]                         | \"beauty\" ]                 | its losses are",
            "\"features\" : 5                         | \"features\" : 6             | the data has 6 features",
            "\"name\" : \"encoder\"                   | \"name\" : \"input\"         | two nodes 'input'",
            "\"type\" : \"input\",                    | \"type\" : \"sum\", \"left\" : \"a\", \"right\" : \"b\", | first node must be its input"})
    void aWrongPartOfTheDescriptionIsNamed(String from, String to, String says) throws IOException {
        changeText(from, to);
        assertRefusal(says);
    }

    @Test
    void whatBreaksAParserIsRefusedInOneShortLine() throws IOException {
        changeText("\"rank\" : 3", "\"rank\" : " + "[".repeat(2_000) + "]".repeat(2_000));
        assertShort("nesting depth");
        changeText("\"rank\" : 3", "\"rank\" : " + "9".repeat(2_000));
        assertShort("Number value length (2000) exceeds");
        changeText("\"rank\" : 3", "\"rank\" : 3, \"" + "n".repeat(60_000) + "\" : 1");
        assertShort("Name length");
        changeText("\"parameters\" : [ {", "\"parameters\" : [ null, {");
        assertShort("has null in 'target.network.parameters[0]', which needs a value");
        changeText("\"hiddenLayers\" : [ ", "\"hiddenLayers\" : [ null ");
        assertShort("has null in 'config.hiddenLayers[0]'");
        changeText("\"losses\" : [ ", "\"losses\" : [ null, ");
        assertShort("has null in 'losses[0]'");
        changeText("\"name\" : \"linear1\"", "\"name\" : \"" + "n\\n".repeat(20_000) + "\"");
        assertShort("lacks the array 'target.n n");
        change(arrays -> arrays.put("n\n".repeat(20_000), NpyArray.of(new int[1])));
        assertShort("do not belong to it");
    }

    private void assertShort(String part) {
        String message = refusal();
        assertTrue(message.contains(part) && message.length() < 1_000, message);
        assertFalse(message.contains("StreamReadConstraints"), message);
    }

    @Test
    void entryNameThatIsNotUtf8IsRefusedInOneLine() throws IOException {
        byte[] bytes = good.clone();
        byte[] name = "losses.npy".getBytes(StandardCharsets.US_ASCII);
        for (int at = 0; at < bytes.length - name.length; at++) {
            if (Arrays.equals(bytes, at, at + name.length, name, 0, name.length)) {
                bytes[at] = (byte) 0xff;
            }
        }
        Files.write(file, bytes);
        assertRefusal("cannot be read as an .npz file");
    }

    @Test
    void shapesOfNothingAreRefusedAtOnce() throws IOException {
        change(arrays -> arrays.put("target.linear1", NpyArray.of(new float[0], 2_147_483_639, 0)));
        assertRefusal("entry 'target.linear1.npy': its shape [2147483639, 0] has a dimension of 2147483639, but holds no numbers");
    }

    @Test
    void runThatCouldNotBeLoadedIsNotSavedAndTheFileBeforeStays() throws IOException {
        DecompositionRun<ApdConfig> run = Apd.load(file);
        byte[] description = Files.readAllBytes(folder.resolve("run.json"));
        run.optimizer().squares("linear1.A")[2] = Float.POSITIVE_INFINITY;
        String said = assertThrows(IOException.class, () -> run.save(file)).getMessage();
        assertEquals(file + " is not saved, because it could not be loaded again: the array 'adam_square.linear1.A' holds Infinity at (0, 0, 2); "
                + "every value must be finite; the previous file is unchanged", said);
        assertArrayEquals(good, Files.readAllBytes(file));
        assertArrayEquals(description, Files.readAllBytes(folder.resolve("run.json")));
        run.optimizer().squares("linear1.A")[2] = -1;
        Path other = folder.resolve("other.npz");
        assertTrue(assertThrows(IOException.class, () -> run.save(other)).getMessage().endsWith("means of squares cannot be negative"));
        assertFalse(Files.exists(other) || Files.exists(folder.resolve("other.json")));
    }

    @Test
    void descriptionBesideIsWrittenAfterTheRunAndAFailureSaysThatTheRunIsSaved() throws IOException {
        DecompositionRun<ApdConfig> run = Apd.load(file).train(1);
        Files.delete(folder.resolve("run.json"));
        Files.createSymbolicLink(folder.resolve("run.json"), Path.of("nowhere", "run.json"));
        String said = assertThrows(IOException.class, () -> run.save(file)).getMessage();
        assertEquals(file + " is saved, but the copy of its description is not: " + folder.resolve("run.json") + ": its folder does not exist", said);
        assertEquals(7, Apd.load(file).step());
    }

    @Test
    void runsThatTheFirstVersionSavedAreLoadedAndGoOn() throws Exception {
        for (String name : new String[] {"first-decomposition-run", "first-target-run"}) {
            Path first = Path.of(DamagedRunFileTest.class.getResource("/saved/" + name + ".npz").toURI());
            if (name.contains("target")) {
                assertEquals(40, TargetRun.load(first).train(10).step());
            } else {
                DecompositionRun<ApdConfig> run = Apd.load(first);
                assertEquals(List.of("faithfulness", "minimality", "simplicity"), run.history().names());
                assertEquals(6, run.step());
                assertEquals(6, run.history().size());
                assertTrue(run.train().isFinished() && Double.isFinite(run.loss("simplicity")));
                run.save(file);
                assertEquals(40, Apd.load(file).step());
            }
        }
    }

    @Test
    void lossThatTakesPartMustHaveValues() throws IOException {
        change(arrays -> {
            double[] last = arrays.get("losses").toDoubles();
            double[] history = arrays.get("history.values").toDoubles();
            last[0] = Double.NaN;
            Arrays.fill(history, 0, 6, Double.NaN);
            arrays.put("losses", NpyArray.of(last, 3));
            arrays.put("history.values", NpyArray.of(history, 3, 6));
        });
        assertRefusal("it holds no values of the losses [faithfulness]");
    }
}
