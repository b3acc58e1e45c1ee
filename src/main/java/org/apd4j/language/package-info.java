/**
 * Language models for the Local Interaction Basis: published weights read as a {@link org.apd4j.interaction.Transformer}, text as tokens, stories that
 * are made by a small grammar and so hold something known to find, and the training of a small transformer on any text. What is done with a model
 * lives in {@code org.apd4j.interaction}.
 *
 * <p>Start with {@link org.apd4j.language.LanguageModelRun} to train a model, or with {@link org.apd4j.language.PublishedWeights} to read one.
 */
@NullMarked
package org.apd4j.language;

import org.jspecify.annotations.NullMarked;
