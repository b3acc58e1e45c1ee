/**
 * The numbers of the paper's figures and tables: every measure is a function of a decomposition, or of a target, and a seed, and returns a
 * record. Nothing here draws.
 *
 * <p>Samples come from the seed alone. Standard deviations are sample ones (n − 1); quantiles are linear between neighbours
 * ({@link org.apd4j.math.Statistics#quantile}).
 */
package org.apd4j.measures;
