package org.apd4j;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What an object of the library says of itself in a notebook or on a console: a title and some named values, in order.
 *
 * <pre>{@code
 * var summary = new Summary("A run", Map.of("steps", "20,000", "seed", "0"));
 * System.out.println(summary);
 * }</pre>
 *
 * @param title   one line
 * @param entries name → value, both for people, in the order to be shown
 */
public record Summary(String title, Map<String, String> entries) {

    public Summary {
        entries = Collections.unmodifiableMap(new LinkedHashMap<>(entries));
    }

    /** The summary as one line of text. */
    public String line() {
        return title + entries.entrySet().stream().map(entry -> entry.getKey() + " " + entry.getValue()).collect(Collectors.joining(", ",
                entries.isEmpty() ? "" : ": ", ""));
    }

    /** The summary as lines of text. */
    @Override
    public String toString() {
        int width = entries.keySet().stream().mapToInt(String::length).max().orElse(0);
        var text = new StringBuilder(title);
        entries.forEach((name, value) -> text.append(String.format(Locale.ROOT, "%n  %-" + Math.max(1, width) + "s  %s", name, value)));
        return text.toString();
    }
}
