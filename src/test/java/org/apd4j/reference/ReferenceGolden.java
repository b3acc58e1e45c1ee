package org.apd4j.reference;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apd4j.reference.ReferenceApd.Factors;
import org.apd4j.testsupport.GoldenRun;

/** A golden run, converted for the reference implementation. */
public final class ReferenceGolden {

    private ReferenceGolden() {
    }

    /** The target of a decomposition ({@code prefix} "target."), or a target at the start of its training ("init."). */
    public static ReferenceNetwork network(GoldenRun run, String prefix) {
        var net = run.network();
        if (net.tms()) {
            List<double[][]> hidden = new ArrayList<>();
            for (int i = 0; i < net.hiddenLayers(); i++) {
                hidden.add(run.matrix(prefix + "hidden_layers." + i + ".W", net.hidden(), net.hidden()));
            }
            return new ReferenceNetwork.Tms(run.matrix(prefix + "linear1.W", net.features(), net.hidden()), hidden,
                    run.array(prefix + "b_final", net.features()));
        }
        var blocks = new ArrayList<ReferenceNetwork.Block>();
        for (int i = 0; i < net.layers(); i++) {
            String layer = prefix + "layers." + i + ".";
            blocks.add(new ReferenceNetwork.Block(run.matrix(layer + "mlp_in.W", net.residual(), net.mlp()),
                    net.biasIn() ? run.array(layer + "bias_in", net.mlp()) : null,
                    run.matrix(layer + "mlp_out.W", net.mlp(), net.residual()),
                    net.biasOut() ? run.array(layer + "bias_out", net.residual()) : null));
        }
        return new ReferenceNetwork.ResidualMlp(run.matrix("target.W_E", net.features(), net.residual()),
                run.matrix("target.W_U", net.residual(), net.features()), blocks,
                ReferenceNetwork.Activation.valueOf(net.activation().toUpperCase(Locale.ROOT)));
    }

    /** The configuration of a decomposition. */
    public static ReferenceApd.Configuration configuration(GoldenRun run) {
        var decomposition = run.decomposition();
        ReferenceApd.Selection selection = switch (decomposition.selection()) {
            case "batch top-k" -> new ReferenceApd.BatchTopK(decomposition.k());
            case "per-sample top-k" -> new ReferenceApd.PerSampleTopK((int) decomposition.k());
            default -> new ReferenceApd.Lp(decomposition.q());
        };
        return new ReferenceApd.Configuration(
                ReferenceApd.Attributions.valueOf(decomposition.attributions().toUpperCase(Locale.ROOT).replace(' ', '_')), selection,
                decomposition.coefficients(), decomposition.simplicityP(), false, decomposition.unitNorm(), settings(run));
    }

    /** Learning rates and weight decay. */
    public static ReferenceOptimizer.Settings settings(GoldenRun run) {
        var optimizer = run.optimizer();
        return new ReferenceOptimizer.Settings(optimizer.lr(),
                ReferenceOptimizer.Schedule.valueOf(optimizer.schedule().toUpperCase(Locale.ROOT)), optimizer.warmup(), optimizer.steps(),
                optimizer.halflife(), optimizer.weightDecay());
    }

    /** The factors at the start. */
    public static Map<String, Factors> factors(GoldenRun run) {
        var decomposition = run.decomposition();
        int components = decomposition.components();
        int m = decomposition.m();
        var factors = new LinkedHashMap<String, Factors>();
        for (var layer : run.layers()) {
            String name = "init." + layer.name();
            factors.put(layer.name(), Factors.of(run.array(name + ".A", components, layer.in(), m),
                    run.array(name + ".B", components, m, layer.out()), components, layer.in(), m, layer.out()));
        }
        return factors;
    }
}
