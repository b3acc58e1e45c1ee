package org.apd4j.interaction;

import static org.junit.jupiter.api.Assertions.fail;

import java.util.List;
import org.apd4j.testsupport.LibGolden;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every number of the recorded runs of the reference, within the tolerance of their description. */
class InteractionGoldenTest {

    static List<String> runs() {
        return LibGolden.runs();
    }

    @ParameterizedTest
    @MethodSource("runs")
    void agreesWithTheReference(String name) {
        if (name.equals("lib_schedules")) {
            RuleAgreement.checkSchedules(LibGolden.load(name).json());
            return;
        }
        if (name.equals("lib_integration_points")) {
            RuleAgreement.checkIntegrationPoints(LibGolden.load(name).json());
            return;
        }
        LibGolden run = LibGolden.load(name, "weights", "digits", "expected");
        // the stored networks of the full modular addition name no kind
        String kind = run.json().path("kind").asText(name.startsWith("lib_modadd_seed") ? "full modadd" : "");
        switch (kind) {
            case "mlp" -> {
                MlpAgreement agreement = new MlpAgreement(run);
                if (run.json().has("LIB")) {
                    agreement.checkLarge();
                } else {
                    agreement.check();
                }
            }
            case "modadd", "lm" -> new TransformerAgreement(run).check();
            case "full modadd" -> new ModularAdditionAgreement(run).check();
            default -> fail("the golden run " + name + " is of the kind '" + kind + "', which this test does not know");
        }
    }
}
