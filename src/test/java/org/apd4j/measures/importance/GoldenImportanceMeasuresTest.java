package org.apd4j.measures.importance;

import static org.apd4j.testsupport.GoldenRun.difference;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apd4j.decomposition.Components;
import org.apd4j.decomposition.Evaluator;
import org.apd4j.decomposition.GateSquashing;
import org.apd4j.decomposition.internal.Gates;
import org.apd4j.math.Matrix;
import org.apd4j.math.SparseRows;
import org.apd4j.math.internal.Grid;
import org.apd4j.math.internal.Workers;
import org.apd4j.network.Network;
import org.apd4j.spd.GateImportance;
import org.apd4j.testsupport.SpdGolden;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Measures of importances are those that SPD's reference, and its authors' later code, computed on recorded components and gates. */
class GoldenImportanceMeasuresTest {

    private static final double TOLERANCE = 1e-4;

    private static Evaluator evaluator(SpdGolden golden) {
        Network network = golden.network("target.");
        Components components = golden.components(network, "");
        List<Gates> gates = golden.layers().stream().map(layer -> golden.gates("", layer)).toList();
        return new Evaluator(network, components, new GateImportance(gates, 1, GateSquashing.LEAKY), Workers.one());
    }

    private static ImportanceMatrix matrix(SpdGolden golden) {
        Matrix values = golden.matrix("importances");
        return new ImportanceMatrix("recorded", Grid.of(values.rows(), values.columns(), values::get));
    }

    private static SparseRows[] batches(SpdGolden golden) {
        return IntStream.range(0, golden.shape("x")[0]).mapToObj(golden::batch).toArray(SparseRows[]::new);
    }

    @ParameterizedTest
    @ValueSource(strings = {"identity.0", "identity.1", "identity.2", "identity.3"})
    void entriesThatAreNotThoseOfAnIdentityAreCounted(String name) {
        SpdGolden golden = SpdGolden.measures(name);
        assertEquals(golden.values("expect.error_0p1")[0], matrix(golden).identityError(0.1));
        assertEquals(golden.values("expect.error_0p2")[0], matrix(golden).identityError(0.2));
    }

    @ParameterizedTest
    @ValueSource(strings = {"dense.0", "dense.1", "dense.2", "dense.3"})
    void entriesThatAreNotThoseOfABlockAreCounted(String name) {
        SpdGolden golden = SpdGolden.measures(name);
        int block = golden.json().get("k").asInt();
        assertEquals(golden.values("expect.error_0p1")[0], matrix(golden).denseError(block, 0.1));
        assertEquals(golden.values("expect.error_0p2")[0], matrix(golden).denseError(block, 0.2));
    }

    @ParameterizedTest
    @ValueSource(strings = {"sorting.0", "sorting.1"})
    void componentsAreSortedByTheInputsTheyAreImportantOn(String name) {
        SpdGolden golden = SpdGolden.measures(name);
        assertEquals(Arrays.stream(golden.values("expect")).mapToObj(c -> (int) c).toList(), matrix(golden).sorted());
    }

    @Test
    void importancesOnOneHotInputsAndTheirStatisticsAreThoseOfTheReference() {
        SpdGolden golden = SpdGolden.measures("tms");
        Evaluator evaluator = evaluator(golden);
        GateImportance importance = new GateImportance(golden.layers().stream().map(layer -> golden.gates("", layer)).toList(), 1,
                GateSquashing.LEAKY);
        Matrix x = Matrix.identity(7);
        for (int i = 0; i < 7; i++) {
            x.set(i, i, 0.75f);
        }
        List<SparseRows> batches = List.of(batches(golden));
        ImportanceStatistics first = ImportanceStatistics.of(evaluator, List.of(golden.batch(0)), 0.01);
        ImportanceStatistics all = ImportanceStatistics.of(evaluator, batches, 0.1);
        for (int l = 0; l < 2; l++) {
            String layer = golden.layers().get(l);
            assertClose(golden, "expect.onehot_importance_upper." + layer, importance.upper(SparseRows.of(x), evaluator.components()).layer(l));
            assertClose(golden, "expect.onehot_importance_lower." + layer, importance.lower(SparseRows.of(x), evaluator.components()).layer(l));
            assertEquals(golden.values("expect.l0_0p01." + layer)[0], first.layers().get(l).l0(), 1e-9);
            assertEquals(golden.values("expect.active_0p1." + layer)[0], all.layers().get(l).l0(), 1e-9);
            double[] frequency = all.layers().get(l).frequency().stream().mapToDouble(share -> share).toArray();
            assertTrue(difference(frequency, golden.values("expect.frequency_0p1." + layer)) < 1e-9, layer);
        }
    }

