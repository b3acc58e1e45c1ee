package org.apd4j.charts.internal;

import java.awt.Font;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apd4j.charts.Scale;

/**
 * One axis of a chart. Charts are drawn in <em>drawn units</em>: the value itself, its decimal logarithm, or a category's number
 * 0, 1, …; the axis says where they lie and which of them have a label. Drawn here because XChart's axes take steps such as 1340 on 0 … 20 000, let
 * their labels touch, and label at most one value of a logarithmic range of less than a decade.
 */
public final class Axis {

    /** A label at a place in drawn units; "10^-3" is written as a power. */
    public record Tick(double at, String label) {
    }

    private static final int FEW = 8;
    /** Smallest range, relative to its values, that has room for labels. */
    private static final double NARROW = 1e-9;
    /** Smallest range of logarithms that labels can tell apart. */
    private static final double NARROW_RATIO = 1e-6;
    /** Range, relative to the largest value, that can still be seen on an axis from 0. */
    private static final double DISTINCT = 0.1;
    /** Largest size of a value on a linear axis; the length of the axis must be finite too. */
    public static final double LARGEST = 1e300;
    /** Half the length of an axis for values that are all the same and tiny. */
    private static final double SMALLEST = 1e-300;
    /** Largest number of labels of an axis. */
    private static final int MOST_TICKS = 50;
    private static final double[] NICE = {1, 2, 2.5, 5, 10};

    public final String title;
    public final Scale scale;
    public final double low;
    public final double high;
    /** Names of the places, if the axis has such. */
    private final Optional<List<String>> categories;

    private Axis(String title, Scale scale, double low, double high, Optional<List<String>> categories) {
        this.title = title;
        this.scale = scale;
        this.low = low;
        this.high = high;
        this.categories = categories;
    }

    private Axis(String title, Scale scale, double low, double high) {
        this(title, scale, low, high, Optional.empty());
    }

    /** Returns an axis of named places. */
    public static Axis categories(String title, List<String> names) {
        return new Axis(title, Scale.LINEAR, -0.5, Math.max(1, names.size()) - 0.5, Optional.of(List.copyOf(names)));
    }

    /** Returns a linear axis from low to high. */
    public static Axis exactly(String title, double low, double high) {
        return new Axis(title, Scale.LINEAR, low, high);
    }

    /** Returns a logarithmic axis between two powers of ten, given by their exponents. */
    public static Axis logarithmic(String title, double low, double high) {
        return new Axis(title, Scale.LOGARITHMIC, low, high);
    }

    /** Returns an axis on which all these values can be seen. Values that the scale cannot show are ignored. */
    public static Axis around(String title, Scale scale, double padding, Iterable<double[]> values) {
        double low = Double.POSITIVE_INFINITY;
        double high = Double.NEGATIVE_INFINITY;
        for (double[] row : values) {
            for (double value : row) {
                double drawn = drawn(scale, value);
                if (!Double.isNaN(drawn)) {
                    low = Math.min(low, drawn);
                    high = Math.max(high, drawn);
                }
            }
        }
        if (low > high) {
            return new Axis(title, scale, scale == Scale.LINEAR ? 0 : -3, scale == Scale.LINEAR ? 1 : 0);
        }
        // Logarithms of nearly equal values differ by little, however large they are themselves.
        double narrow = scale == Scale.LOGARITHMIC ? NARROW_RATIO : Math.max(SMALLEST, NARROW * Math.max(Math.abs(low), Math.abs(high)));
        if (high - low < narrow) {
            double around = scale == Scale.LOGARITHMIC ? 0.5 : low == 0 ? 1 : Math.max(Math.abs(low) / 2, SMALLEST);
            return new Axis(title, scale, low - around, high + around);
        }
        double room = padding * (high - low);
        return new Axis(title, scale, low - room, high + room);
    }

    /**
     * Returns the same for values whose distances from 0 matter: a linear axis of values that are all positive begins at 0, unless they differ by so
     * little that nothing could be told apart.
     */
    public static Axis fromZero(String title, Scale scale, double padding, Iterable<double[]> values) {
        Axis around = around(title, scale, 0, values);
        boolean close = around.high - around.low < DISTINCT * around.high;
        return scale == Scale.LINEAR && around.low >= 0 && !close ? new Axis(title, scale, 0, (1 + padding) * around.high)
                : around(title, scale, padding, values);
    }

    /** Returns the value in drawn units; NaN if the axis cannot show it. */
    public double drawn(double value) {
        return drawn(scale, value);
    }

