package org.apd4j.sharedgate.internal;

import org.apd4j.data.ExactlyActive;
import org.apd4j.data.Sampler;
import org.apd4j.data.SparseFeatures;
import org.apd4j.math.SparseRows;

/** The samples of a distribution that are not all zero. */
final class NonEmptySamples {

    private static final long SHARE = 0x73685f7368L;
    private static final int COUNTED = 20_000;
    /** The numbers of batches that may be drawn for one batch of non-empty samples. */
    private static final int ATTEMPTS = 1000;

    private final Sampler data;
    private final double share;
    private final SparseRows drawn;

    private NonEmptySamples(Sampler data, double share) {
        this.data = data;
        this.share = share;
        this.drawn = new SparseRows(data.features());
    }

    /** Returns an object that knows w and draws nothing. */
    static NonEmptySamples ofShare(double share) {
        return new NonEmptySamples(new SparseFeatures(1, 1, 0, 1), share);
    }

    /** @param all whether empty samples are kept, since they are samples like any other */
    NonEmptySamples(Sampler data, boolean all) {
        this.data = data;
        this.share = all ? 1 : share(data);
        this.drawn = new SparseRows(data.features());
        if (!(share > 0)) {
            throw new IllegalArgumentException(Sampler.label(data) + " gave " + COUNTED + " samples that are all zero; there is nothing to decompose on");
        }
    }

    private static double share(Sampler data) {
        if (data instanceof SparseFeatures sparse) {
            return 1 - Math.pow(1 - sparse.probability(), sparse.features());
        }
        if (data instanceof ExactlyActive exact) {
            return exact.active() > 0 ? 1 : 0;
        }
        SparseRows counted = new SparseRows(data.features());
        Sampler.draw(data, SHARE, SHARE, 0, COUNTED, counted);
        int full = 0;
        for (int row = 0; row < COUNTED; row++) {
            full += counted.isEmpty(row) ? 0 : 1;
        }
        return (double) full / COUNTED;
    }

    /** Returns w, the share of samples that are not empty; 1 where empty samples are kept. */
    double share() {
        return share;
    }

    /** Replaces the content of a batch by new non-empty samples, which depend on seed, purpose and number alone. */
    void draw(long seed, long purpose, long number, int rows, SparseRows batch) {
        if (share == 1) {
            Sampler.draw(data, seed, purpose, number, rows, batch);
            return;
        }
        batch.clear();
        for (int attempt = 0; batch.rows() < rows; attempt++) {
            if (attempt == ATTEMPTS) {
                throw new IllegalStateException(Sampler.label(data) + " gave too few samples that are not all zero, " + batch.rows() + " of " + rows);
            }
            int missing = rows - batch.rows();
            Sampler.draw(data, seed, purpose, number * ATTEMPTS + attempt, (int) Math.ceil((missing + 2 * Math.sqrt(missing)) / share) + 4, drawn);
            for (int row = 0; row < drawn.rows() && batch.rows() < rows; row++) {
                if (!drawn.isEmpty(row)) {
                    for (int i = drawn.start(row); i < drawn.start(row + 1); i++) {
                        batch.add(drawn.column(i), drawn.value(i));
                    }
                    batch.endRow();
                }
            }
        }
    }
}
