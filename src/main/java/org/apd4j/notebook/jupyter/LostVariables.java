package org.apd4j.notebook.jupyter;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import jdk.jshell.PersistentSnippet;
import jdk.jshell.Snippet;
import jdk.jshell.SnippetEvent;
import jdk.jshell.VarSnippet;

/** The variables that a cell has lost without assigning them, because their class was changed or no longer compiles. */
final class LostVariables {

    private final Map<String, Integer> assignedBy = new HashMap<>();
    private final Map<String, Set<String>> causes = new LinkedHashMap<>();
    private final Set<String> undefined = new LinkedHashSet<>();
    private int cell;

    /** Begins a cell with the given execution count. */
    void next(int number) {
        cell = number;
        causes.clear();
    }

    /**
     * Records the effects of an evaluation.
     *
     * @param events       the events of the evaluation
     * @param withoutValue the variables whose values could not be kept
     */
    void record(List<SnippetEvent> events, Set<String> withoutValue) {
        Set<String> changed = events.stream().filter(event -> event.causeSnippet() == null).map(SnippetEvent::snippet)
                .filter(PersistentSnippet.class::isInstance).map(snippet -> ((PersistentSnippet) snippet).name())
                .collect(Collectors.toCollection(LinkedHashSet::new));
        for (SnippetEvent event : events) {
            if (event.snippet() instanceof VarSnippet variable) {
                String name = variable.name();
                if (event.causeSnippet() == null) {
                    assignedBy.put(name, cell);
                    causes.remove(name);
                    undefined.remove(name);
                } else if (!event.status().isDefined() && event.status() != Snippet.Status.OVERWRITTEN && !changed.contains(name)
                        && undefined.add(name)
                        || event.status().isDefined() && withoutValue.contains(name)) {
                    causes.computeIfAbsent(name, key -> new LinkedHashSet<>()).addAll(changed);
                }
                if (event.status().isDefined() && undefined.remove(name) && !withoutValue.contains(name)) {
                    causes.remove(name); // it compiles again and has kept its value
                }
            }
        }
    }

    /** Returns a sentence on which variables were lost, why, and which cells to run again; an empty string if there are none. */
    String sentence() {
        if (causes.isEmpty()) {
            return "";
        }
        Set<String> changed = causes.values().stream().flatMap(Set::stream).collect(Collectors.toCollection(LinkedHashSet::new));
        List<String> cells = causes.keySet().stream().map(assignedBy::get).filter(number -> number != null).distinct().sorted()
                .map(number -> "[" + number + "]").toList();
        return quoted(causes.keySet()) + (causes.size() == 1 ? " was" : " were") + " lost because " + quoted(changed)
                + (changed.size() == 1 ? " has" : " have") + " changed"
                + (cells.isEmpty() ? "" : "; run cell" + (cells.size() == 1 ? " " : "s ") + String.join(", ", cells) + " again");
    }

    private static String quoted(Set<String> names) {
        return names.stream().map(name -> "`" + name + "`").collect(Collectors.joining(", "));
    }
}
