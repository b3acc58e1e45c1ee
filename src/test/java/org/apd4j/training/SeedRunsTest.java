package org.apd4j.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apd4j.apd.Apd;
import org.apd4j.apd.ApdConfig;
import org.apd4j.decomposition.DecompositionRun;
import org.apd4j.math.internal.Workers;
import org.apd4j.targets.Tms;
import org.apd4j.targets.TmsConfig;
import org.junit.jupiter.api.Test;

class SeedRunsTest {

    private static final ApdConfig CONFIG = ApdConfig.paperTms5to2().with(c -> c.steps = 200);

    private static DecompositionRun<ApdConfig> run(long seed) {
        var target = TmsConfig.paper5to2();
        return Apd.decompose(Tms.of(target.with(c -> c.training.steps = 100), seed).train(), CONFIG);
    }

    private static float[] components(DecompositionRun<ApdConfig> run) {
        return run.decomposition().a("linear1").data().asFloat();
    }

    @Test
    void everySeedGivesTheNumbersOfASeparateRun() {
        List<DecompositionRun<ApdConfig>> together = SeedRuns.of("test", 4, SeedRunsTest::run).train().runs();
        for (int seed = 0; seed < 4; seed++) {
            assertEquals(seed, together.get(seed).seed());
            assertArrayEquals(components(run(seed).train()), components(together.get(seed)));
        }
    }

    @Test
    void aRunThatIsTheOnlyOneOrTheLastHasAllThreads() {
        List<Integer> shares = new CopyOnWriteArrayList<>();
        SeedRuns.of("one", 1, seed -> {
            shares.add(Workers.all().share());
            return run(seed);
        }).train();
        assertEquals(List.of(Workers.availableThreads()), shares);
        Workers.alone(() -> SeedRuns.of("inner", 1, seed -> {
            shares.add(Workers.all().share());
            return run(seed);
        }).train());
        assertEquals(1, shares.get(1), "a group within a job that has one thread");
        SeedRuns<DecompositionRun<ApdConfig>> madeThere = Workers.alone(() -> SeedRuns.of("made there", 1, seed -> {
            shares.add(Workers.all().share());
            return run(seed);
        }));
        madeThere.train();
        assertEquals(Workers.availableThreads(), shares.get(2), "it counts where the group is trained, not where it is made");
    }

    @Test
    void theRunsOfAGroupKnowHowManyThereWillBe() {
        SeedRuns<DecompositionRun<ApdConfig>> group = SeedRuns.of("test", 3, SeedRunsTest::run);
        assertEquals(3, SeedRuns.planned(group.runs()));
        assertEquals(List.of(), group.runs());
        assertEquals(0, SeedRuns.planned(List.of()));
        assertEquals(2, SeedRuns.planned(List.of(run(0), run(1))));
    }

    @Test
    void stoppedGroupContinuesToTheSameResult() throws InterruptedException {
        SeedRuns<DecompositionRun<ApdConfig>> group = SeedRuns.of("test", 3, SeedRunsTest::run);
        var begun = new CountDownLatch(1);
        var interrupted = new AtomicBoolean();
        Listeners.useByDefault(name -> progress -> {
            begun.countDown();
            while (!interrupted.get()) {
                Thread.onSpinWait();
            }
        });
        Thread trainer = new Thread(group::train);
        try {
            trainer.start();
            begun.await();
            trainer.interrupt();
            interrupted.set(true);
            trainer.join();
        } finally {
            interrupted.set(true);
            Listeners.useByDefault(name -> progress -> { });
        }
        assertFalse(group.isFinished());
        group.train();
        assertTrue(group.isFinished());
        for (int seed = 0; seed < 3; seed++) {
            assertArrayEquals(components(run(seed).train()), components(group.runs().get(seed)));
        }
    }

    @Test
    void groupStoppedWhileATargetTrainsReportsIt() {
        List<Phase> heard = new CopyOnWriteArrayList<>();
        try {
            SeedRuns<DecompositionRun<ApdConfig>> group = SeedRuns.of("test", 1,
                    seed -> Apd.decompose(Tms.of(TmsConfig.paper5to2(), seed).train(), CONFIG));
            Listeners.useForGroups((title, runs) -> run -> progress -> {
                heard.add(progress.phase());
                group.stop();
            });
            group.train();
            assertEquals(List.of(), group.runs());
            assertEquals(Phase.STOPPED, heard.get(heard.size() - 1), heard.toString());
        } finally {
            Listeners.reset();
        }
    }

    @Test
    void trainingAFinishedGroupAgainDoesNothing() {
        SeedRuns<DecompositionRun<ApdConfig>> group = SeedRuns.of("test", 2, SeedRunsTest::run).train();
        float[] before = components(group.runs().get(0));
        assertArrayEquals(before, components(group.train().runs().get(0)));
    }

    @Test
    void listenersOfAGroupAreToldOfTheTargetFirstAndOfFinishedRuns() {
        Map<String, List<String>> heard = new ConcurrentHashMap<>();
        Listeners.useForGroups((title, runs) -> run -> progress -> heard.computeIfAbsent(run, name -> new CopyOnWriteArrayList<>())
                .add(progress.phase() + " " + progress.run()));
        try {
            SeedRuns<DecompositionRun<ApdConfig>> group = SeedRuns.named("test", List.of("one", "other"), SeedRunsTest::run);
            group.train();
            assertEquals(Set.of("one", "other"), heard.keySet());
            for (String run : heard.keySet()) {
                List<String> reports = heard.get(run);
                assertTrue(reports.get(0).startsWith("PREPARING") && reports.get(0).contains(", target, seed "), reports.toString());
                assertTrue(reports.get(reports.size() - 1).startsWith("FINISHED"), reports.toString());
                assertEquals(1, reports.stream().filter(report -> report.startsWith("FINISHED")).count(), reports.toString());
            }
        } finally {
            Listeners.reset();
        }
    }

    @Test
    void exceptionOfAMakerReachesTheCallerAfterTheOthersHaveEnded() {
        SeedRuns<DecompositionRun<ApdConfig>> group = SeedRuns.of("test", 3, seed -> {
            if (seed == 1) {
                throw new IllegalStateException("seed 1 is unlucky");
            }
            return run(seed);
        });
        var failure = assertThrows(IllegalStateException.class, group::train);
        assertEquals("seed 1 is unlucky", failure.getMessage());
        assertEquals(2, group.runs().size());
        assertTrue(group.runs().stream().allMatch(Run::isFinished));
    }
}
