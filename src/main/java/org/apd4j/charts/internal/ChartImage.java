package org.apd4j.charts.internal;

import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import org.knowm.xchart.internal.chartpart.Chart;

/**
 * Pictures of charts made with XChart itself.
 *
 * <pre>{@code
 * var chart = new XYChart(400, 300);
 * chart.addSeries("losses", run.history().values("faithfulness"));
 * var picture = ChartImage.of(chart, 2); // 800 x 600 pixels
 * }</pre>
 */
public final class ChartImage {

    private ChartImage() {
    }

    /**
     * Returns the chart as a picture.
     *
     * @param scale pixels for each of the chart's
     * @throws IllegalStateException if Java finds no font on this machine
     */
    public static BufferedImage of(Chart<?, ?> chart, double scale) {
        Fonts.check();
        var image = new BufferedImage((int) Math.ceil(chart.getWidth() * scale), (int) Math.ceil(chart.getHeight() * scale),
                BufferedImage.TYPE_INT_RGB);
        Graphics2D canvas = image.createGraphics();
        try {
            canvas.scale(scale, scale);
            chart.paint(canvas, chart.getWidth(), chart.getHeight());
        } finally {
            canvas.dispose();
        }
        return image;
    }
}
