package org.apd4j.charts.internal;

import java.awt.geom.Path2D;
import java.util.Arrays;

/** Neighbouring points in bins: the middle x, and the lowest, median and highest value of each bin. */
public record Bins(double[] x, double[] low, double[] middle, double[] high) {

    public static Bins of(double[] x, double[] y, int size) {
        int n = (x.length + size - 1) / size;
        var bins = new Bins(new double[n], new double[n], new double[n], new double[n]);
        for (int b = 0; b < n; b++) {
            int from = b * size;
            int to = Math.min(x.length, from + size);
            double[] sorted = Arrays.stream(y, from, to).filter(v -> !Double.isNaN(v)).sorted().toArray();
            bins.x[b] = (x[from] + x[to - 1]) / 2;
            bins.low[b] = sorted.length == 0 ? Double.NaN : sorted[0];
            bins.middle[b] = sorted.length == 0 ? Double.NaN : sorted[sorted.length / 2];
            bins.high[b] = sorted.length == 0 ? Double.NaN : sorted[sorted.length - 1];
        }
        return bins;
    }

    public Path2D line(ChartFrame frame) {
        var line = new Path2D.Double();
        boolean within = false;
        for (int i = 0; i < x.length; i++) {
            boolean shown = !Double.isNaN(middle[i]);
            if (shown && within) {
                line.lineTo(frame.acrossOf(x[i]), frame.downOf(middle[i]));
            } else if (shown) {
                line.moveTo(frame.acrossOf(x[i]), frame.downOf(middle[i]));
            }
            within = shown;
        }
        return line;
    }

    public Path2D band(ChartFrame frame) {
        var band = new Path2D.Double();
        for (int from = 0; from < x.length; from++) {
            int to = from;
            while (to < x.length && !Double.isNaN(low[to])) {
                to++;
            }
            for (int i = from; i < to; i++) {
                if (i == from) {
                    band.moveTo(frame.acrossOf(x[i]), frame.downOf(high[i]));
                } else {
                    band.lineTo(frame.acrossOf(x[i]), frame.downOf(high[i]));
                }
            }
            for (int i = to - 1; i >= from; i--) {
                band.lineTo(frame.acrossOf(x[i]), frame.downOf(low[i]));
            }
            if (to > from) {
                band.closePath();
            }
            from = to;
        }
        return band;
    }
}
