package org.apd4j.language;

import java.util.Arrays;
import org.apd4j.interaction.Samples;
import org.apd4j.interaction.SectionedNetwork;
import org.apd4j.interaction.Transformer;
import org.apd4j.math.RandomStream;
import org.apd4j.math.internal.Grid;

/**
 * Text that a language model goes on to write: each token is drawn from the probabilities that the model gives after those before it.
 *
 * <pre>{@code
 * Tokenizer words = Tokenizer.words(StoryGrammar.of(0).stories(500));
 * Transformer model = PublishedWeights.read(Path.of("model"), 32);
 * String story = Continuation.of(model, words, "Lily was in the park .", 30, 0);
 * }</pre>
 */
public final class Continuation {

    private Continuation() {
    }

    /**
     * Returns a beginning and what follows it, up to a number of tokens or the end of the document. The model sees its last positions only.
     *
     * @param model     causal, of a vocabulary at least as large as that of the tokeniser
     * @param beginning at least one token
     * @param count     of tokens to write, at least 0
     * @param seed      of the draws
     * @throws IllegalArgumentException if the beginning is empty or has words that the tokeniser does not know, the count is negative, or the model's
     *                                  vocabulary does not fit
     */
    public static String of(Transformer model, Tokenizer tokenizer, String beginning, int count, long seed) {
        int[] text = tokenizer.encode(beginning);
        if (text.length == 0 || count < 0) {
            throw new IllegalArgumentException(count < 0 ? "the number of tokens to write is " + count + "; it must be at least 0"
                    : "the beginning is empty; a model needs at least one token to go on from");
        }
        if (tokenizer.size() > model.tokens().rows() || model.unembedding().bias().size() != model.tokens().rows()) {
            throw new IllegalArgumentException("the tokeniser has " + tokenizer.size() + " tokens, the model reads " + model.tokens().rows()
                    + " and writes " + model.unembedding().bias().size() + "; they must be the same");
        }
        SectionedNetwork network = SectionedNetwork.transformer(model.read(Transformer.ReadOut.ALL));
        RandomStream random = RandomStream.of(seed);
        int length = network.inputs();
        for (int n = 0; n < count; n++) {
            int[] seen = Arrays.copyOfRange(text, Math.max(0, text.length - length), text.length);
            // positions behind the last token do not matter to it
            Grid logits = network.values(SectionedNetwork.OUTPUT, Samples.ofTokens(Arrays.copyOf(seen, length)));
            int next = draw(Arrays.copyOf(logits.row(seen.length - 1), tokenizer.size()), random.nextDouble());
            if (next == tokenizer.end()) {
                break;
            }
            text = Arrays.copyOf(text, text.length + 1);
            text[text.length - 1] = next;
        }
        return tokenizer.decode(text);
    }

    private static int draw(double[] logits, double uniform) {
        double top = Arrays.stream(logits).max().orElse(0);
        double[] powers = Arrays.stream(logits).map(logit -> Math.exp(logit - top)).toArray();
        double left = uniform * Arrays.stream(powers).sum();
        int token = 0;
        while (token < powers.length - 1 && left >= powers[token]) {
            left -= powers[token++];
        }
        return token;
    }
}
