package org.apd4j.sharedgate.internal;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apd4j.decomposition.DecompositionMethod;
import org.apd4j.decomposition.Divergence;
import org.apd4j.decomposition.Objective;
import org.apd4j.decomposition.Remedies;
import org.apd4j.decomposition.Suggestion;
import org.apd4j.decomposition.internal.ParameterChoice;
import org.apd4j.decomposition.internal.TargetPass;
import org.apd4j.math.Matrix;
import org.apd4j.math.RandomStream;
import org.apd4j.math.SparseRows;
import org.apd4j.math.internal.Workers;
import org.apd4j.network.Network;
import org.apd4j.network.Parameter;
import org.apd4j.network.internal.NetworkGraph;
import org.apd4j.sharedgate.GateKind;
import org.apd4j.sharedgate.RandomMasks;
import org.apd4j.sharedgate.SharedGateConfig;
import org.apd4j.sharedgate.SharedGateLoss;
import org.apd4j.targets.Target;

/**
 * The shared-gate method as a {@link DecompositionMethod}. Users call {@link org.apd4j.sharedgate.SharedGate}.
 *
 * <pre>{@code
 * DecompositionMethod<SharedGateConfig> method = new SharedGateMethod();
 * }</pre>
 */
public final class SharedGateMethod implements DecompositionMethod<SharedGateConfig> {

    private static final long CANDIDATES = 0x73685f63616eL;
    private static final long PIECES = 0x73685f706965L;
    private static final long MASKS = 0x73685f6d6173L;
    private static final long RATES = 0x73685f726174L;
    private static final long PRUNING = 0x73685f707275L;
    private static final long RESTART = 0x73685f726573L;
    private static final long GATES = 0x73685f676174L;
    private static final long UNITS = 0x73685f756e69L;
    /** Samples from which the natural units are measured. */
    private static final int MEASURED = 20_000;

    @Override
    public String name() {
        return "Shared gate";
    }

    @Override
    public Class<SharedGateConfig> settings() {
        return SharedGateConfig.class;
    }

    @Override
    public Objective begin(Target target, SharedGateConfig config, long seed, Workers workers) {
        Network network = target.network();
        if (config.divergence() == Divergence.KL && network.outputs() < 2) {
            throw new IllegalArgumentException("the divergence is KL, but '" + target.name() + "' has one output, whose softmax is always 1; use MSE");
        }
        List<String> names = names(network, config);
        Span span = span(network, config);
        boolean emptyIsEmpty = TargetPass.keepsZero(NetworkGraph.of(network, names));
        NonEmptySamples samples = new NonEmptySamples(target.data(), !emptyIsEmpty);
        var objective = new SharedGateObjective(span, config, samples, draws(samples, config, seed, target.data().features()), workers);
        if (objective.layout.others().isEmpty() && config.hidden() > 0) {
            throw new IllegalArgumentException("SharedGateConfig.hidden is " + config.hidden() + ", but '" + target.name()
                    + "' has no decomposed matrix behind another; set it to 0");
        }
        SparseRows x = new SparseRows(target.data().features());
        if (config.units() == SharedGateConfig.Units.NATURAL) {
            samples.draw(UNITS, UNITS, 0, MEASURED, x);
            objective.measureUnits(x);
        }
        samples.draw(seed, CANDIDATES, 0, config.candidates(), x);
        int[] picked = InitialValues.pick(InitialValues.directions(span.network(), objective.layout.graph(), x), config.components());
        start(objective, InitialValues.upright(x, picked), (parameter, component, piece, ofA, to) -> {
            RandomStream random = RandomStream.of(seed, PIECES, parameter, component, piece, ofA ? 0 : 1);
            for (int i = to.offset(); i < to.offset() + to.size(); i++) {
                to.data()[i] = (float) random.nextNormal();
            }
        });
        if (config.gate() == GateKind.MLP) {
            objective.s.fill(1);
            objective.mlps.begin(seed, GATES);
        }
        objective.warmUp();
        return objective;
    }

    /** Sets the values from which the warm-up goes on. */
    static void start(SharedGateObjective objective, Matrix picked, InitialValues.Normals normals) {
        SharedGateConfig config = objective.config();
        InitialValues.firstPieces(objective.network(), objective.layout, objective.pieces, picked, IntStream.range(0, config.components()).toArray(),
                config.start());
        InitialValues.furtherPieces(objective.pieces, normals);
        objective.s.fill((float) (config.gateSlope() / objective.s.rows()));
        objective.b.fill(0);
    }

