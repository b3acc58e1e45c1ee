/**
 * Attribution-based Parameter Decomposition (Braun, Bushnaq, Heimersheim, Mendel, Sharkey 2025, arXiv 2501.14926). Start with
 * {@link org.apd4j.apd.Apd}, which begins a run, and {@link org.apd4j.apd.ApdConfig}, its settings; {@link org.apd4j.apd.ApdConfig#suggest}
 * proposes settings for a new network. What all methods share, components, attributions, masks and runs, is in {@link org.apd4j.decomposition}; measures
 * and figures work with any method and are elsewhere.
 *
 * <p><b>The method.</b> Samples are rows: a layer computes {@code h = x · W}, {@code W_l [d_in, d_out]}. Component c has the same index in every
 * layer and is stored in factors, {@code P_cl = A_cl · B_cl} with {@code A_l [C, d_in, m]} and {@code B_l [C, m, d_out]}
 * ({@link org.apd4j.decomposition.Factors}). N is the number of entries of all decomposed layers, where a transposed one is counted again. Where
 * paper and reference implementation differ, the reference implementation is followed, since it produced the published figures. The steps below
 * are those of one training step; documentation refers to them by number.
 *
 * <ol>
 * <li><b>Target pass.</b> Runs the target on a batch and keeps its activations and its output {@code y [batch, d_out]}, the logits if a softmax
 *     follows ({@link org.apd4j.network.internal.DensePass#forward}).
 * <li><b>Attributions</b> {@code [batch, C]}, by default {@code attr_c = Σ_o (Σ_l ∂y_o/∂h_l · (x_l P_cl))²}. The paper takes the square root of the
 *     mean over o, which gives the same ranking. {@link org.apd4j.decomposition.AttributionKind} lists all kinds,
 *     {@link org.apd4j.decomposition.internal.Attributions#compute} computes them.
 * <li><b>Mask</b> {@code [batch, C]}, 0 or 1: batch top-k keeps the {@code floor(k · batch)} largest attributions of the batch, per-sample top-k the
 *     k largest of each sample; of equal ones the lower flat index ({@link org.apd4j.decomposition.Mask#select}).
 * <li><b>Sparse pass.</b> Every decomposed layer computes {@code Σ_c mask[b,c] · (x_l A_cl) B_cl}; its output is ŷ. No gradient flows through the
 *     mask ({@link org.apd4j.decomposition.internal.SparsePass#forward}).
 * <li><b>Losses</b> ({@link org.apd4j.decomposition.Loss}); the total is the sum of coefficient times loss.
 *     <ul>
 *     <li>Faithfulness {@code (1/N) Σ_l |W_l − Σ_c P_cl|²} ({@code ApdObjective.faithfulness}).
 *     <li>Minimality: mean over batch and outputs of {@code (ŷ − y)²}, or {@code KL(softmax(y) ‖ softmax(ŷ))}
 *         ({@link org.apd4j.apd.internal.SparseLosses#minimality}).
 *     <li>Simplicity {@code (1/(N · batch)) Σ_l Σ_b Σ_c Σ_j (mask[b,c] · |A_cl[:,j]|² · |B_cl[j,:]|² + 1e-16)^(p/2)}
 *         ({@link org.apd4j.apd.internal.Simplicity#compute}).
 *     <li>Hidden reconstruction: {@code |ReLU(ĥ_l) − ReLU(h_l)|²} over the observed layers, divided by the number of their neurons, mean over the
 *         batch; without ReLU in the toy model of superposition ({@link org.apd4j.apd.internal.SparseLosses#hiddenReconstruction}).
 *     <li>Output reconstruction, off by default: mean over batch and outputs of (output with all components − y)²
 *         ({@code ApdObjective.outputReconstruction}).
 *     </ul>
 * <li><b>Adam</b> with a learning rate schedule ({@link org.apd4j.math.internal.Adam#update}, {@link org.apd4j.training.Schedule#factor}).
 * <li><b>Unit norm</b>, an option: before each step the columns {@code A_cl[:, j]} are scaled to norm 1, and the part of A's gradient that is
 *     parallel to its column is removed ({@link org.apd4j.apd.internal.UnitNorm}).
 * </ol>
 *
 * <p><b>The Lp formulation</b> ({@link org.apd4j.apd.LpPenalty}) replaces steps 3 and 4: with {@code w[b,c] = (attr[b,c] / d_out + 1e-16)^(q/2)},
 * minimality is {@code mean_b Σ_c w[b,c]}, and w takes the place of the mask in simplicity ({@link org.apd4j.apd.internal.LpLosses}).
 */
@NullMarked
package org.apd4j.apd;

import org.jspecify.annotations.NullMarked;
