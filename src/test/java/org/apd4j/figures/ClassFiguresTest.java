package org.apd4j.figures;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.util.List;
import org.apd4j.charts.Figure;
import org.apd4j.charts.internal.ImageSheet;
import org.apd4j.data.Dataset;
import org.apd4j.data.Digits;
import org.apd4j.math.internal.Grid;
import org.apd4j.measures.classification.Confusion;
import org.junit.jupiter.api.Test;

class ClassFiguresTest {

    @Test
    void aContactSheetProvidesEveryPixelOfItsImages() {
        Dataset digits = Digits.draw(3, 0);
        Figure sheet = ClassFigures.contactSheet(digits, 2);
        assertEquals(20, sheet.numbers().rowCount());
        assertEquals(List.of("0", "0", "1"), sheet.numbers().stringColumn("row").asList().subList(0, 3));
        assertEquals(digits.row(10)[27], sheet.numbers().doubleColumn("pixel 27").getDouble(1), 1e-7);
    }

    @Test
    void inkIsDarkPaperIsWhiteAndSignsHaveTheirColours() {
        Figure grey = ImageSheet.of("g", "", List.of(new ImageSheet.Line("", List.of(ImageSheet.Picture.grey("", new float[] {1, 0, 0, 0})))));
        assertTrue(counts(grey, Color.BLACK) > 1_000, "no black pixel of ink");
        Figure signed = ImageSheet.of("s", "", List.of(new ImageSheet.Line("", List.of(ImageSheet.Picture.signed("", new double[] {1, 0, 0, -1})))));
        assertEquals(counts(signed, new Color(0xB2182B)), counts(signed, new Color(0x2166AC)), 200);
        assertTrue(counts(signed, new Color(0xB2182B)) > 1_000);
    }

    private static int counts(Figure figure, Color color) {
        BufferedImage image = figure.image(2);
        int count = 0;
        for (int x = 0; x < image.getWidth(); x++) {
            for (int y = 0; y < image.getHeight(); y++) {
                count += (image.getRGB(x, y) & 0xffffff) == (color.getRGB() & 0xffffff) ? 1 : 0;
            }
        }
        return count;
    }

    @Test
    void aConfusionMatrixStatesTheAccuracy() {
        var confusion = new Confusion("two", List.of("a", "b"), Grid.of(2, 2, (i, j) -> i == j ? 9 : 1));
        assertEquals(9, ClassFigures.confusion(confusion).numbers().doubleColumn("a").getDouble(0));
        assertEquals(4, ClassFigures.confusions(confusion, confusion).numbers().rowCount());
    }

    @Test
    void rowsThatAreNoImagesAreRefused() {
        assertEquals("3 values make no square picture; give the width of a line",
                assertThrows(IllegalArgumentException.class, () -> ImageSheet.Picture.signed("", new double[3])).getMessage());
        assertEquals("5 values do not make lines of 2 pixels",
                assertThrows(IllegalArgumentException.class, () -> new ImageSheet.Picture("", new double[5], 2, ImageSheet.Ink.GREY)).getMessage());
        assertThrows(IllegalArgumentException.class, () -> ImageSheet.of("", "", List.of()));
    }
}
