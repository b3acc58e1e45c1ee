package org.apd4j.charts.internal;

import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;

/** Pictures as small PNG files. */
public final class Png {

    private static final int FEW = 256;

    private Png() {
    }

    /** Returns the picture as a file, compressed as well as the format allows. */
    public static byte[] bytes(BufferedImage image) {
        var bytes = new ByteArrayOutputStream();
        ImageWriter writer = ImageIO.getImageWritersByFormatName("png").next();
        try (ImageOutputStream output = ImageIO.createImageOutputStream(bytes)) {
            ImageWriteParam packing = writer.getDefaultWriteParam();
            packing.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
            packing.setCompressionQuality(0);
            writer.setOutput(output);
            writer.write(null, new IIOImage(image, null, null), packing);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            writer.dispose();
        }
        return bytes.toByteArray();
    }

    /**
     * Returns the picture in its {@value #FEW} most frequent colours, every pixel in the nearest of them. What is lost are shades at the edges of
     * letters and lines.
     */
    public static BufferedImage inFewColors(BufferedImage image) {
        return inFewColors(image, FEW);
    }

    /** Returns the same with another number of colours, 1 to 256. */
    public static BufferedImage inFewColors(BufferedImage image, int few) {
        int width = image.getWidth();
        int[] pixels = image.getRGB(0, 0, width, image.getHeight(), null, 0, width);
        Map<Integer, Integer> counts = new HashMap<>();
        for (int pixel : pixels) {
            counts.merge(pixel & 0xFFFFFF, 1, Integer::sum);
        }
        // Equally frequent ones in the order of their numbers, so that the file is the same every time.
        List<Integer> kept = counts.entrySet().stream().sorted(Map.Entry.<Integer, Integer>comparingByValue(Comparator.reverseOrder())
                .thenComparing(Map.Entry.comparingByKey())).limit(few).map(Map.Entry::getKey).toList();
        int[] colors = kept.stream().mapToInt(Integer::intValue).toArray();
        var indexed = new BufferedImage(width, image.getHeight(), BufferedImage.TYPE_BYTE_INDEXED,
                new IndexColorModel(8, colors.length, colors, 0, false, -1, DataBuffer.TYPE_BYTE));
        Map<Integer, Integer> nearest = new HashMap<>();
        for (int i = 0; i < pixels.length; i++) {
            int index = nearest.computeIfAbsent(pixels[i] & 0xFFFFFF, color -> nearest(color, colors));
            indexed.getRaster().setSample(i % width, i / width, 0, index);
        }
        return indexed;
    }

    private static int nearest(int color, int[] colors) {
        int best = 0;
        for (int i = 1; i < colors.length; i++) {
            if (distance(color, colors[i]) < distance(color, colors[best])) {
                best = i;
            }
        }
        return best;
    }

    private static int distance(int one, int other) {
        int sum = 0;
        for (int shift = 0; shift < 24; shift += 8) {
            int difference = (one >> shift & 0xFF) - (other >> shift & 0xFF);
            sum += difference * difference;
        }
        return sum;
    }
}