    private static Draws draws(NonEmptySamples samples, SharedGateConfig config, long seed, int features) {
        return new Draws() {
            @Override
            public void masks(int step, int part, int[] live, int[] of, int count, Matrix r) {
                RandomStream.of(seed, MASKS, step, part).fillUniform(r.data(), 0, r.size());
                if (config.masks() == RandomMasks.CORNER) {
                    float[] rates = new float[r.columns()];
                    RandomStream.of(seed, RATES, step, part).fillUniform(rates, 0, rates.length);
                    for (int row = 0; row < r.rows(); row++) {
                        int from = r.rowStart(row);
                        for (int i = 0; i < rates.length; i++) {
                            r.data()[from + i] = r.data()[from + i] < rates[i] ? 1 : 0;
                        }
                    }
                }
            }

            @Override
            public SparseRows pruning(int number) {
                return drawn(PRUNING, number, config.pruningSamples());
            }

            @Override
            public SparseRows restart(int number) {
                return drawn(RESTART, number, config.restartSamples());
            }

            private SparseRows drawn(long purpose, int number, int rows) {
                SparseRows x = new SparseRows(features);
                samples.draw(seed, purpose, number, rows, x);
                return x;
            }

            @Override
            public void restartPieces(int restart, int rebuilt, int parameter, float[] to) {
                RandomStream random = RandomStream.of(seed, RESTART, restart, rebuilt, parameter);
                for (int i = 0; i < to.length; i++) {
                    to[i] = (float) random.nextNormal();
                }
            }
        };
    }

    private static List<Parameter> parameters(Network network, SharedGateConfig config) {
        return ParameterChoice.of(network, config.parameters(), "SharedGateConfig.parameters");
    }

    private static List<String> names(Network network, SharedGateConfig config) {
        return parameters(network, config).stream().map(Parameter::name).toList();
    }

    /** Returns the part of a network in which the components of these settings lie. */
    public static Span span(Network network, SharedGateConfig config) {
        return Span.of(network, names(network, config), config.inSpan());
    }

    @Override
    public SharedGateConfig canonical(Network network, SharedGateConfig config) {
        List<String> names = ParameterChoice.withoutDefault(network, parameters(network, config));
        return config.with(c -> c.parameters = names);
    }

    @Override
    public List<String> losses(SharedGateConfig config) {
        return config.losses().stream().map(SharedGateLoss::label).toList();
    }

    @Override
    public Map<String, int[]> blocks(Network network, SharedGateConfig config) {
        Map<String, int[]> shapes = new LinkedHashMap<>();
        Span span = span(network, config);
        Layout layout = new Layout(span.network(), span.parameters());
        for (String parameter : span.parameters()) {
            Matrix values = span.network().parameter(parameter).values();
            int rank = layout.isGate(parameter) ? config.gateRank() : config.otherRank();
            shapes.put(SharedGateObjective.aName(parameter), new int[] {rank, config.components(), values.rows()});
            shapes.put(SharedGateObjective.bName(parameter), new int[] {rank, config.components(), values.columns()});
        }
        shapes.put(SharedGateObjective.S, new int[] {layout.gates().size(), config.components()});
        shapes.put(SharedGateObjective.B, new int[] {config.components()});
        GateMlps.addShapes(config, layout, shapes);
        shapes.put(SharedGateObjective.ALIVE, new int[] {config.components()});
        shapes.put(SharedGateObjective.UNITS, new int[] {2});
        return shapes;
    }

    @Override
    public Optional<Suggestion<SharedGateConfig>> suggest(Target target) {
        return Optional.of(SharedGateRules.suggest(target));
    }

    @Override
    public Optional<Remedies> remedies(SharedGateConfig config) {
        return Optional.of(SharedGateRemedies.of(config));
    }

    @Override
    public Map<String, String> describe(SharedGateConfig config) {
        Map<String, String> entries = new LinkedHashMap<>();
        entries.put("components", config.components() + " that span all matrices, with one gate each");
        return entries;
    }

    @Override
    public String toString() {
        return name();
    }
}
