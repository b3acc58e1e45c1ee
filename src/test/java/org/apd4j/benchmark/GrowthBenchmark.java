package org.apd4j.benchmark;

import java.util.concurrent.TimeUnit;
import org.apd4j.apd.Apd;
import org.apd4j.apd.ApdConfig;
import org.apd4j.decomposition.DecompositionRun;
import org.apd4j.network.Activation;
import org.apd4j.targets.ResidualMlp;
import org.apd4j.targets.ResidualMlpConfig;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** The time of a training step when one dimension of the one-layer residual MLP is halved or doubled. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(value = 1, jvmArgsAppend = {"-Xmx3g", "--enable-native-access=ALL-UNNAMED"})
@Warmup(iterations = 2, time = 2)
@Measurement(iterations = 4, time = 2)
public class GrowthBenchmark {

    /** C, m, batch, d_resid. */
    @Param({"130 50 256 1000", "65 50 256 1000", "260 50 256 1000", "130 25 256 1000", "130 12 256 1000", "130 50 128 1000",
            "130 50 512 1000", "130 50 256 500", "130 50 256 2000"})
    private String sizes;

    private DecompositionRun<ApdConfig> run;

    @Setup
    public void start() {
        String[] size = sizes.split(" ");
        var paper = ResidualMlpConfig.paperOneLayer();
        var target = new ResidualMlpConfig(100, Integer.parseInt(size[3]), 50, 1, Activation.RELU, false, false, 0.01, paper.training());
        ApdConfig config = ApdConfig.paperCompressedComputation().with(c -> {
            c.components = Integer.parseInt(size[0]);
            c.rank = Integer.parseInt(size[1]);
            c.batch = Integer.parseInt(size[2]);
        });
        run = Apd.decompose(ResidualMlp.of(target, 0).train(300).trained(), config, 0).train(20);
    }

    @Benchmark
    public DecompositionRun<ApdConfig> step() {
        return run.train(1);
    }
}
