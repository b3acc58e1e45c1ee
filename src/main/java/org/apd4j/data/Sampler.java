package org.apd4j.data;

import org.apd4j.math.RandomStream;
import org.apd4j.math.SparseRows;

/**
 * A distribution of inputs. Batches depend on the random stream alone, so they are the same on every machine.
 *
 * <pre>{@code
 * Sampler data = target.trained().data();
 * var batch = data.sample(0, 256);
 * System.out.println(batch.rows() + " samples of " + data.features() + " features");
 * }</pre>
 */
public interface Sampler {

    /** Returns the number of features of an input. */
    int features();

    /**
     * Replaces the content of {@code batch} by {@code rows} new samples of finite values.
     *
     * <p>Training can only be stopped between two steps; while this method does not return, it cannot be stopped.
     */
    void sample(RandomStream random, int rows, SparseRows batch);

    /**
     * Replaces the content of {@code batch} by the samples that a run trains on at a step.
     *
     * @param seed    the seed of the run
     * @param purpose a number that tells apart the batches drawn for different purposes
     * @param number  the number of the batch, counted from 0
     */
    default void batch(long seed, long purpose, long number, int rows, SparseRows batch) {
        sample(RandomStream.of(seed, purpose, number), rows, batch);
    }

    /**
     * Draws a new batch for a seed.
     *
     * @throws IllegalStateException if this sampler fills the batch with anything but {@code rows} valid samples
     */
    default SparseRows sample(long seed, int rows) {
        SparseRows batch = new SparseRows(features());
        sample(RandomStream.of(seed, 0x62617463L), rows, batch);
        SampledBatch.check(this, batch, rows);
        return batch;
    }

    /**
     * Draws a batch by {@link #batch} and checks it.
     *
     * @throws IllegalStateException if the number of rows is wrong, a column does not exist, or a value is not finite
     */
    static void draw(Sampler data, long seed, long purpose, long number, int rows, SparseRows batch) {
        batch.clear(); // otherwise a batch that the sampler leaves alone would look like the previous one
        data.batch(seed, purpose, number, rows, batch);
        SampledBatch.check(data, batch, rows);
    }

    /** Returns the name of a sampler for messages, such as "the sampler SparseFeatures". */
    static String label(Sampler data) {
        String name = data.getClass().getSimpleName();
        return "the sampler " + (name.isEmpty() ? data.getClass().getName() : name);
    }
}
