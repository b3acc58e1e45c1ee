package org.apd4j.experiments;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apd4j.interaction.AblationSchedule;
import org.apd4j.interaction.BasisComparison;
import org.apd4j.interaction.InteractionConfig;
import org.apd4j.interaction.ModularAddition;
import org.apd4j.interaction.ModularAdditionConfig;
import org.apd4j.interaction.ModularAdditionRun;
import org.apd4j.training.Results;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tech.tablesaw.api.Table;

class ModularAdditionSeedsTest {

    private static final Path COMMITTED = Path.of("notebooks", "data", "modular-addition.csv");
    private static final Results.Origin ORIGIN = new Results.Origin("abc1234", "2026-11-27", "PAPER", "Linux; 2 cores");

    private static ModularAdditionSeeds.Row row(long seed, String basis, int first, int second, int third) {
        return new ModularAdditionSeeds.Row(seed, basis, 9_000, 0.999, 9, 13, 7, first, second, third, 2, 0.19, 3, 0.31, 200, "01234567", ORIGIN);
    }

    @Test
    void theMeansStandBesideThePublishedOnesAndACountSaysWhereTheLocalInteractionBasisNeedsFewer() {
        var results = new ModularAdditionSeeds(List.of(row(1, "PCA", 90, 70, 500), row(0, "PCA", 100, 60, 700), row(0, "LIB", 80, 60, 600),
                row(1, "LIB", 60, 80, 400)));
        Table table = results.besidePublished();
        assertEquals(List.of("ln1.0", "ln2.0", "unembed"), table.stringColumn("section that begins at").asList());
        assertEquals(List.of(70.0, 70.0, 500.0), table.doubleColumn("edges, LIB").asList());
        assertEquals(List.of(95.0, 65.0, 600.0), table.doubleColumn("edges, PCA").asList());
        assertEquals(List.of("2 of 2", "0 of 2", "2 of 2"), table.stringColumn("fewer with LIB").asList(), "a tie is not fewer");
        assertEquals(List.of("seed 0", "seed 1"), results.networks());
        assertEquals(Map.of("LIB", List.of(60, 80), "PCA", List.of(60, 70)), results.edges().get("ln2.0"));
        Table verdict = results.addTo(AcceptanceCriteria.in(Profile.PAPER)).check();
        assertTrue(verdict.printAll().contains("640.0 and 760.0") && verdict.printAll().contains("2, 0, 2 of 2"), verdict.printAll());
        assertTrue(verdict.printAll().contains("794.8 and 865.2") && verdict.printAll().contains("not most of them in each"), verdict.printAll());
    }

    /** The numbers of the table are those of the comparison that the notebook makes step by step. */
    @Test
    void aNetworkIsMeasuredInBothBases() {
        ModularAdditionConfig config = ModularAdditionConfig.of(c -> {
            c.task = new ModularAddition(11, 0.7, 0);
            c.width = 16;
            c.heads = 2;
            c.headWidth = 8;
            c.neurons = 32;
            c.steps = 300;
            c.learningRate = 1e-2;
        });
        var experiment = new ModularAdditionExperiment(config, 50, InteractionConfig.paper().with(c -> c.threshold = 1e-7), AblationSchedule.every(),
                Profile.QUICK);
        ModularAdditionRun run = experiment.run(3).train();
        BasisComparison both = experiment.compare(run);
        assertEquals(50, experiment.pairs().size());
        assertEquals(121 - 84, experiment.judged().size(), "all that there are");
        List<ModularAdditionSeeds.Row> rows = ModularAdditionSeeds.measure(experiment, run, ORIGIN);
        assertEquals(List.of("LIB", "PCA"), rows.stream().map(ModularAdditionSeeds.Row::basis).toList());
        for (ModularAdditionSeeds.Row row : rows) {
            assertEquals(both.edgesRequired(row.basis()), row.edgesEmbedding() + row.edgesAttention() + row.edgesMlp());
            assertEquals(both.nodes().get(row.basis()).get(2).required(both.allowed()), row.nodesMlp());
            assertEquals(run.testAccuracy(), row.accuracy());
            assertEquals(300, row.epochs());
        }
    }

    @Test
    void whatAFileHoldsWithTodaysSettingsIsNotTrainedAgain(@TempDir Path folder) throws IOException {
        assertEquals(List.of(0L, 1L), new ModularAdditionSeeds(List.of()).missing(2));
        Path file = folder.resolve("networks.csv");
        List<String> told = new ArrayList<>();
        assertEquals(0, ModularAdditionSeeds.make(file, 0, ORIGIN, told::add).rows().size());
        assertEquals(List.of(), told);
        assertEquals(List.of(0L), new ModularAdditionSeeds(List.of(row(0, "LIB", 1, 1, 1), row(0, "PCA", 1, 1, 1))).missing(1),
                "other settings are another network");
    }

    @Test
    void theCommittedFileHasFiveNetworksWithTodaysSettings() throws IOException {
        assertEquals(List.of(), ModularAdditionSeeds.read(COMMITTED).missing(ModularAdditionSeeds.SEEDS));
    }
}
