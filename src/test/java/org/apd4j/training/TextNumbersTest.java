package org.apd4j.training;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Numbers in progress lines, on both sides of every limit at which their format changes. */
class TextNumbersTest {

    @Test
    void lossesHaveTwoOrThreeDigitsOrAPowerOfTen() {
        Map<Double, String> texts = Map.ofEntries(Map.entry(0.0, "0"), Map.entry(-0.0, "0"), Map.entry(0.01, "0.010"), Map.entry(0.0094, "9.4e-3"),
                Map.entry(0.9994, "0.999"), Map.entry(1.0, "1.00"), Map.entry(9.994, "9.99"), Map.entry(10.0, "10.0"), Map.entry(99.94, "99.9"),
                Map.entry(100.0, "100"), Map.entry(99_999.0, "99999"), Map.entry(1e5, "1.0e+5"), Map.entry(-2.5, "-2.50"),
                        Map.entry(1e-10, "1.0e-10"),
                Map.entry(Double.NaN, "NaN"), Map.entry(Double.POSITIVE_INFINITY, "Infinity"), Map.entry(Double.NEGATIVE_INFINITY, "-Infinity"));
        texts.forEach((value, text) -> assertEquals(text, TextProgress.loss(value)));
    }

    @Test
    void durationsAreInTenthsSecondsMinutesOrHours() {
        Map<Double, String> texts = Map.ofEntries(Map.entry(0.0, "0.0 s"), Map.entry(9.94, "9.9 s"), Map.entry(9.95, "10 s"), Map.entry(59.4, "59 s"),
                Map.entry(59.5, "1 min 00 s"), Map.entry(60.0, "1 min 00 s"), Map.entry(3599.4, "59 min 59 s"), Map.entry(3599.5, "1 h 00 min"),
                Map.entry(3900.0, "1 h 05 min"), Map.entry(90_000.0, "25 h 00 min"), Map.entry(-0.1, "?"), Map.entry(Double.NaN, "?"),
                Map.entry(Double.POSITIVE_INFINITY, "?"));
        texts.forEach((seconds, text) -> assertEquals(text, TextProgress.duration(seconds)));
    }

    @Test
    void slowSpeedsHaveMoreDigits() {
        Map<Double, String> texts = Map.of(812.4, "812 steps/s", 10.0, "10 steps/s", 9.94, "9.9 steps/s", 1.0, "1.0 steps/s", 0.994, "0.99 steps/s");
        texts.forEach((speed, text) -> assertEquals(text, TextProgress.speed(speed, "steps")));
    }

    @Test
    void aSpeedOfZeroIsOmitted() {
        var standing = new Progress("run", Phase.RUNNING, 1, 2, 3, 0, new LossHistory(List.of()), Progress.STEPS);
        assertEquals("run: step 1 of 2 (50 %), 3.0 s so far", TextProgress.line(standing));
    }
}
