package org.apd4j.experiments;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apd4j.apd.Apd;
import org.apd4j.apd.ApdAxis;
import org.apd4j.apd.ApdConfig;
import org.apd4j.apd.LpPenalty;
import org.apd4j.decomposition.AttributionKind;
import org.apd4j.decomposition.DecompositionRun;
import org.apd4j.decomposition.Selection;
import org.apd4j.measures.superposition.Recovery;
import org.apd4j.sweep.Sweep;
import org.apd4j.targets.Target;
import org.apd4j.targets.TargetRun;
import org.apd4j.training.RunFolder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files written when APD was the only method: they are loaded, and their training continues to the same end as it did then. */
class EarlierFilesTest {

    private static final Path FILES = Path.of("src/test/resources/saved/version-1");
    /** One step's rounding, which may differ from machine to machine, grows over the few steps that are left. */
    private static final double CLOSE = 1e-5;

    private static DecompositionRun<ApdConfig> load(String name) throws IOException {
        return Apd.load(FILES.resolve(name));
    }

    @Test
    void aDecompositionOfAToyModelIsContinued() throws IOException {
        DecompositionRun<ApdConfig> run = load("tms.npz");
        assertEquals(12, run.step());
        assertEquals(Selection.batchTopK(0.211), run.config().sparsity());
        assertEquals(AttributionKind.GRADIENT_FROM_COMPONENTS, run.config().attributions());
        assertEquals(0.004620250169000428, run.loss("minimality"), 0);
        assertEquals(0.003775546978349098, run.train().loss("minimality"), CLOSE * 0.0038);
    }

    @Test
    void aDecompositionOfAResidualMlpIsContinuedWithUnitNormAndHiddenReconstruction() throws IOException {
        DecompositionRun<ApdConfig> run = load("residual-mlp.npz");
        assertEquals(7, run.step());
        assertTrue(run.config().unitNorm() && run.config().hiddenReconstruction() == 1);
        assertEquals(0.023294742212177273, run.loss("minimality"), 0);
        assertEquals(0.022911486912496073, run.train().loss("minimality"), CLOSE * 0.023);
    }

    @Test
    void aRunOfTheLpFormulationIsContinuedUnderItsNewName() throws IOException {
        DecompositionRun<ApdConfig> run = load("tms-lp.npz");
        assertEquals(new LpPenalty(0.9), run.config().sparsity());
        assertEquals(0.07590831198265151, run.train().loss("minimality"), CLOSE * 0.076);
    }

    @Test
    void aFileSaysItsMethodAndOneThatDoesNotIsOfTheFirst() throws IOException {
        assertEquals("APD", DecompositionRun.load(FILES.resolve("tms.npz")).method().name());
    }

    @Test
    void runsAreFoundUnderTheNamesThatTheyWereGivenThen(@TempDir Path folder) throws IOException {
        Map<String, String> digits = Map.of("tms.npz", "e040bf2d", "tms-lp.npz", "7b5e4528", "residual-mlp.npz", "f2a86792");
        for (String name : digits.keySet()) {
            Files.copy(FILES.resolve(name), folder.resolve("any-name-" + digits.get(name) + ".npz"));
            assertEquals(digits.get(name), load(name).formerFingerprint(), name);
            assertEquals(load(name).step(), RunFolder.of(folder).find(load(name)).orElseThrow().step());
        }
        Files.copy(FILES.resolve("tms-target.npz"), folder.resolve("any-name-d49c29da.npz"));
        assertTrue(RunFolder.of(folder).find(TargetRun.load(FILES.resolve("tms-target.npz"))).orElseThrow().isSame());
    }

    @Test
    void theResultsOfAScanAreFoundAndNothingIsTrainedAgain(@TempDir Path folder) throws IOException {
        try (Stream<Path> files = Files.list(FILES.resolve("scan"))) {
            for (Path file : files.toList()) {
                Files.copy(file, folder.resolve(file.getFileName()));
            }
        }
        Target target = TargetRun.load(FILES.resolve("tms-target.npz")).trained();
        Sweep<ApdConfig> sweep = Sweep.of(Apd.METHOD, target, ApdConfig.paperTms5to2().with(c -> {
            c.copies = 1;
            c.steps = 5;
            c.batch = 64;
        }), ApdAxis.simplicity(0.3, 0.7), ApdAxis.batchTopK(0.211, 0.3), 1).measuring("ML2R", run -> Recovery.of(run).ml2r()).cacheIn(folder);
        sweep.train();
        assertTrue(sweep.isFinished());
        assertEquals(List.of(), sweep.runs(0, 0), "a run was made although its result was there");
        assertEquals(List.of(0.31092514035212393), sweep.result().found(0, 1, "ML2R"));
    }
}
