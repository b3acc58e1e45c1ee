package org.apd4j.testsupport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import org.apd4j.charts.Figure;

/** Checks that every drawn figure must pass. */
public final class Drawn {

    private Drawn() {
    }

    /** Checks that a figure has ink, but not too much, and none at its edge, where it would be cut off. */
    public static void check(Figure figure) {
        BufferedImage image = figure.image(1);
        assertEquals(figure.width(), image.getWidth());
        long ink = 0;
        int margin = 5;
        for (int y = 0; y < image.getHeight(); y++) {
            for (int x = 0; x < image.getWidth(); x++) {
                boolean white = (image.getRGB(x, y) & 0xFFFFFF) == 0xFFFFFF;
                ink += white ? 0 : 1;
                boolean edge = x < margin || y < margin || x >= image.getWidth() - margin || y >= image.getHeight() - margin;
                assertTrue(white || !edge, "'" + figure.title() + "' has ink at the edge, at " + x + ", " + y);
            }
        }
        double share = (double) ink / (image.getWidth() * image.getHeight());
        assertTrue(share > 0.005 && share < 0.8, "'" + figure.title() + "' is covered with ink by " + share);
        assertTrue(!figure.alternative().isBlank() && figure.numbers().columnCount() > 0);
    }
}
