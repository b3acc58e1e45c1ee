/**
 * The kernels of the numerics: matrix products by OpenBLAS, fused loops, the optimiser's update, top-k selection, and the threads that share the
 * work. Callers own the memory that a kernel writes to, and no result depends on the number of threads.
 *
 * <p>Start with {@link org.apd4j.math.internal.Gemm} for products and {@link org.apd4j.math.internal.Workers} for threads. This package is for the
 * library alone and may change in any version.
 */
@NullMarked
package org.apd4j.math.internal;

import org.jspecify.annotations.NullMarked;
