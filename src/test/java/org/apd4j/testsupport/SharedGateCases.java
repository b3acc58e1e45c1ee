package org.apd4j.testsupport;

import java.util.List;
import org.apd4j.decomposition.Divergence;
import org.apd4j.network.Activation;
import org.apd4j.sharedgate.GateKind;
import org.apd4j.sharedgate.RandomMasks;
import org.apd4j.sharedgate.SharedGate;
import org.apd4j.sharedgate.SharedGateConfig;
import org.apd4j.targets.ResidualMlp;
import org.apd4j.targets.ResidualMlpConfig;
import org.apd4j.targets.Target;
import org.apd4j.targets.Tms;
import org.apd4j.targets.TmsConfig;

/** Small targets and settings of the method of the room sharedgate. */
public final class SharedGateCases {

    private SharedGateCases() {
    }

    private static Target residual(int layers) {
        ResidualMlpConfig config = layers == 1 ? ResidualMlpConfig.spdOneLayer() : ResidualMlpConfig.spdTwoLayers();
        return ResidualMlp.untrained(config.with(c -> {
            c.features = 8;
            c.residual = 30;
            c.neurons = 6;
            c.probability = 0.1;
        }), 1);
    }

    private static MethodCase<SharedGateConfig> of(String name, Target target, SharedGateConfig config) {
        return new MethodCase<>(name, SharedGate.METHOD, target, config);
    }

    /** All of them. */
    public static List<MethodCase<SharedGateConfig>> all() {
        SharedGateConfig small = SharedGateConfig.tms5to2().with(c -> {
            c.components = 9;
            c.candidates = 60;
            c.batch = 600; // more than two parts
            c.steps = 20;
            c.prunings = List.of(0.3, 0.7);
            c.pruningSamples = 700;
            c.warmupSteps = 5;
        });
        Target biased = ResidualMlp.untrained(ResidualMlpConfig.spdOneLayer().with(c -> {
            c.features = 6;
            c.residual = 10;
            c.neurons = 8;
            c.activation = Activation.GELU;
            c.inputBias = true;
            c.outputBias = true;
            c.probability = 0.3;
        }), 1);
        return List.of(of("tied, hidden loss", Tms.untrained(TmsConfig.spd5to2(), 1), small),
                of("signed gates, corner masks", Tms.untrained(TmsConfig.spd5to2(), 1), small.with(c -> {
                    c.gate = GateKind.SIGNED;
                    c.masks = RandomMasks.CORNER;
                })),
                of("two layers, several pieces, restarts, direction loss", residual(2), small.with(c -> {
                    c.gateRank = 2;
                    c.otherRank = 3;
                    c.start = SharedGateConfig.Start.OUTPUT;
                    c.gateSlope = 4;
                    c.restarts = List.of(0.2, 0.6);
                    c.restartSamples = 100;
                    c.direction = 1;
                })),
                of("one layer, outputs only", residual(1), small.with(c -> c.hidden = 0)),
                of("biases, KL", biased, small.with(c -> c.divergence = Divergence.KL)));
    }
}
