package org.apd4j.decomposition;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.apd4j.math.internal.Workers;
import org.apd4j.testsupport.MethodCase;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for the runs of every method. */
class RunsOfEveryMethodTest {

    static Stream<MethodCase<?>> cases() {
        return MethodCase.all();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void theNumberOfThreadsChangesNoBit(MethodCase<?> given) {
        assertArrayEquals(MethodCase.values(given.run(Workers.one()).train()), MethodCase.values(given.run(Workers.of(4)).train()));
    }

    /** Shared gates prune and restart at different times: a run is stopped before, between and after. */
    @ParameterizedTest
    @MethodSource("cases")
    void aRunThatWasSavedAndLoadedGoesOnToTheSameBits(MethodCase<?> given, @TempDir Path folder) throws IOException {
        float[] whole = MethodCase.values(given.run(Workers.all()).train());
        int steps = given.config().steps();
        for (int stop : new int[] {steps / 4, steps / 2, steps - 3}) {
            Path file = folder.resolve(stop + ".npz");
            given.run(Workers.all()).train(stop).save(file);
            DecompositionRun<?> loaded = DecompositionRun.load(file);
            assertEquals(given.config(), loaded.config());
            assertArrayEquals(whole, MethodCase.values(loaded.train()));
        }
    }
}
