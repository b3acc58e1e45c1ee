/**
 * Kinds of charts, whatever they show. {@link org.apd4j.charts.Charts} has lines and bars, {@link org.apd4j.charts.HeatMap} matrices,
 * {@link org.apd4j.charts.NetworkPanels} networks; each returns a {@link org.apd4j.charts.Figure}, with its numbers and a text alternative. Start
 * reading there. XChart draws lines, markers, bars and error bars. What the paper draws is in {@link org.apd4j.figures}.
 */
@NullMarked
package org.apd4j.charts;

import org.jspecify.annotations.NullMarked;
