package org.apd4j.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apd4j.io.ArrayFile;
import org.apd4j.io.NpyArray;
import org.apd4j.targets.TargetRun;
import org.apd4j.targets.Tms;
import org.apd4j.targets.TmsConfig;
import org.apd4j.training.internal.Outcome;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultsTest {

    private static final Results.Origin ORIGIN = new Results.Origin("abc1234", "2026-11-27", "PAPER", "a machine, 2 cores");

    @TempDir
    private Path folder;

    @AfterEach
    void trainAgain() {
        Results.train();
        Results.stopRecording();
    }

    private void record() {
        Results.train();
        Results.recordTo(folder.resolve("01"), ORIGIN);
    }

    private void show() {
        Results.stopRecording();
        Results.show(folder);
    }

    private static TargetRun run(long seed) {
        return Tms.of(TmsConfig.paper5to2().with(c -> c.training.steps = 60), seed);
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve("01"))) {
            return files.sorted().toList();
        }
    }

    /** A run whose state is the sum of its steps, and which counts them all. */
    private static final class Summing extends Run<Summing> implements Saveable<Summing> {
        static final AtomicInteger STEPS = new AtomicInteger();
        private double sum;
        private int asked;

        Summing() {
            super("summing", 10, List.of("sum"));
        }

        @Override
        protected double[] trainStep(int step) {
            STEPS.incrementAndGet();
            sum += step;
            return new double[] {sum};
        }

        @Override
        protected Optional<Outcome> outcome() {
            return Optional.of(new Outcome(Provenance.here(0, step(), seconds(), 1), "none", "", Map.of("sum", NpyArray.of(new double[] {sum}, 1))));
        }

        @Override
        protected void show(ArrayFile state, Provenance provenance) throws IOException {
            sum = state.take("sum", NpyArray.Type.FLOAT64, 1).toDoubles()[0];
        }

        @Override
        protected boolean recordsUnfinished() {
            asked++;
            return super.recordsUnfinished();
        }

        @Override
        protected Summing self() {
            return this;
        }

        @Override
        public void save(Path file) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Summing saved(Path file) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Optional<String> difference(Summing other) {
            return Optional.empty();
        }

        @Override
        public String fingerprint() {
            return "0123abcd";
        }
    }

    @Test
    void whileResultsAreShownNoStepIsTaken() {
        record();
        Summing trained = new Summing().train();
        int before = Summing.STEPS.get();
        assertTrue(before >= 10);
        show();
        Summing shown = new Summing().train();
        assertEquals(before, Summing.STEPS.get());
        assertTrue(shown.isFinished());
        assertEquals(trained.sum, shown.sum);
        assertEquals(trained.loss("sum"), shown.loss("sum"));
        assertEquals(1, shown.asked, "what a run records may be costly to say, and does not depend on the step");
        assertThrows(IllegalStateException.class, () -> new Summing().train(3));
        assertEquals(before, Summing.STEPS.get());
    }

    @Test
    void aShownTargetIsTheTrainedOneBitByBitAndSaysWhereItComesFrom() throws IOException {
        record();
        TargetRun trained = run(3).train();
        assertEquals(1, files().size());
        assertTrue(files().get(0).getFileName().toString().matches("TMS-5-2-target-seed-3-[0-9a-f]{8}\\.npz"), files().toString());
        show();
        TargetRun shown = run(3).train();
        assertArrayEquals(trained.trained().network().parameter(Tms.ENCODER).values().toArray(),
                shown.trained().network().parameter(Tms.ENCODER).values().toArray());
        assertEquals(trained.loss("mse"), shown.loss("mse"));
        assertArrayEquals(trained.history().steps(), shown.history().steps());
        assertArrayEquals(trained.history().values("mse"), shown.history().values("mse"), 1e-6);
        assertEquals(trained.seconds(), shown.seconds());
        assertEquals(trained.provenance(), shown.provenance());
        assertEquals(trained.fingerprint(), shown.fingerprint());
        assertEquals(Optional.of(ORIGIN), shown.shownFrom());
        assertEquals("PAPER, commit abc1234, 2026-11-27, a machine, 2 cores", shown.summary().entries().get("result shown"));
        assertEquals(Results.in(folder), Results.used());
        Results.Entry entry = Results.used().get(0);
        assertEquals("TMS 5-2, target, seed 3 60 ", entry.name() + " " + entry.steps() + " " + entry.note());
    }

    @Test
    void onlyOneReportIsMadeAndItSaysThatTheRunIsShown() {
        record();
        run(0).train();
        show();
        List<Progress> reports = new ArrayList<>();
        run(0).listen(reports::add).train();
        assertEquals(List.of(Phase.SHOWN), reports.stream().map(Progress::phase).toList());
        String line = TextProgress.line(reports.get(0));
        assertTrue(line.contains("step 60 of 60 (100 %), not trained here: a result is shown; it was trained in"), line);
    }

    @Test
    void aMissingResultSaysWhatCanBeDone() {
        record();
        run(0).train();
        Results.stopRecording();
        Results.show(folder, "", "Choose another profile");
        String message = assertThrows(IllegalStateException.class, () -> run(1).train()).getMessage();
        assertTrue(message.matches("there is no result of TMS 5-2, target, seed 1 with these settings \\(fingerprint [0-9a-f]{8}\\) in .*, and nothing is "
                + "trained while results are shown\\. Choose another profile"), message);
        Results.show(folder.resolve("nowhere"));
        message = assertThrows(IllegalStateException.class, () -> run(0).train()).getMessage();
        assertTrue(message.contains("nowhere, which holds no results, and nothing is trained") && message.endsWith("Call Results.train() to train it"), message);
    }

    @Test
    void aDamagedFileIsOneSentence() throws IOException {
        record();
        run(0).train();
        Path file = files().get(0);
        byte[] whole = Files.readAllBytes(file);
        show();
        for (int length : new int[] {0, 10, whole.length / 2, whole.length - 1}) {
            Files.write(file, Arrays.copyOf(whole, length));
            assertDamaged(file);
        }
        for (int at = 0; at < whole.length; at += 97) {
            byte[] changed = whole.clone();
            changed[at] ^= 0x55;
            Files.write(file, changed);
            try {
                run(0).train();
            } catch (IllegalStateException e) {
                assertOneSentence(file, e);
            }
        }
        Files.write(file, whole);
        assertTrue(run(0).train().isFinished());
    }

    private static void assertDamaged(Path file) {
        assertOneSentence(file, assertThrows(IllegalStateException.class, () -> run(0).train()));
    }

    private static void assertOneSentence(Path file, IllegalStateException e) {
        assertTrue(e.getMessage().startsWith("a result cannot be read: ") && e.getMessage().contains(file.getFileName().toString())
                && e.getMessage().endsWith("for example with git checkout") && !e.getMessage().contains("\n"), e.getMessage());
    }

    @Test
    void theStatesAtCallbacksAreShownInTheirOrder() {
        record();
        List<Float> trained = weightsEvery20(run(0));
        run(0).train();
        show();
        assertEquals(trained, weightsEvery20(run(0)));
        assertEquals(2, trained.size());
        TargetRun part = run(0).train(40);
        assertEquals(40, part.step());
        assertTrue(part.history().steps()[part.history().size() - 1] < 40);
        assertTrue(part.train().isFinished());
        String message = assertThrows(IllegalStateException.class, () -> run(0).train(30)).getMessage();
        assertTrue(message.contains("does not hold its state at step 30"), message);
    }

    private static List<Float> weightsEvery20(TargetRun run) {
        List<Float> weights = new ArrayList<>();
        run.every(20, now -> weights.add(now.trained().network().parameter(Tms.ENCODER).values().get(0, 0)));
        run.train(40);
        return weights;
    }

    @Test
    void aGroupIsShownWholeAndTellsItsListeners() {
        record();
        SeedRuns<TargetRun> trained = SeedRuns.of("seeds", 3, ResultsTest::run).train();
        show();
        SeedRuns<TargetRun> shown = SeedRuns.of("seeds", 3, ResultsTest::run).train();
        assertTrue(shown.isFinished());
        assertEquals(trained.runs().stream().map(run -> run.loss("mse")).toList(), shown.runs().stream().map(run -> run.loss("mse")).toList());
        assertTrue(shown.runs().stream().allMatch(run -> run.shownFrom().isPresent()));
    }

    @Test
    void aRunTakesOverItsResultFromAFolderAndIsRecordedWithTheOriginThatItHasThere(@TempDir Path other) throws IOException {
        record();
        TargetRun trained = run(0).train();
        byte[] recorded = Files.readAllBytes(files().get(0));
        Results.recordTo(other, new Results.Origin("def5678", "2026-11-28", "QUICK", "another machine"));
        TargetRun taken = run(0);
        assertTrue(Results.take(folder, taken));
        assertTrue(taken.isFinished() && taken.train().isFinished());
        assertEquals(trained.loss("mse"), taken.loss("mse"));
        assertEquals(Optional.of(ORIGIN), taken.shownFrom());
        assertArrayEquals(recorded, Files.readAllBytes(other.resolve(files().get(0).getFileName())));
        TargetRun missing = run(1);
        assertFalse(Results.take(folder, missing));
        assertEquals(0, missing.step());
    }

    @Test
    void aRunThatWasFinishedBeforeIsRecordedWhenItIsTrainedAgain() throws IOException {
        TargetRun run = run(0).train();
        Path file = folder.resolve("run.npz");
        run.save(file);
        record();
        TargetRun.load(file).train();
        show();
        assertEquals(run.loss("mse"), run(0).train().loss("mse"));
    }

    @Test
    void aShownRunCanNeitherBeSavedNorTrainedFurther() {
        record();
        run(0).every(20, now -> { }).train(40);
        show();
        TargetRun shown = run(0).train(40);
        assertTrue(assertThrows(IllegalStateException.class, () -> shown.save(folder.resolve("x.npz"))).getMessage().contains("but not saved"));
        Results.train();
        assertTrue(assertThrows(IllegalStateException.class, shown::train).getMessage().contains("but not trained any further"));
        assertEquals(60, run(0).train().step());
    }

    @Test
    void aValueIsComputedOnceAndThenShownForTheSameRunOnly() throws IOException {
        record();
        AtomicInteger computed = new AtomicInteger();
        assertEquals(List.of(1.5), Results.of("growth", run(0), () -> {
            computed.incrementAndGet();
            run(5).train();
            return List.of(1.5);
        }));
        assertEquals(List.of("growth-of-" + run(0).fingerprint() + ".npz"), files().stream().map(file -> file.getFileName().toString()).toList());
        show();
        List<Double> shown = Results.of("growth", run(0), () -> {
            computed.incrementAndGet();
            return List.of(7.0);
        });
        assertEquals(List.of(1.5), shown);
        assertEquals(1, computed.get());
        String message = assertThrows(IllegalStateException.class, () -> Results.of("growth", run(1), () -> 1)).getMessage();
        assertTrue(message.contains("no result of 'growth' of TMS 5-2, target, seed 1"), message);
    }

    @Test
    void aValueThatCannotBeKeptIsRefusedEvenWhereNothingIsRecorded() {
        assertThrows(IllegalArgumentException.class, () -> Results.of("bad", run(0), Object::new));
        assertThrows(IllegalArgumentException.class, () -> Results.of("a/b", run(0), () -> 1));
    }

    @Test
    void nothingIsRecordedOrShownUnlessAsked() throws IOException {
        run(0).train();
        assertFalse(Results.areShown());
        assertFalse(Results.areRecorded());
        assertEquals(List.of(), Results.used());
        assertEquals(List.of(), Results.in(folder));
        try (Stream<Path> files = Files.list(folder)) {
            assertEquals(0, files.count());
        }
    }

    @Test
    void longHistoriesAreThinnedToWhatAFigureNeeds() {
        LossHistory history = new LossHistory(List.of("a"));
        for (int step = 0; step < 1_700; step++) {
            history.record(step, step);
        }
        ResultFile.Records records = ResultFile.Records.of(history);
        assertEquals(425, records.steps().length);
        assertEquals(4, records.steps()[1]);
        assertEquals(1_696, records.values()[0][424]);
        assertEquals(25, records.before(100).steps().length);
    }
}
