package org.apd4j.benchmark;

import java.util.concurrent.TimeUnit;
import org.apd4j.decomposition.DecompositionRun;
import org.apd4j.sharedgate.SharedGate;
import org.apd4j.sharedgate.SharedGateConfig;
import org.apd4j.targets.ResidualMlp;
import org.apd4j.targets.ResidualMlpConfig;
import org.apd4j.targets.Target;
import org.apd4j.targets.Tms;
import org.apd4j.targets.TmsConfig;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The time of a whole training step of shared gates with the presets, including its batch, as long as all components are there: a step is cheaper once
 * components have been pruned. Targets are untrained, which costs the same.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(value = 1, jvmArgsAppend = {"-Xmx3g", "--enable-native-access=ALL-UNNAMED"})
@Warmup(iterations = 2, time = 4)
@Measurement(iterations = 5, time = 4)
public class SharedGateStepBenchmark {

    /** A target and the settings of its decomposition. */
    public enum Decomposed {
        TMS_5_2,
        TMS_40_10,
        ONE_LAYER,
        TWO_LAYERS;

        private Target target() {
            return switch (this) {
                case TMS_5_2 -> Tms.untrained(TmsConfig.paper5to2(), 0);
                case TMS_40_10 -> Tms.untrained(TmsConfig.paper40to10(), 0);
                case ONE_LAYER -> ResidualMlp.untrained(ResidualMlpConfig.spdOneLayer(), 0);
                case TWO_LAYERS -> ResidualMlp.untrained(ResidualMlpConfig.spdTwoLayers(), 0);
            };
        }

        private SharedGateConfig config() {
            return switch (this) {
                case TMS_5_2 -> SharedGateConfig.tms5to2();
                case TMS_40_10 -> SharedGateConfig.tms40to10();
                case ONE_LAYER, TWO_LAYERS -> SharedGateConfig.residualMlp();
            };
        }
    }

    /** So many that no pruning is reached while a run is measured. */
    private static final int STEPS = 10_000_000;

    @Param
    private Decomposed decomposed;

    private DecompositionRun<SharedGateConfig> run;

    /** Making a run is not measured. */
    @Setup(Level.Iteration)
    public void start() {
        run = SharedGate.decompose(decomposed.target(), decomposed.config().with(c -> c.steps = STEPS), 0);
    }

    @Benchmark
    public DecompositionRun<SharedGateConfig> step() {
        return run.train(1);
    }
}
