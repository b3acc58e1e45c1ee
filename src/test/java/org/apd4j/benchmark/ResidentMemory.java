package org.apd4j.benchmark;

import java.util.Collection;
import java.util.List;
import org.bytedeco.javacpp.Pointer;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.profile.InternalProfiler;
import org.openjdk.jmh.results.AggregationPolicy;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.ScalarResult;

/** The largest resident memory of the process after any iteration. */
public final class ResidentMemory implements InternalProfiler {

    /** The result's name. */
    public static final String LABEL = "memory.resident";

    @Override
    public String getDescription() {
        return "resident memory of the process";
    }

    @Override
    public void beforeIteration(BenchmarkParams benchmark, IterationParams iteration) {
        // read afterwards
    }

    @Override
    public Collection<? extends Result<?>> afterIteration(BenchmarkParams benchmark, IterationParams iteration, IterationResult result) {
        return List.of(new ScalarResult(LABEL, Pointer.physicalBytes() / 1e6, "MB", AggregationPolicy.MAX));
    }
}
