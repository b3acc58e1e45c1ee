package org.apd4j.language;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.apd4j.interaction.Samples;
import org.apd4j.io.NpyArray;
import org.apd4j.io.Npz;
import org.apd4j.math.internal.PlainNumber;
import org.apd4j.math.internal.PyTorchRandom;

/**
 * Text as a sequence of tokens, all documents one after another. Immutable.
 *
 * <pre>{@code
 * List<String> stories = StoryGrammar.of(0).stories(1_000);
 * Corpus corpus = Corpus.of(Tokenizer.words(stories), stories);
 * Samples samples = corpus.chunks(32, 100, 0);
 * Corpus own = Corpus.read(Path.of("tokens.npy"), 50_257);
 * }</pre>
 */
public final class Corpus {

    private final int vocabulary;
    private final int[] tokens;

    private Corpus(int vocabulary, int[] tokens) {
        this.vocabulary = vocabulary;
        this.tokens = tokens;
    }

    /**
     * Returns documents, each with the token that ends a document behind it.
     *
     * @throws IllegalArgumentException if there are none, or one has a word or character that the tokeniser does not know
     */
    public static Corpus of(Tokenizer tokenizer, List<String> documents) {
        return of(tokenizer.size(), documents.stream().flatMapToInt(text -> IntStream.concat(Arrays.stream(tokenizer.encode(text)),
                IntStream.of(tokenizer.end()))).toArray());
    }

    /**
     * Returns tokens as they are.
     *
     * @param vocabulary number of tokens that exist
     * @throws IllegalArgumentException if there are none, or one is out of its range
     */
    public static Corpus of(int vocabulary, int... tokens) {
        if (tokens.length == 0) {
            throw new IllegalArgumentException("there are no tokens");
        }
        int[] own = tokens.clone();
        Arrays.stream(own).filter(token -> token < 0 || token >= vocabulary).findFirst().ifPresent(token -> {
            throw new IllegalArgumentException("there is a token " + token + "; tokens are numbers from 0 to " + (vocabulary - 1));
        });
        return new Corpus(vocabulary, own);
    }

    /**
     * Reads tokens from an {@code .npy} file of whole numbers in one dimension.
     *
     * @param vocabulary number of tokens that exist
     * @throws IOException if the file does not exist, is damaged, or holds anything else; the message names the file and what is wrong
     */
    public static Corpus read(Path file, int vocabulary) throws IOException {
        NpyArray array = Npz.readArray(file);
        boolean isWhole = array.type() == NpyArray.Type.INT32 || array.type() == NpyArray.Type.INT64 || array.type() == NpyArray.Type.UINT8;
        if (array.shape().length != 1 || !isWhole || array.size() == 0) {
            throw new IOException(file + ": holds " + array + "; tokens must be whole numbers of type int32, int64 or uint8 in one dimension");
        }
        long[] all = array.toLongs();
        for (int i = 0; i < all.length; i++) {
            if (all[i] < 0 || all[i] >= vocabulary) {
                throw new IOException(file + ": holds " + PlainNumber.of(all[i]) + " at " + i + "; tokens are numbers from 0 to " + (vocabulary - 1));
            }
        }
        return new Corpus(vocabulary, Arrays.stream(all).mapToInt(token -> (int) token).toArray());
    }

    /** Returns the number of tokens that exist. */
    public int vocabulary() {
        return vocabulary;
    }

    /** Returns the number of tokens of the text. */
    public int size() {
        return tokens.length;
    }

    /** Returns a copy of the tokens. */
    public int[] tokens() {
        return tokens.clone();
    }

    /** Returns the tokens, which must not be changed; for the library. */
    int[] shared() {
        return tokens;
    }

    /**
     * Returns the number of pieces of some length that the text can be cut into, each with a token behind it.
     *
     * @throws IllegalArgumentException if the length is less than 1
     */
    public int pieces(int length) {
        if (length < 1) {
            throw new IllegalArgumentException("the length of a piece is " + length + "; it must be at least 1");
        }
        return (tokens.length - 1) / length;
    }

    /**
     * Cuts the text into pieces of equal length, and drops what is left over. Labels are the next tokens, for the last position that of the next piece.
     *
     * @throws IllegalArgumentException if the text is too short for one piece
     */
    public Samples chunks(int length) {
        return samples(length, IntStream.range(0, pieces(length)).toArray());
    }

    /**
     * Returns some pieces of the text in the order of a seeded permutation, that of {@code torch.randperm}.
     *
     * @throws IllegalArgumentException if there are not so many
     */
    public Samples chunks(int length, int count, long seed) {
        int all = pieces(length);
        if (count < 1 || count > all) {
            throw new IllegalArgumentException("the number of pieces is " + count + "; " + this + " has " + all + " of length " + length);
        }
        return samples(length, Arrays.copyOf(new PyTorchRandom(seed).nextPermutation(all), count));
    }

    private Samples samples(int length, int... pieces) {
        if (pieces.length == 0) {
            throw new IllegalArgumentException("the text has " + tokens.length + " tokens; a piece of length " + length + " needs "
                    + ((long) length + 1));
        }
        int[] labels = Arrays.stream(pieces).flatMap(piece -> Arrays.stream(tokens, piece * length + 1, (piece + 1) * length + 1)).toArray();
        return Samples.ofTokens(Arrays.stream(pieces).mapToObj(piece -> Arrays.copyOfRange(tokens, piece * length, (piece + 1) * length))
                .toArray(int[][]::new)).withLabels(labels);
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%,d tokens of %,d", tokens.length, vocabulary);
    }
}
