/**
 * Measures of a decomposition: every number in the paper's figures and tables, and more. A measure is a record with a static method {@code of}, a
 * function of a decomposition or a target, of data or a seed. The same seed gives the same numbers. Measures know no method and draw nothing.
 *
 * <p>This package holds what applies to any decomposition; start reading at {@link org.apd4j.measures.OneHotAttributions};
 * {@link org.apd4j.measures.Diagnosis} says what looks wrong;
 * importances and masks between 0 and 1 are measured in {@link org.apd4j.measures.importance}. What is about one kind of
 * target has a package of its own: {@link org.apd4j.measures.superposition}, {@link org.apd4j.measures.residual}, {@link org.apd4j.measures.gated},
 * {@link org.apd4j.measures.classification}.
 *
 * <p>Standard deviations are sample standard deviations (divided by n − 1); quantiles interpolate linearly between order statistics
 * ({@link org.apd4j.math.Statistics#quantile}).
 */
@NullMarked
package org.apd4j.measures;

import org.jspecify.annotations.NullMarked;
