/**
 * The library in a Jupyter notebook: the display of figures, tables, runs and objects, live progress, {@code help(X)}, and the store of saved runs.
 * Everything here works in plain Java as well, or does nothing there; the kernel itself is in {@code org.apd4j.notebook.jupyter}, and what the
 * library computes is in the other packages.
 *
 * <p>Start with {@link org.apd4j.notebook.Notebook}, then {@link org.apd4j.notebook.RunStore}.
 */
@NullMarked
package org.apd4j.notebook;

import org.jspecify.annotations.NullMarked;
