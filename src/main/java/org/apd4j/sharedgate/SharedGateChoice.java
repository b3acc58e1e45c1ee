package org.apd4j.sharedgate;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apd4j.Summarized;
import org.apd4j.Summary;
import org.apd4j.decomposition.DecompositionSettings;
import org.apd4j.decomposition.Divergence;
import org.apd4j.sharedgate.internal.NetworkKind;
import org.apd4j.targets.Target;

/**
 * Settings for a target, chosen from its network and data alone, with a reason for each. No coefficient must be given: the price of an open gate is a
 * multiple of the error that the output has without any component, which is measured when a run begins.
 *
 * <pre>{@code
 * SharedGateChoice choice = SharedGateChoice.of(target.trained());
 * System.out.println(choice.summary());
 * var run = SharedGate.decompose(target, choice.config()).train();
 * }</pre>
 *
 * @param config  the settings
 * @param reasons the reason for each setting, the most important first
 */
public record SharedGateChoice(SharedGateConfig config, List<DecompositionSettings.Reason> reasons) implements Summarized {

    private static final int LEAST_COMPONENTS = 20;
    /** Components for each input of the network. */
    private static final double PER_INPUT = 1.5;

    /** Creates a choice. */
    public SharedGateChoice {
        reasons = List.copyOf(reasons);
    }

    /** Returns the settings for a target, all of whose weights are decomposed. */
    public static SharedGateChoice of(Target target) {
        NetworkKind kind = NetworkKind.of(target.network());
        int inputs = target.network().inputs();
        int components = Math.max(LEAST_COMPONENTS, (int) Math.ceil(PER_INPUT * inputs));
        SharedGateConfig base = switch (kind) {
            case CODE -> SharedGateConfig.tms5to2();
            case ONE_GATE_MATRIX -> SharedGateConfig.oneLayer();
            case SEVERAL_GATE_MATRICES -> SharedGateConfig.twoLayers();
        };
        boolean isClassifier = target.isClassifier();
        SharedGateConfig config = base.with(c -> {
            c.components = components;
            c.candidates = Math.max(c.candidates, 4 * components);
            c.divergence = isClassifier ? Divergence.KL : Divergence.MSE;
        });
        List<DecompositionSettings.Reason> reasons = new ArrayList<>();
        reasons.add(new DecompositionSettings.Reason("minimality β", text(config.minimality()) + " E0", switch (kind) {
            case CODE -> "An open gate costs half of the error E0 that the output has without any component, the rule with hidden reconstruction.";
            case ONE_GATE_MATRIX -> "An open gate costs as much as the error E0 that the output has without any component, and the keep pass counts 8 times.";
            case SEVERAL_GATE_MATRICES -> "An open gate costs 3.5 times the error E0 that the output has without any component, and the keep pass counts"
                    + " 32 times.";
        }));
        reasons.add(kind == NetworkKind.CODE
                ? new DecompositionSettings.Reason("hidden k_h", text(config.hidden()) + " E0/Eh",
                        "What the later matrices read is linear in what the first ones write: a code, of which each component is asked for its part.")
                : new DecompositionSettings.Reason("hidden k_h", "0",
                        "A function lies between the matrices; with pieces of rank one, hidden reconstruction makes their sizes wrong."));
        if (config.direction() > 0) {
            reasons.add(new DecompositionSettings.Reason("direction k_d", text(config.direction()) + " E0/Eh",
                    "Several matrices read the input; what each makes of the input alone is asked to have the target's direction."));
        }
        reasons.add(new DecompositionSettings.Reason("components C", Integer.toString(components), String.format(Locale.ROOT,
                "More than the %d inputs, so that some die; if all stay alive, take twice as many.", inputs)));
        reasons.add(new DecompositionSettings.Reason("divergence", config.divergence().name(),
                isClassifier ? "The outputs are logits." : "The outputs are numbers, not logits."));
        return new SharedGateChoice(config, reasons);
    }

    private static String text(double value) {
        return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
    }

    @Override
    public Summary summary() {
        Map<String, String> entries = new LinkedHashMap<>();
        reasons.forEach(reason -> entries.put(reason.setting() + " = " + reason.value(), reason.why()));
        return new Summary("Settings of shared gates", entries);
    }
}
