package org.apd4j.charts;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.metadata.IIOMetadataNode;
import org.apd4j.charts.internal.Png;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AnimationTest {

    private static Figure bars(double height) {
        return Charts.bars("Bars", "x", List.of("a", "b"), "y", List.of(new Series("s", 1, height)));
    }

    @Test
    void fileHoldsEveryFrameWithItsTimeAndRunsForEver() throws IOException {
        Animation animation = Animation.of(List.of(bars(1), bars(2), bars(3)), 0.2);
        byte[] gif = animation.gif();
        ImageReader reader = ImageIO.getImageReadersByFormatName("gif").next();
        reader.setInput(ImageIO.createImageInputStream(new ByteArrayInputStream(gif)));
        assertEquals(3, reader.getNumImages(true));
        int[] delays = new int[3];
        for (int i = 0; i < 3; i++) {
            assertEquals(animation.width(), reader.read(i).getWidth());
            assertEquals(animation.height(), reader.read(i).getHeight());
            var root = (IIOMetadataNode) reader.getImageMetadata(i).getAsTree("javax_imageio_gif_image_1.0");
            var control = (IIOMetadataNode) root.getElementsByTagName("GraphicControlExtension").item(0);
            delays[i] = Integer.parseInt(control.getAttribute("delayTime"));
        }
        assertArrayEquals(new int[] {20, 20, 100}, delays);
        String text = new String(gif, java.nio.charset.StandardCharsets.ISO_8859_1);
        assertTrue(text.contains("NETSCAPE2.0\u0003\u0001\u0000\u0000"), "does not begin anew");
    }

    @Test
    void framesShowTheFiguresInTheirOrder() throws IOException {
        Figure first = bars(1);
        Figure second = bars(5);
        ImageReader reader = ImageIO.getImageReadersByFormatName("gif").next();
        reader.setInput(ImageIO.createImageInputStream(new ByteArrayInputStream(Animation.of(List.of(first, second), 1).gif())));
        var seen = new BufferedImage(first.width(), first.height(), BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < 2; i++) {
            // what a frame leaves transparent stays as it was
            seen.createGraphics().drawImage(reader.read(i), 0, 0, null);
            var expected = Png.inFewColors((i == 0 ? first : second).image(1), 255);
            for (int x = 0; x < expected.getWidth(); x++) {
                for (int y = 0; y < expected.getHeight(); y++) {
                    assertEquals(expected.getRGB(x, y), seen.getRGB(x, y));
                }
            }
        }
    }

    @Test
    void aFrameEqualToThePreviousOneTakesLittleSpace() {
        int one = Animation.of(List.of(bars(1)), 1).gif().length;
        assertTrue(Animation.of(Collections.nCopies(5, bars(1)), 1).gif().length < 2 * one);
    }

    @Test
    void whatIsOutOfRangeIsSaid(@TempDir Path folder) {
        assertEquals("an animation has no frame; it needs at least one",
                assertThrows(IllegalArgumentException.class, () -> Animation.of(List.of(), 1)).getMessage());
        assertTrue(assertThrows(IllegalArgumentException.class, () -> Animation.of(List.of(bars(1)), 0)).getMessage().contains("0.02 … 60"));
        Figure wide = Figure.of("wide", "words", 2000, 10, canvas -> { }, bars(1).numbers());
        assertTrue(assertThrows(IllegalArgumentException.class, () -> Animation.of(List.of(bars(1), wide), 1)).getMessage().startsWith("frame 1 has 2032 ×"));
        assertThrows(IllegalArgumentException.class, () -> Animation.of(List.of(bars(1)), 1).save(folder.resolve("a.png")));
    }

    @Test
    void savingWritesACompleteFile(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("new").resolve("a.gif");
        Animation animation = Animation.of(List.of(bars(1), bars(2)), 0.5);
        animation.save(file);
        assertArrayEquals(animation.gif(), Files.readAllBytes(file));
    }
}
