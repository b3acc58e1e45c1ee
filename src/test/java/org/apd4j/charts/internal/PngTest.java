package org.apd4j.charts.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

class PngTest {

    @Test
    void anImageOfFewColoursIsStoredWithoutLossAndIsSmaller() throws IOException {
        var image = new BufferedImage(40, 40, BufferedImage.TYPE_INT_RGB);
        var random = new Random(1);
        for (int i = 0; i < 1600; i++) {
            image.setRGB(i % 40, i / 40, 0x010203 * random.nextInt(80));
        }
        byte[] few = Png.bytes(Png.inFewColors(image));
        assertTrue(few.length < Png.bytes(image).length, few.length + " bytes");
        BufferedImage back = ImageIO.read(new ByteArrayInputStream(few));
        for (int i = 0; i < 1600; i++) {
            assertEquals(image.getRGB(i % 40, i / 40), back.getRGB(i % 40, i / 40));
        }
    }

    @Test
    void rareShadesAreReplacedByTheNearestFrequentColour() {
        // white, a blue and 254 other colours are frequent: the 257th colour has no place of its own
        var image = new BufferedImage(1109, 1, BufferedImage.TYPE_INT_RGB);
        for (int x = 0; x < 600; x++) {
            image.setRGB(x, 0, x < 300 ? 0xFFFFFF : 0x0072B2);
        }
        for (int x = 0; x < 508; x++) {
            image.setRGB(600 + x, 0, 0x400000 + x / 2);
        }
        image.setRGB(1108, 0, 0x0172B2);
        BufferedImage few = Png.inFewColors(image);
        assertEquals(0xFF0072B2, few.getRGB(400, 0));
        assertEquals(0xFFFFFFFF, few.getRGB(0, 0));
        assertEquals(0xFF400003, few.getRGB(606, 0));
        assertEquals(0xFF0072B2, few.getRGB(1108, 0));
    }

    @Test
    void aRareColourFarFromTheFrequentOnesStaysCloseToItself() {
        // 300 shades of blue, each ten times, and one orange pixel
        var image = new BufferedImage(3001, 1, BufferedImage.TYPE_INT_RGB);
        for (int x = 0; x < 3000; x++) {
            image.setRGB(x, 0, 0x100000 * (x / 10 / 100) + x / 10 % 100);
        }
        image.setRGB(3000, 0, 0xD55E00);
        BufferedImage few = Png.inFewColors(image);
        assertEquals(0xFFD55E00, few.getRGB(3000, 0));
        for (int x = 0; x < 3000; x++) {
            assertTrue(Math.abs((image.getRGB(x, 0) & 0xFF) - (few.getRGB(x, 0) & 0xFF)) <= 1, "pixel " + x);
        }
    }
}