    private static void assertClose(SpdGolden golden, String array, Matrix actual) {
        double[] values = IntStream.range(0, actual.size()).mapToDouble(i -> actual.data()[i]).toArray();
        double difference = difference(values, golden.values(array));
        assertTrue(difference <= TOLERANCE, array + " is off by " + difference);
    }

    @ParameterizedTest
    @ValueSource(strings = {"later_tms_id", "later_resid"})
    void laterMeasuresAreThoseOfTheReference(String name) {
        SpdGolden golden = SpdGolden.measures(name);
        Evaluator evaluator = evaluator(golden);
        ImportanceStatistics statistics = ImportanceStatistics.of(evaluator, List.of(batches(golden)), 0.1);
        OneHotImportances oneHot = OneHotImportances.of(evaluator, golden.json().get("network").get("features").asInt(), 0.75);
        boolean tms = name.contains("tms");
        int block = golden.json().get("dense").elements().next().asInt();
        int total = 0;
        int totalLoose = 0;
        for (int l = 0; l < golden.layers().size(); l++) {
            String layer = golden.layers().get(l);
            assertEquals(golden.values("expect.l0." + layer)[0], statistics.layers().get(l).l0(), 1e-9, layer);
            boolean dense = tms ? layer.startsWith("hidden") : layer.endsWith("mlp_out");
            ImportanceMatrix own = oneHot.layers().get(l);
            int error = dense ? own.denseError(block, 0.1) : own.identityError(0.1);
            assertEquals(golden.values("expect.identity_error." + layer)[0], error, layer);
            total += error;
            totalLoose += dense ? own.denseError(block, 0.2) : own.identityError(0.2);
        }
        assertEquals(golden.values("expect.identity_error.total")[0], total);
        assertEquals(golden.values("expect.identity_error.total_0p2")[0], totalLoose);
    }

    /** Shared by the batch or one for each sample, with and without a delta component: whatever the file records. */
    @ParameterizedTest
    @ValueSource(strings = {"later_tms_id", "later_resid"})
    void theWorstMasksAreFoundAsTheReferenceFindsThem(String name) {
        SpdGolden golden = SpdGolden.measures(name);
        Evaluator evaluator = evaluator(golden);
        assertTrue(golden.json().get("pgd").size() > 0, "the file records no search");
        golden.json().get("pgd").properties().forEach(of -> adversary(golden, evaluator, of.getKey(), of.getValue()));
    }

    private static void adversary(SpdGolden golden, Evaluator evaluator, String tag, JsonNode settings) {
        boolean perSample = settings.get("sources").asText().contains("per sample");
        var kind = new MaskSources(perSample, settings.get("delta_component").asBoolean());
        int steps = settings.get("steps").asInt();
        int batches = golden.shape("expect.pgd." + tag + ".losses")[0];
        double[] expected = golden.values("expect.pgd." + tag + ".losses");
        double sum = 0;
        for (int batch = 0; batch < batches; batch++) {
            var search = new MaskSearch(evaluator, golden.batch(batch), kind);
            List<Matrix> sources = new ArrayList<>();
            for (String layer : golden.layers()) {
                String array = "pgd." + tag + ".source." + layer;
                int[] shape = golden.shape(array);
                int rows = perSample ? shape[1] : 1;
                int columns = shape[shape.length - 1];
                double[] all = golden.values(array);
                int first = batch * rows * columns;
                Matrix own = Matrix.zeros(rows, columns);
                for (int i = 0; i < own.size(); i++) {
                    own.data()[i] = (float) all[first + i];
                }
                sources.add(own);
            }
            double[] errors = Arrays.copyOf(search.climb(sources, steps, settings.get("step_size").asDouble()), steps + 1);
            errors[steps] = search.error(sources);
            sum += errors[steps];
            assertTrue(difference(errors, Arrays.copyOfRange(expected, batch * (steps + 1), (batch + 1) * (steps + 1))) <= 1e-3,
                    tag + ": " + Arrays.toString(errors));
        }
        assertEquals(golden.values("expect.pgd." + tag + ".loss")[0], sum / batches, 1e-3 * sum / batches, tag);
    }
}
