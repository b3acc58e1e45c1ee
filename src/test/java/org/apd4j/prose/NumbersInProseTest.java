package org.apd4j.prose;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/**
 * The numbers in the texts of the committed notebooks are those of their outputs: every decimal and every percentage in a text appears, with the same
 * rounding, in an output or in code nearby. Numbers from elsewhere (the paper, a definition in the library) are listed with their source in
 * {@code exceptions.txt}.
 */
class NumbersInProseTest {

    private static final Path NOTEBOOKS = Path.of("notebooks");
    private static final String EXCEPTIONS = "exceptions.txt";
    /** Texts speak of what was just shown, or is shown next. */
    private static final int CELLS_BEFORE = 8;
    private static final int CELLS_AFTER = 4;
    private static final Pattern NUMBER = Pattern.compile(
            "(?<![\\w.,^_])\\d{1,3}(?:,\\d{3})+(?:\\.\\d+)?|(?<![\\w.,^_])\\d+(?:\\.\\d+)?(?:[eE][-+]?\\d+)?");
    private static final Pattern NOT_PROSE = Pattern.compile("\\$\\$.*?\\$\\$|\\$[^$]*\\$|`[^`]*`|\\]\\([^)]*\\)|## References.*", Pattern.DOTALL);
    private static final Pattern MARKUP = Pattern.compile("base64,[^\"]*|style=\"[^\"]*\"|<svg.*?</svg>|<[^>]*>", Pattern.DOTALL);

    /** A number as it is written. */
    private record Claim(String notebook, String number, String context) {

        @Override
        public String toString() {
            return notebook + " | " + number + " | … " + context + " …";
        }
    }

    /** A number that the outputs need not show. */
    private record Exempt(String notebook, String number, String words, String reason) {

        boolean covers(Claim claim) {
            return claim.notebook.startsWith(notebook) && claim.number.equals(number) && claim.context.contains(words);
        }
    }

    private record Cell(boolean markdown, String text) {
    }

    @Test
    void everyNumberInATextIsShownByAnOutputNearby() throws IOException {
        List<Exempt> exceptions = exceptions();
        Set<Exempt> used = new HashSet<>();
        List<String> contradicted = new ArrayList<>();
        int found = 0;
        for (Path notebook : notebooks()) {
            List<Cell> cells = cells(notebook);
            for (int i = 0; i < cells.size(); i++) {
                if (!cells.get(i).markdown) {
                    continue;
                }
                List<Claim> claims = claims(notebook.getFileName().toString(), cells.get(i).text);
                found += claims.size();
                Set<Double> shown = shown(cells.subList(Math.max(0, i - CELLS_BEFORE), Math.min(cells.size(), i + CELLS_AFTER + 1)));
                for (Claim claim : claims) {
                    List<Exempt> covering = exceptions.stream().filter(exempt -> exempt.covers(claim)).toList();
                    if (!isShown(claim.number, shown)) {
                        used.addAll(covering);
                        if (covering.isEmpty()) {
                            contradicted.add(claim.toString());
                        }
                    }
                }
            }
        }
        assertTrue(found > 20, "only " + found + " numbers were found");
        assertEquals("", String.join("\n", contradicted), "numbers that no output nearby shows; mend the text, or say in " + EXCEPTIONS + " why not");
        assertEquals(List.of(), exceptions.stream().filter(exempt -> !used.contains(exempt)).toList(), "exceptions that nothing needs any more");
    }

    @Test
    void aNumberThatNoOutputShowsIsFound() {
        Set<Double> shown = shown(List.of(new Cell(false, "MMCS 0.98765, 6 of 10 seeds, 20,000 steps, loss 3.1e-4")));
        List.of("0.988", "0.99", "99", "98.8", "20,000", "0.0003", "0.00031").forEach(number -> assertTrue(isShown(number, shown), number));
        List.of("0.98", "0.987", "97", "20,001", "0.0004").forEach(number -> assertTrue(!isShown(number, shown), number));
        assertEquals(List.of("0.97", "85"), claims("x", "It is 0.97 (85 %) of 12 in 2025, `0.5`, $0.3$.").stream().map(Claim::number).toList());
    }

    private static List<Claim> claims(String notebook, String text) {
        String prose = NOT_PROSE.matcher(text).replaceAll(" ").replaceAll("\\s+", " ");
        return NUMBER.matcher(prose).results()
                .filter(match -> match.group().contains(".") || prose.substring(match.end()).matches("\\s?%.*"))
                .map(match -> new Claim(notebook, match.group(),
                        prose.substring(Math.max(0, match.start() - 60), Math.min(prose.length(), match.end() + 30))))
                .toList();
    }

    private static Set<Double> shown(List<Cell> cells) {
        return cells.stream().filter(cell -> !cell.markdown).flatMap(cell -> NUMBER.matcher(cell.text).results())
                .map(match -> value(match.group())).collect(Collectors.toSet());
    }

    private static double value(String number) {
        return Double.parseDouble(number.replace(",", ""));
    }

    /** Whether some number that is shown is rounded to this one, as a part or as per cent. */
    private static boolean isShown(String number, Set<Double> shown) {
        int point = number.indexOf('.');
        double half = 0.50001 * Math.pow(10, point < 0 ? 0 : point + 1 - number.length());
        double value = value(number);
        return shown.stream().anyMatch(one -> Math.abs(one - value) <= half || Math.abs(100 * one - value) <= half);
    }

    /** The committed notebooks. */
    static List<Path> notebooks() throws IOException {
        try (Stream<Path> files = Files.list(NOTEBOOKS)) {
            return files.filter(file -> file.toString().endsWith(".ipynb")).sorted().toList();
        }
    }

    private static List<Cell> cells(Path notebook) throws IOException {
        List<Cell> cells = new ArrayList<>();
        for (JsonNode cell : new ObjectMapper().readTree(notebook.toFile()).get("cells")) {
            var text = new StringBuilder(text(cell.get("source")));
            for (JsonNode output : cell.path("outputs")) {
                text.append('\n').append(text(output.path("text")));
                output.path("data").properties().forEach(data -> {
                    if (data.getKey().startsWith("text/")) {
                        text.append('\n').append(MARKUP.matcher(text(data.getValue())).replaceAll(" "));
                    }
                });
            }
            cells.add(new Cell(cell.get("cell_type").asText().equals("markdown"), text.toString()));
        }
        return cells;
    }

    private static String text(JsonNode lines) {
        return lines.isArray() ? StreamSupport.stream(lines.spliterator(), false).map(JsonNode::asText).collect(Collectors.joining())
                : lines.asText();
    }

    /** Lines of "notebook | number | words beside it | reason"; those that begin with # are comments. */
    private static List<Exempt> exceptions() throws IOException {
        try (var in = NumbersInProseTest.class.getResourceAsStream(EXCEPTIONS)) {
            List<Exempt> exceptions = new String(in.readAllBytes(), StandardCharsets.UTF_8).lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#")).map(line -> line.split("\\s*\\|\\s*"))
                    .map(parts -> new Exempt(parts[0], parts[1], parts[2], parts[3])).toList();
            assertEquals(exceptions.size(), new TreeSet<>(exceptions.stream().map(Exempt::toString).toList()).size(), "an exception stands twice");
            return exceptions;
        }
    }
}
