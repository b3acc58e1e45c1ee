package org.apd4j.charts.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.apd4j.charts.Scale;
import org.junit.jupiter.api.Test;

class AxisTest {

    @Test
    void ticksAreRoundNumbers() {
        assertEquals(List.of("0", "5000", "10000", "15000", "20000"), labels(Axis.exactly("", 0, 20000), 400));
        assertEquals(List.of("−1.0", "−0.5", "0.0", "0.5", "1.0"), labels(Axis.exactly("", -1, 1), 400));
    }

    @Test
    void aLogarithmicAxisHasLabelsForEveryRange() {
        for (double ratio : new double[] {1, 1.0001, 1.1, 2, 5, 10, 30, 100, 1e4, 1e12}) {
            for (double low : new double[] {1e-9, 3e-4, 0.7, 42}) {
                Axis axis = Axis.around("", Scale.LOGARITHMIC, 0.05, List.of(new double[] {low, low * ratio}));
                List<Axis.Tick> ticks = axis.ticks(260, Pen.SMALL, true);
                assertTrue(ticks.size() >= 2 && ticks.size() <= 10, low + " to " + low * ratio + ": " + ticks);
                ticks.forEach(tick -> assertTrue(tick.at() >= axis.low - 1e-6 && tick.at() <= axis.high + 1e-6));
            }
        }
    }

    @Test
    void aLinearAxisHasLabelsForEveryRange() {
        for (double size : new double[] {1e-12, 1e-4, 0.3, 7, 1e5, 1e15}) {
            for (double low : new double[] {-1, 0, 1}) {
                Axis axis = Axis.around("", Scale.LINEAR, 0.05, List.of(new double[] {low * size, (low + 0.37) * size}));
                int ticks = axis.ticks(260, Pen.SMALL, true).size();
                assertTrue(ticks >= 2 && ticks <= 10, low + " × " + size + ": " + ticks);
            }
        }
    }

    @Test
    void namesThatWouldCollideAreThinnedOut() {
        List<String> names = java.util.stream.IntStream.range(0, 100).mapToObj(String::valueOf).toList();
        assertEquals("5", Axis.categories("", names).ticks(600, Pen.SMALL, false).get(1).label());
        assertEquals(100, Axis.categories("", names).ticks(5000, Pen.SMALL, false).size());
    }

    private static List<String> labels(Axis axis, double length) {
        return axis.ticks(length, Pen.SMALL, false).stream().map(Axis.Tick::label).toList();
    }

    @Test
    void anAxisOfPositiveValuesBeginsAtZeroUnlessTheyAreNearlyEqual() {
        assertEquals(0, Axis.fromZero("y", Scale.LINEAR, 0.05, List.of(new double[] {6.6, 8.3})).low);
        assertEquals(1.05 * 8.3, Axis.fromZero("y", Scale.LINEAR, 0.05, List.of(new double[] {6.6, 8.3})).high, 1e-12);
        assertTrue(Axis.fromZero("y", Scale.LINEAR, 0.05, List.of(new double[] {0.95, 0.98})).low > 0.9);
        assertTrue(Axis.fromZero("y", Scale.LINEAR, 0.05, List.of(new double[] {-0.1, 1})).low < -0.1);
        assertEquals(-1, Axis.fromZero("y", Scale.LOGARITHMIC, 0, List.of(new double[] {0.1, 1})).low, 1e-12);
    }

    @Test
    void aShortAxisHasAtLeastTwoLabels() {
        for (double low = 0; low < 1; low += 0.013) {
            List<Axis.Tick> ticks = Axis.exactly("mean selectivity", low, low + 0.203).ticks(60, Pen.TINY, true);
            assertTrue(ticks.size() >= 2, "from " + low + ": " + ticks);
        }
    }
}
