package org.apd4j.sharedgate.internal;

import org.apd4j.math.Matrix;
import org.apd4j.math.SparseRows;

/** What a run draws at random besides its batches. */
public interface Draws {

    /**
     * Fills in the numbers r of a step's masks for a part of the batch, {@code [live, samples]}.
     *
     * @param part    the number of the part
     * @param live    the components that are alive, in ascending order
     * @param samples the indices of the part's samples in the batch
     * @param count   the number of samples
     */
    void masks(int step, int part, int[] live, int[] samples, int count, Matrix r);

    /** Returns the non-empty samples that a pruning looks at. */
    SparseRows pruning(int number);

    /** Returns the non-empty samples that a restart looks at. */
    SparseRows restart(int number);

    /**
     * Fills in standard normal numbers for A of the further pieces of a component that a restart rebuilds, piece by piece.
     *
     * @param restart   the number of the restart
     * @param rebuilt   the number of the component among those that it rebuilds
     * @param parameter the number of the parameter
     * @param to        {@code [(R − 1) · in]}
     */
    void restartPieces(int restart, int rebuilt, int parameter, float[] to);
}
