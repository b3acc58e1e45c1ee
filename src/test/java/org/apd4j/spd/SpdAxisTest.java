package org.apd4j.spd;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.apd4j.sweep.SweepAxis;
import org.junit.jupiter.api.Test;

class SpdAxisTest {

    private static final SpdConfig CONFIG = SpdConfig.paperTms5to2();

    @Test
    void eachAxisChangesItsOwnSetting() {
        assertEquals(CONFIG.with(c -> c.components = 10), changed(SpdAxis.of("C", (c, value) -> c.components = (int) value, 5, 10)));
        assertEquals(CONFIG.with(c -> c.importanceMinimality = 1e-2), changed(SpdAxis.importanceMinimality(1e-3, 1e-2)));
        assertEquals(CONFIG.with(c -> c.power = 2), changed(SpdAxis.power(1, 2)));
    }

    private static SpdConfig changed(SweepAxis<SpdConfig> axis) {
        return axis.change().apply(CONFIG, axis.values().get(1));
    }
}
