/**
 * Stochastic Parameter Decomposition (Bushnaq, Braun, Sharkey 2025, arXiv 2506.20790). Start with {@link org.apd4j.spd.Spd}, which begins a run, and
 * {@link org.apd4j.spd.SpdConfig}, its settings. What all methods share, components, masks, gates and runs, is in
 * {@link org.apd4j.decomposition}; measures and figures work with any method and are elsewhere.
 *
 * <p><b>The method.</b> Samples are rows: a layer computes {@code h = x · W}, {@code W_l [d_in, d_out]}. Every decomposed layer has C subcomponents of
 * rank one of its own, {@code P_cl = A_l[:,c] · B_l[c,:]} with {@code A_l [d_in, C]} and {@code B_l [C, d_out]}; equal indices in different layers are
 * unrelated. The paper writes W transposed, {@code W = U V}: its V is {@code Aᵀ}, its U is {@code Bᵀ}. Two uses of one matrix, such as the encoder and
 * the transposed decoder of TMS, share the arrays {@code A_2 = B_1ᵀ}, {@code B_2 = A_1ᵀ}; all else is separate, and an optimiser step applies the
 * updates of both uses, one after the other. Where paper and reference implementation differ, the reference implementation is followed, since it
 * produced the published figures.
 *
 * <ol>
 * <li><b>Target pass.</b> Keeps the input {@code x_l} of every decomposed layer and the output {@code y [batch, d_y]}, all constant
 *     ({@link org.apd4j.decomposition.internal.TargetPass}).
 * <li><b>Importances</b> {@code [batch, C]} of each layer: the gate {@code γ = Σ_j w_out[c,j] · GELU(a · w_in[c,j] + b_in[c,j]) + b_out[c]} of the
 *     activation {@code a = x_l A_l}, squashed in two ways, g for masks and u for the penalty ({@link org.apd4j.decomposition.internal.Gates},
 *     {@link org.apd4j.decomposition.internal.Squashing}).
 * <li><b>Masks</b> {@code m = g + (1 − g) · r}, {@code r ~ U[0, 1)} independent for every loss, draw, layer, sample and component
 *     ({@link org.apd4j.spd.internal.MaskNumbers}).
 * <li><b>Masked passes.</b> A masked layer computes {@code ((x A_l) ⊙ m_l) B_l}: all layers at once, and each alone with the target's weights elsewhere
 *     ({@link org.apd4j.decomposition.internal.MaskedNetwork}).
 * <li><b>Losses</b> ({@link org.apd4j.spd.SpdLoss}); the total is the sum of coefficient times loss. Gates are not detached: gradients flow through a
 *     into {@code A_l} ({@link org.apd4j.spd.internal.SpdObjective}).
 * <li><b>Adam</b> with a learning rate schedule over all A, B and gates ({@link org.apd4j.math.internal.Adam#update},
 *     {@link org.apd4j.training.Schedule#factor}).
 * </ol>
 *
 * <p><b>What came later.</b> The authors' later code trains the same networks with a delta component: what the subcomponents lack,
 * {@code Δ = W − A B}, is one more of them with importance 0 and a random mask δ for each sample, {@code h = ((x A) ⊙ m) B + δ · x Δ}. It starts from
 * other initial values ({@link org.apd4j.spd.SpdStart}), with a warm-up on faithfulness alone, and squashes gates in another way
 * ({@link org.apd4j.decomposition.GateSquashing}). {@link org.apd4j.spd.SpdConfig} has these as options; its presets leave them off.
 */
@NullMarked
package org.apd4j.spd;

import org.jspecify.annotations.NullMarked;
