/**
 * The losses and gradients of SPD. Start with {@link org.apd4j.spd.internal.SpdObjective}, which does a training step in the order of the
 * {@linkplain org.apd4j.spd method's} steps. This package is for the library alone and may change in any version.
 */
@NullMarked
package org.apd4j.spd.internal;

import org.jspecify.annotations.NullMarked;
