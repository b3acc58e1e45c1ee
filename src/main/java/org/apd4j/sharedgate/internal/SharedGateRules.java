package org.apd4j.sharedgate.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apd4j.decomposition.DecompositionSettings.Reason;
import org.apd4j.decomposition.Divergence;
import org.apd4j.decomposition.Suggestion;
import org.apd4j.math.internal.PlainNumber;
import org.apd4j.sharedgate.SharedGateConfig;
import org.apd4j.sharedgate.SharedGateSpan;
import org.apd4j.targets.Target;

/**
 * The rules by which settings of shared gates are chosen from a target's network and data alone. No coefficient must be given: the price of an open gate
 * is a multiple of the error that the output has without any component, which is measured when a run begins.
 */
public final class SharedGateRules {

    private static final int LEAST_COMPONENTS = 20;
    /** Components for each input of the network, by its kind. */
    private static final double PER_INPUT_OF_CODE = 1.5;
    private static final double PER_INPUT_OF_FUNCTIONS = 2;

    private SharedGateRules() {
    }

    /** Returns the settings for a target, all of whose weights are decomposed. */
    public static Suggestion<SharedGateConfig> suggest(Target target) {
        NetworkKind kind = NetworkKind.of(target.network());
        int inputs = target.network().inputs();
        int components = Math.max(LEAST_COMPONENTS, (int) Math.ceil((kind == NetworkKind.CODE ? PER_INPUT_OF_CODE : PER_INPUT_OF_FUNCTIONS) * inputs));
        SharedGateConfig base = switch (kind) {
            case CODE -> SharedGateConfig.tms5to2();
            case FUNCTIONS -> SharedGateConfig.residualMlp();
        };
        boolean isClassifier = target.isClassifier();
        SharedGateConfig config = base.with(c -> {
            c.components = components;
            c.candidates = Math.max(c.candidates, 4 * components);
            c.divergence = isClassifier ? Divergence.KL : Divergence.MSE;
        });
        List<Reason> reasons = new ArrayList<>();
        reasons.add(new Reason("minimality β", PlainNumber.of(config.minimality()) + " E0", switch (kind) {
            case CODE -> "An open gate costs half of the error E0 that the output has without any component, the rule with hidden reconstruction.";
            case FUNCTIONS -> "An open gate costs as much as the error E0 that the output has without any component, and the keep pass counts 8 times.";
        }));
        reasons.add(kind == NetworkKind.CODE
                ? new Reason("hidden k_h", PlainNumber.of(config.hidden()) + " E0/Eh",
                        "What the later matrices read is linear in the input, so each component can be asked for its own share of it.")
                : new Reason("hidden k_h", "0",
                        "A function lies between the matrices; with pieces of rank one, hidden reconstruction makes their sizes wrong."));
        reasons.add(new Reason("components C", Integer.toString(components), String.format(Locale.ROOT,
                "More than the %d inputs, so that some die; if all stay alive, take twice as many.", inputs)));
        reasons.add(new Reason("divergence", config.divergence().name(),
                isClassifier ? "The outputs are logits." : "The outputs are numbers, not logits."));
        SharedGateSpan span = SharedGateSpan.of(target, config);
        if (!span.leftOut().isEmpty()) {
            reasons.add(new Reason("inSpan", "true", span.sentence()));
        }
        return new Suggestion<>(config, reasons);
    }
}