    public double[] drawn(double[] values) {
        var drawn = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            drawn[i] = drawn(values[i]);
        }
        return drawn;
    }

    private static double drawn(Scale scale, double value) {
        if (scale == Scale.LOGARITHMIC) {
            return Double.isFinite(value) && value > 0 ? Math.log10(value) : Double.NaN;
        }
        return Math.abs(value) <= LARGEST ? value : Double.NaN;
    }

    /** Returns where a place in drawn units lies between the ends of the axis, 0 to 1. */
    public double fraction(double drawn) {
        return (drawn - low) / (high - low);
    }

    /** Returns as many labels as fit on an axis of this length; {@code upright} if they stand below one another. */
    public List<Tick> ticks(double length, Font font, boolean upright) {
        if (categories.isPresent()) {
            return categoryTicks(categories.get(), length, font, upright);
        }
        double room = upright ? 2.6 * Pen.height(font) : 70;
        int most = (int) Math.max(2, Math.min(8, length / room));
        if (scale == Scale.LINEAR) {
            // One label says nothing about the scale, and two always fit.
            List<Tick> ticks = linearTicks(most);
            for (int more = most + 1; ticks.size() < 2 && more <= 2 * FEW; more++) {
                ticks = linearTicks(more);
            }
            return ticks;
        }
        List<Tick> decades = decadeTicks(most);
        if (decades.size() >= 3) {
            return decades;
        }
        List<Tick> few = mantissaTicks(new double[] {1, 2, 5});
        if (few.size() > most) {
            few = mantissaTicks(new double[] {1, 3});
        }
        return few.size() >= 3 ? few : denseLogTicks(most);
    }

    private List<Tick> categoryTicks(List<String> names, double length, Font font, boolean upright) {
        double each = length / (high - low);
        int stride = 1;
        int[] strides = {1, 2, 5, 10, 20, 25, 50, 100, 200, 500, 1000, 2000, 5000};
        for (int s = 0; s < strides.length && collide(names, strides[s], each, font, upright); s++) {
            stride = strides[Math.min(s + 1, strides.length - 1)];
        }
        if (!upright && names.size() <= FEW) {
            // Every one of a few names is wanted, if need be shortened.
            stride = 1;
        }
        var ticks = new ArrayList<Tick>();
        for (int i = 0; i < names.size(); i += stride) {
            ticks.add(new Tick(i, upright ? names.get(i) : Pen.fit(names.get(i), font, stride * each - 4)));
        }
        return ticks;
    }

    private static boolean collide(List<String> names, int stride, double each, Font font, boolean upright) {
        for (int i = 0; i + stride < names.size(); i += stride) {
            double room = upright ? Pen.height(font)
                    : (Pen.width(names.get(i), font) + Pen.width(names.get(i + stride), font)) / 2 + 6;
            if (room > stride * each) {
                return true;
            }
        }
        return false;
    }

    private List<Tick> linearTicks(int most) {
        double step = niceStep((high - low) / most);
        int decimals = (int) Math.max(0, Math.ceil(-Math.log10(step) - 1e-9));
        if (Math.abs(step * Math.pow(10, decimals) - Math.rint(step * Math.pow(10, decimals))) > 1e-6) {
            decimals++;
        }
        double magnitude = Math.max(Math.abs(low), Math.abs(high));
        boolean scientific = magnitude >= 1e6 || magnitude < 1e-3;
        var ticks = new ArrayList<Tick>();
        double first = Math.ceil(low / step - 1e-9);
        for (int i = 0; i <= MOST_TICKS && (first + i) * step <= high + 1e-9 * step; i++) {
            double value = first + i == 0 ? 0 : (first + i) * step;
            ticks.add(new Tick(value, scientific ? scientific(value) : decimal(value, decimals)));
        }
        return ticks;
    }

    private List<Tick> decadeTicks(int most) {
        int first = (int) Math.ceil(low - 1e-9);
        int last = (int) Math.floor(high + 1e-9);
        int stride = 1;
        while ((last - first) / stride + 1 > most) {
            stride++;
        }
        var ticks = new ArrayList<Tick>();
        for (int decade = last - Math.floorMod(last, stride); decade >= first; decade -= stride) {
            ticks.add(0, new Tick(decade, decade == 0 ? "1" : decade == 1 ? "10" : "10^" + decade));
        }
        return ticks;
    }

    private List<Tick> mantissaTicks(double[] mantissas) {
        var ticks = new ArrayList<Tick>();
        for (int decade = (int) Math.floor(low); decade <= high; decade++) {
            for (double mantissa : mantissas) {
                double at = decade + Math.log10(mantissa);
                double value = mantissa * Math.pow(10, decade);
                if (at >= low - 1e-9 && at <= high + 1e-9 && value > 0 && Double.isFinite(value)) {
                    ticks.add(new Tick(at, logLabel(value)));
                }
            }
        }
        return ticks;
    }

    /** Returns evenly spaced values, for a range so narrow that a logarithmic scale is almost linear. */
    private List<Tick> denseLogTicks(int most) {
        var ticks = new ArrayList<Tick>();
        double from = Math.pow(10, low);
        double to = Math.pow(10, high);
        double step = niceStep((to - from) / most);
        double first = Math.ceil(from / step);
        for (int i = 0; i <= MOST_TICKS && (first + i) * step <= to; i++) {
            ticks.add(new Tick(Math.log10((first + i) * step), logLabel((first + i) * step)));
        }
        return ticks;
    }

    /** Returns a number as a label: "0.5", "20", "2·10^-4". */
    public static String label(double value) {
        return value < 0 ? "\u2212" + logLabel(-value) : logLabel(value);
    }

    private static String logLabel(double value) {
        return value == 0 || value >= 0.00099 && value < 1e4 ? trimmed(value) : scientific(value);
    }

    private static String trimmed(double value) {
        String text = String.format(Locale.ROOT, "%.5f", value);
        return text.replaceAll("\\.?0+$", "");
    }

    private static String decimal(double value, int decimals) {
        return minus(String.format(Locale.ROOT, "%." + decimals + "f", value));
    }

    private static String scientific(double value) {
        if (value == 0) {
            return "0";
        }
        int exponent = (int) Math.floor(Math.log10(Math.abs(value)) + 1e-9);
        String mantissa = trimmed(Math.round(value / Math.pow(10, exponent) * 1000) / 1000.0);
        return minus(mantissa.equals("1") ? "" : mantissa + "·") + "10^" + exponent;
    }

    private static String minus(String number) {
        return number.replace('-', '\u2212');
    }

    private static double niceStep(double raw) {
        double power = Math.pow(10, Math.floor(Math.log10(raw)));
        for (double nice : NICE) {
            if (nice * power >= raw * (1 - 1e-9)) {
                return nice * power;
            }
        }
        return 10 * power;
    }
}
