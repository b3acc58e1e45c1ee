/**
 * The parts of the notebook's display: progress as HTML, outputs that change in place, the text of a cell's value, and the library's documentation
 * read from its sources.
 *
 * <p>Start with {@link org.apd4j.notebook.internal.ProgressBoard}. This package is for the library alone and may change in any version.
 */
@NullMarked
package org.apd4j.notebook.internal;

import org.jspecify.annotations.NullMarked;
