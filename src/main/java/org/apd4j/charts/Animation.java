package org.apd4j.charts;

import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.ImageWriter;
import javax.imageio.metadata.IIOMetadata;
import javax.imageio.metadata.IIOMetadataNode;
import javax.imageio.stream.ImageOutputStream;
import org.apd4j.charts.internal.Png;
import org.jspecify.annotations.Nullable;

/**
 * A sequence of figures as a GIF that repeats after its last frame. A notebook displays it; elsewhere {@link #save} writes it to a
 * file.
 *
 * <pre>{@code
 * var frames = new ArrayList<Figure>();
 * run.every(100, now -> frames.add(Figures.components(now)));
 * run.train();
 * Animation.of(frames, 0.1).save(Path.of("components.gif"));
 * }</pre>
 *
 * @param frames  the figures, at least one, all of one size
 * @param seconds duration of a frame, 0.02 to 60; the last one stays five times as long
 */
public record Animation(List<Figure> frames, double seconds) {

    private static final String METADATA = "javax_imageio_gif_image_1.0";
    private static final int LAST_FRAME = 5;
    /** Colours of a frame; the last of the format's 256 marks pixels that do not change. */
    private static final int COLORS = 255;

    /** @throws IllegalArgumentException naming what is out of its range */
    public Animation {
        frames = List.copyOf(frames);
        if (frames.isEmpty()) {
            throw new IllegalArgumentException("an animation has no frame; it needs at least one");
        }
        for (Figure frame : frames) {
            if (frame.width() != width(frames) || frame.height() != height(frames)) {
                throw new IllegalArgumentException(String.format(Locale.ROOT,
                        "frame %d has %d × %d pixels, the first one %d × %d; all must have the same",
                        frames.indexOf(frame), frame.width(), frame.height(), width(frames), height(frames)));
            }
        }
        if (!(seconds >= 0.02 && seconds <= 60)) {
            throw new IllegalArgumentException("a frame lasts " + seconds + " s; it must be 0.02 … 60 s");
        }
    }

    /** Returns an animation of these figures. */
    public static Animation of(List<Figure> frames, double seconds) {
        return new Animation(frames, seconds);
    }

    /** Returns the width in pixels. */
    public int width() {
        return width(frames);
    }

    /** Returns the height in pixels. */
    public int height() {
        return height(frames);
    }

    /** Returns the text alternative: the first frame and the last, in words. */
    public String alternative() {
        return "Animation of " + frames.size() + " frames. First: " + frames.get(0).alternative() + " Last: "
                + frames.get(frames.size() - 1).alternative();
    }

    /** Returns the animation as a GIF file, with one pixel for each logical one. */
    public byte[] gif() {
        var bytes = new ByteArrayOutputStream();
        ImageWriter writer = ImageIO.getImageWritersByFormatName("gif").next();
        try (ImageOutputStream output = ImageIO.createImageOutputStream(bytes)) {
            writer.setOutput(output);
            writer.prepareWriteSequence(null);
            BufferedImage before = null;
            for (int i = 0; i < frames.size(); i++) {
                BufferedImage whole = Png.inFewColors(frames.get(i).image(1), COLORS);
                BufferedImage image = changes(whole, before);
                before = whole;
                int hundredths = (int) Math.round(100 * seconds) * (i == frames.size() - 1 ? LAST_FRAME : 1);
                writer.writeToSequence(new IIOImage(image, null, timed(writer, image, hundredths)), null);
            }
            writer.endWriteSequence();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            writer.dispose();
        }
        return bytes.toByteArray();
    }

    /**
     * Writes the animation to a {@code .gif} file. The file is complete or not there at all.
     *
     * @throws IllegalArgumentException if the name has another ending
     * @throws UncheckedIOException     if it cannot be written
     */
    public void save(Path file) {
        if (!file.getFileName().toString().toLowerCase(Locale.ROOT).endsWith(".gif")) {
            throw new IllegalArgumentException("cannot save an animation as '" + file.getFileName() + "'; the name must end in .gif");
        }
        Figure.write(file, gif());
    }

    /** Returns the frame with all pixels transparent that are as in the frame before, if there is one: they take hardly any room in the file. */
    private static BufferedImage changes(BufferedImage frame, @Nullable BufferedImage before) {
        IndexColorModel all = (IndexColorModel) frame.getColorModel();
        int[] colors = new int[COLORS + 1];
        for (int i = 0; i < COLORS; i++) {
            colors[i] = 0xFF000000 | all.getRGB(Math.min(i, all.getMapSize() - 1));
        }
        var changed = new BufferedImage(frame.getWidth(), frame.getHeight(), BufferedImage.TYPE_BYTE_INDEXED,
                new IndexColorModel(8, colors.length, colors, 0, true, COLORS, DataBuffer.TYPE_BYTE));
        for (int y = 0; y < frame.getHeight(); y++) {
            for (int x = 0; x < frame.getWidth(); x++) {
                boolean stays = before != null && before.getRGB(x, y) == frame.getRGB(x, y);
                changed.getRaster().setSample(x, y, 0, stays ? COLORS : frame.getRaster().getSample(x, y, 0));
            }
        }
        return changed;
    }

    private static IIOMetadata timed(ImageWriter writer, BufferedImage image, int hundredths) throws IOException {
        IIOMetadata metadata = writer.getDefaultImageMetadata(new ImageTypeSpecifier(image), null);
        var root = (IIOMetadataNode) metadata.getAsTree(METADATA);
        IIOMetadataNode control = child(root, "GraphicControlExtension");
        control.setAttribute("disposalMethod", "doNotDispose");
        control.setAttribute("userInputFlag", "FALSE");
        control.setAttribute("transparentColorFlag", "TRUE");
        control.setAttribute("transparentColorIndex", Integer.toString(COLORS));
        control.setAttribute("delayTime", Integer.toString(hundredths));
        var forEver = new IIOMetadataNode("ApplicationExtension");
        forEver.setAttribute("applicationID", "NETSCAPE");
        forEver.setAttribute("authenticationCode", "2.0");
        forEver.setUserObject(new byte[] {1, 0, 0});
        child(root, "ApplicationExtensions").appendChild(forEver);
        metadata.setFromTree(METADATA, root);
        return metadata;
    }

    private static IIOMetadataNode child(IIOMetadataNode root, String name) {
        for (int i = 0; i < root.getLength(); i++) {
            if (root.item(i).getNodeName().equals(name)) {
                return (IIOMetadataNode) root.item(i);
            }
        }
        var made = new IIOMetadataNode(name);
        root.appendChild(made);
        return made;
    }

    private static int width(List<Figure> frames) {
        return frames.get(0).width();
    }

    private static int height(List<Figure> frames) {
        return frames.get(0).height();
    }
}
