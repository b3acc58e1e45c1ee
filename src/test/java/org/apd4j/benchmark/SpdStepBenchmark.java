package org.apd4j.benchmark;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apd4j.decomposition.DecompositionRun;
import org.apd4j.spd.Spd;
import org.apd4j.spd.SpdConfig;
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

/** The time of a whole training step of SPD at the paper's settings, including its batch. The targets are untrained, which costs the same. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(value = 1, jvmArgsAppend = {"-Xmx3g", "--enable-native-access=ALL-UNNAMED"})
@Warmup(iterations = 2, time = 4)
@Measurement(iterations = 5, time = 4)
public class SpdStepBenchmark {

    /** A target and the settings of its decomposition. */
    public enum Decomposed {
        TMS_5_2,
        TMS_5_2_ID,
        TMS_40_10,
        TMS_40_10_ID,
        ONE_LAYER,
        TWO_LAYERS,
        THREE_LAYERS;

        Target target() {
            return switch (this) {
                case TMS_5_2 -> Tms.untrained(TmsConfig.spd5to2(), 0);
                case TMS_5_2_ID -> Tms.untrained(TmsConfig.spd5to2().withIdentity(), 0);
                case TMS_40_10 -> Tms.untrained(TmsConfig.spd40to10(), 0);
                case TMS_40_10_ID -> Tms.untrained(TmsConfig.spd40to10().withIdentity(), 0);
                case ONE_LAYER -> ResidualMlp.untrained(ResidualMlpConfig.spdOneLayer(), 0);
                case TWO_LAYERS -> ResidualMlp.untrained(ResidualMlpConfig.spdTwoLayers(), 0);
                case THREE_LAYERS -> ResidualMlp.untrained(ResidualMlpConfig.spdThreeLayers(), 0);
            };
        }

        SpdConfig config() {
            return switch (this) {
                case TMS_5_2 -> SpdConfig.paperTms5to2();
                case TMS_5_2_ID -> withIdentity(SpdConfig.paperTms5to2());
                case TMS_40_10 -> SpdConfig.paperTms40to10();
                case TMS_40_10_ID -> withIdentity(SpdConfig.paperTms40to10());
                case ONE_LAYER -> SpdConfig.paperOneLayer();
                case TWO_LAYERS -> SpdConfig.paperTwoLayers();
                case THREE_LAYERS -> SpdConfig.paperThreeLayers();
            };
        }

        private static SpdConfig withIdentity(SpdConfig config) {
            return config.with(c -> c.parameters = List.of(Tms.ENCODER, Tms.hidden(0)));
        }
    }

    @Param
    private Decomposed decomposed;

    private DecompositionRun<SpdConfig> run;

    /** A run must not come to its end while it is measured. */
    @Setup(Level.Iteration)
    public void start() {
        if (run == null || run.step() > run.steps() / 2) {
            run = Spd.decompose(decomposed.target(), decomposed.config(), 0);
        }
    }

    @Benchmark
    public DecompositionRun<SpdConfig> step() {
        return run.train(1);
    }
}
