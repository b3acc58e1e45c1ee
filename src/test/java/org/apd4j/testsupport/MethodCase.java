package org.apd4j.testsupport;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apd4j.decomposition.Decomposition;
import org.apd4j.decomposition.DecompositionMethod;
import org.apd4j.decomposition.DecompositionRun;
import org.apd4j.decomposition.DecompositionSettings;
import org.apd4j.decomposition.Factors;
import org.apd4j.decomposition.SoftMask;
import org.apd4j.math.SparseRows;
import org.apd4j.math.internal.Workers;
import org.apd4j.targets.Target;

/** A small target, and settings of a method that decompose it. */
public record MethodCase<S extends Record & DecompositionSettings>(String name, DecompositionMethod<S> method, Target target, S config) {

    /** Those of every method. */
    public static Stream<MethodCase<?>> all() {
        List<MethodCase<?>> all = new ArrayList<>();
        for (SmallRun kind : SmallRun.values()) {
            var run = kind.run(20);
            all.add(new MethodCase<>(kind.name(), run.method(), run.target(), run.config()));
        }
        all.addAll(SpdCases.all());
        all.addAll(SharedGateCases.all());
        return all.stream();
    }

    /** A new run. */
    public DecompositionRun<S> run(Workers workers) {
        return DecompositionRun.begin(method, target, config, 3, workers);
    }

    /** All that the decomposition of a run consists of: the factors, and the importances on some samples. */
    public static float[] values(DecompositionRun<?> run) {
        Decomposition found = run.decomposition();
        List<float[]> all = new ArrayList<>();
        for (Factors factors : found.components().factors()) {
            all.add(factors.a().toArray());
            all.add(factors.b().toArray());
        }
        SparseRows x = found.target().data().sample(7, 50);
        SoftMask importances = found.importance().of(x, found.evaluator());
        for (int l = 0; l < importances.layers(); l++) {
            all.add(importances.layer(l).toArray());
        }
        float[] values = new float[all.stream().mapToInt(part -> part.length).sum()];
        int at = 0;
        for (float[] part : all) {
            System.arraycopy(part, 0, values, at, part.length);
            at += part.length;
        }
        return values;
    }

    @Override
    public String toString() {
        return method.name() + ": " + name;
    }
}
