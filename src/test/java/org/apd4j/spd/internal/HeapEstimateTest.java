package org.apd4j.spd.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Locale;
import org.apd4j.decomposition.DecompositionRun;
import org.apd4j.spd.Spd;
import org.apd4j.spd.SpdConfig;
import org.apd4j.targets.ResidualMlp;
import org.apd4j.targets.ResidualMlpConfig;
import org.apd4j.targets.Target;
import org.apd4j.targets.Tms;
import org.apd4j.targets.TmsConfig;
import org.apd4j.testsupport.ReachableArrays;
import org.junit.jupiter.api.Test;

class HeapEstimateTest {

    private static final Target TMS = Tms.untrained(TmsConfig.spd5to2(), 0);

    private static long bytes(SpdConfig config) {
        return HeapEstimate.bytes(TMS, TMS.network().weights(), config);
    }

    /**
     * TMS 5-2 with C 20, gates of width 16, and one part of 100 samples. Trained: 2 layers · (5 + 2 + 49) · 20. Layers: 2 · 10 entries. Saved: W and b,
     * 15 values. A sample: x 5, outputs 3 · 5, the output's activation 5 · 5, and 2 layers of (8 + 2) · 20.
     */
    @Test
    void theEstimateOfTmsIsTheSumOfItsArrays() {
        long trained = 2 * (5 + 2 + 49) * 20;
        long perSample = 5 + 15 + 25 + 2 * 10 * 20;
        long both = 20 * 5 + (20 * 2 + 20 * 2) + 20 * 5; // into the encoder; into the decoder, with the encoder's B to its input; out
        long encoder = 20 * 5 + 20 * 5;                  // in, and through the target's decoder out
        long decoder = 20 * 2 + 20 * 5;                  // its input 2 is narrower than x; out
        long maps = both + encoder + decoder;            // each with the gradient of the part and the sum
        long values = 7 * trained + 2 * 20 + 2 * 15 + 100 * perSample + 3 * maps;
        assertEquals(4 * values, bytes(SpdConfig.paperTms5to2().with(c -> c.batch = 100)));
    }

    @Test
    void moreSubcomponentsWiderGatesLargerBatchesAndADeltaComponentTakeMore() {
        SpdConfig config = SpdConfig.paperTms5to2();
        long usual = bytes(config);
        assertTrue(bytes(config.with(c -> c.components = 21)) > usual);
        assertEquals(usual + 4 * 7 * 3 * 2 * 20, bytes(config.with(c -> c.gateWidth = 17)), "three numbers a subcomponent and layer");
        assertTrue(bytes(config.with(c -> c.batch = 4097)) > usual);
        assertTrue(bytes(config.with(c -> c.draws = 2)) > usual);
        assertTrue(bytes(config.with(c -> c.deltaComponent = true)) > usual);
    }

    private static Target residual() {
        return ResidualMlp.untrained(ResidualMlpConfig.spdTwoLayers().with(c -> {
            c.features = 40;
            c.residual = 150;
            c.neurons = 20;
        }), 0);
    }

    /**
     * What is not counted: the copy that a save makes, three numbers for each trained one and the target twice. What the estimate leaves out: the working
     * memory of threads, and the tables of gates.
     */
    @Test
    void theEstimateIsTheSizeOfTheArraysThatARunHoldsAndThoseThatASaveCopies() throws IllegalAccessException {
        SpdConfig large = SpdConfig.paperTms40to10().with(c -> c.components = 60);
        assertEstimated(TMS, SpdConfig.paperTms5to2());
        assertEstimated(Tms.untrained(TmsConfig.spd40to10().withIdentity(), 0), large);
        assertEstimated(Tms.untrained(TmsConfig.spd40to10(), 0), large.with(c -> c.deltaComponent = true));
        assertEstimated(residual(), SpdConfig.paperTwoLayers().with(c -> {
            c.components = 80;
            c.draws = 2;
        }));
    }

    private static void assertEstimated(Target target, SpdConfig config) throws IllegalAccessException {
        DecompositionRun<SpdConfig> run = Spd.decompose(target, config, 0).train(2);
        long held = ReachableArrays.bytes(run);
        long trained = Spd.METHOD.blocks(target.network(), config).values().stream()
                .mapToLong(shape -> Arrays.stream(shape).asLongStream().reduce(1, (one, other) -> one * other)).sum();
        long saved = target.network().parameters().stream().mapToLong(parameter -> parameter.values().size()).sum();
        long counted = held + Float.BYTES * (3 * trained + 2 * saved);
        long estimated = HeapEstimate.bytes(target, target.network().weights(), config);
        assertEquals(1, (double) estimated / counted, 0.06, () -> String.format(Locale.ROOT, "%s: %,d estimated, %,d counted", target.name(), estimated,
                counted));
    }

    @Test
    void settingsThatDoNotFitAreRefusedWithTheirSizeBeforeAnythingIsAllocated() {
        SpdConfig large = SpdConfig.paperTms5to2().with(c -> c.components = 200_000_000);
        long megabytes = (long) Math.ceil(1.25 * bytes(large) / (1 << 20));
        String message = assertThrows(IllegalStateException.class, () -> Spd.decompose(TMS, large, 0)).getMessage();
        assertTrue(message.startsWith(String.format(Locale.ROOT, "decomposing TMS 5-2 with these settings (components 200,000,000, gateWidth 16, "
                + "batch 4,096) takes about %,d MB of the Java heap, of which ", megabytes)), message);
        assertTrue(message.endsWith("or choose fewer components, narrower gates, or a smaller batch"), message);
    }
}
