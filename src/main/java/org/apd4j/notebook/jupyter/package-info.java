/**
 * The kernel "Java (APD)": IJava with an evaluator, a message publisher and error messages of its own, so that cells can be stopped, keep their
 * variables, and report errors in the terms of the cell. It knows nothing of networks or decompositions; their display is in {@code
 * org.apd4j.notebook}.
 *
 * <p>Start with {@link org.apd4j.notebook.jupyter.ApdKernel}, then {@code Cells}, which evaluates code, and {@code IJavaInternals}, which lists
 * where the kernel differs from IJava.
 */
@NullMarked
package org.apd4j.notebook.jupyter;

import org.jspecify.annotations.NullMarked;
