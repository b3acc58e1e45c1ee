package org.apd4j.testsupport;

import org.apd4j.network.Activation;
import org.apd4j.targets.ResidualMlp;
import org.apd4j.targets.ResidualMlpConfig;
import org.apd4j.targets.Target;
import org.apd4j.targets.Tms;
import org.apd4j.targets.TmsConfig;

/** Small untrained targets on which every method is tried. */
final class SmallTargets {

    private SmallTargets() {
    }

    /** Five features in two dimensions; encoder and decoder are tied. */
    static Target tied() {
        return Tms.untrained(TmsConfig.spd5to2(), 1);
    }

    /** The same with an identity between them. */
    static Target identity() {
        return Tms.untrained(TmsConfig.spd5to2().withIdentity(), 1);
    }

    /** A residual MLP without biases. */
    static Target residual(int layers) {
        return ResidualMlp.untrained(ResidualMlpConfig.spdOneLayer().with(c -> {
            c.features = 8;
            c.residual = 30;
            c.neurons = 6;
            c.layers = layers;
            c.probability = 0.1;
        }), 1);
    }

    /** A residual MLP of one layer with GELU and all biases. */
    static Target biased() {
        return ResidualMlp.untrained(ResidualMlpConfig.spdOneLayer().with(c -> {
            c.features = 6;
            c.residual = 10;
            c.neurons = 8;
            c.activation = Activation.GELU;
            c.inputBias = true;
            c.outputBias = true;
            c.probability = 0.3;
        }), 1);
    }
}
