package org.apd4j.language;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.zip.ZipFile;
import org.apd4j.interaction.Samples;
import org.apd4j.io.NpyArray;
import org.apd4j.io.Npz;
import org.apd4j.language.StoryGrammar.Kind;
import org.apd4j.language.StoryGrammar.Word;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

class CorpusTest {

    @TempDir
    Path folder;

    @Test
    void documentsEndWithATokenAndPiecesAreLabelledWithTheNextToken() {
        Tokenizer letters = Tokenizer.characters(List.of("abcd"));
        Corpus corpus = Corpus.of(letters, List.of("abc", "d", "ab"));
        assertArrayEquals(new int[] {1, 2, 3, 0, 4, 0, 1, 2, 0}, corpus.tokens());
        Samples pieces = corpus.chunks(2);
        assertEquals(4, pieces.size());
        assertArrayEquals(new int[] {2, 3, 0, 4, 0, 1, 2, 0}, pieces.labels());
        assertEquals(2, corpus.chunks(3).size(), "the last piece has no token behind it");
        assertArrayEquals(new int[] {2, 3, 0, 4, 0, 1}, corpus.chunks(3).labels());
        // the generator's first numbers for seed 0 are 2357136044, 2546248239, 3071714933: with remainders 0 mod 4, 0 mod 3, 1 mod 2, as torch.randperm
        // exchanges, the order is 0, 1, 3, 2
        assertArrayEquals(new int[] {2, 3, 0, 4, 2, 0, 0, 1}, corpus.chunks(2, 4, 0).labels());
        assertEquals("the text has 9 tokens; a piece of length 9 needs 10", refusal(() -> corpus.chunks(9)));
        assertEquals("the number of pieces is 5; 9 tokens of 5 has 4 of length 2", refusal(() -> corpus.chunks(2, 5, 0)));
        assertEquals("the length of a piece is 0; it must be at least 1", refusal(() -> corpus.chunks(0)));
        assertEquals("there is a token 5; tokens are numbers from 0 to 4", refusal(() -> Corpus.of(5, 1, 5)));
        assertEquals("there are no tokens", refusal(() -> Corpus.of(5)));
    }

    private static String refusal(Executable call) {
        return assertThrows(IllegalArgumentException.class, call).getMessage();
    }

    /** A file as {@code numpy.save} writes it. */
    private Path npy(NpyArray array) throws IOException {
        Path zip = folder.resolve("all.npz");
        Npz.write(zip, Map.of("tokens", array));
        Path file = folder.resolve("tokens.npy");
        try (var archive = new ZipFile(zip.toFile())) {
            Files.write(file, archive.getInputStream(archive.getEntry("tokens.npy")).readAllBytes());
        }
        return file;
    }

    private String refusedFile(NpyArray array) throws IOException {
        Path file = npy(array);
        return assertThrows(IOException.class, () -> Corpus.read(file, 100)).getMessage().replace(file + ": ", "");
    }

    @Test
    void tokensAreReadFromAnNpyFile() throws IOException {
        int[] tokens = {5, 0, 99, 7};
        assertArrayEquals(tokens, Corpus.read(npy(NpyArray.of(tokens, 4)), 100).tokens());
        assertArrayEquals(tokens, Corpus.read(npy(NpyArray.of(new long[] {5, 0, 99, 7}, 4)), 100).tokens());
        assertArrayEquals(tokens, Corpus.read(npy(NpyArray.of(new byte[] {5, 0, 99, 7}, 4)), 100).tokens());
        assertEquals("holds 100 at 1; tokens are numbers from 0 to 99", refusedFile(NpyArray.of(new int[] {1, 100}, 2)));
        assertEquals("holds -1 at 0; tokens are numbers from 0 to 99", refusedFile(NpyArray.of(new int[] {-1, 100}, 2)));
        String sentence = "; tokens must be whole numbers of type int32, int64 or uint8 in one dimension";
        assertEquals("holds <f4 (2,)" + sentence, refusedFile(NpyArray.of(new float[] {1, 2}, 2)));
        assertEquals("holds <i4 (1, 2)" + sentence, refusedFile(NpyArray.of(new int[] {1, 2}, 1, 2)));
        Path broken = Files.write(folder.resolve("broken.npy"), new byte[] {1, 2, 3});
        assertEquals(broken + ": it does not begin with NumPy's magic bytes", assertThrows(IOException.class, () -> Corpus.read(broken, 9)).getMessage());
        Path missing = folder.resolve("none.npy");
        assertTrue(assertThrows(IOException.class, () -> Corpus.read(missing, 9)).getMessage().contains("there is no such file"));
    }

    @Test
    void storiesAreTheSameForTheSameSeedAndDifferOtherwise() {
        List<String> stories = StoryGrammar.of(1).stories(50);
        assertEquals(stories, StoryGrammar.of(1).stories(60).subList(0, 50));
        assertTrue(stories.stream().distinct().count() > 45);
        assertTrue(StoryGrammar.of(2).stories(50).stream().noneMatch(stories::contains));
    }

    @Test
    void whatIsKnownOfAWordIsTrueOfTheStory() {
        int girls = 0;
        int sad = 0;
        for (int number = 0; number < 400; number++) {
            List<Word> story = StoryGrammar.of(3).story(number);
            boolean isGirl = story.get(0).girl();
            girls += isGirl ? 1 : 0;
            for (int i = 0; i < story.size(); i++) {
                Word word = story.get(i);
                String text = word.text();
                assertEquals(isGirl, word.girl());
                if (word.kind() == Kind.PRONOUN) {
                    assertTrue((isGirl ? List.of("she", "She", "her") : List.of("he", "He", "his")).contains(text), text);
                }
                assertEquals(text.equals("."), word.kind() == Kind.STOP);
                if (word.kind() == Kind.THING) {
                    assertEquals(StoryGrammar.things().get(word.thing()), text);
                }
                if (word.sad()) {
                    sad++;
                    // between the loss and the find
                    List<String> before = story.subList(0, i + 1).stream().map(Word::text).toList();
                    List<String> after = story.subList(i, story.size()).stream().map(Word::text).toList();
                    assertTrue(before.contains("Then") && after.contains("found") || text.equals("found"), before + " " + after);
                }
            }
            assertEquals(Kind.STOP, story.get(story.size() - 1).kind());
        }
        assertTrue(girls > 150 && girls < 250, girls + " girls in 400 stories");
        assertTrue(sad > 400, sad + " sad words");
    }

    @Test
    void wordsOfStoriesAreASmallVocabulary() {
        List<String> stories = StoryGrammar.of(0).stories(500);
        Tokenizer words = Tokenizer.words(stories);
        assertTrue(words.size() > 60 && words.size() < 90, words.toString());
        for (int number = 0; number < 20; number++) {
            assertEquals(StoryGrammar.of(0).story(number).size(), words.encode(stories.get(number)).length, "a token for every word");
        }
        assertEquals(words.decode(words.encode(stories.get(0))), StoryGrammar.of(0).story(0).stream().map(Word::text).collect(Collectors.joining(" "))
                .replace(" .", "."));
    }
}
