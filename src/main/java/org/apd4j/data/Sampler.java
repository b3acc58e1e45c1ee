package org.apd4j.data;

import org.apd4j.math.RandomStream;
import org.apd4j.math.SparseRows;

/**
 * A distribution of inputs. Batches are a function of the random stream alone: the same on every machine.
 *
 * <pre>{@code
 * Sampler data = target.target().data();
 * var batch = data.sample(0, 256);
 * System.out.println(batch.rows() + " samples of " + data.features() + " features");
 * }</pre>
 */
public interface Sampler {

    /** Width of an input. */
    int features();

    /**
     * Replaces the rows of {@code batch} by {@code rows} new samples of finite values.
     *
     * <p>A training stops between two steps only: one whose sampler does not return cannot be stopped.
     */
    void sample(RandomStream random, int rows, SparseRows batch);

    /**
     * Batch number {@code number}, from 0, of a run: what the run trains on at that step.
     *
     * @param seed    of the run
     * @param purpose of the batches, so that the batches of two purposes differ
     */
    default void batch(long seed, long purpose, long number, int rows, SparseRows batch) {
        sample(RandomStream.of(seed, purpose, number), rows, batch);
    }

    /** A batch of its own, drawn for a seed. */
    default SparseRows sample(long seed, int rows) {
        SparseRows batch = new SparseRows(features());
        sample(RandomStream.of(seed, 0x62617463L), rows, batch);
        SampledBatch.check(this, batch, rows);
        return batch;
    }

    /**
     * Draws a batch by {@link #batch} and checks that it is what was asked for.
     *
     * @throws IllegalStateException naming the sampler and what is wrong with the batch: its number of rows, a column, or a value that is not finite
     */
    static void draw(Sampler data, long seed, long purpose, long number, int rows, SparseRows batch) {
        batch.clear(); // one that the sampler does not touch must not look like the one before
        data.batch(seed, purpose, number, rows, batch);
        SampledBatch.check(data, batch, rows);
    }

    /** Returns the name of a sampler's class, for messages: "the sampler SparseFeatures". */
    static String label(Sampler data) {
        String name = data.getClass().getSimpleName();
        return "the sampler " + (name.isEmpty() ? data.getClass().getName() : name);
    }
}
