package org.apd4j.charts.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.apd4j.charts.Scale;
import org.apd4j.charts.Series;
import org.junit.jupiter.api.Test;

class SeriesTextTest {

    private static final List<Series> SERIES = List.of(new Series("idle", 0, 0), new Series("busy", 1, 2), new Series("gap", -1, 3));

    private static String notes(Scale scale, String note) {
        return SeriesText.notes(Axis.around("y", scale, 0, SeriesText.allValues(SERIES)), SERIES, note);
    }

    @Test
    void aSeriesThatIsZeroEverywhereIsNamedWhereTheAxisIsLogarithmic() {
        assertEquals("Dots. 0 everywhere, and so not on this logarithmic axis: idle. 1 value is not shown: not a finite positive number.",
                notes(Scale.LOGARITHMIC, "Dots."));
        assertEquals("", notes(Scale.LINEAR, ""));
    }
}
