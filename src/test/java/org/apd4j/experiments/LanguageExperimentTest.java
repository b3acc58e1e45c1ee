package org.apd4j.experiments;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apd4j.figures.InteractionFigures;
import org.apd4j.interaction.AblationCurve;
import org.apd4j.interaction.AblationSchedule;
import org.apd4j.interaction.EdgeSearch;
import org.apd4j.interaction.InteractionConfig;
import org.apd4j.language.FeatureMatch;
import org.apd4j.language.LanguageModelConfig;
import org.apd4j.language.LanguageModelRun;
import org.apd4j.language.StoryGrammar;
import org.apd4j.language.Tokenizer;
import org.apd4j.tables.InteractionTables;
import org.junit.jupiter.api.Test;
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
        LanguageExperiment.Comparison comparison = experiment.compare(run.trained());
        assertEquals(List.of("LIB", "PCA"), List.copyOf(comparison.bases().keySet()));
        assertEquals(List.of("ln1.1", "unembed"), comparison.layers());

        Map<String, List<AblationCurve>> nodes = comparison.nodes(AblationSchedule.exponential(4, 2));
        for (List<AblationCurve> curves : nodes.values()) {
            for (AblationCurve curve : curves) {
                assertEquals(comparison.ablations().get("LIB").base(), curve.points().get(0).value(), 1e-9, "all nodes");
                assertTrue(curve.points().get(curve.points().size() - 1).value() > curve.base(), "no node: worse");
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
    void thereIsNoLongSize() {
        assertThrows(IllegalArgumentException.class, () -> LanguageExperiment.stories(Profile.LONG));
        assertTrue(LanguageExperiment.stories(Profile.QUICK).config().steps() < LanguageExperiment.stories(Profile.PAPER).config().steps());
    }
}
