package org.apd4j.testsupport;

import java.util.List;
import org.apd4j.apd.Apd;
import org.apd4j.apd.ApdConfig;
import org.apd4j.apd.HiddenLayer;
import org.apd4j.apd.LpPenalty;
import org.apd4j.data.SparseFeatures;
import org.apd4j.decomposition.AttributionKind;
import org.apd4j.decomposition.DecompositionRun;
import org.apd4j.decomposition.Divergence;
import org.apd4j.decomposition.Selection;
import org.apd4j.math.Matrix;
import org.apd4j.math.RandomStream;
import org.apd4j.network.Activation;
import org.apd4j.network.Network;
import org.apd4j.network.Parameter.Role;
import org.apd4j.targets.GatedFunctions;
import org.apd4j.targets.ResidualMlp;
import org.apd4j.targets.ResidualMlpConfig;
import org.apd4j.targets.Target;
import org.apd4j.targets.Tms;
import org.apd4j.targets.TmsConfig;
import org.apd4j.training.Schedule;

/** Small runs of every kind of target and settings. */
public enum SmallRun {
    TMS_FROM_COMPONENTS, RESIDUAL_MLP_WITH_UNIT_NORM, LP, PER_SAMPLE, GATED_FUNCTIONS, OWN_CLASSIFIER;

    public DecompositionRun<ApdConfig> run(int steps) {
        return Apd.decompose(target(), config(steps), 7);
    }

    public Target target() {
        if (this == GATED_FUNCTIONS) {
            return GatedFunctions.paper(3).target();
        }
        if (this == OWN_CLASSIFIER) {
            return Target.of("classifier", classifier(), new SparseFeatures(6, 0.5, -1, 1));
        }
        if (this == RESIDUAL_MLP_WITH_UNIT_NORM) {
            Target sparse = ResidualMlp.untrained(new ResidualMlpConfig(12, 16, 6, 2, Activation.GELU, true, true, 0.2,
                    ResidualMlpConfig.paperOneLayer().training()), 3);
            var data = (SparseFeatures) sparse.data();
            return new Target(sparse.name(), sparse.network(), data.exactly(2), sparse.labels());
        }
        return Tms.untrained(new TmsConfig(5, 2, this == LP ? 1 : 0, 0.3, 1, TmsConfig.paper5to2().training()), 3);
    }

    /** Returns a network with the parts that the paper's networks lack: layer norm, tanh, a residual connection over it, softmax. */
    private static Network classifier() {
        Matrix gain = Matrix.over(new float[] {1, 0.5f, 2, -1, 1}, 1, 5);
        Matrix bias = Matrix.over(new float[] {0, 0.1f, -0.2f, 0, 0.3f}, 1, 5);
        return Network.builder(6).dense("first", "input", 5, RandomStream.of(1))
                .activation("tanh", "first", Activation.TANH)
                .parameter("gain", Role.FIXED, gain).parameter("bias", Role.FIXED, bias).layerNorm("norm", "tanh", "gain", "bias", 1e-5)
                .dense("second", "norm", 5, RandomStream.of(2)).activation("sigmoid", "second", Activation.SIGMOID).sum("stream", "tanh", "sigmoid")
                .dense("logits", "stream", 4, RandomStream.of(3)).softmax("class", "logits").build();
    }

    public ApdConfig config(int steps) {
        return switch (this) {
            case OWN_CLASSIFIER -> ApdConfig.paperCompressedComputation().with(c -> {
                c.steps = steps;
                c.batch = 16;
                c.components = 6;
                c.rank = 2;
                c.divergence = Divergence.KL;
                c.projections = 2;
                c.hiddenLayers = List.of(new HiddenLayer("first.linear", true));
            });
            case TMS_FROM_COMPONENTS -> ApdConfig.paperTms5to2().with(c -> {
                c.steps = steps;
                c.batch = 32;
            });
            case RESIDUAL_MLP_WITH_UNIT_NORM -> ApdConfig.paperCompressedComputation().with(c -> {
                c.steps = steps;
                c.batch = 16;
                c.components = 9;
                c.rank = 3;
            });
            case LP -> ApdConfig.paperTms40to10().with(c -> {
                c.steps = steps;
                c.batch = 32;
                c.components = 6;
                c.rank = 2;
                c.sparsity = new LpPenalty(0.9);
                c.schedule = Schedule.exponential(10);
            });
            case GATED_FUNCTIONS -> ApdConfig.paperGatedFunctions().with(c -> {
                c.steps = steps;
                c.batch = 32;
            });
            case PER_SAMPLE -> ApdConfig.paperTms5to2().with(c -> {
                c.steps = steps;
                c.batch = 32;
                c.sparsity = Selection.perSampleTopK(2);
                c.attributions = AttributionKind.ABLATION;
                c.outputReconstruction = 1;
            });
        };
    }
}
