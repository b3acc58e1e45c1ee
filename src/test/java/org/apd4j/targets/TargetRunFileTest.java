package org.apd4j.targets;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apd4j.io.NpyArray;
import org.apd4j.io.Npz;
import org.apd4j.network.Activation;
import org.apd4j.training.Schedule;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Saving and loading the training of a target. */
@Timeout(value = 15, unit = TimeUnit.MINUTES)
class TargetRunFileTest {

    @TempDir
    Path folder;

    private static List<TargetRun> runs() {
        TrainingConfig training = new TrainingConfig(64, 60, 3e-3, Schedule.cosine().warmup(0.1), 0.01);
        return List.of(Tms.of(new TmsConfig(6, 3, 1, 0.2, 1, training), 5),
                ResidualMlp.of(new ResidualMlpConfig(10, 12, 5, 2, Activation.GELU, true, true, 0.2, training), 5));
    }

    private Map<String, NpyArray> arrays(TargetRun run) throws IOException {
        Path file = folder.resolve("arrays.npz");
        run.save(file);
        var arrays = new HashMap<>(Npz.read(file));
        arrays.remove("run_json");
        return arrays;
    }

    @Test
    void aSavedAndContinuedTrainingEndsBitForBitAsAnUninterruptedOne() throws IOException {
        Path file = folder.resolve("target.npz");
        for (int i = 0; i < runs().size(); i++) {
            TargetRun whole = runs().get(i).train();
            TargetRun first = runs().get(i).train(23);
            first.save(file);
            TargetRun second = TargetRun.load(file);
            assertEquals(arrays(first), arrays(second));
            assertEquals(first.provenance(), second.provenance());
            assertEquals(first.trained().weights(first.trained().network().parameters().get(0).name()),
                    second.trained().weights(first.trained().network().parameters().get(0).name()));
            second.train();
            assertEquals(arrays(whole), arrays(second));
            assertEquals(whole.name(), second.name());
            assertEquals(whole.config(), second.config());
            assertEquals(60, second.provenance().step());
        }
    }

    @Test
    void aTargetCanBeSavedByAnotherThreadWhileItTrains() throws Exception {
        TargetRun whole = runs().get(1).train();
        TargetRun run = runs().get(1);
        Thread training = new Thread(run::train);
        training.start();
        Path file = folder.resolve("target.npz");
        do {
            run.save(file);
            assertEquals(arrays(whole), arrays(TargetRun.load(file).train()));
        } while (training.isAlive());
        training.join();
        assertEquals(arrays(whole), arrays(run));
    }

    @Test
    void aMissingOrDamagedParameterIsNamed() throws IOException {
        Path file = folder.resolve("target.npz");
        runs().get(0).train(3).save(file);
        var arrays = new HashMap<>(Npz.read(file));
        arrays.put("target.linear1", NpyArray.of(new float[] {Float.NaN, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}, 6, 3));
        Npz.write(file, arrays);
        String message = assertThrows(IOException.class, () -> TargetRun.load(file)).getMessage();
        assertTrue(message.endsWith("target.npz: the array 'target.linear1' holds NaN at (0, 0); every value must be finite"), message);
        arrays.remove("target.linear1");
        Npz.write(file, arrays);
        message = assertThrows(IOException.class, () -> TargetRun.load(file)).getMessage();
        assertTrue(message.endsWith("target.npz: lacks the array 'target.linear1'"), message);
    }
}
