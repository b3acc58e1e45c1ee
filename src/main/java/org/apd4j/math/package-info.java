/**
 * Matrices of floats, sparse batches, random numbers and statistics: the numerics that every other package is built on.
 * Nothing here knows of networks, decompositions or files.
 *
 * <p>Start with {@link org.apd4j.math.Matrix}, the row-major block that all computations work on, and
 * {@link org.apd4j.math.SparseRows}, a batch of mostly zero rows. The kernels that work on them (matrix products, Adam, top-k, threads) are in
 * {@code org.apd4j.math.internal}.
 */
@NullMarked
package org.apd4j.math;

import org.jspecify.annotations.NullMarked;
