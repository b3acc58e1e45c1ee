/**
 * The decomposition of a network's parameters into components, independent of the method that finds them: a
 * {@link org.apd4j.decomposition.Decomposition} is a target, its {@link org.apd4j.decomposition.Components}, their
 * {@link org.apd4j.decomposition.Importance} on an input, and their provenance.
 *
 * <p>Start with {@link org.apd4j.decomposition.DecompositionRun}, which trains a decomposition, and
 * {@link org.apd4j.decomposition.Evaluator}, which runs the components on batches. A method is a
 * {@link org.apd4j.decomposition.DecompositionMethod} with an {@link org.apd4j.decomposition.Objective}; each has a package of its own, such as
 * {@link org.apd4j.apd}, and nothing here knows them. Numbers that describe a decomposition are in {@link org.apd4j.measures};
 * what is wrong with one, a {@link org.apd4j.decomposition.Finding}, is measured there, and moved by what the method says, its
 * {@link org.apd4j.decomposition.Remedies}. "Step 3 of APD"
 * refers to the numbered steps in the description of {@link org.apd4j.apd}.
 */
@NullMarked
package org.apd4j.decomposition;

import org.jspecify.annotations.NullMarked;
