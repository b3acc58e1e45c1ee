package org.apd4j.benchmark;

import org.apd4j.apd.Apd;
import org.apd4j.apd.ApdConfig;
import org.apd4j.decomposition.DecompositionRun;
import org.apd4j.targets.GatedFunctions;
import org.apd4j.targets.ResidualMlp;
import org.apd4j.targets.ResidualMlpConfig;
import org.apd4j.targets.Target;
import org.apd4j.targets.Tms;
import org.apd4j.targets.TmsConfig;

/** The paper's experiments with the paper's settings, on targets trained just far enough to have a realistic sparsity. */
public enum Experiment {
    TMS_5_2("TMS 5-2", 5000),
    TMS_40_10("TMS 40-10", 1000),
    COMPRESSED_COMPUTATION("compressed computation", 30),
    CROSS_LAYER("cross-layer", 30),
    GATED_FUNCTIONS("gated functions", 1500);

    private final String label;
    private final int warmupSteps;

    Experiment(String label, int warmupSteps) {
        this.label = label;
        this.warmupSteps = warmupSteps;
    }

    /** The experiment's name for people. */
    public String label() {
        return label;
    }

    /** A target, trained. */
    public Target target() {
        return switch (this) {
            case TMS_5_2 -> Tms.of(TmsConfig.paper5to2(), 0).train().trained();
            case TMS_40_10 -> Tms.of(TmsConfig.paper40to10(), 0).train().trained();
            case COMPRESSED_COMPUTATION -> ResidualMlp.of(ResidualMlpConfig.paperOneLayer(), 0).train(500).trained();
            case CROSS_LAYER -> ResidualMlp.of(ResidualMlpConfig.paperTwoLayers(), 0).train(500).trained();
            case GATED_FUNCTIONS -> GatedFunctions.paper(0).target();
        };
    }

    /** The paper's settings. */
    public ApdConfig config() {
        return switch (this) {
            case TMS_5_2 -> ApdConfig.paperTms5to2();
            case TMS_40_10 -> ApdConfig.paperTms40to10();
            case COMPRESSED_COMPUTATION -> ApdConfig.paperCompressedComputation();
            case CROSS_LAYER -> ApdConfig.paperCrossLayer();
            case GATED_FUNCTIONS -> ApdConfig.paperGatedFunctions();
        };
    }

    /** A run on its way: compiled, and with the masks and activations of training. */
    public DecompositionRun<ApdConfig> run() {
        return Apd.decompose(target(), config(), 0).train(warmupSteps);
    }
}
