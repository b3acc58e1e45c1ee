/**
 * Grids of settings: one decomposition for each pair of values of two {@linkplain org.apd4j.sweep.SweepAxis axes} and each seed, by any method. A
 * {@link org.apd4j.sweep.Sweep} trains and remembers; its numbers are a {@link org.apd4j.sweep.SweepResult}, which tables and figures show. Nothing here
 * knows a method or draws. Start reading at {@code Sweep}.
 */
@NullMarked
package org.apd4j.sweep;

import org.jspecify.annotations.NullMarked;
