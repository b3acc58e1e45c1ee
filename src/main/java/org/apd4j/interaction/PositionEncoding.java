package org.apd4j.interaction;

import org.apd4j.math.internal.DoubleMatrix;
import org.apd4j.math.internal.Grid;

/**
 * What tells a transformer the positions of its tokens. It sets the length S of all sequences.
 *
 * <pre>{@code
 * PositionEncoding learned = PositionEncoding.learned(Grid.of(3, 2, (position, i) -> position - i));
 * PositionEncoding rotary = PositionEncoding.rotary(128, 64, PositionEncoding.Pairs.HALVES);
 * }</pre>
 */
public sealed interface PositionEncoding {

    /** Returns the number S of positions of a sequence. */
    int length();

    /** Returns an embedding that is added to that of the token: for sequences shorter than a model was trained with, its first rows. */
    static PositionEncoding learned(Grid embedding) {
        return new Learned(embedding);
    }

    /** Returns rotations of the first entries of each head's queries and keys. */
    static PositionEncoding rotary(int length, int width, Pairs pairs) {
        return new Rotary(length, width, pairs);
    }

    /**
     * An embedding that is added to that of the token.
     *
     * @param embedding {@code [S, d_model]}
     */
    record Learned(Grid embedding) implements PositionEncoding {

        /** @throws IllegalArgumentException if there is no position, or a value is not finite */
        public Learned {
            if (embedding.rows() == 0) {
                throw new IllegalArgumentException("the embedding of positions is " + embedding + "; it needs at least one position");
            }
            if (!DoubleMatrix.of(embedding).isFinite()) {
                throw new IllegalArgumentException("a value of the embedding of positions is infinite or NaN");
            }
        }

        @Override
        public int length() {
            return embedding.rows();
        }
    }

    /**
     * Rotations of queries and keys (Su and others 2021): pair i of entries by the angle {@code position / 10000^(2i / width)}.
     *
     * @param length number S of positions
     * @param width  number of entries of a head that are rotated, even: the first ones
     * @param pairs  which entries are rotated into each other
     */
    record Rotary(int length, int width, Pairs pairs) implements PositionEncoding {

        /** @throws IllegalArgumentException if a number is out of its range */
        public Rotary {
            if (length < 1) {
                throw new IllegalArgumentException("the number of positions is " + length + "; it must be at least 1");
            }
            if (width < 2 || width % 2 != 0) {
                throw new IllegalArgumentException("the number of rotated entries is " + width + "; it must be even and at least 2");
            }
        }
    }

    /** Which entries are rotated into each other. */
    enum Pairs {
        /** Entries 2i and 2i + 1, as in GPT-J. */
        NEIGHBOURS,
        /** Entries i and i + width / 2, as in GPT-NeoX and Pythia. */
        HALVES
    }
}
