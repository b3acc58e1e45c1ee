package org.apd4j.experiments;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apd4j.measures.importance.FeatureOwners;
import org.apd4j.measures.importance.KeepOnlyError;
import org.apd4j.measures.importance.MaskedReconstruction;
import org.apd4j.measures.residual.LengthFactors;
import org.apd4j.measures.residual.Scrubbing;
import org.apd4j.sharedgate.SharedGate;
import org.apd4j.sharedgate.SharedGateConfig;
import org.apd4j.targets.ResidualMlp;
import org.apd4j.targets.ResidualMlpConfig;
import org.apd4j.training.Results;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tech.tablesaw.api.Table;

class ResidualMlpReachTest {

    private static final Path COMMITTED = Path.of("notebooks", "data", "residual-reach.csv");
    private static final Results.Origin ORIGIN = new Results.Origin("abc1234", "2026-11-27", "PAPER", "Linux; 2 cores");

    private static ResidualMlpReach.Row row(int layers, String setting, long target, double separation, double cosine, double length, double scrubbed) {
        return row(layers, setting, target, 1, separation, cosine, length, scrubbed, 1e-3);
    }

    private static ResidualMlpReach.Row row(int layers, String setting, long target, double coverage, double separation, double cosine, double length,
                                            double scrubbed, double keepOnly) {
        return new ResidualMlpReach.Row(layers, setting, target, 0, coverage, separation, 100, cosine, length, 2, 0.4, layers == 1 ? Double.NaN : 1.5,
                layers == 1 ? Double.NaN : 0.5, 1e-4, scrubbed, 1e-3, keepOnly, 30, "01234567", ORIGIN);
    }

    @Test
    void aTableHasALineForEachSettingAndCountsTheRunsThatMeetAllBounds() {
        Table table = new ResidualMlpReach(List.of(row(2, "start at the output", 0, 1, 0.98, 0.96, 3e-4), row(2, "as they are", 0, 1, 0.97, 0.94, 3e-4),
                row(1, "as they are", 0, 1, 0.995, 0.97, 1.5e-4), row(2, "start at the output", 1, 1, 0.96, 0.98, 3.2e-4))).table();
        assertEquals(List.of("as they are", "as they are", "start at the output"), table.stringColumn("settings").asList());
        assertEquals(List.of("1 of 1", "0 of 1", "1 of 2"), table.stringColumn("all met").asList());
        assertEquals(0.97, (double) table.doubleColumn("length ratio").get(2), 1e-12);
        String both = "2.00\u00a0×\u00a00.40; 1.50\u00a0×\u00a00.50";
        assertEquals(List.of("2.00\u00a0×\u00a00.40", both, both), table.stringColumn("read × written, layer by layer").asList());
    }

    @Test
    void whatComponentsReadAndWriteStandsBesideTheNumberOfNeuronsAFeature() {
        Table table = new ResidualMlpReach(List.of(lengths(1, "as they are, 100 neurons", 0, 1.1, 1), lengths(1, "as they are", 0, 2, 0.4),
                lengths(1, "as they are", 1, 1.8, 0.6), lengths(1, "3,000 steps", 0, 7, 7), lengths(2, "as they are", 0, 7, 7))).neurons();
        assertEquals(List.of(50, 100), table.intColumn("neurons").asList());
        assertEquals(List.of(2, 1), table.intColumn("targets").asList());
        assertEquals(List.of(0.5, 1.0), table.doubleColumn("neurons per feature").asList());
        assertEquals(List.of(0.5, 1.0), table.doubleColumn("written").asList());
        assertEquals(List.of(1.9, 1.1), table.doubleColumn("read").asList());
    }

    private static ResidualMlpReach.Row lengths(int layers, String setting, long target, double in, double out) {
        return new ResidualMlpReach.Row(layers, setting, target, 0, 1, 1, 100, 1, 1, in, out, Double.NaN, Double.NaN, 1e-4, 1e-4, 1e-3, 1e-3, 30, "01234567", ORIGIN);
    }

