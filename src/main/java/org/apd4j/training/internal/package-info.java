/**
 * The optimiser of targets and decompositions, and the bounds by which it knows that an update stays finite. The update rule itself is in
 * {@link org.apd4j.math.internal.Adam}.
 *
 * <p>Start with {@link org.apd4j.training.internal.Optimizer}. This package is for the library alone and may change in any version.
 */
@NullMarked
package org.apd4j.training.internal;

import org.jspecify.annotations.NullMarked;
