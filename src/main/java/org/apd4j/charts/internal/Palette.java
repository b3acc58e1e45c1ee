package org.apd4j.charts.internal;

import java.awt.Color;

/**
 * The colours of all figures, chosen so that colour-blind readers can tell them apart. A feature or a component has the same
 * colour in every figure: {@link #feature}.
 *
 * <pre>{@code
 * var ofSeries = Palette.category(2);
 * var ofFeature = Palette.feature(3, 40); // feature 3 of 40, on a perceptual scale
 * var ofShare = Palette.viridis(0.5);
 * }</pre>
 *
 * <p>Up to ten things: the palette of Okabe and Ito ("Color Universal Design", 2008) without its yellow, which cannot be seen
 * on white, and four darker colours that stay apart from it and from one another for every kind of colour blindness. More things are ordered,
 * and take the perceptual scale viridis
 * (van der Walt and Smith, 2015, CC0) by Matt Zucker's polynomial fit (2019, CC0).
 */
public final class Palette {

    private static final Color[] CATEGORIES = {
        new Color(0x0072B2), new Color(0xD55E00), new Color(0x009E73), new Color(0xE69F00), new Color(0xCC79A7),
        new Color(0x56B4E9), new Color(0x222222), new Color(0xAA3377), new Color(0x112288), new Color(0x663311),
    };

    /** Rows: powers of t; columns: red, green, blue. */
    private static final double[][] VIRIDIS = {
        {0.2777273272234177, 0.005407344544966578, 0.3340998053353061},
        {0.1050930431085774, 1.404613529898575, 1.384590162594685},
        {-0.3308618287255563, 0.214847559468213, 0.09509516302823659},
        {-4.634230498983486, -5.799100973351585, -19.33244095627987},
        {6.228269936347081, 14.17993336680509, 56.69055060068105},
        {4.776384997670288, -13.74514537774601, -65.35303263337234},
        {-5.435455855934631, 4.645852612178535, 26.3124352495832},
    };

    /** The last twentieth of viridis is a yellow that vanishes on white. */
    private static final double BRIGHTEST_FEATURE = 0.94;

    private static final Color POSITIVE = new Color(0xB2182B);
    private static final Color NEGATIVE = new Color(0x2166AC);

    /** The colour of what belongs to no group, such as an edge whose weight is 0 in the target. */
    public static final Color UNOWNED = new Color(0x7B2FBE);

    /** The colour of references and baselines. */
    public static final Color REFERENCE = new Color(0x8A8A8A);

    private Palette() {
    }

    /** Returns the number of colours of {@link #category}. */
    public static int categories() {
        return CATEGORIES.length;
    }

    /**
     * Returns a colour for one of a few things without order.
     *
     * @param i 0 or more; the colours repeat after {@link #categories}
     * @throws IllegalArgumentException if {@code i} is negative
     */
    public static Color category(int i) {
        if (i < 0) {
            throw new IllegalArgumentException("i is " + i + ", it must be 0 or more");
        }
        return CATEGORIES[i % CATEGORIES.length];
    }

    /**
     * Returns the colour of feature (or component) i of n: one of the categorical colours when n is at most {@link #categories}, else
     * its place on the perceptual scale.
     *
     * @throws IllegalArgumentException if {@code i} is not in 0 … n − 1
     */
    public static Color feature(int i, int n) {
        if (i < 0 || i >= n) {
            throw new IllegalArgumentException("there is no feature " + i + " of " + n + "; features are numbered from 0");
        }
        return n <= CATEGORIES.length ? CATEGORIES[i] : viridis(BRIGHTEST_FEATURE * i / (n - 1));
    }

    /** Returns a colour of the perceptual scale viridis, t in 0 (dark violet) … 1 (yellow); values outside are clamped, NaN is a light grey. */
    public static Color viridis(double t) {
        if (Double.isNaN(t)) {
            return new Color(0xDDDDDD);
        }
        double clamped = Math.min(1, Math.max(0, t));
        var rgb = new float[3];
        for (int channel = 0; channel < 3; channel++) {
            double value = 0;
            for (int power = VIRIDIS.length - 1; power >= 0; power--) {
                value = value * clamped + VIRIDIS[power][channel];
            }
            rgb[channel] = (float) Math.min(1, Math.max(0, value));
        }
        return new Color(rgb[0], rgb[1], rgb[2]);
    }

    /**
     * Returns a colour for a signed value: from blue at −1 over white at 0 to red at 1; values outside are clamped, NaN is a light grey. The ends are
     * those of ColorBrewer's RdBu, which colour-blind readers can tell apart.
     */
    public static Color diverging(double t) {
        if (Double.isNaN(t)) {
            return new Color(0xDDDDDD);
        }
        return pale(t < 0 ? NEGATIVE : POSITIVE, Math.min(1, Math.abs(t)));
    }

    /** Returns a strength as a shade of grey, t in 0 (almost white) … 1 (almost black); values outside are clamped, NaN counts as 0. */
    public static Color ink(double t) {
        double clamped = t > 0 ? Math.min(1, t) : 0;
        int grey = (int) Math.round(240 - 220 * clamped);
        return new Color(grey, grey, grey);
    }

    /** Returns a colour mixed with white, of which the fraction {@code part} is left, 0 to 1. */
    public static Color pale(Color color, double part) {
        double white = 255 * (1 - part);
        return new Color((int) Math.round(part * color.getRed() + white), (int) Math.round(part * color.getGreen() + white),
                (int) Math.round(part * color.getBlue() + white));
    }

    /** Returns black or white, whichever is easier to read on the background. */
    public static Color textOn(Color background) {
        return luminance(background) > 0.32 ? Color.BLACK : Color.WHITE;
    }

    private static double luminance(Color c) {
        return 0.2126 * linear(c.getRed()) + 0.7152 * linear(c.getGreen()) + 0.0722 * linear(c.getBlue());
    }

    private static double linear(int channel) {
        double c = channel / 255.0;
        return c <= 0.04045 ? c / 12.92 : Math.pow((c + 0.055) / 1.055, 2.4);
    }
}
