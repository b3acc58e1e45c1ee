package org.apd4j.testsupport;

import java.util.List;
import org.apd4j.decomposition.Divergence;
import org.apd4j.decomposition.GateSquashing;
import org.apd4j.spd.Spd;
import org.apd4j.spd.SpdConfig;
import org.apd4j.spd.SpdStart;
import org.apd4j.targets.Target;
import org.apd4j.targets.Tms;

/** Small targets and settings of the method of the room spd. */
public final class SpdCases {

    private SpdCases() {
    }

    private static MethodCase<SpdConfig> of(String name, Target target, SpdConfig config) {
        return new MethodCase<>(name, Spd.METHOD, target, config);
    }

    /** All of them. */
    public static List<MethodCase<SpdConfig>> all() {
        SpdConfig small = SpdConfig.paperTms5to2().with(c -> {
            c.components = 7;
            c.gateWidth = 5;
            c.batch = 700; // more than two parts
            c.steps = 12;
        });
        Target tms = SmallTargets.tied();
        Target mlp = SmallTargets.residual(2);
        return List.of(of("tied", tms, small),
                of("identity", SmallTargets.identity(), small.with(c -> c.parameters = List.of(Tms.ENCODER, Tms.hidden(0)))),
                of("two layers", mlp, small.with(c -> {
                    c.components = 20;
                    c.draws = 2;
                    c.power = 2;
                })),
                of("biases, every loss", SmallTargets.biased(), small.with(c -> {
                    c.power = 0.9;
                    c.reconstruction = 0.5;
                    c.reconstructionLayerwise = 0.5;
                    c.outputReconstruction = 0.5;
                    c.schatten = 0.01;
                    c.divergence = Divergence.KL;
                })),
                of("delta component", mlp, small.with(c -> {
                    c.deltaComponent = true;
                    c.draws = 2;
                })),
                of("tied, delta component", tms, small.with(c -> c.deltaComponent = true)),
                of("later start, warm-up and squashing", mlp, small.with(c -> {
                    c.deltaComponent = true;
                    c.start = SpdStart.INDEPENDENT;
                    c.faithfulnessWarmup = 20;
                    c.squashing = GateSquashing.CLAMPED;
                })),
                of("linear gates", mlp, small.with(c -> c.gateWidth = 0)));
    }
}
