package org.apd4j.language;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.apd4j.io.internal.Json;
import org.apd4j.io.internal.Refusal;

/** GPT-2's byte pair encoding. Symbols are written with a printable character for every byte. */
final class BytePairs implements Tokenizer {

    private static final String END = "<|endoftext|>";
    /** GPT-2's pattern: contractions, and words, numbers and marks, each with a space before it; spaces at the end are words of their own. */
    private static final Pattern WORD = Pattern.compile("'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+",
            Pattern.UNICODE_CHARACTER_CLASS);
    private static final int BYTES = 256;
    private static final String[] CHARACTER_OF_BYTE = characters();

    private final Map<String, Integer> tokens;
    private final String[] symbols;
    private final Map<List<String>, Integer> ranks;
    private final Map<Integer, Integer> byteOfCharacter = new HashMap<>();

    private BytePairs(Map<String, Integer> tokens, String[] symbols, Map<List<String>, Integer> ranks) {
        this.tokens = tokens;
        this.symbols = symbols;
        this.ranks = ranks;
        for (int value = 0; value < BYTES; value++) {
            byteOfCharacter.put(CHARACTER_OF_BYTE[value].codePointAt(0), value);
        }
    }

    /** Returns the character of every byte: itself if it is printable in Latin-1, else the next from 256 on. */
    private static String[] characters() {
        String[] characters = new String[BYTES];
        int next = BYTES;
        for (int value = 0; value < BYTES; value++) {
            boolean isPrintable = value >= '!' && value <= '~' || value >= 0xa1 && value <= 0xac || value >= 0xae;
            characters[value] = Character.toString(isPrintable ? value : next++);
        }
        return characters;
    }

    static BytePairs read(Path vocabulary, Path merges) throws IOException {
        Map<String, Integer> tokens = new HashMap<>();
        String[] symbols = decoded(vocabulary, text -> {
            Map<String, JsonNode> fields = new Json(Map.of()).foreign(text);
            String[] bySymbol = new String[fields.size()];
            for (Map.Entry<String, JsonNode> field : fields.entrySet()) {
                int token = field.getValue().isInt() ? field.getValue().intValue() : -1;
                if (token < 0 || token >= bySymbol.length || bySymbol[token] != null) {
                    throw new IOException("has " + field.getValue() + " for '" + Refusal.name(field.getKey())
                            + "'; tokens are the whole numbers from 0 to " + (bySymbol.length - 1) + ", each once");
                }
                bySymbol[token] = field.getKey();
                tokens.put(field.getKey(), token);
            }
            for (String needed : CHARACTER_OF_BYTE) {
                require(tokens, needed);
            }
            require(tokens, END);
            return bySymbol;
        });
        Map<List<String>, Integer> ranks = decoded(merges, text -> {
            Map<List<String>, Integer> found = new HashMap<>();
            List<String> lines = text.lines().toList();
            for (int i = 0; i < lines.size(); i++) {
                String line = lines.get(i);
                if (i == 0 && line.startsWith("#version") || line.isEmpty()) {
                    continue;
                }
                String[] pair = line.split(" ", -1);
                if (pair.length != 2 || pair[0].isEmpty() || pair[1].isEmpty()) {
                    throw new IOException("line " + (i + 1) + " is '" + Refusal.name(line) + "' instead of two symbols with a space between");
                }
                if (!tokens.containsKey(pair[0] + pair[1])) {
                    throw new IOException("line " + (i + 1) + " makes '" + Refusal.name(pair[0] + pair[1]) + "', which is not in " + vocabulary);
                }
                found.putIfAbsent(List.of(pair), found.size());
            }
            return found;
        });
        return new BytePairs(tokens, symbols, ranks);
    }

    private static void require(Map<String, Integer> tokens, String symbol) throws IOException {
        if (!tokens.containsKey(symbol)) {
            throw new IOException("lacks '" + symbol + "', which GPT-2's vocabulary has; the file must be its vocab.json, or one of the same kind");
        }
    }

    /** Decoding of a file's text. */
    @FunctionalInterface
    private interface Decoder<T> {
        T decode(String text) throws IOException;
    }

    private static <T> T decoded(Path file, Decoder<T> decoder) throws IOException {
        try {
            return decoder.decode(Files.readString(file));
        } catch (NoSuchFileException e) {
            throw new IOException(file + ": there is no such file", e);
        } catch (CharacterCodingException e) {
            throw new IOException(file + ": is not UTF-8 text", e);
        } catch (IOException | RuntimeException e) {
            throw Refusal.of(file.toString(), e);
        }
    }

    @Override
    public int size() {
        return symbols.length;
    }

    @Override
    public int end() {
        return Objects.requireNonNull(tokens.get(END));
    }

    @Override
    public int[] encode(String text) {
        Map<String, List<Integer>> known = new HashMap<>();
        List<Integer> all = new ArrayList<>();
        WORD.matcher(text).results().forEach(found -> all.addAll(known.computeIfAbsent(found.group(), this::ofWord)));
        return all.stream().mapToInt(Integer::intValue).toArray();
    }

    private List<Integer> ofWord(String word) {
        List<String> parts = new ArrayList<>();
        for (byte value : word.getBytes(StandardCharsets.UTF_8)) {
            parts.add(CHARACTER_OF_BYTE[value & 0xff]);
        }
        for (List<String> pair = first(parts); !pair.isEmpty(); pair = first(parts)) {
            List<String> merged = new ArrayList<>();
            for (int i = 0; i < parts.size(); i++) {
                boolean isPair = i + 1 < parts.size() && parts.get(i).equals(pair.get(0)) && parts.get(i + 1).equals(pair.get(1));
                merged.add(isPair ? pair.get(0) + pair.get(1) : parts.get(i));
                i += isPair ? 1 : 0;
            }
            parts = merged;
        }
        return parts.stream().map(tokens::get).toList();
    }

    /** Returns the pair of neighbours that comes first in the list of merges; empty if none is in it. */
    private List<String> first(List<String> parts) {
        List<String> best = List.of();
        int lowest = Integer.MAX_VALUE;
        for (int i = 0; i + 1 < parts.size(); i++) {
            List<String> pair = parts.subList(i, i + 2);
            int rank = ranks.getOrDefault(pair, Integer.MAX_VALUE);
            if (rank < lowest) {
                lowest = rank;
                best = List.copyOf(pair);
            }
        }
        return best;
    }

    @Override
    public String decode(int... some) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int token : some) {
            if (token < 0 || token >= size()) {
                throw new IllegalArgumentException("there is no token " + token + "; tokens are numbers from 0 to " + (size() - 1));
            }
            String symbol = symbols[token];
            if (symbol.codePoints().allMatch(byteOfCharacter::containsKey)) {
                symbol.codePoints().forEach(point -> bytes.write(Objects.requireNonNull(byteOfCharacter.get(point))));
            } else {
                bytes.writeBytes(symbol.getBytes(StandardCharsets.UTF_8)); // a token that some program added, such as for a language
            }
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        return size() + " tokens: byte pairs of " + ranks.size() + " merges";
    }
}
