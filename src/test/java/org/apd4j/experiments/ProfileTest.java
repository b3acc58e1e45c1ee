package org.apd4j.experiments;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.apd4j.targets.TargetRun;
import org.apd4j.targets.Tms;
import org.apd4j.targets.TmsConfig;
import org.apd4j.training.Results;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProfileTest {

    @TempDir
    private Path folder;

    @AfterEach
    void trainAgain() {
        Results.train();
        Results.stopRecording();
    }

    private static TargetRun run() {
        return Tms.of(TmsConfig.paper5to2().with(c -> c.training.steps = 5), 0);
    }

    @Test
    void theVariableOverridesTheNotebooksChoiceWhateverItsCase() {
        assertEquals(Profile.PAPER, Profile.choose(Profile.PAPER, Map.of()));
        assertEquals(Profile.QUICK, Profile.choose(Profile.PAPER, Map.of("APD_PROFILE", " quick ")));
        assertEquals(Profile.LONG, Profile.choose(Profile.LOOK, Map.of("APD_PROFILE", "LONG")));
        assertEquals(Profile.LOOK, Profile.choose(Profile.LOOK, Map.of("APD_PROFILE", "")));
        String message = assertThrows(IllegalArgumentException.class, () -> Profile.choose(Profile.LOOK, Map.of("APD_PROFILE", "FAST"))).getMessage();
        assertEquals("the environment variable APD_PROFILE is 'FAST'; it must be one of LOOK, QUICK, PAPER, LONG", message);
    }

    @Test
    void underLookNothingIsTrainedAndUnderTheOthersEverythingIs() {
        Profile.choose(Profile.LOOK, Map.of());
        assertTrue(Results.areShown());
        String message = assertThrows(IllegalStateException.class, () -> run().train()).getMessage();
        assertTrue(message.contains("choose Profile.QUICK or Profile.PAPER in the notebook's first code cell"), message);
        Profile.choose(Profile.QUICK, Map.of());
        assertTrue(run().train().isFinished());
    }

    @Test
    void whatIsRecordedInOneProfileIsShownFromThere() {
        Map<String, String> recording = Map.of("APD_RECORD", folder.resolve("01").toString(), "APD_COMMIT", "abc1234", "APD_MACHINE", "a machine");
        Profile.choose(Profile.QUICK, recording);
        double loss = run().train().loss("mse");
        Profile.choose(Profile.QUICK, Map.of("APD_SHOW", folder.toString()));
        assertFalse(Results.areRecorded());
        TargetRun shown = run().train();
        assertEquals(loss, shown.loss("mse"));
        Results.Origin origin = shown.shownFrom().orElseThrow();
        assertEquals("abc1234, QUICK, a machine", origin.commit() + ", " + origin.profile() + ", " + origin.machine());
        Profile.choose(Profile.LOOK, recording);
        assertFalse(Results.areRecorded());
    }

    /** Two machines may differ in the last digits of a target, and a decomposition belongs to one of them. */
    @Test
    void aNotebookIsShownItsOwnResultOfARunThatAnotherHasToo() {
        Map<String, String> folders = Map.of("notebooks/02-superposition-in-ten-dimensions.ipynb", "02",
                "C:\\classes\\09-one-gate-per-mechanism.ipynb", "09", "12.ipynb", "12", "2026/my-own.ipynb", "my-own", "Untitled.ipynb", "02");
        for (String folderName : Set.copyOf(folders.values())) {
            Profile.choose(Profile.QUICK, Map.of("APD_RECORD", folder.resolve(folderName).toString(), "APD_MACHINE", folderName));
            run().train();
        }
        folders.forEach((notebook, own) -> {
            Profile.choose(Profile.LOOK, Map.of("APD_SHOW", folder.toString(), "JPY_SESSION_NAME", notebook));
            assertEquals(own, run().train().shownFrom().orElseThrow().machine(), notebook);
        });
    }

    @Test
    void lookHasTheSettingsOfPaper() {
        assertEquals(TmsExperiment.fiveToTwo(Profile.PAPER).apd(), TmsExperiment.fiveToTwo(Profile.LOOK).apd());
        assertEquals(TmsExperiment.fortyToTen(Profile.PAPER).apd(), TmsExperiment.fortyToTen(Profile.LOOK).apd());
        assertEquals(ResidualMlpExperiment.oneLayer(Profile.PAPER), ResidualMlpExperiment.oneLayer(Profile.LOOK));
        assertEquals(GatedExperiment.of(Profile.PAPER).apd(), GatedExperiment.of(Profile.LOOK).apd());
        assertEquals(GatedExperiment.moreSimplicity(Profile.PAPER).seeds(), GatedExperiment.moreSimplicity(Profile.LOOK).seeds());
        assertEquals(TmsExperiment.fiveToTwoSweep(Profile.PAPER).rows().values(), TmsExperiment.fiveToTwoSweep(Profile.LOOK).rows().values());
        assertEquals(TmsExperiment.fortyToTenSweep(Profile.PAPER).seeds(), TmsExperiment.fortyToTenSweep(Profile.LOOK).seeds());
    }

    @Test
    void longTrainsAsManyStepsAsThePublishedRunAndIsRefusedWhereThereIsNoSuchRun() {
        assertEquals(ResidualMlpExperiment.oneLayer(Profile.PAPER).longer(), ResidualMlpExperiment.oneLayer(Profile.LONG));
        assertEquals(40_000, ResidualMlpExperiment.twoLayers(Profile.LONG).apd().steps());
        for (Function<Profile, Object> experiment : List.<Function<Profile, Object>>of(TmsExperiment::fiveToTwo, TmsExperiment::fortyToTen,
                TmsExperiment::lp, TmsExperiment::fiveToTwoSweep, TmsExperiment::fortyToTenSweep, GatedExperiment::of, GatedExperiment::moreSimplicity)) {
            String message = assertThrows(IllegalArgumentException.class, () -> experiment.apply(Profile.LONG)).getMessage();
            assertTrue(message.contains("has no profile LONG") && message.endsWith("choose PAPER"), message);
        }
    }
}
