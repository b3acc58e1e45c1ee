package org.apd4j.experiments;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.zip.ZipFile;
import org.apd4j.figures.Figures;
import org.apd4j.figures.InteractionFigures;
import org.apd4j.interaction.AblationCurve;
import org.apd4j.interaction.AblationSchedule;
import org.apd4j.interaction.EdgeSearch;
import org.apd4j.interaction.InteractionBasis;
import org.apd4j.interaction.InteractionConfig;
import org.apd4j.io.NpyArray;
import org.apd4j.io.Npz;
import org.apd4j.language.Corpus;
import org.apd4j.language.FeatureMatch;
import org.apd4j.language.LanguageModelConfig;
import org.apd4j.language.LanguageModelRun;
import org.apd4j.language.StoryGrammar;
import org.apd4j.language.Tokenizer;
import org.apd4j.tables.InteractionTables;
import org.apd4j.testsupport.BytePairFiles;
import org.apd4j.testsupport.ModelFiles;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tech.tablesaw.api.Table;

class LanguageExperimentTest {

    private static LanguageExperiment small() {
        LanguageModelConfig config = LanguageModelConfig.stories().with(c -> {
            c.positions = 12;
            c.heads = 2;
            c.headWidth = 6;
            c.neurons = 24;
            c.steps = 150;
            c.sequences = 30;
            c.learningRate = 1e-2;
        });
        return new LanguageExperiment(200, config, List.of("ln1.1", "unembed", "output"), InteractionConfig.paper().with(c -> {
            c.threshold = 1e-7;
            c.positionSources = 1;
            c.edgeSources = 1;
        }), 20, 15, 30, 0.05);
    }

    @Test
    void wholeExperimentIsMadeOnASmallModel() {
        LanguageExperiment experiment = small();
        LanguageModelRun run = experiment.run(0).train();
        assertTrue(run.testLoss() < 2.5, run.testLoss() + " nats of " + Math.log(experiment.tokenizer().size()));
        assertTrue(Figures.losses(run).alternative().contains("loss (nats per token)"));
        LanguageExperiment.Comparison comparison = experiment.compare(run.trained());
        assertEquals(List.of("LIB", "PCA"), List.copyOf(comparison.bases().keySet()));
        assertEquals(List.of("ln1.1", "unembed"), comparison.layers());

        Map<String, List<AblationCurve>> nodes = comparison.nodes(AblationSchedule.exponential(4, 2), 0.05);
        for (List<AblationCurve> curves : nodes.values()) {
            for (AblationCurve curve : curves) {
                assertEquals(comparison.ablations().get("LIB").base(), curve.points().get(0).value(), 1e-9, "all nodes");
                assertTrue(curve.points().get(curve.points().size() - 1).value() > curve.base(), "no node: worse");
                int required = curve.required(0.05);
                assertTrue(curve.points().stream().anyMatch(point -> point.kept() == required - 1), "one node fewer was tried: " + required);
            }
        }
        Map<String, List<EdgeSearch>> edges = comparison.edges(experiment.allowed());
        assertTrue(edges.values().stream().flatMap(List::stream).allMatch(search -> search.required() > 0));

        Map<String, List<FeatureMatch>> matches = comparison.matches("unembed");
        Table table = InteractionTables.matches(matches);
        assertEquals(8, table.rowCount());
        assertEquals(List.of("what is known", "LIB, node", "LIB, correlation", "PCA, node", "PCA, correlation", "best direction"),
                table.columnNames());
        for (int i = 0; i < 8; i++) {
            // both bases span the same directions, so the best one is the same
            assertEquals(matches.get("LIB").get(i).best(), matches.get("PCA").get(i).best(), 1e-6);
            assertTrue(matches.get("LIB").get(i).correlation() <= matches.get("LIB").get(i).best() + 1e-9);
        }
        assertTrue(InteractionFigures.matches("unembed", matches).numbers().columnNames().contains("best direction"));
        assertThrows(IllegalArgumentException.class, () -> InteractionTables.matches(Map.of("a", matches.get("LIB"), "b", List.of())));
        assertThrows(IllegalArgumentException.class, () -> InteractionFigures.matches("unembed", Map.of("a", matches.get("LIB"), "b", List.of())));
    }

