package org.apd4j.language;

import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.apd4j.io.internal.Refusal;

/** A tokeniser of words or characters, each of which is a token. Token 0 ends a document. */
final class SymbolTokens implements Tokenizer {

    /** What stands for the end of a document in a text that was made from tokens. */
    private static final String END = "<end>";
    /** A word, with marks inside it; a number; or a single mark. */
    private static final Pattern WORD = Pattern.compile("\\p{L}[\\p{L}\\p{M}]*(?:['’-]\\p{L}[\\p{L}\\p{M}]*)*|\\p{N}+|\\S");
    private static final Pattern CHARACTER = Pattern.compile("[\\s\\S]");
    /** Marks before which there is no space. */
    private static final Pattern MARK = Pattern.compile("[.,;:!?)\\]}”’]");

    private final boolean areWords;
    private final List<String> symbols;
    private final Map<String, Integer> tokens = new HashMap<>();

    private SymbolTokens(boolean areWords, List<String> symbols) {
        this.areWords = areWords;
        this.symbols = symbols;
        for (int token = 1; token < symbols.size(); token++) {
            tokens.put(symbols.get(token), token);
        }
    }

    static SymbolTokens of(List<String> texts, boolean areWords) {
        Map<String, Integer> counts = new TreeMap<>();
        texts.forEach(text -> (areWords ? WORD : CHARACTER).matcher(text).results().forEach(found -> counts.merge(found.group(), 1, Integer::sum)));
        if (counts.isEmpty()) {
            throw new IllegalArgumentException("the texts have no " + (areWords ? "words" : "characters"));
        }
        Comparator<Map.Entry<String, Integer>> order = Map.Entry.comparingByKey();
        if (areWords) {
            order = Map.Entry.<String, Integer>comparingByValue().reversed().thenComparing(order);
        }
        String[] symbols = new String[counts.size() + 1];
        symbols[0] = END;
        List<String> sorted = counts.entrySet().stream().sorted(order).map(Map.Entry::getKey).toList();
        Arrays.setAll(symbols, i -> i == 0 ? END : sorted.get(i - 1));
        return new SymbolTokens(areWords, List.of(symbols));
    }

    @Override
    public int size() {
        return symbols.size();
    }

    @Override
    public int end() {
        return 0;
    }

    @Override
    public int[] encode(String text) {
        return (areWords ? WORD : CHARACTER).matcher(text).results().map(MatchResult::group).mapToInt(symbol -> {
            Integer token = tokens.get(symbol);
            if (token == null) {
                throw new IllegalArgumentException("the " + (areWords ? "word" : "character") + " '" + Refusal.name(symbol)
                        + "' is not in the vocabulary of " + (size() - 1) + (areWords ? " words" : " characters"));
            }
            return token;
        }).toArray();
    }

    @Override
    public String decode(int... some) {
        StringBuilder text = new StringBuilder();
        for (int token : some) {
            if (token < 0 || token >= size()) {
                throw new IllegalArgumentException("there is no token " + token + "; tokens are numbers from 0 to " + (size() - 1));
            }
            String symbol = symbols.get(token);
            text.append(areWords && !text.isEmpty() && !MARK.matcher(symbol).matches() ? " " : "").append(symbol);
        }
        return text.toString();
    }

    @Override
    public String toString() {
        return size() + " tokens: " + (areWords ? "words" : "characters");
    }
}
