package org.apd4j.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;
import org.apd4j.explore.Board;
import org.apd4j.testsupport.SmallRun;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.By;
import org.openqa.selenium.WebElement;

/** Interactive outputs in JupyterLab: after running, in both themes, and in a notebook that is not trusted. */
class InteractiveNotebookTest extends WithJupyterLab {

    private static final String RUN = "var run = Apd.decompose(target, ApdConfig.paperTms5to2().with(c -> c.steps = 300), 0).train();";
    private static final String FRAME = ".apd-frame";
    private static final String BOX = "input[data-component='0']";
    private static final String MAP = "Figures.oneHotAttributions(OneHotAttributions.of(run))";

    @Test
    void aBoardAndAHeatMapAnswerAfterRunningInBothThemes() throws Exception {
        for (boolean light : new boolean[] {true, false}) {
            String theme = useTheme(light);
            lab.openNotebook(write("board.ipynb", PAPER_TARGET, RUN, "board(run)", MAP));
            lab.runAll();
            lab.await("the board", () -> lab.isShownIn(2, FRAME + " table"));
            lab.await("the heat map", () -> lab.isShownIn(3, "[role=application]"));
            lab.scrollTo(2);
            WebElement box = lab.cells().get(2).findElement(By.cssSelector(BOX));
            boolean before = box.isSelected();
            String losses = lab.cells().get(2).findElement(By.cssSelector("[data-table=losses]")).getText();
            box.click();
            assertEquals(!before, box.isSelected());
            assertFalse(losses.equals(lab.cells().get(2).findElement(By.cssSelector("[data-table=losses]")).getText()), "the losses stay the same");
            browser.screenshot(theme + "-board");
            assertReadable(theme, "a board");
            assertEquals(List.of(), lab.outputsThatScrollSideways());
            lab.scrollTo(3);
            browser.screenshot(theme + "-heat-map");
            lab.run(2); // the cell can be run again
            lab.await("the board of the second run", () -> lab.isShownIn(2, FRAME + " table"));
            lab.closeNotebook();
        }
    }

    @Test
    void aNotebookThatIsNotTrustedShowsThePictureWithASentence() throws Exception {
        Path file = write("untrusted.ipynb", "1 + 1");
        var json = new ObjectMapper();
        var notebook = (ObjectNode) json.readTree(file.toFile());
        ObjectNode output = ((ObjectNode) notebook.get("cells").get(0)).withArray("outputs").addObject();
        output.put("output_type", "display_data").putObject("metadata");
        output.putObject("data").put("text/html", Board.of(SmallRun.TMS_FROM_COMPONENTS.run(1)).html());
        json.writeValue(file.toFile(), notebook);
        lab.openNotebook(file);
        lab.await("the picture", () -> lab.isShownIn(0, "img[src^='data:image/png']"));
        browser.screenshot("board-not-trusted");
        assertTrue(lab.output(0).contains("still picture"), lab.output(0));
        assertFalse(lab.isShownIn(0, FRAME));
    }
}
