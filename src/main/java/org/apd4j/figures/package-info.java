/**
 * The figures of the paper and of the notebooks: {@link org.apd4j.figures.Figures} has the general ones and those of toy models of superposition,
 * its neighbours those of one experiment each. A figure draws what a record of {@link org.apd4j.measures} says, with the charts of
 * {@link org.apd4j.charts}; nothing is computed here, and no method is named.
 */
@NullMarked
package org.apd4j.figures;

import org.jspecify.annotations.NullMarked;
