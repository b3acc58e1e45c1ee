package org.apd4j.spd;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.apd4j.targets.Target;
import org.apd4j.targets.Tms;
import org.apd4j.targets.TmsConfig;
import org.apd4j.training.Progress;
import org.junit.jupiter.api.Test;

class SpdNoticeTest {

    private static final Target TMS = Tms.untrained(TmsConfig.spd5to2(), 1);

    /** Trains for some steps at a time, and returns the notice of the last report of each part. */
    private static List<String> notices(double importanceMinimality, int... parts) {
        SpdConfig config = SpdConfig.paperTms5to2().with(c -> {
            c.components = 3;
            c.gateWidth = 2;
            c.batch = 16;
            c.importanceMinimality = importanceMinimality;
            c.learningRate = 0.05;
        });
        List<Progress> reports = new ArrayList<>();
        var run = Spd.decompose(TMS, config, 0).listen(reports::add);
        List<String> last = new ArrayList<>();
        for (int part : parts) {
            run.train(part);
            last.add(reports.get(reports.size() - 1).notice());
        }
        return last;
    }

    @Test
    void aCoefficientThatSwitchesEverythingOffIsSaidInTheReportsOfProgress() {
        assertEquals(List.of("", "no component is important on any input of the last 100 batches; lower SpdConfig.importanceMinimality, which is 1000"),
                notices(1000, 99, 500));
    }

    @Test
    void withoutMinimalityThereIsNothingToLower() {
        assertEquals(List.of("", ""), notices(0, 99, 500));
    }

    @Test
    void trainingWithThePapersCoefficientSaysNothing() {
        assertEquals(List.of("", ""), notices(3e-3, 99, 500));
    }
}
