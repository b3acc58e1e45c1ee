package org.apd4j.targets;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.apd4j.network.Activation;
import org.apd4j.training.Schedule;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** The settings of the paper's targets, by name. */
class TargetConfigTest {

    @Test
    void thePresetsHaveThePapersValues() {
        assertEquals(new TmsConfig(5, 2, 0, 0.05, 1, new TrainingConfig(1024, 5_000, 5e-3, Schedule.constant(), 0.01)), TmsConfig.paper5to2());
        assertEquals(new TmsConfig(40, 10, 0, 0.05, 1, new TrainingConfig(2048, 2_000, 5e-3, Schedule.constant(), 0.01)), TmsConfig.paper40to10());
        var training = new TrainingConfig(2048, 10_000, 3e-3, Schedule.cosine(), 0.01);
        assertEquals(new ResidualMlpConfig(100, 1000, 50, 1, Activation.RELU, false, false, 0.01, training), ResidualMlpConfig.paperOneLayer());
        assertEquals(new ResidualMlpConfig(100, 1000, 25, 2, Activation.RELU, false, false, 0.01, training), ResidualMlpConfig.paperTwoLayers());
    }

    @Test
    void aChangeLeavesAllOtherSettingsAsTheyWere() {
        var tms = new TmsConfig(7, 3, 2, 0.2, 4, new TrainingConfig(11, 12, 0.13, Schedule.linear().warmup(0.1), 0.14));
        assertEquals(tms, tms.with(c -> { }));
        assertEquals(new TmsConfig(7, 3, 2, 0.2, 5, tms.training()), tms.with(c -> c.copies = 5));
        assertEquals(new TmsConfig(7, 3, 2, 0.2, 4, new TrainingConfig(11, 99, 0.13, Schedule.linear().warmup(0.1), 0.14)),
                tms.with(c -> c.training.steps = 99));
        var mlp = new ResidualMlpConfig(7, 3, 2, 4, Activation.GELU, true, true, 0.2, tms.training());
        assertEquals(mlp, mlp.with(c -> { }));
        assertEquals(new ResidualMlpConfig(7, 3, 2, 4, Activation.GELU, true, true, 0.2, TmsConfig.paper5to2().training()),
                mlp.with(c -> c.training.set(TmsConfig.paper5to2().training())));
        assertEquals(new TrainingConfig(11, 12, 0.13, Schedule.linear().warmup(0.1), 0), tms.training().with(t -> t.weightDecay = 0));
    }

    @Test
    void aSettingOutOfItsRangeIsNamedWithItsValue() {
        assertRefused("features is 0; it must be at least 1", () -> TmsConfig.of(c -> c.hidden = 2));
        assertRefused("hiddenLayers is -1; it must be at least 0", () -> TmsConfig.paper5to2().with(c -> c.hiddenLayers = -1));
        assertRefused("neurons is 0; it must be at least 1", () -> ResidualMlpConfig.paperOneLayer().with(c -> c.neurons = 0));
        assertRefused("batch is 0; it must be at least 1", () -> TmsConfig.paper5to2().with(c -> c.training.batch = 0));
        assertRefused("learningRate is NaN; it must be a finite number above 0", () -> TrainingConfig.of(t -> t.learningRate = Double.NaN));
        assertRefused("weightDecay is -0.5; it must be a finite number of at least 0", () -> TrainingConfig.of(t -> t.weightDecay = -0.5));
    }

    private static void assertRefused(String message, Executable executable) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, executable).getMessage());
    }
}
