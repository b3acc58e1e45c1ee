package org.apd4j.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The page of a notebook in a browser: early cells, stopping, reopened tabs, errors, and windows of several widths. */
class NotebookPageTest extends WithJupyterLab {

    private static final int[] WIDTHS = {420, 1024, 1400};
    private static final String SETUP = PAPER_TARGET + "\n" + LONG_RUN;
    private static final String PART = """
            var part = Apd.decompose(target, ApdConfig.paperTms5to2().with(c -> { c.batch = 64; c.steps = 20_000; }), 0);
            part.train(2_400);""";
    private static final String GROUP = "SeedRuns.of(\"TMS 5-2, three seeds\", 3, s -> Apd.decompose(Tms.of(TmsConfig.paper5to2(), s).train(), "
            + "ApdConfig.paperTms5to2().with(c -> c.steps = 1_000_000))).train();";

    /** A script that delays requests for kernels until the test allows them, so that cells can be run before, however slow the machine is. */
    private static final String KERNELS_WAIT = """
            window.kernelsWait = true;
            const fetchAtOnce = window.fetch;
            window.fetch = async (input, init) => {
                const request = new Request(input, init);
                while (window.kernelsWait && request.method === 'POST' && request.url.includes('/api/sessions')) {
                    await new Promise(later => setTimeout(later, 50));
                }
                return fetchAtOnce(request);
            };
            """;

    @Test
    void cellsThatAreRunBeforeTheKernelIsConnectedWaitForIt() throws Exception {
        browser.beginPagesWith(KERNELS_WAIT);
        lab = JupyterLabPage.open(browser, server.address());
        lab.openNotebookOnly(write("early.ipynb", "1 + 1", "2 + 2"));
        lab.runAll();
        browser.driver().executeScript("window.kernelsWait = false");
        lab.await("the results", () -> lab.prompt(1).equals("[2]:"));
        assertEquals("2", lab.result(0));
        assertEquals("4", lab.result(1));
    }

    @Test
    void stopEndsRunAllAndFurtherCellsCanBeRun() throws Exception {
        lab.openNotebook(write("abort.ipynb", SETUP, TRAIN, "System.out.println(\"behind the stop\");", "1 + 1"));
        lab.runAll();
        lab.awaitMovingProgress(1, 2);
        lab.stop();
        lab.await("the end of the stopped cell", () -> !lab.isRunning(1) && !lab.isRunning(2) && !lab.isRunning(3));
        lab.awaitIdleKernel();
        assertEquals("", lab.output(2).strip() + lab.output(3).strip(), "the cells after the stopped one are not run");
        lab.run(3);
        lab.await("a cell that runs after the stop", () -> lab.prompt(3).matches("\\[\\d+]:"));
        assertEquals("2", lab.result(3));
    }

    @Test
    void reopenedTabShowsTheProgressOfTheRunningCellAndThenItsResult() throws Exception {
        Path file = write("again.ipynb", SETUP, TRAIN, "1 + 1");
        lab.openNotebook(file);
        lab.run(0);
        lab.run(1);
        lab.awaitMovingProgress(1, 2);
        closeTabAndOpenAnother();
        lab.openNotebookOnly(file);
        lab.awaitMovingProgress(1, 3);
        assertEquals("[*]:", lab.prompt(1));
        lab.await("the line that says that a cell still runs", () -> lab.isShown(".Toastify__toast-body, .jp-Notification-List-Item"));
        browser.screenshot("opened-again");
        lab.stop();
        lab.await("the number of the cell that has ended", () -> lab.prompt(1).equals("[2]:"));
        assertTrue(lab.output(1).contains("stopped at"), lab.output(1));
        lab.await("the end of the line", () -> !lab.isShown(".Toastify__toast-body"));
        browser.screenshot("opened-again-stopped");
        lab.run(2);
        lab.await("the next cell's result", () -> lab.prompt(2).equals("[3]:"));
        assertEquals("2", lab.result(2));
    }

