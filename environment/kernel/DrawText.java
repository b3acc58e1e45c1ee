import java.awt.Color;
import java.awt.Font;
import java.awt.image.BufferedImage;

/** Draws a word, as charts do, and fails on a machine where the JDK finds no font. */
class DrawText {

    public static void main(String[] arguments) {
        var image = new BufferedImage(200, 50, BufferedImage.TYPE_INT_RGB);
        var graphics = image.createGraphics();
        graphics.setColor(Color.WHITE);
        graphics.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 24));
        graphics.drawString("APD", 10, 30);
        graphics.dispose();
        if (inkedPixels(image) == 0) {
            throw new IllegalStateException("nothing was drawn");
        }
    }

    private static long inkedPixels(BufferedImage image) {
        int[] pixels = image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
        return java.util.Arrays.stream(pixels).filter(pixel -> (pixel & 0xFFFFFF) != 0).count();
    }
}
