package org.apd4j.language;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apd4j.testsupport.BytePairFiles;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

class TokenizerTest {

    @TempDir
    Path folder;

    private static void refused(String message, Executable call) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
    }

    @Test
    void wordsAreNumberedByFrequencyAndJoinedBySpaces() {
        Tokenizer words = Tokenizer.words(List.of("the cat saw the dog.", "The dog's hat, the cat"));
        // the: 3; cat: 2; then in the order of Unicode
        assertEquals(List.of("<end>", "the", "cat", ",", ".", "The", "dog", "dog's", "hat", "saw"),
                IntStream.range(0, words.size()).mapToObj(words::decode).toList());
        assertArrayEquals(new int[] {5, 6, 1, 2, 4}, words.encode("The  dog the\ncat."));
        assertEquals("The dog the cat.", words.decode(words.encode("The  dog the\ncat.")));
        refused("the word 'cow' is not in the vocabulary of 9 words", () -> words.encode("the cow"));
        refused("there is no token 10; tokens are numbers from 0 to 9", () -> words.decode(10));
        refused("the texts have no words", () -> Tokenizer.words(List.of(" ", "")));
    }

    @Test
    void charactersKeepEverything() {
        Tokenizer characters = Tokenizer.characters(List.of("ba\nä😀 "));
        assertArrayEquals(new int[] {1, 2, 3, 4, 5, 6}, characters.encode("\n abä😀"));
        assertEquals("a 😀\n", characters.decode(characters.encode("a 😀\n")));
        assertEquals(0, characters.end());
        refused("the character 'c' is not in the vocabulary of 6 characters", () -> characters.encode("abc"));
    }

    private Tokenizer pairs(String... merges) throws IOException {
        BytePairFiles.write(folder, merges);
        return read();
    }

    private void write(List<String> symbols) throws IOException {
        BytePairFiles.writeVocabulary(folder, symbols);
    }

    private Tokenizer read() throws IOException {
        return Tokenizer.bytePairs(folder.resolve("vocab.json"), folder.resolve("merges.txt"));
    }

    private static List<String> parts(Tokenizer tokens, String text) {
        return Arrays.stream(tokens.encode(text)).mapToObj(tokens::decode).toList();
    }

    @Test
    void pairsAreMergedInTheOrderOfTheList() throws IOException {
        // h e l l o → he l l o → he ll o → hell o → hello; Ġ w o r l d → Ġw o r l d → Ġwo r l d → Ġwo rl d
        Tokenizer tokens = pairs("h e", "l l", "he ll", "hell o", "Ġ w", "Ġw o", "r l");
        assertEquals(List.of("hello", " wo", "rl", "d"), parts(tokens, "hello world"));
        assertArrayEquals(new int[] {259, 261, 262, 'd' - '!'}, tokens.encode("hello world"));
        // without a space before it, the w is not merged
        assertEquals(List.of("w", "o", "rl", "d"), parts(tokens, "world"));
        // no pair of h e l d is in the list but h e
        assertEquals(List.of("he", "l", "d"), parts(tokens, "held"));
        // the earlier pair wins: b c before a b
        assertEquals(List.of("a", "bc"), parts(pairs("b c", "a b"), "abc"));
        assertEquals(List.of("ab", "c"), parts(pairs("a b", "b c"), "abc"));
        // all occurrences, from the left; then pairs of the results
        assertEquals(List.of("aa", "aa", "a"), parts(pairs("a a"), "aaaaa"));
        assertEquals(List.of("aaaa", "a"), parts(pairs("a a", "aa aa"), "aaaaa"));
    }

    @Test
    void textIsSplitAsGpt2SplitsIt() throws IOException {
        // merges that would cross the borders of words are never made
        Tokenizer tokens = pairs("I '", "' m", "Ġ Ġ", "Ġ h", "4 2", "2 !", "e Ġ");
        assertEquals(List.of("I", "'m", " ", " h", "e", "r", "e", " ", "42", "!", "\n"), parts(tokens, "I'm  here 42!\n"));
        // a run of spaces keeps its last one for the word behind it; at the end it stays together
        assertEquals(List.of("a", "  ", " ", "b", "  "), parts(tokens, "a   b  "));
    }

    @Test
    void everyTextComesBackByteByByte() throws IOException {
        Tokenizer tokens = pairs("Ġ t", "h e", "Ã ¤", "ð Ł");
        Random random = new Random(5);
        for (String text : List.of("the ä and 😀, 日本\tof\u0000\u0085 the \u00a0end", "", " ", "\r\n\n")) {
            assertEquals(text, tokens.decode(tokens.encode(text)));
        }
        for (int n = 0; n < 200; n++) {
            String text = random.ints(30, 0, 0x3000).filter(Character::isDefined).mapToObj(Character::toString).collect(Collectors.joining());
            assertEquals(text, tokens.decode(tokens.encode(text)));
        }
        assertEquals("ä", parts(tokens, "ä").get(0), "two bytes in one token");
        assertEquals(tokens.size() - 1, tokens.end());
        assertTrue(IntStream.of(tokens.encode("<|endoftext|>")).noneMatch(token -> token == tokens.end()));
    }

    private void refusedFile(String message) {
        assertEquals(message, assertThrows(IOException.class, this::read).getMessage().replace(folder.toString() + "/", ""));
    }

    @Test
    void filesThatDoNotFitAreRefusedInOneSentence() throws IOException {
        pairs("a b");
        Files.writeString(folder.resolve("merges.txt"), "a b\nb c\n");
        refusedFile("merges.txt: line 2 makes 'bc', which is not in vocab.json");
        Files.writeString(folder.resolve("merges.txt"), "a b c\n");
        refusedFile("merges.txt: line 1 is 'a b c' instead of two symbols with a space between");
        List<String> symbols = BytePairFiles.characters();
        write(symbols);
        refusedFile("vocab.json: lacks '<|endoftext|>', which GPT-2's vocabulary has; the file must be its vocab.json, or one of the same kind");
        write(symbols.subList(1, 256));
        refusedFile("vocab.json: lacks '!', which GPT-2's vocabulary has; the file must be its vocab.json, or one of the same kind");
        Files.writeString(folder.resolve("vocab.json"), "{\"a\": 0, \"b\": 2}");
        refusedFile("vocab.json: has 2 for 'b'; tokens are the whole numbers from 0 to 1, each once");
        Files.delete(folder.resolve("vocab.json"));
        refusedFile("vocab.json: there is no such file");
    }

    @Test
    void vocabularyThatAProgramHasAddedToIsRead() throws IOException {
        List<String> symbols = BytePairFiles.characters();
        symbols.addAll(List.of("<|endoftext|>", "<中>"));
        write(symbols);
        Files.writeString(folder.resolve("merges.txt"), "");
        assertEquals("a<中>", read().decode('a' - '!', 257));
        assertEquals(Collections.nCopies(3, 'a' - '!'), IntStream.of(read().encode("aaa")).boxed().toList());
    }
}
