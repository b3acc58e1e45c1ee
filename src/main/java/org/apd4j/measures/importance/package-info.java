/**
 * Measures of importances: how many components are important, whether each feature has one of its own, and how far masks that keep what is important
 * change the output. They apply to any method: the importance g of a component on a sample is its factor in the decomposition's own mask
 * ({@link org.apd4j.decomposition.Evaluator#importanceMask}), 0 or 1 for APD and between 0 and 1 for SPD, where each layer has its own. Start with
 * {@link org.apd4j.measures.importance.ImportanceStatistics}. {@link org.apd4j.measures.importance.Agreement} compares two decompositions of one target,
 * and {@link org.apd4j.measures.importance.FeatureOwners} and {@link org.apd4j.measures.importance.KeepOnlyError} say whether features have components
 * of their own that suffice.
 */
@NullMarked
package org.apd4j.measures.importance;

import org.jspecify.annotations.NullMarked;
