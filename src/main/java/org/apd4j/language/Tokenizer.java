package org.apd4j.language;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * A translation of text to tokens, the numbers from 0 to {@link #size} − 1, and back.
 *
 * <pre>{@code
 * Tokenizer words = Tokenizer.words(List.of("Lily had a ball . She was happy ."));
 * int[] tokens = words.encode("She had a ball .");
 * Tokenizer characters = Tokenizer.characters(List.of("Lily had a ball."));
 * Tokenizer bytePairs = Tokenizer.bytePairs(Path.of("vocab.json"), Path.of("merges.txt"));
 * }</pre>
 */
public sealed interface Tokenizer permits SymbolTokens, BytePairs {

    /** Returns the number of tokens. */
    int size();

    /** Returns the token that ends a document; no text is translated to it. */
    int end();

    /**
     * Returns the tokens of a text.
     *
     * @throws IllegalArgumentException if a word or character is none of the vocabulary
     */
    int[] encode(String text);

    /**
     * Returns the text of tokens.
     *
     * @throws IllegalArgumentException if there is no such token
     */
    String decode(int... tokens);

    /**
     * Returns a tokeniser of the words and marks of some texts, the most frequent first. Space between words is not kept: words are joined by one
     * space, marks have none before them.
     *
     * @throws IllegalArgumentException if there is no word
     */
    static Tokenizer words(List<String> texts) {
        return SymbolTokens.of(texts, true);
    }

    /**
     * Returns a tokeniser of the characters of some texts, in the order of Unicode.
     *
     * @throws IllegalArgumentException if there is no character
     */
    static Tokenizer characters(List<String> texts) {
        return SymbolTokens.of(texts, false);
    }

    /**
     * Returns GPT-2's byte pair encoding: text is split into words with the space before them, words into bytes, and neighbours are merged in the order
     * of a list as long as it has them (Sennrich and others 2016). Every text has tokens, and they have that text.
     *
     * @param vocabulary {@code vocab.json}, the tokens by their symbols
     * @param merges     {@code merges.txt}, the pairs of symbols to merge
     * @throws IOException if a file does not exist, is damaged, or they do not fit each other; the message names the file and what is wrong
     */
    static Tokenizer bytePairs(Path vocabulary, Path merges) throws IOException {
        return BytePairs.read(vocabulary, merges);
    }
}
