package org.apd4j.browser;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Tests with a JupyterLab server, which all tests of a class share, and a new browser for each test. */
@NeedsBrowser
abstract class WithJupyterLab {

    static final String PAPER_TARGET = "var target = Tms.untrained(TmsConfig.paper5to2(), 0);";
    /** The settings of TMS 5-2, for more steps than any test waits for. */
    static final String LONG_RUN =
            "var run = Apd.decompose(target, ApdConfig.paperTms5to2().with(c -> { c.copies = 1; c.steps = 1_000_000; }), 0);";
    static final String TRAIN = "run.train();";

    /** The least contrast between text and background at which text is readable, as the Web Content Accessibility Guidelines require it. */
    private static final double READABLE = 4.5;

    @TempDir(factory = DifficultName.class)
    static Path folder;
    static LabServer server;
    Browser browser;
    JupyterLabPage lab;

    @BeforeAll
    static void startServer() throws Exception {
        server = new LabServer(folder.resolve("notebooks"), folder);
        server.address();
    }

    @AfterAll
    static void endServer() throws Exception {
        server.close();
    }

    @BeforeEach
    void openBrowser() throws Exception {
        browser = new Browser();
        lab = JupyterLabPage.open(browser, server.address());
    }

    @AfterEach
    void closeBrowser() {
        browser.close();
    }

    /** Returns the path of a notebook in the server's folder. */
    static Path file(String name) {
        return folder.resolve("notebooks").resolve(name);
    }

    /** Writes a notebook with the given cells into the server's folder. */
    static Path write(String name, String... cells) throws Exception {
        return NotebookFile.write(file(name), cells);
    }

    /** Checks that all outputs have enough contrast. */
    void assertReadable(String theme, String what) {
        double contrast = lab.lowestContrastOfOutputs();
        assertTrue(contrast >= READABLE, "in the " + theme + " theme a text of " + what + " has a contrast of " + contrast);
    }

    /** Switches to a theme and returns its name in screenshots. */
    String useTheme(boolean light) {
        lab.useTheme(light ? "JupyterLab Light" : "JupyterLab Dark", light);
        return light ? "light" : "dark";
    }
}
