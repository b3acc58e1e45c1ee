package org.apd4j.apd.internal;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Locale;
import org.apd4j.apd.ApdConfig;
import org.apd4j.data.Dataset;
import org.apd4j.targets.ResidualMlp;
import org.apd4j.targets.ResidualMlpConfig;
import org.apd4j.targets.Target;
import org.apd4j.targets.Tms;
import org.apd4j.targets.TmsConfig;
import org.junit.jupiter.api.Test;

class HeapEstimateTest {

    private static final Target TMS = Tms.untrained(TmsConfig.paper5to2(), 0);

    /**
     * TMS 5-2 with C 5, m 3, batch 2048. Factors: (5 + 2) · 3 · 5 values. Widths: layer inputs 5 and 2, pre-activation 5, output 5, x 5, layer outputs 2
     * and 5, activation 5. Saved: W and b, 15 values. The only activation is that of the outputs: tables of 2 · 5 · 5 · 5 values.
     */
    @Test
    void theEstimateOfTmsIsTheSumOfItsArrays() {
        long values = 7 * 105 + 2 * 15 + 19 * 10 + 2048 * (4 * (5 + 2 + 5 + 5 + 5 + 2 + 5 + 5) + 5) + 250;
        assertEquals(4 * values, HeapEstimate.bytes(TMS, ApdConfig.paperTms5to2()));
    }

    /** A residual MLP of 3 features, a stream of 4 and 2 neurons has no tables; both matrices are decomposed. */
    @Test
    void aNetworkWithHiddenActivationsHasNoTables() {
        Target target = ResidualMlp.untrained(ResidualMlpConfig.of(c -> {
            c.features = 3;
            c.residual = 4;
            c.neurons = 2;
        }), 0);
        ApdConfig config = ApdConfig.paperTms5to2().with(c -> {
            c.components = 6;
            c.rank = 2;
            c.batch = 10;
        });
        long factors = 2 * (4 + 2) * 2 * 6;
        long widths = 4 + 2 + 2 + 3 + 3 + 2 + 4 + 2; // W_in's and W_out's input, pre-activation, output, x, the layers' outputs, activation
        long saved = 12 + 8 + 8 + 12;
        assertEquals(4 * (7 * factors + 2 * saved + 19 * 16 + 10 * (4 * widths + 6)), HeapEstimate.bytes(target, config));
    }

    @Test
    void rowsOfADataSetAreCountedSinceASaveCopiesThem() {
        Target onRows = Target.of("own rows", TMS.network(), Dataset.of(new float[][] {{1, 0, 0, 0, 0}, {0, 1, 0, 0, 0}, {0, 0, 1, 0, 0}}));
        assertEquals(HeapEstimate.bytes(TMS, ApdConfig.paperTms5to2()) + 4 * 2 * 3 * 5, HeapEstimate.bytes(onRows, ApdConfig.paperTms5to2()));
    }

    @Test
    void settingsThatDoNotFitAreRefusedWithTheirSize() {
        ApdConfig large = ApdConfig.paperTms5to2().with(c -> {
            c.components = 20_000_000;
            c.rank = 2;
        });
        long megabytes = (long) Math.ceil(1.25 * HeapEstimate.bytes(TMS, large) / (1 << 20));
        String message = assertThrows(IllegalStateException.class, () -> HeapEstimate.check(TMS, large)).getMessage();
        assertTrue(message.contains(String.format(Locale.ROOT, "about %,d MB", megabytes)), message);
        assertDoesNotThrow(() -> HeapEstimate.check(TMS, ApdConfig.paperTms5to2()));
    }
}
