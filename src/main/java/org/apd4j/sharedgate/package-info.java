/**
 * Decomposition by shared gates: components that span all matrices, as in APD (arXiv 2501.14926), with one trained gate each, as in SPD (arXiv
 * 2506.20790). Start with {@link org.apd4j.sharedgate.SharedGate}, which begins a run, and {@link org.apd4j.sharedgate.SharedGateConfig}, its settings.
 *
 * <p><b>The method.</b> Samples are rows: a layer computes {@code h = x · W}, {@code W_l [d_in, d_out]}. Component c is
 * {@code P_{c,l} = Σ_r A_l[:,c,r] · B_l[c,r,:]} in matrix l, a slice of the whole network; biases and fixed matrices stay the target's. Two uses of one
 * matrix, such as the encoder and the transposed decoder of TMS, are one array, whose gradients are summed. Gate matrices are those that the network's
 * input reaches without passing another decomposed matrix: TMS's encoder, every W_in of a residual MLP.
 *
 * <ol>
 * <li><b>Target pass.</b> Keeps the input {@code x_l} of each decomposed matrix and the output y, all constant
 *     ({@link org.apd4j.decomposition.internal.TargetPass}). Batches have no empty samples; one empty sample of weight 1 − w stands for them, where the
 *     network maps zeros to zeros.
 * <li><b>Gates and masks.</b> {@code γ[b,c] = b_c + Σ_l s_{l,c} · n_l[b,c]} over the gate matrices, n made of {@code x_l A_l[:,c,:]}
 *     ({@link org.apd4j.sharedgate.GateKind}); squashed to g, which masks, and u, which is counted
 *     ({@link org.apd4j.decomposition.internal.Squashing}). {@code m = g + (1 − g) · r} with one r for each sample and component, shared by all matrices
 *     ({@link org.apd4j.sharedgate.RandomMasks}).
 * <li><b>Two masked passes</b>, every matrix masked: stochastic with m, keep with {@code m = g}
 *     ({@link org.apd4j.decomposition.internal.MaskedNetwork}).
 * <li><b>Losses</b> ({@link org.apd4j.sharedgate.SharedGateLoss}); the total is the sum of coefficient times loss
 *     ({@link org.apd4j.sharedgate.internal.SharedGateObjective}).
 * <li><b>Schedules</b> of learning rate, faithfulness and minimality ({@link org.apd4j.training.Schedule},
 *     {@link org.apd4j.sharedgate.SharedGateConfig#faithfulness(int)}, {@link org.apd4j.sharedgate.SharedGateConfig#minimality(int)}).
 * <li><b>Adam</b> over A, B, s and b ({@link org.apd4j.math.internal.Adam#update}).
 * <li><b>Pruning.</b> Components whose gates open on none of many samples die. Restarts, off by default, rebuild unused components from samples that are
 *     explained badly.
 * </ol>
 */
@NullMarked
package org.apd4j.sharedgate;

import org.jspecify.annotations.NullMarked;
