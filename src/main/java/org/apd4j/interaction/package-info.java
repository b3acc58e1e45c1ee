/**
 * The Local Interaction Basis (Bushnaq, Heimersheim, Goldowsky-Dill, Braun and others 2024, arXiv 2405.10928): every node layer of a network gets a
 * new linear basis whose directions, the nodes, are those that the next node layer reacts to, and edges that measure how strongly nodes act on each
 * other. Start with {@link org.apd4j.interaction.InteractionBasis}; {@link org.apd4j.interaction.SectionedNetwork} says where a network can be cut.
 *
 * <p><b>The method.</b> Samples are rows, {@code f̂ = f C} and {@code f ≈ f̂ C⁺}. N is the number of samples, S of positions at a section's input (1
 * but for transformers), T at its output, d the width of a node layer with its constant, k the directions left by the first truncation, n the nodes
 * left by the second. Everything is computed in double precision. Where paper and reference implementation differ, the reference implementation is followed,
 * since it produced the published figures.
 *
 * <ol>
 * <li><b>Folding.</b> Activations get a last entry 1, and biases become a row of the weights; a constant passes an activation as ρ,
 *     {@code act(ρ) = 1} ({@link org.apd4j.interaction.internal.ProgramOfNetwork}, {@link org.apd4j.interaction.internal.ElementFunction#constant}).
 *     In transformers the embedding of positions brings the stream's 1, and every head's values have one of their own
 *     ({@link org.apd4j.interaction.internal.ProgramOfTransformer}).
 * <li><b>Means and Gram matrices.</b> {@code μ = 1/(S N) Σ f} and {@code G = 1/(S N) Σ (f − s)ᵀ(f − s)} with s = μ but for the constant
 *     ({@link org.apd4j.interaction.internal.LayerBases}).
 * <li><b>Principal components.</b> {@code G = U D Uᵀ}, without directions of variance up to the threshold; {@code W = Y U} with the centring Y, and
 *     the whitening {@code R = W D^(−1/2)} ({@link org.apd4j.interaction.internal.PrincipalStep}).
 * <li><b>Jacobian basis.</b> From the last node layer to the first: {@code M′ = 1/(S N) Σ Jᵀ J} with the Jacobians of {@code F(f) C′},
 *     {@code M = R⁺ M′ R⁺ᵀ = V Λ Vᵀ} apart from the constant, and {@code C = R V √Λ}, {@code C⁺ = 1/√Λ Vᵀ R⁺}, by decreasing Λ, without those below
 *     the threshold ({@link org.apd4j.interaction.internal.JacobianStep}). Naive gradient flow takes the section to the last node layer for F.
 * <li><b>Edges.</b> {@code E[i,j] = 1/(S N) Σ_x Σ_t (Σ_α w_α Σ_s f̂_{s,j} ∂f̂′_{t,i}/∂f̂_{s,j})²} at {@code α f̂}
 *     ({@link org.apd4j.interaction.internal.EdgeSums}); rows belong to the later node layer.
 * <li><b>Ablations.</b> The score of the network with the first nodes only, or with the strongest edges only, and a bisection for the number of edges
 *     that it needs ({@link org.apd4j.interaction.Ablation}).
 * <li><b>Modules.</b> Communities of the graph with weights {@code log₁₀(E/ε)} or {@code √E}, by the Leiden algorithm with a resolution γ
 *     ({@link org.apd4j.interaction.InteractionModules}).
 * </ol>
 */
@NullMarked
package org.apd4j.interaction;

import org.jspecify.annotations.NullMarked;
