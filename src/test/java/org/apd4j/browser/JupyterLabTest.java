package org.apd4j.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Uses of the notebooks in a browser, with a real server and real kernels: running, stopping, themes, two at once, Ctrl-C. */
class JupyterLabTest extends WithJupyterLab {

    private static final String NOTEBOOK_01 = "01-toy-model-of-superposition.ipynb";
    /** The notebooks with committed outputs. */
    private static final List<String> COMMITTED = List.of(NOTEBOOK_01, "02-superposition-in-ten-dimensions.ipynb", "03-compressed-computation.ipynb",
            "04-cross-layer-distributed-representations.ipynb", "05-gated-functions.ipynb", "06-what-the-hyperparameters-do.ipynb",
            "07-your-own-network.ipynb", "08-stochastic-parameter-decomposition.ipynb", "09-one-gate-per-mechanism.ipynb",
            "10-modular-addition.ipynb", "11-images-and-language.ipynb");
    /** Selects figures; images of other types are progress charts and animations. */
    private static final String PICTURE = "img[src^='data:image/png']";
    private static final Duration SEVERAL_MINUTES = Duration.ofMinutes(15);

    private static final int TRAINING = 2;
    private static final int FIGURE = 3;
    private static final Pattern STOPPED = Pattern.compile("stopped at ([\\d,]+) of 1,000,000 steps");

    @Test
    void firstNotebookShowsFiguresTablesAndMovingProgress() throws Exception {
        browser.screenshot("start");
        lab.openNotebook(file(NOTEBOOK_01));
        browser.screenshot("notebook-opened");

        lab.clearOutputs();
        lab.runAll();
        lab.awaitMovingProgress(3);
        lab.scrollToFirst("[role=progressbar]");
        browser.screenshot("notebook-running");
        lab.awaitAllRun(SEVERAL_MINUTES);

        assertEquals(0, lab.outputs("[data-mime-type='application/vnd.jupyter.error']"));
        assertEquals(0, lab.outputs("[data-mime-type='application/vnd.jupyter.stderr']"));
        assertTrue(lab.outputs(PICTURE) > 0 && lab.outputs("table") > 0, "no figure, or no table");
        lab.scrollToFirst(PICTURE);
        browser.screenshot("notebook-figure");
        lab.scrollToFirst("table");
        browser.screenshot("notebook-table");
        assertFalse(lab.isShown("[class*=Toastify__toast-body], .jp-Dialog"), "something popped up");
    }

    @Test
    void trainingCanBeStoppedContinuedAndStartedAgainInANewKernel() throws Exception {
        write("stop.ipynb", PAPER_TARGET, LONG_RUN, TRAIN, "Figures.components(run)");
        lab.openNotebook(file("stop.ipynb"));
        lab.runAll();
        lab.awaitMovingProgress(TRAINING, 3);
        browser.screenshot("training");
        int first = stopTraining("training-stopped");

        lab.run(FIGURE);
        lab.await("a figure of what was learned so far", () -> lab.isShownIn(FIGURE, PICTURE));
        browser.screenshot("figure-of-stopped-training");

        lab.run(TRAINING);
        lab.awaitMovingProgress(TRAINING, 3);
        browser.screenshot("training-goes-on");
        int second = stopTraining("training-stopped-again");
        assertTrue(second > first, "stopped at step " + first + ", and then at " + second);

        lab.restartAndRunAll();
        lab.awaitMovingProgress(TRAINING, 3);
        browser.screenshot("training-in-a-new-kernel");
        stopTraining("training-stopped-in-a-new-kernel");
        assertEquals("[3]:", lab.prompt(TRAINING), "a new kernel counts cells from one");
    }

    @Test
    void twoNotebooksCanTrainAtTheSameTime() throws Exception {
        String same = "Apd.decompose(target, ApdConfig.paperTms5to2().with(c -> { c.copies = 1; c.steps = 300; }), 7).train().loss(\"minimality\")";
        for (String name : List.of("one.ipynb", "two.ipynb")) {
            write(name, PAPER_TARGET, LONG_RUN, TRAIN, same);
            lab.openNotebook(file(name));
            lab.runAll();
            lab.awaitMovingProgress(TRAINING, 3);
        }
        lab.show(file("one.ipynb"));
        lab.awaitMovingProgress(TRAINING, 3);
        lab.show(file("two.ipynb"));
        lab.awaitMovingProgress(TRAINING, 3);
        browser.screenshot("two-notebooks");
        String two = stopAndRunLast();
        lab.show(file("one.ipynb"));
        lab.awaitMovingProgress(TRAINING, 3);
        String one = stopAndRunLast();
        assertEquals(one, two);
    }

    @Test
    void outputsAreReadableInTheLightAndTheDarkTheme() throws Exception {
        write("themes.ipynb", PAPER_TARGET, LONG_RUN, TRAIN);
        for (boolean light : new boolean[] {false, true}) {
            String theme = useTheme(light);
            for (String name : COMMITTED) {
                lab.openNotebook(file(name));
                assertReadable(theme, name);
                lab.scrollToFirst("table");
                browser.screenshot(theme + "-table-" + name.substring(0, 2));
                lab.scrollToFirst(PICTURE);
                browser.screenshot(theme + "-figure-" + name.substring(0, 2));
                lab.closeNotebook();
            }
            lab.openNotebook(file("themes.ipynb"));
            lab.runAll();
            lab.awaitMovingProgress(TRAINING, 3);
            browser.screenshot(theme + "-training");
            assertReadable(theme, "a training that runs");
            stopTraining(theme + "-stopped");
            assertReadable(theme, "a training that was stopped");
            lab.closeNotebook();
        }
    }

    @Test
    void ctrlCDuringATrainingLeavesNoProcessBehind() throws Exception {
        try (var own = new LabServer(folder.resolve("ended by Ctrl-C"), folder)) {
            own.address();
            Path notebook = NotebookFile.write(folder.resolve("ended by Ctrl-C/long.ipynb"), PAPER_TARGET, LONG_RUN, TRAIN);
            var page = JupyterLabPage.open(browser, own.address());
            page.openNotebook(notebook);
            page.runAll();
            page.awaitMovingProgress(TRAINING, 3);
            assertTrue(own.processes().size() >= 2, "a server and a kernel should run: " + own.processes());
            assertEquals(List.of(), own.interrupt());
        }
    }

    private int stopTraining(String screenshot) {
        lab.stop();
        lab.await("the end of the stopped cell", () -> !lab.isRunning(TRAINING));
        lab.await("the line that says where the training stopped", () -> STOPPED.matcher(lab.output(TRAINING)).find());
        lab.awaitIdleKernel();
        browser.screenshot(screenshot);
        Matcher matcher = STOPPED.matcher(lab.output(TRAINING));
        assertTrue(matcher.find());
        return Integer.parseInt(matcher.group(1).replace(",", ""));
    }

    private String stopAndRunLast() {
        stopTraining("two-notebooks-stopped");
        lab.run(FIGURE);
        lab.await("the last cell's result", () -> lab.prompt(FIGURE).matches("\\[\\d+]:"));
        lab.awaitIdleKernel();
        return lab.result(FIGURE);
    }
}
