package org.apd4j.notebook;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.spencerpark.jupyter.kernel.display.mime.MIMEType;
import java.util.Base64;
import java.util.List;
import org.apd4j.charts.Charts;
import org.apd4j.charts.Figure;
import org.apd4j.charts.Series;
import org.apd4j.testsupport.RecordingScreen;
import org.junit.jupiter.api.Test;

class LiveFigureTest {

    private static Figure bars(double height) {
        return Charts.bars("Bars", "x", List.of("a"), "y", List.of(new Series("s", height)));
    }

    @Test
    void theFirstFigureIsShownAndReplacedByTheNext() {
        var screen = new RecordingScreen();
        LiveFigure live = new LiveFigure(screen);
        live.show(bars(1));
        live.show(bars(2));
        live.show(bars(3));
        assertEquals(1, screen.shown.size());
        assertEquals(2, screen.updates.size());
        assertEquals(screen.shown.get(0).getDisplayId(), screen.updates.get(1).getDisplayId());
        assertArrayEquals(bars(3).png(), Base64.getDecoder().decode((String) screen.updates.get(1).getData(MIMEType.IMAGE_PNG)));
        assertEquals(bars(3).alternative(), screen.updates.get(1).getData(MIMEType.TEXT_PLAIN));
    }
}