    @Test
    void eachBoundIsAskedForByItself() {
        assertEquals("1 of 1", met(row(2, "a", 0, 0.99, 0.99, 0.97, 0.95, 3.5e-4, 0.01)));
        for (var tooBad : List.of(row(2, "a", 0, 0.98, 1, 0.98, 0.96, 3e-4, 1e-3), row(2, "a", 0, 1, 0.98, 0.98, 0.96, 3e-4, 1e-3),
                row(2, "a", 0, 1, 1, 0.96, 0.96, 3e-4, 1e-3), row(2, "a", 0, 1, 1, 0.98, 0.94, 3e-4, 1e-3),
                row(2, "a", 0, 1, 1, 0.98, 0.96, 3.6e-4, 1e-3), row(2, "a", 0, 1, 1, 0.98, 0.96, 3e-4, 0.011),
                row(1, "a", 0, 1, 1, 0.995, 0.96, 1.7e-4, 1e-3))) {
            assertEquals("0 of 1", met(tooBad), tooBad.toString());
        }
    }

    private static String met(ResidualMlpReach.Row row) {
        return new ResidualMlpReach(List.of(row)).table().stringColumn("all met").get(0);
    }

    @Test
    void aRunIsMeasuredAsTheMeasuresSay() {
        var target = ResidualMlp.of(ResidualMlpConfig.paperTwoLayers().with(c -> {
            c.features = 6;
            c.residual = 20;
            c.neurons = 4;
            c.training.batch = 64;
            c.training.steps = 20;
        }), 0).train();
        var run = SharedGate.decompose(target, SharedGateConfig.residualMlp().with(c -> {
            c.components = 8;
            c.candidates = 64;
            c.steps = 20;
            c.pruningSamples = 100;
        })).train();
        ResidualMlpReach.Row row = ResidualMlpReach.measure(run, 2, "small", "01234567", 0, ORIGIN);
        FeatureOwners owners = FeatureOwners.of(run, 1);
        LengthFactors lengths = LengthFactors.of(run, 1);
        Scrubbing scrubbing = Scrubbing.of(run, run.seed(), 6_000);
        assertEquals(new ResidualMlpReach.Row(2, "small", 0, run.seed(), owners.coverage(), owners.separation(),
                SharedGate.gates(run.decomposition()).live(), lengths.meanCosine(), lengths.meanRatio(), lengths.meanIn(0), lengths.meanOut(0),
                lengths.meanIn(1), lengths.meanOut(1), MaskedReconstruction.of(run, run.seed(), 4).gated(),
                scrubbing.of(Scrubbing.Kind.SCRUBBED).mean(), scrubbing.of(Scrubbing.Kind.ANTI_SCRUBBED).mean(), KeepOnlyError.of(run, 1).share(),
                run.seconds(), "01234567", ORIGIN), row);
    }

    @Test
    void aRunWithOtherSettingsIsMissing() {
        List<String> all = new ResidualMlpReach(List.of()).missing(1);
        assertEquals("one layer, as they are, target 0, seed 0", all.get(0));
        assertEquals(all, new ResidualMlpReach(List.of(row(1, "as they are", 0, 1, 1, 1, 0))).missing(1));
    }

    @Test
    void whatAFileHoldsWithTodaysSettingsIsNotTrainedAgain(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("residual-reach.csv");
        ResidualMlpReach committed = ResidualMlpReach.read(COMMITTED);
        committed.write(file);
        List<String> told = new ArrayList<>();
        assertEquals(committed, ResidualMlpReach.make(file, ResidualMlpReach.TARGETS, ORIGIN, told::add));
        assertEquals(List.of(), told);
    }

    @Test
    void theCommittedFileHasEveryRunWithTodaysSettings() throws IOException {
        assertEquals(List.of(), ResidualMlpReach.read(COMMITTED).missing(ResidualMlpReach.TARGETS));
    }
}
