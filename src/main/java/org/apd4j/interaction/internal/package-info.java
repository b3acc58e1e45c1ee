/**
 * The computations behind {@link org.apd4j.interaction}. Start with {@link org.apd4j.interaction.internal.Program}, a network with folded biases,
 * then {@link org.apd4j.interaction.internal.LayerBases}, which computes the bases from the last node layer to the first. This package is for the
 * library alone and may change in any version.
 */
@NullMarked
package org.apd4j.interaction.internal;

import org.jspecify.annotations.NullMarked;
