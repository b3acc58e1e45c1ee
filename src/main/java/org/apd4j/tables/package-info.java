/**
 * The tables of the paper and of the notebooks, as Tablesaw tables: {@link org.apd4j.tables.Tables} has the general ones, its neighbours those of
 * one experiment each, and {@link org.apd4j.tables.NumberTable} builds a table from arrays. A table shows what a record of
 * {@link org.apd4j.measures} says; nothing is computed here, and no method is named.
 */
@NullMarked
package org.apd4j.tables;

import org.jspecify.annotations.NullMarked;
