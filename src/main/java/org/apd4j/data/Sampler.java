package org.apd4j.data;

import org.apd4j.kernel.RandomStream;
import org.apd4j.kernel.SparseRows;

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

    /** Replaces the rows of {@code batch} by {@code rows} new samples. */
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
        return batch;
    }
}
