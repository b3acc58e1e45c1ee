package org.apd4j.interaction;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What the reference computes without a network: its ablation schedules, and the points of its integration rules. */
final class RuleAgreement {

    private RuleAgreement() {
    }

    /** Compares the schedules, each of which is recorded under a text with its settings. */
    static void checkSchedules(JsonNode json) {
        List<String> checked = new ArrayList<>();
        json.properties().forEach(entry -> {
            String text = entry.getKey();
            if (text.equals("note")) {
                return;
            }
            List<Integer> expected = new ArrayList<>();
            entry.getValue().forEach(value -> expected.add(value.asInt()));
            assertEquals(expected, schedule(text).ablated(number(text, "d=")), text);
            checked.add(text);
        });
        assertTrue(checked.size() >= 12, checked.toString());
    }

    private static AblationSchedule schedule(String text) {
        AblationSchedule schedule;
        if (text.startsWith("linear")) {
            schedule = AblationSchedule.linear(number(text, "n_points="));
        } else if (text.contains("cutoff=None")) {
            schedule = AblationSchedule.every();
        } else {
            schedule = AblationSchedule.exponential(number(text, "cutoff="), Double.parseDouble(text.replaceAll(".*base=([0-9.]+).*", "$1")));
        }
        if (text.contains("(kept)")) {
            schedule = schedule.withKept(Arrays.stream(text.replaceAll(".*\\(kept\\) ", "").split(",")).map(Integer::valueOf)
                    .toArray(Integer[]::new));
        }
        return schedule;
    }

    private static int number(String text, String before) {
        return Integer.parseInt(text.replaceAll(".*" + before + "(\\d+).*", "$1"));
    }

    /** Compares the points, which are recorded under the rule and the number of intervals. */
    static void checkIntegrationPoints(JsonNode json) {
        json.properties().forEach(entry -> {
            String[] words = entry.getKey().split(" ");
            List<Integration.Point> points = GoldenInputs.integration(words[0]).points(Integer.parseInt(words[1]));
            assertEquals(entry.getValue().size(), points.size(), entry.getKey());
            for (int i = 0; i < points.size(); i++) {
                assertEquals(entry.getValue().get(i).get(0).asDouble(), points.get(i).alpha(), 1e-14, entry.getKey());
                assertEquals(entry.getValue().get(i).get(1).asDouble(), points.get(i).weight(), 1e-14, entry.getKey());
            }
        });
    }
}
