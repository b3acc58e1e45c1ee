package org.apd4j.decomposition;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apd4j.apd.Apd;
import org.apd4j.figures.Figures;
import org.apd4j.math.Matrix;
import org.apd4j.math.SparseRows;
import org.apd4j.math.internal.Gemm;
import org.apd4j.math.internal.Workers;
import org.apd4j.measures.superposition.Recovery;
import org.apd4j.network.Network;
import org.apd4j.sweep.Sweep;
import org.apd4j.sweep.SweepAxis;
import org.apd4j.sweep.SweepResult;
import org.apd4j.tables.Tables;
import org.apd4j.targets.Target;
import org.apd4j.targets.Tms;
import org.apd4j.targets.TmsConfig;
import org.apd4j.training.Phase;
import org.apd4j.training.RunFolder;
import org.apd4j.training.Schedule;
import org.apd4j.training.SeedRuns;
import org.apd4j.training.internal.Optimizer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A second method, as small as one can be, is trained, saved, loaded, grouped, compared and measured by the code that serves the first. */
class ToyMethodTest {

    /** Its settings. */
    record ToyConfig(int components, int batch, int steps, double learningRate, Schedule schedule) implements DecompositionSettings {
    }

    /** Random components of rank one, each with one learned number that it is multiplied by: the loss is the distance of their sum to the weights. */
    public static final class ToyMethod implements DecompositionMethod<ToyConfig> {

        @Override
        public String name() {
            return "toy";
        }

        @Override
        public Class<ToyConfig> settings() {
            return ToyConfig.class;
        }

        @Override
        public Map<String, int[]> blocks(Network network, ToyConfig config) {
            return Map.of("gates", new int[] {config.components()});
        }

        @Override
        public Objective begin(Target target, ToyConfig config, long seed, Workers workers) {
            Matrix weights = target.network().parameter(Tms.ENCODER).values();
            Factors random = Factors.random(Tms.ENCODER, config.components(), weights.rows(), weights.columns(), 1, 1, 1, seed, 0, workers);
            return new ToyObjective(target, weights, random, Matrix.zeros(1, config.components()).fill(1), config.batch());
        }
    }

    private record ToyObjective(Target target, Matrix weights, Factors random, Matrix gates, int batch) implements Objective {

        @Override
        public List<String> losses() {
            return List.of("distance");
        }

        @Override
        public void register(Optimizer optimizer) {
            optimizer.add("gates", gates);
        }

        @Override
        public double[] compute(SparseRows x, int step, Optimizer into) {
            Matrix missing = weights.copy();
            for (int c = 0; c < random.components(); c++) {
                Gemm.run(-gates.get(0, c), random.a(c), false, random.b(c), false, 1, missing);
            }
            double loss = 0;
            for (int i = 0; i < missing.size(); i++) {
                loss += (double) missing.data()[i] * missing.data()[i];
            }
            for (int c = 0; c < random.components(); c++) {
                Matrix through = Gemm.productTransposed(missing, random.b(c), Matrix.zeros(weights.rows(), 1));
                into.gradient("gates").set(0, c, -2 * Gemm.transposedProduct(random.a(c), through, Matrix.zeros(1, 1)).get(0, 0));
            }
            return new double[] {loss};
        }

        @Override
        public Components components() {
            Factors gated = random.copy();
            for (int c = 0; c < random.components(); c++) {
                for (int j = 0; j < gated.out(); j++) {
                    gated.b(c).set(0, j, gates.get(0, c) * gated.b(c).get(0, j));
                }
            }
            return new Components(target.network(), List.of(gated));
        }

        @Override
        public Importance importance() {
            return new AttributionImportance(AttributionKind.ACTIVATION, Optional.of(Selection.batchTopK(1)), batch);
        }
    }

    private static final ToyMethod METHOD = new ToyMethod();
    private static final ToyConfig CONFIG = new ToyConfig(12, 16, 60, 0.05, Schedule.constant());
    private static final Target TARGET = Tms.of(TmsConfig.paper5to2(), 0).train(200).trained();

    private static DecompositionRun<ToyConfig> run(long seed) {
        return DecompositionRun.begin(METHOD, TARGET, CONFIG, seed);
    }

    @Test
    void itTrainsAndTellsHowItGetsOn() {
        List<Phase> phases = new ArrayList<>();
        DecompositionRun<ToyConfig> run = run(0);
        run.listen(progress -> phases.add(progress.phase()));
        run.train(1);
        double first = run.loss("distance");
        run.train();
        assertTrue(run.loss("distance") < first / 2, first + " → " + run.loss("distance"));
        assertEquals(Phase.FINISHED, phases.get(phases.size() - 1));
        assertEquals(60, run.history().values("distance").length);
    }

