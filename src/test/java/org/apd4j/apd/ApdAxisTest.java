package org.apd4j.apd;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.apd4j.decomposition.Selection;
import org.apd4j.sweep.SweepAxis;
import org.junit.jupiter.api.Test;

class ApdAxisTest {

    private static final ApdConfig CONFIG = ApdConfig.paperTms5to2();

    @Test
    void eachAxisChangesItsOwnSetting() {
        assertEquals(CONFIG.with(c -> c.minimality = 10), changed(ApdAxis.of("minimality", (c, value) -> c.minimality = value, 1, 10)));
        assertEquals(CONFIG.with(c -> c.simplicity = 3), changed(ApdAxis.simplicity(0.1, 3)));
        assertEquals(CONFIG.with(c -> c.sparsity = Selection.batchTopK(0.3)), changed(ApdAxis.batchTopK(0.2, 0.3)));
    }

    private static ApdConfig changed(SweepAxis<ApdConfig> axis) {
        return axis.change().apply(CONFIG, axis.values().get(1));
    }
}
