package org.apd4j.testsupport;

import java.util.List;
import org.apd4j.decomposition.Divergence;
import org.apd4j.decomposition.GateSquashing;
import org.apd4j.network.Activation;
import org.apd4j.spd.Spd;
import org.apd4j.spd.SpdConfig;
import org.apd4j.spd.SpdStart;
import org.apd4j.targets.ResidualMlp;
import org.apd4j.targets.ResidualMlpConfig;
import org.apd4j.targets.Target;
import org.apd4j.targets.Tms;
import org.apd4j.targets.TmsConfig;

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
        Target tms = Tms.untrained(TmsConfig.spd5to2(), 1);
        Target mlp = ResidualMlp.untrained(ResidualMlpConfig.spdTwoLayers().with(c -> {
            c.features = 12;
            c.residual = 30;
            c.neurons = 5;
            c.probability = 0.1;
        }), 1);
        Target biased = ResidualMlp.untrained(ResidualMlpConfig.spdOneLayer().with(c -> {
            c.features = 6;
            c.residual = 10;
            c.neurons = 8;
            c.activation = Activation.GELU;
            c.inputBias = true;
            c.outputBias = true;
            c.probability = 0.3;
        }), 1);
        return List.of(of("tied", tms, small),
                of("identity", Tms.untrained(TmsConfig.spd5to2().withIdentity(), 1),
                        small.with(c -> c.parameters = List.of(Tms.ENCODER, Tms.hidden(0)))),
                of("two layers", mlp, small.with(c -> {
                    c.components = 20;
                    c.draws = 2;
                    c.power = 2;
                })),
                of("biases, every loss", biased, small.with(c -> {
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
