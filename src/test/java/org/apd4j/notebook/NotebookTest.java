package org.apd4j.notebook;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.spencerpark.jupyter.kernel.display.DisplayData;
import io.github.spencerpark.jupyter.kernel.display.Renderer;
import io.github.spencerpark.jupyter.kernel.display.mime.MIMEType;
import java.awt.image.BufferedImage;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.apd4j.Summarized;
import org.apd4j.Summary;
import org.apd4j.charts.Animation;
import org.apd4j.charts.Charts;
import org.apd4j.charts.Figure;
import org.apd4j.charts.HeatMap;
import org.apd4j.charts.Scale;
import org.apd4j.charts.Series;
import org.apd4j.explore.Board;
import org.apd4j.tables.NumberTable;
import org.apd4j.testsupport.SmallRun;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.knowm.xchart.XYChart;

class NotebookTest {

    private final Renderer renderer = new Renderer();

    @BeforeEach
    void prepare() {
        Notebook.prepare(renderer);
        Notebook.prepare(renderer);
    }

    @Test
    void aFigureIsShownAsAnImageWithAlternativeText() {
        Figure figure = Charts.lossCurves("Losses", new int[] {0, 1}, Map.of("total", new double[] {1, 0.1}));
        DisplayData data = renderer.render(figure);
        assertArrayEquals(figure.png(), Base64.getDecoder().decode((String) data.getData(MIMEType.IMAGE_PNG)));
        assertEquals(figure.alternative(), data.getData(MIMEType.TEXT_PLAIN));
        assertFalse(data.hasDataForType(MIMEType.IMAGE_SVG));
    }

    @Test
    void aFigureCanBeShownAsSvg() {
        Figure figure = Charts.lossCurves("Losses", new int[] {0, 1}, Map.of("total", new double[] {1, 0.1}));
        DisplayData data = renderer.renderAs(figure, "image/svg+xml");
        assertEquals(figure.svg(), data.getData(MIMEType.IMAGE_SVG));
        assertFalse(data.hasDataForType(MIMEType.IMAGE_PNG));
    }

    @Test
    void aHeatMapIsShownWithTheValuesOfItsCellsOrAsAnImageWhenAskedForOne() {
        Figure figure = HeatMap.of("Map", "a", List.of("1", "2"), "b", List.of("x"), "v", Scale.LINEAR, new double[][] {{1}, {2}}).withNote("note");
        DisplayData data = renderer.render(figure);
        String html = (String) data.getData(MIMEType.TEXT_HTML);
        assertTrue(html.contains(Base64.getEncoder().encodeToString(figure.png())) && html.contains("\"rows\":[\"1\",\"2\"]"), html.substring(0, 200));
        assertFalse(data.hasDataForType(MIMEType.IMAGE_PNG), "the picture is stored once");
        assertArrayEquals(figure.png(), Base64.getDecoder().decode((String) renderer.renderAs(figure, "image/png").getData(MIMEType.IMAGE_PNG)));
        assertFalse(renderer.renderAs(figure, "image/png").hasDataForType(MIMEType.TEXT_HTML));
    }

    @Test
    void anInteractiveOutputIsShownAsHtmlAndItsTextAlternative() {
        Board board = Board.of(SmallRun.TMS_FROM_COMPONENTS.run(1));
        DisplayData data = renderer.render(board);
        assertEquals(board.html(), data.getData(MIMEType.TEXT_HTML));
        assertEquals(board.still().alternative(), data.getData(MIMEType.TEXT_PLAIN));
    }

    @Test
    void anAnimationIsShownAsAnImageInHtml() {
        Figure figure = Charts.bars("Bars", "x", List.of("a"), "y", List.of(new Series("s", 1)));
        Animation animation = Animation.of(List.of(figure, figure), 0.5);
        DisplayData data = renderer.render(animation);
        String html = (String) data.getData(MIMEType.TEXT_HTML);
        assertTrue(html.contains("alt=\"Animation of 2 frames."), html.substring(0, 200));
        byte[] gif = Base64.getDecoder().decode(html.substring(html.indexOf("base64,") + 7, html.lastIndexOf('"')));
        assertArrayEquals(animation.gif(), gif);
        assertEquals(animation.alternative(), data.getData(MIMEType.TEXT_PLAIN));
    }

    @Test
    void chartsAndImagesMadeByHandAreShown() {
        var chart = new XYChart(200, 100);
        chart.addSeries("a", new double[] {1, 2, 3});
        for (Object picture : List.of(chart, new BufferedImage(4, 3, BufferedImage.TYPE_INT_ARGB))) {
            DisplayData data = renderer.render(picture);
            assertTrue(((String) data.getData(MIMEType.IMAGE_PNG)).startsWith("iVBOR"), "a PNG");
            assertFalse(((String) data.getData(MIMEType.TEXT_PLAIN)).contains("@"), "no identity hash");
        }
    }

    @Test
    void tablesAndSummariesAreShownAsHtmlAndText() {
        DisplayData table = renderer.render(NumberTable.named("t").numbers("x", 0.5).build());
        assertTrue(((String) table.getData(MIMEType.TEXT_HTML)).startsWith("<table"));
        assertEquals("t\n  x\n0.5", table.getData(MIMEType.TEXT_PLAIN));
        Summarized run = () -> new Summary("A run", Map.of("steps", "3"));
        for (Object object : List.of(run, run.summary())) {
            DisplayData summary = renderer.render(object);
            assertTrue(((String) summary.getData(MIMEType.TEXT_HTML)).contains("A run"));
            assertEquals(run.summary().toString(), summary.getData(MIMEType.TEXT_PLAIN));
        }
    }

    @Test
    void startingWithoutAKernelIsExplained() {
        var message = assertThrows(IllegalStateException.class, Notebook::start).getMessage();
        assertTrue(message.contains("TextProgress"), message);
    }
}
