package org.apd4j.stress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apd4j.decomposition.Apd;
import org.apd4j.decomposition.ApdConfig;
import org.apd4j.target.ResidualMlp;
import org.apd4j.target.ResidualMlpConfig;
import org.apd4j.target.Target;
import org.apd4j.target.Tms;
import org.apd4j.target.TmsConfig;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Settings that are too large for the heap. */
@Tag("slow")
class SmallHeapTest {

    private static final Pattern NUMBER_NEEDED = Pattern.compile("takes about [\\d,]+ MB of the Java heap, .*\\(-Xmx(\\d+)m\\)");

    enum Settings {
        COMPRESSED_COMPUTATION, CROSS_LAYER, LARGE_TMS;

        Target target() {
            return switch (this) {
                case COMPRESSED_COMPUTATION -> ResidualMlp.untrained(ResidualMlpConfig.paperOneLayer(), 0);
                case CROSS_LAYER -> ResidualMlp.untrained(ResidualMlpConfig.paperTwoLayers(), 0);
                case LARGE_TMS -> Tms.untrained(new TmsConfig(300, 50, 0, 0.01, 1, TmsConfig.paper5to2().training()), 0);
            };
        }

        ApdConfig config() {
            return switch (this) {
                case COMPRESSED_COMPUTATION -> ApdConfig.paperCompressedComputation();
                case CROSS_LAYER -> ApdConfig.paperCrossLayer();
                case LARGE_TMS -> ApdConfig.paperTms40to10().with(c -> {
                    c.components = 200;
                    c.rank = 10;
                    c.batch = 64;
                });
            };
        }
    }

    /** Trains three steps, or prints why not. */
    public static final class Trainer {

        public static void main(String[] arguments) {
            var settings = Settings.valueOf(arguments[0]);
            Target target = settings.target();
            try {
                System.out.println(Apd.decompose(target, settings.config(), 0).train(3).step());
            } catch (IllegalStateException e) {
                System.out.println(e.getMessage());
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void runThatDoesNotFitIsRefusedBeforeItBeginsAndTheHeapThatIsNamedThenIsEnough(Settings settings) throws Exception {
        String refusal = train(settings, "-Xmx96m");
        Matcher named = NUMBER_NEEDED.matcher(refusal);
        assertTrue(named.find(), refusal);
        assertEquals(1, refusal.lines().count(), refusal);
        assertEquals("3", train(settings, "-Xmx" + named.group(1) + "m").strip());
    }

    private static String train(Settings settings, String heap) throws Exception {
        return OwnProcess.outputOf(OwnProcess.of(Trainer.class, List.of(heap), settings));
    }
}
