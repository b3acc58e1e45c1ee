package org.apd4j.benchmark;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Locale;
import org.apd4j.math.internal.Workers;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/**
 * Runs the benchmarks and prints a table: {@code python3 environment/lab.py bench [JMH options and patterns]}. Without a pattern it runs whole steps
 * and their parts. The results are also written to {@code environment/output/benchmark.json}. With the kernels that most of a
 * step of SPD consists of, {@code "Kernel.*(product512|gateOf16|adamMillion)"}, it also prints what its arithmetic costs in full.
 */
public final class Benchmarks {

    private Benchmarks() {
    }

    /** Runs the benchmarks whose names match a pattern, for example {@code Step}, {@code Parts} or {@code Growth}; the arguments are those of JMH. */
    public static void main(String[] arguments) throws Exception {
        var given = new CommandLineOptions(arguments);
        Path results = Path.of("environment", "output", "benchmark.json");
        Files.createDirectories(results.getParent());
        var options = new OptionsBuilder().parent(given).addProfiler(GCProfiler.class).addProfiler(ResidentMemory.class)
                .resultFormat(ResultFormatType.JSON).result(results.toString());
        if (given.getIncludes().isEmpty()) {
            options.include("StepBenchmark|PartsBenchmark");
        }
        Collection<RunResult> all = new Runner(options.build()).run();
        System.out.printf(Locale.ROOT, "%n%d threads, Java %s, %s%n%n", Workers.availableThreads(), System.getProperty("java.version"),
                System.getProperty("os.name") + " " + System.getProperty("os.arch"));
        System.out.println("| benchmark | setting | ms | ± | kB allocated | MB resident |");
        System.out.println("| --- | --- | ---: | ---: | ---: | ---: |");
        all.forEach(Benchmarks::printRow);
        System.out.println("\nAlso in " + results);
        printArithmetic(all);
    }

    /** Prints what the arithmetic of steps of SPD costs, if the kernels that it consists of are among the results. */
    private static void printArithmetic(Collection<RunResult> all) {
        double gate = milliseconds(all, "gateOf16For1024Inputs");
        double product = milliseconds(all, "product512x512x512");
        double update = milliseconds(all, "adamMillionValues");
        if (Double.isNaN(gate + product + update)) {
            return;
        }
        var rates = new SpdArithmetic.Rates(gate / KernelBenchmark.GATE_EVALUATIONS * 1e6, product / KernelBenchmark.PRODUCT_GFLOP,
                update / KernelBenchmark.UPDATED_VALUES * 1e6);
        int cores = Workers.availableThreads();
        System.out.printf(Locale.ROOT, "%nOne core: %.2f ns an evaluation of a gate's hidden neuron, there and back; %.0f GFLOP/s in products; %.2f ms "
                + "for the update of a million values. Steps of SPD at these rates, each gate evaluated and "
                + "no product folded, ms:%n%n", rates.gate(), 1e3 / rates.product(), rates.update());
        System.out.println("| step | gates, one core | products | update | all, on " + cores + (cores == 1 ? " core |" : " cores |"));
        System.out.println("| --- | ---: | ---: | ---: | ---: |");
        for (var step : SpdStepBenchmark.Decomposed.values()) {
            System.out.println(SpdArithmetic.of(step.target(), step.config(), rates).line(step.toString(), cores));
        }
    }

    private static double milliseconds(Collection<RunResult> all, String benchmark) {
        return all.stream().filter(result -> result.getParams().getBenchmark().endsWith("." + benchmark))
                .mapToDouble(result -> result.getPrimaryResult().getScore()).findFirst().orElse(Double.NaN);
    }

    private static void printRow(RunResult result) {
        String name = result.getParams().getBenchmark();
        String[] words = name.split("\\.");
        var setting = new StringBuilder();
        for (String key : result.getParams().getParamsKeys()) {
            setting.append(result.getParams().getParam(key));
        }
        Result<?> time = result.getPrimaryResult();
        System.out.printf(Locale.ROOT, "| %s | %s | %.3f | %.3f | %s | %s |%n", words[words.length - 2].replace("Benchmark", "") + ": "
                + words[words.length - 1], setting, time.getScore(), time.getScoreError(), secondary(result, "gc.alloc.rate.norm", 1e-3),
                secondary(result, ResidentMemory.LABEL, 1));
    }

    private static String secondary(RunResult result, String label, double scale) {
        for (String key : result.getSecondaryResults().keySet()) {
            if (key.endsWith(label)) {
                return String.format(Locale.ROOT, "%.0f", result.getSecondaryResults().get(key).getScore() * scale);
            }
        }
        return "";
    }
}
