/**
 * The losses and gradients of APD. Start with {@link org.apd4j.apd.internal.ApdObjective}, which does a training step in the order of the
 * {@linkplain org.apd4j.apd method's} steps; {@link org.apd4j.apd.internal.SparseLosses}, {@link org.apd4j.apd.internal.Simplicity} and
 * {@link org.apd4j.apd.internal.LpLosses} compute the losses. This package is for the library alone and may change in any version.
 */
@NullMarked
package org.apd4j.apd.internal;

import org.jspecify.annotations.NullMarked;
