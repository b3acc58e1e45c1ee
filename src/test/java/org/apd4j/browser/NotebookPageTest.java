package org.apd4j.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A notebook's page from its first moment on, in a real browser with a real server and real kernels. */
@NeedsBrowser
class NotebookPageTest {

    @TempDir(factory = DifficultName.class)
    static Path folder;
    private static LabServer server;
    private Browser browser;
    private JupyterLabPage lab;

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

    private static Path write(String name, String... cells) throws Exception {
        return NotebookFile.write(folder.resolve("notebooks").resolve(name), cells);
    }

    @Test
    void cellsThatAreRunBeforeTheKernelIsConnectedWaitForIt() throws Exception {
        lab.openNotebookOnly(write("early.ipynb", "1 + 1", "2 + 2"));
        lab.runAll();
        lab.await("the results", () -> lab.prompt(1).equals("[2]:"));
        assertEquals("2", lab.result(0));
        assertEquals("4", lab.result(1));
    }
}