    @Test
    void reopenedTabShowsTheOutputsOfCellsThatEndedInTheMeantime() throws Exception {
        Path go = folder.resolve("go");
        String waiting = "System.out.println(\"it waits\");\n"
                + "while (!java.nio.file.Files.exists(java.nio.file.Path.of(\"" + go + "\"))) { Thread.sleep(50); }\n"
                + "System.out.println(\"it goes on\");\n\"the result\"";
        String[] sources = {"6 * 7", waiting, "2 + 2", "System.out.println(noSuchVariable);", "5 + 5"};
        Path file = write("ended.ipynb", sources);
        lab.openNotebook(file);
        lab.runAll();
        lab.await("the first lines", () -> lab.output(1).contains("it waits"));
        closeTabAndOpenAnother();
        lab.openNotebookOnly(file);
        lab.await("what is known of the cells", () -> lab.isShown(".Toastify__toast-body"));
        browser.driver().get("about:blank");
        Files.createFile(go);
        lab = JupyterLabPage.open(browser, server.address());
        lab.openNotebookOnly(file);
        lab.await("the numbers of the cells that have ended", () -> lab.prompt(0).equals("[1]:") && lab.prompt(3).equals("[4]:"));
        assertEquals("42", lab.result(0));
        assertEquals("it waits\nit goes on\n", lab.output(1).substring(0, "it waits\nit goes on\n".length()));
        assertEquals("the result", lab.result(1));
        assertEquals("4", lab.result(2));
        assertTrue(lab.output(3).contains("noSuchVariable"), lab.output(3));
        assertEquals("[ ]:", lab.prompt(4), "the cell after the failed one is not run");
        browser.screenshot("ended-while-closed");
    }

    private void closeTabAndOpenAnother() throws Exception {
        browser.driver().get("about:blank");
        lab = JupyterLabPage.open(browser, server.address());
    }

    @Test
    void errorsAndLongLinesFitTheWindowAndAreReadableInBothThemes() throws Exception {
        String[] cells = {SETUP, "Apd.decompos(target, ApdConfig.paperTms5to2(), 0)",
            "int third(List<Integer> numbers) {\n    return numbers.get(2);\n}\nvar sums = Stream.of(1, 2).map(n -> third(List.of(n))).toList();",
            "DecompositionRun<ApdConfig> none = null;\nnone.step()", "run.train(\"many\")", "int forgotten = 7\nforgotten + 1",
            "\"" + "a long line ".repeat(30) + "\""};
        for (boolean light : new boolean[] {true, false}) {
            lab.resize(1400);
            String theme = useTheme(light);
            lab.openNotebook(write("errors.ipynb", cells));
            for (int i = 0; i < cells.length; i++) {
                int cell = i;
                lab.run(cell);
                lab.await("the end of cell " + cell, () -> lab.prompt(cell).matches("\\[\\d+]:"));
            }
            assertTrue(lab.output(1).contains("decompose"), lab.output(1));
            for (int width : WIDTHS) {
                lab.resize(width);
                for (int cell = 1; cell < cells.length; cell++) {
                    lab.scrollTo(cell);
                    browser.screenshot(theme + "-error-" + cell + "-" + width);
                }
                assertEquals(List.of(), lab.outputsThatScrollSideways(), "at a width of " + width);
                assertEquals(List.of(), lab.codeThatScrollsSideways(), "at a width of " + width);
                assertEquals(List.of(), width < 1000 ? List.of() : lab.wordsThatBreak(), "at a width of " + width);
            }
            assertReadable(theme, "an error");
            lab.resize(1400);
            lab.closeNotebook();
        }
    }

    @Test
    void theProgressPanelFitsWindowsOfEveryWidthInBothThemes() throws Exception {
        for (boolean light : new boolean[] {true, false}) {
            lab.resize(1400);
            String theme = useTheme(light);
            lab.openNotebook(write("widths.ipynb", SETUP, PART, TRAIN, GROUP));
            lab.run(0);
            lab.run(1);
            lab.await("the end of the part", () -> lab.output(1).contains("as requested"));
            lab.run(2);
            lab.awaitMovingProgress(2, 1);
            assertFits(theme, "running");
            lab.stop();
            lab.await("the end of the stopped cell", () -> !lab.isRunning(2));
            assertFits(theme, "stopped");
            lab.run(3);
            lab.awaitMovingProgress(3, 3);
            assertFits(theme, "group");
            lab.stop();
            lab.await("the end of the group", () -> !lab.isRunning(3));
            lab.resize(1400);
            lab.closeNotebook();
        }
    }

    private void assertFits(String theme, String what) {
        for (int width : WIDTHS) {
            lab.resize(width);
            lab.scrollToLastProgress();
            browser.screenshot(theme + "-" + what + "-" + width);
            assertEquals(List.of(), lab.outputsThatScrollSideways(), what + " at a width of " + width);
            assertEquals(List.of(), lab.labelsThatWrap(), what + " at a width of " + width);
        }
    }
}
