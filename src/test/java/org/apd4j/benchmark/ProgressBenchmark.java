package org.apd4j.benchmark;

import com.google.gson.Gson;
import io.github.spencerpark.jupyter.kernel.display.DisplayData;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.apd4j.notebook.internal.ProgressBoard;
import org.apd4j.notebook.internal.Screen;
import org.apd4j.training.LossHistory;
import org.apd4j.training.Phase;
import org.apd4j.training.Progress;
import org.apd4j.training.ProgressListener;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The time that a progress report takes from the training thread in a notebook: the HTML with its chart of a full history of five losses, and the
 * signed message of the kernel. There are two reports a second, so 5 ms would be one per cent of a run.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(value = 1, jvmArgsAppend = "-Xmx1g")
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class ProgressBenchmark {

    private static final int STEPS = 20_000;

    private final LossHistory history = new LossHistory(List.of("faithfulness", "minimality", "simplicity", "schatten", "total"));
    private final AtomicLong clock = new AtomicLong();
    private final Wire wire = new Wire();
    private final ProgressListener one = new ProgressBoard("run", List.of("run"), wire, clock::get).listener("run");
    private final List<String> names = List.of("0", "1", "2", "3", "4", "5", "6", "7", "8", "9");
    private final ProgressBoard ten = new ProgressBoard("runs", names, wire, clock::get);

    public ProgressBenchmark() {
        for (int step = 0; step < STEPS; step++) {
            history.record(step, 1.0 / (step + 1), Math.exp(-step * 1e-3), 2 + Math.sin(step), 0.1, 3 + Math.cos(step));
        }
        for (String name : names) {
            ten.listener(name).on(report(name));
        }
    }

    private Progress report(String run) {
        clock.addAndGet(500_000_000L);
        return new Progress(run, Phase.RUNNING, STEPS / 2, STEPS, 10, 1000, history);
    }

    @Benchmark
    public int ofOneRun() {
        one.on(report("run"));
        return wire.bytes;
    }

    @Benchmark
    public int ofTenSeeds() {
        ten.listener("3").on(report("3"));
        return wire.bytes;
    }

    /** Does what the kernel does with a message, except sending it. */
    private static final class Wire implements Screen {

        private final Gson gson = new Gson();
        private int bytes;

        @Override
        public void show(DisplayData data) {
            update(data);
        }

        @Override
        public void update(DisplayData data) {
            try {
                byte[] message = gson.toJson(data).getBytes(StandardCharsets.UTF_8);
                Mac mac = Mac.getInstance("HmacSHA256");
                mac.init(new SecretKeySpec("key".getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
                bytes = message.length + mac.doFinal(message).length;
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
