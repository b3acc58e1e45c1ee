package org.apd4j.notebook;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.spencerpark.jupyter.kernel.display.DisplayData;
import io.github.spencerpark.jupyter.kernel.display.mime.MIMEType;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.apd4j.figures.Charts;
import org.apd4j.figures.Figure;
import org.apd4j.figures.Series;
import org.junit.jupiter.api.Test;

class LiveFigureTest {

    private static Figure bars(double height) {
        return Charts.bars("Bars", "x", List.of("a"), "y", List.of(new Series("s", height)));
    }

    @Test
    void theFirstFigureIsShownAndEveryOtherTakesItsPlace() {
        List<DisplayData> shown = new ArrayList<>();
        List<DisplayData> updates = new ArrayList<>();
        LiveFigure live = new LiveFigure(new Screen() {
            @Override
            public void show(DisplayData data) {
                shown.add(data);
            }

            @Override
            public void update(DisplayData data) {
                updates.add(data);
            }
        });
        live.show(bars(1));
        live.show(bars(2));
        live.show(bars(3));
        assertEquals(1, shown.size());
        assertEquals(2, updates.size());
        assertEquals(shown.get(0).getDisplayId(), updates.get(1).getDisplayId());
        assertArrayEquals(bars(3).png(), Base64.getDecoder().decode((String) updates.get(1).getData(MIMEType.IMAGE_PNG)));
        assertEquals(bars(3).alternative(), updates.get(1).getData(MIMEType.TEXT_PLAIN));
    }
}
