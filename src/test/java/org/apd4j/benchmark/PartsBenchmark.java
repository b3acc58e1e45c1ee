package org.apd4j.benchmark;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apd4j.apd.ApdConfig;
import org.apd4j.apd.HiddenLayer;
import org.apd4j.apd.internal.ApdObjective;
import org.apd4j.apd.internal.Simplicity;
import org.apd4j.apd.internal.SparseLosses;
import org.apd4j.decomposition.AttributionKind;
import org.apd4j.decomposition.Components;
import org.apd4j.decomposition.DecompositionRun;
import org.apd4j.decomposition.Mask;
import org.apd4j.decomposition.Selection;
import org.apd4j.decomposition.internal.Attributions;
import org.apd4j.decomposition.internal.ComponentSum;
import org.apd4j.decomposition.internal.SparsePass;
import org.apd4j.math.RandomStream;
import org.apd4j.math.SparseRows;
import org.apd4j.math.internal.Workers;
import org.apd4j.network.internal.DensePass;
import org.apd4j.network.internal.LinearParts;
import org.apd4j.network.internal.NetworkGraph;
import org.apd4j.training.internal.Optimizer;
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

/** The parts of a training step, each measured separately. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(value = 1, jvmArgsAppend = {"-Xmx3g", "--enable-native-access=ALL-UNNAMED"})
@Warmup(iterations = 1, time = 1)
@Measurement(iterations = 3, time = 1)
public class PartsBenchmark {

    @Param
    private Experiment experiment;

    private DecompositionRun<ApdConfig> run;
    private ApdConfig config;
    private ApdObjective objective;
    private Optimizer optimizer;
    private LinearParts parts;
    private DensePass target;
    private ComponentSum sum;
    private Attributions attributions;
    private Mask mask;
    private SparsePass sparse;
    private NetworkGraph graph;
    private SparseLosses losses;
    private Simplicity simplicity;
    private SparseRows x;

    @Setup
    public void start() {
        run = experiment.run();
        config = run.config();
        Components components = run.decomposition().components();
        Workers workers = Workers.all();
        objective = ApdObjective.of(run.target().network(), components, config, 0, workers);
        optimizer = new Optimizer(0, workers);
        objective.register(optimizer);
        graph = observing(components.graph());
        parts = new LinearParts(graph, components.layerWeights(run.target().network())).share();
        target = new DensePass(graph, workers, config.hiddenReconstruction() > 0);
        sum = new ComponentSum(components, workers);
        attributions = new Attributions(components, sum, false, workers);
        mask = new Mask(components.count());
        sparse = new SparsePass(components, workers);
        losses = new SparseLosses(config, graph);
        simplicity = new Simplicity(config, components);
        x = new SparseRows(run.target().network().inputs());
        batch();
        targetPass();
        attributions();
        topK();
        sparsePass();
    }

    /** Returns the graph with the layers observed that hidden reconstruction compares. */
    private NetworkGraph observing(NetworkGraph plain) {
        List<String> parameters = plain.layers().stream().map(NetworkGraph.Layer::parameter).toList();
        List<String> nodes = plain.layers().stream().map(NetworkGraph.Layer::node).toList();
        return plain.observing(HiddenLayer.of(run.target().network(), parameters).stream()
                .map(layer -> new NetworkGraph.Observed(nodes.indexOf(layer.node()), layer.rectified())).toList());
    }

    @Benchmark
    public void batch() {
        run.target().data().sample(RandomStream.of(1), config.batch(), x);
    }

    @Benchmark
    public void targetPass() {
        target.forward(x, parts);
    }

    @Benchmark
    public void attributions() {
        attributions.compute(AttributionKind.GRADIENT_FROM_TARGET, target, target);
    }

    @Benchmark
    public void topK() {
        mask.select((Selection) config.sparsity(), attributions.values(), attributions.rows(), x.rows());
    }

    @Benchmark
    public void sparsePass() {
        sparse.forward(x, mask);
        losses.compute(sparse, target, x.rows());
        sparse.backward();
    }

    @Benchmark
    public void sumOfComponents() {
        sum.compute();
    }

    @Benchmark
    public double simplicityLoss() {
        return simplicity.compute(mask, Workers.all());
    }

    /** Computes all losses and gradients: everything but the batch and the update. */
    @Benchmark
    public double[] lossesAndGradients() {
        return objective.computeAll(x, 0, optimizer);
    }

    @Benchmark
    public void adam() {
        optimizer.update(1, 0);
    }
}
