/**
 * The networks that are decomposed, and their training: the toy model of superposition ({@link org.apd4j.targets.Tms}), the residual MLPs
 * ({@link org.apd4j.targets.ResidualMlp}), the hand-coded gated functions ({@link org.apd4j.targets.GatedFunctions}), and networks trained
 * elsewhere, whose weights are read from files ({@link org.apd4j.targets.Weights}).
 *
 * <p>Start with {@link org.apd4j.targets.Target}, a network with the data that it is for, and {@link org.apd4j.targets.TargetRun}, which
 * trains one. How a network computes is in {@link org.apd4j.network}, how its inputs are drawn in {@link org.apd4j.data}; how a target is
 * decomposed is said by {@link org.apd4j.decomposition} and the packages of its methods, never here.
 */
@NullMarked
package org.apd4j.targets;

import org.jspecify.annotations.NullMarked;
