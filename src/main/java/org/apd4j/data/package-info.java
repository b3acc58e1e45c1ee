/**
 * Distributions that networks are trained on and decomposed with: the paper's sparse features and gated inputs, data sets read from files, a set of drawn
 * digits and one of real ones, and public collections of images in the user's own files. Here are inputs and class labels only; the outputs that a network is trained to give belong to its target.
 *
 * <p>Start with {@link org.apd4j.data.Sampler}, the interface of them all, then {@link org.apd4j.data.SparseFeatures} or
 * {@link org.apd4j.data.Dataset}.
 */
@NullMarked
package org.apd4j.data;

import org.jspecify.annotations.NullMarked;
