package org.apd4j.charts;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import org.apd4j.tables.NumberTable;
import org.apd4j.testsupport.Drawn;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FigureTest {

    static final Figure LOSSES = Charts.lossCurves("Losses <of> a run", new int[] {0, 10, 20},
            Map.of("total", new double[] {1, 0.1, 0.012345678901234567}));

    @Test
    void numbersOfAFigureHaveFullPrecision() {
        assertEquals(0.012345678901234567, LOSSES.numbers().doubleColumn("total").getDouble(2));
        assertEquals(20, LOSSES.numbers().intColumn("step").getInt(2));
    }

    @Test
    void changingTheNumbersTakenFromAFigureLeavesItAsItIs() {
        LOSSES.numbers().clear();
        assertEquals(3, LOSSES.numbers().rowCount());
    }

    @Test
    void thePngHasTwoPixelsForEachLogicalOne() throws IOException {
        BufferedImage image = ImageIO.read(new ByteArrayInputStream(LOSSES.png()));
        assertEquals(2 * LOSSES.width(), image.getWidth());
        assertEquals(2 * LOSSES.height(), image.getHeight());
        Drawn.check(LOSSES);
    }

    @Test
    void theSvgIsWellFormedAndSaysWhatItShows() throws Exception {
        var document = DocumentBuilderFactory.newInstance().newDocumentBuilder()
                .parse(new ByteArrayInputStream(LOSSES.svg().getBytes("UTF-8")));
        assertEquals("Losses <of> a run", document.getElementsByTagName("title").item(0).getTextContent());
        assertEquals(LOSSES.alternative(), document.getElementsByTagName("desc").item(0).getTextContent());
        assertEquals(LOSSES.width(), Integer.parseInt(document.getDocumentElement().getAttribute("width")));
        assertTrue(document.getElementsByTagName("path").getLength() > 10);
    }

    @Test
    void aFigureIsTheSameInEveryLocale() {
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.ROOT);
            Figure root = HeatMap.of("t", "r", List.of("0"), "c", List.of("0"), "v", Scale.LINEAR, new double[][] {{0.5}});
            String svg = LOSSES.svg();
            String csv = NumberTable.csv(LOSSES.numbers());
            for (String tag : List.of("de-DE", "ar-EG-u-nu-arab", "hi-IN-u-nu-deva")) {
                Locale.setDefault(Locale.forLanguageTag(tag));
                assertEquals(svg, Charts.lossCurves(LOSSES.title(), new int[] {0, 10, 20},
                        Map.of("total", new double[] {1, 0.1, 0.012345678901234567})).svg());
                assertEquals(csv, NumberTable.csv(LOSSES.numbers()));
                assertEquals(root.svg(), HeatMap.of("t", "r", List.of("0"), "c", List.of("0"), "v", Scale.LINEAR,
                        new double[][] {{0.5}}).svg());
            }
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void savingWritesACompleteFileAndNoOther(@TempDir Path folder) throws IOException {
        LOSSES.save(folder.resolve("new/a.png"));
        LOSSES.save(folder.resolve("new/a.png"));
        LOSSES.save(folder.resolve("new/a.SVG"));
        LOSSES.saveNumbers(folder.resolve("new/a.csv"));
        assertArrayEquals(LOSSES.png(), Files.readAllBytes(folder.resolve("new/a.png")));
        assertEquals("step,total\n0,1.0\n10,0.1\n20,0.012345678901234567\n", Files.readString(folder.resolve("new/a.csv")));
        try (var files = Files.list(folder.resolve("new"))) {
            assertEquals(3, files.count());
        }
    }

    @Test
    void unknownEndingsAndUnwritablePathsAreNamed(@TempDir Path folder) throws IOException {
        var ending = assertThrows(IllegalArgumentException.class, () -> LOSSES.save(folder.resolve("a.gif")));
        assertTrue(ending.getMessage().contains("a.gif"), ending.getMessage());
        Path file = Files.writeString(folder.resolve("file"), "");
        var place = assertThrows(UncheckedIOException.class, () -> LOSSES.save(file.resolve("a.png")));
        assertTrue(place.getMessage().contains("a.png"), place.getMessage());
    }

    @Test
    void aGridHoldsAllItsFiguresAndTheirNumbers() {
        Figure grid = Figure.grid("Two", 2, List.of(LOSSES.withTitle("left"), LOSSES.withTitle("right")));
        Drawn.check(grid);
        assertTrue(grid.width() < 2 * LOSSES.width(), "charts become narrower");
        assertEquals(6, grid.numbers().rowCount());
        assertEquals("right", grid.numbers().stringColumn("panel").get(5));
        assertThrows(IllegalArgumentException.class, () -> Figure.grid("none", 2, List.of()));
    }

    @Test
    void scalesOutOfRangeAreRefused() {
        assertEquals(LOSSES.width(), LOSSES.image(1).getWidth());
        assertThrows(IllegalArgumentException.class, () -> LOSSES.image(0));
        assertThrows(IllegalArgumentException.class, () -> LOSSES.image(Double.NaN));
    }

    @Test
    void theTextAlternativeSaysWhatTheNumbersAre() {
        assertTrue(LOSSES.alternative().contains("total from 1 to 0.0123"), LOSSES.alternative());
        assertFalse(LOSSES.withAlternative("other").alternative().contains("total"));
    }
}
