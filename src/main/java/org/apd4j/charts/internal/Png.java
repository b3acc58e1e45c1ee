package org.apd4j.charts.internal;

import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
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
     * Returns the picture in at most {@value #FEW} of its colours. A pixel moves to the nearest of them, and none moves farther than it must: colours
     * are kept in the order of their frequency, but none within a distance of one that is kept already, and the distance is the smallest that leaves
     * few enough. So the frequent colours stay as they are, and a rare one, such as a slice of a colour bar, stays close to itself.
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
        int[] byFrequency = counts.entrySet().stream().sorted(Map.Entry.<Integer, Integer>comparingByValue(Comparator.reverseOrder())
                .thenComparing(Map.Entry.comparingByKey())).mapToInt(Map.Entry::getKey).toArray();
        int[] colors = spread(byFrequency, few);
        var indexed = new BufferedImage(width, image.getHeight(), BufferedImage.TYPE_BYTE_INDEXED,
                new IndexColorModel(8, colors.length, colors, 0, false, -1, DataBuffer.TYPE_BYTE));
        Map<Integer, Integer> nearest = new HashMap<>();
        for (int i = 0; i < pixels.length; i++) {
            int index = nearest.computeIfAbsent(pixels[i] & 0xFFFFFF, color -> nearest(color, colors, colors.length));
            indexed.getRaster().setSample(i % width, i / width, 0, index);
        }
        return indexed;
    }

    /** Returns so many of the colours, so far apart that every other one is close to one of them; places that are left go to the most frequent. */
    private static int[] spread(int[] byFrequency, int few) {
        for (int apart = 0;; apart++) {
            int[] kept = new int[few];
            Set<Integer> taken = new HashSet<>();
            boolean enough = true;
            for (int i = 0; i < byFrequency.length && enough; i++) {
                int color = byFrequency[i];
                if (taken.isEmpty() || distance(color, kept[nearest(color, kept, taken.size())]) > apart * apart) {
                    enough = taken.size() < few;
                    if (enough) {
                        kept[taken.size()] = color;
                        taken.add(color);
                    }
                }
            }
            if (enough) {
                for (int i = 0; i < byFrequency.length && taken.size() < few; i++) {
                    kept[taken.size()] = byFrequency[i];
                    taken.add(byFrequency[i]);
                }
                return Arrays.copyOf(kept, taken.size());
            }
        }
    }

    private static int nearest(int color, int[] colors, int count) {
        int best = 0;
        for (int i = 1; i < count; i++) {
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
