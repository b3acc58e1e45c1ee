/**
 * The losses and gradients of the shared-gate method. Start with {@link org.apd4j.sharedgate.internal.SharedGateObjective}, which does a training step in
 * the order of the {@linkplain org.apd4j.sharedgate method's} steps. This package is for the library alone and may change in any version.
 */
@NullMarked
package org.apd4j.sharedgate.internal;

import org.jspecify.annotations.NullMarked;
