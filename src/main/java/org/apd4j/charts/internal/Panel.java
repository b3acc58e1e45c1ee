package org.apd4j.charts.internal;

import java.awt.Graphics2D;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * A rectangle that something is drawn in.
 *
 * @param width   logical pixels
 * @param height  logical pixels
 * @param painter draws between (0, 0) and (width, height); whatever it sets on the canvas is undone after it
 */
public record Panel(double width, double height, Consumer<Graphics2D> painter) {

    public Panel {
        Objects.requireNonNull(painter, "painter");
        if (!(width > 0 && height > 0 && width < 1e5 && height < 1e5)) {
            throw new IllegalArgumentException("a panel is " + width + " × " + height + " pixels; each must be more than 0 and less than 100000");
        }
    }

    /** Draws the panel with its upper left corner at (x, y). */
    public void paintAt(Graphics2D canvas, double x, double y) {
        var own = (Graphics2D) canvas.create();
        try {
            own.translate(x, y);
            painter.accept(own);
        } finally {
            own.dispose();
        }
    }
}