    @Test
    void itIsMeasuredAndEditedLikeAnyOther() {
        Decomposition found = run(1).train().decomposition();
        assertEquals(12, found.count());
        assertTrue(Recovery.of(found).mmcs() > 0);
        assertFalse(found.without(3).weights(Tms.ENCODER).equals(TARGET.weights(Tms.ENCODER)));
    }

    @Test
    void itIsSavedInTheMiddleAndGoesOnToTheSameEnd(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("toy.npz");
        run(2).train(20).save(file);
        DecompositionRun<?> loaded = DecompositionRun.load(file);
        assertEquals("toy", loaded.method().name());
        assertEquals(CONFIG, loaded.config());
        DecompositionRun<ToyConfig> whole = run(2).train();
        assertArrayEquals(whole.optimizer().parameter("gates").toArray(), loaded.train().optimizer().parameter("gates").toArray());
        String message = assertThrows(IOException.class, () -> Apd.load(file)).getMessage();
        assertTrue(message.contains("is a decomposition by toy, not by APD"), message);
    }

    @Test
    void itsRunsAreToldApartByTheirSettings() {
        DecompositionRun<ToyConfig> other = DecompositionRun.begin(METHOD, TARGET, new ToyConfig(12, 16, 60, 0.06, Schedule.constant()), 0);
        assertNotEquals(run(0).fingerprint(), other.fingerprint());
        assertEquals("learningRate (0.05 here, 0.06 there)", run(0).difference(other).orElseThrow());
        assertEquals(run(0).fingerprint(), run(0).fingerprint());
    }

    @Test
    void itsRunsSaveThemselvesAndContinueFromAFolder(@TempDir Path folder) throws IOException {
        RunFolder runs = RunFolder.of(folder);
        DecompositionRun<ToyConfig> first = runs.resume(run(3));
        assertEquals(0, first.step());
        first.train(20);
        DecompositionRun<ToyConfig> second = runs.resume(run(3));
        assertEquals(20, second.step());
        assertEquals(run(3).train().loss("distance"), second.train().loss("distance"));
        SeedRuns<DecompositionRun<ToyConfig>> group = runs.resume(SeedRuns.of("toy", 4, ToyMethodTest::run)).train();
        assertTrue(group.isFinished());
        assertEquals(List.of("20 of 60", "60 of 60"), List.of(first.step() + " of 60", group.runs().get(3).step() + " of 60"));
        assertEquals(4, runs.list().size());
        assertTrue(runs.list().stream().allMatch(saved -> saved.what().startsWith("decomposition of TMS 5-2") && saved.progress().equals("60 of 60")));
    }

    @Test
    void itIsSweptWithNumbersThatAFolderRemembers(@TempDir Path folder) {
        Sweep<ToyConfig> sweep = sweep(folder).train();
        assertTrue(sweep.isFinished());
        SweepResult found = sweep.result();
        assertEquals(List.of("distance", "MMCS"), found.names());
        DecompositionRun<ToyConfig> last = sweep.runs(1, 1).get(1);
        assertEquals(8, last.config().components());
        assertEquals(0.1, last.config().learningRate());
        assertEquals(last.loss("distance"), found.found(1, 1, "distance").get(1));
        assertEquals(4, Tables.sweep(found).rowCount());
        assertEquals(2, Figures.sweep(found, "MMCS").numbers().rowCount());
        Sweep<ToyConfig> again = sweep(folder).train();
        assertEquals(List.of(), again.runs(0, 0), "a run was made although its numbers were saved");
        assertEquals(found, again.result());
    }

    private static Sweep<ToyConfig> sweep(Path folder) {
        return Sweep.of(METHOD, TARGET, CONFIG,
                SweepAxis.of("components", (c, value) -> new ToyConfig((int) value, c.batch(), c.steps(), c.learningRate(), c.schedule()), 4, 8),
                SweepAxis.of("rate", (c, value) -> new ToyConfig(c.components(), c.batch(), c.steps(), value, c.schedule()), 0.05, 0.1), 2)
                .measuring("MMCS", run -> Recovery.of(run).mmcs()).cacheIn(folder);
    }

    @Test
    void severalSeedsAreAGroup() {
        SeedRuns<DecompositionRun<ToyConfig>> group = SeedRuns.of("toy", 3, ToyMethodTest::run);
        group.train();
        assertTrue(group.isFinished());
        assertEquals("TMS 5-2, toy, seed 1", group.runs().get(1).name());
        assertEquals(List.of(0L, 1L, 2L), group.runs().stream().map(DecompositionRun::seed).toList());
    }
}
