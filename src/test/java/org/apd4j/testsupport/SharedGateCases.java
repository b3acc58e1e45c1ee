package org.apd4j.testsupport;

import java.util.List;
import org.apd4j.decomposition.Divergence;
import org.apd4j.sharedgate.GateKind;
import org.apd4j.sharedgate.RandomMasks;
import org.apd4j.sharedgate.SharedGate;
import org.apd4j.sharedgate.SharedGateConfig;
import org.apd4j.targets.Target;

/** Small targets and settings of the method of the room sharedgate. */
public final class SharedGateCases {

    private SharedGateCases() {
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
        return List.of(of("tied, hidden loss", SmallTargets.tied(), small),
                of("signed gates, corner masks", SmallTargets.tied(), small.with(c -> {
                    c.gate = GateKind.SIGNED;
                    c.masks = RandomMasks.CORNER;
                })),
                of("two layers, several pieces, restarts, direction loss", SmallTargets.residual(2), small.with(c -> {
                    c.gateRank = 2;
                    c.otherRank = 3;
                    c.start = SharedGateConfig.Start.OUTPUT;
                    c.gateSlope = 4;
                    c.restarts = List.of(0.2, 0.6);
                    c.restartSamples = 100;
                    c.direction = 1;
                })),
                of("one layer, outputs only", SmallTargets.residual(1), small.with(c -> c.hidden = 0)),
                of("biases, KL", SmallTargets.biased(), small.with(c -> c.divergence = Divergence.KL)),
                of("gates that are MLPs", SmallTargets.residual(2), small.with(c -> {
                    c.gate = GateKind.MLP;
                    c.gateWidth = 5;
                })));
    }
}