    @Test
    void whatIsKnownBelongsToTheTokenAtItsPosition() {
        LanguageExperiment experiment = small();
        LanguageExperiment.Comparison comparison = experiment.compare(experiment.run(0).trained());
        Map<String, boolean[]> known = comparison.known();
        Tokenizer words = experiment.tokenizer();
        List<String> text = Arrays.stream(experiment.test().tokens()).mapToObj(words::decode).toList();
        List<String> things = StoryGrammar.things();
        List<Boolean> followed = new ArrayList<>();
        for (int i = 0; i < 30 * 12; i++) {
            followed.add(things.contains(text.get(i + 1)));
            assertEquals(text.get(i + 1).equals("."), known.get("→ stop")[i], i + " " + text.get(i));
            if (List.of("she", "She", "her").contains(text.get(i))) {
                assertTrue(known.get("a girl")[i]);
            }
            if (things.contains(text.get(i))) {
                assertEquals(text.get(i).equals(things.get(0)), known.get("a " + things.get(0))[i]);
            }
            if (List.of("she", "She", "he", "He", "her", "his").contains(text.get(i + 1))) {
                assertTrue(known.get("→ pronoun")[i]);
            }
        }
        assertEquals(followed, IntStream.range(0, 30 * 12).mapToObj(i -> known.get("→ thing")[i]).toList());
    }

    @Test
    void lossOfGuessingIsThatOfNoNodes() {
        LanguageExperiment experiment = small();
        LanguageExperiment.Comparison comparison = experiment.compare(experiment.run(0).trained());
        AblationCurve curve = comparison.ablations().get("LIB").nodes("unembed", AblationSchedule.linear(2));
        assertEquals(0, curve.points().get(1).kept());
        assertEquals(curve.points().get(1).value(), experiment.lossOfGuessing(), 1e-9);
    }

    @Test
    void modelLearnsAnyTextByItsCharacters() {
        String text = "To be, or not to be \uD83D\uDE00: that is the question. ".repeat(12);
        LanguageModelRun run = small().runOn(text, 0);
        Tokenizer characters = Tokenizer.characters(List.of(text));
        assertEquals(text, read(characters, run.text()) + read(characters, run.test()));
        int length = text.codePointCount(0, text.length());
        assertEquals((int) (0.9 * length) + 1, run.text().size(), "nine tenths and the end of the document");
        double before = run.testLoss();
        run.train();
        assertTrue(run.testLoss() < before - 0.5, before + " → " + run.testLoss());
    }

    private static String read(Tokenizer tokenizer, Corpus corpus) {
        int[] tokens = corpus.tokens();
        assertEquals(tokenizer.end(), tokens[tokens.length - 1]);
        return tokenizer.decode(Arrays.copyOf(tokens, tokens.length - 1));
    }

    @Test
    void publishedModelReadsTokensOrText(@TempDir Path folder) throws IOException {
        BytePairFiles.write(folder, "t h", "th e");
        int vocabulary = 256 + 3;
        ModelFiles.gpt2("", 8, 2, vocabulary, 70).write(folder, ModelFiles.Precision.F32, ModelFiles.GPT2_SETTINGS
                .replace("\"n_positions\": 9", "\"n_positions\": 70").replace("\"vocab_size\": 11", "\"vocab_size\": " + vocabulary));
        Path text = Files.writeString(folder.resolve("text.txt"), "the cat and the dog; ".repeat(40));
        InteractionBasis basis = LanguageExperiment.published(folder, text, 0);
        assertEquals(List.of("ln2.0", "ln1.1", "ln2.1"), basis.nodeLayers());
        Tokenizer tokenizer = Tokenizer.bytePairs(folder.resolve("vocab.json"), folder.resolve("merges.txt"));
        long[] tokens = Arrays.stream(Corpus.of(tokenizer, List.of(Files.readString(text))).tokens()).asLongStream().toArray();
        Path numbers = folder.resolve("tokens.npy");
        Npz.write(folder.resolve("tokens.npz"), Map.of("tokens", NpyArray.of(tokens, tokens.length)));
        try (ZipFile zip = new ZipFile(folder.resolve("tokens.npz").toFile()); InputStream entry = zip.getInputStream(zip.getEntry("tokens.npy"))) {
            Files.write(numbers, entry.readAllBytes());
        }
        assertEquals(basis.layer("ln1.1").effects(), LanguageExperiment.published(folder, numbers, 0).layer("ln1.1").effects());
        Files.writeString(text, "the cat");
        assertTrue(assertThrows(IllegalArgumentException.class, () -> LanguageExperiment.published(folder, text, 0)).getMessage().contains("of length 64"));
    }

    @Test
    void thereIsNoLongSize() {
        assertThrows(IllegalArgumentException.class, () -> LanguageExperiment.stories(Profile.LONG));
        assertTrue(LanguageExperiment.stories(Profile.QUICK).config().steps() < LanguageExperiment.stories(Profile.PAPER).config().steps());
    }
}
