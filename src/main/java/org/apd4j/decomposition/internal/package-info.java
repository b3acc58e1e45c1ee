/**
 * The passes under a mask, attributions and their parts. Nothing here belongs to a method; methods and the evaluator are made of it.
 *
 * <p>{@link org.apd4j.decomposition.internal.SparsePass} runs a network with few active components,
 * {@link org.apd4j.decomposition.internal.MaskedPass} with a real-valued mask; {@link org.apd4j.decomposition.internal.GradientAttributions} computes
 * gradient attributions without a gradient for every output. Start reading at {@code SparsePass}.
 */
@NullMarked
package org.apd4j.decomposition.internal;

import org.jspecify.annotations.NullMarked;
