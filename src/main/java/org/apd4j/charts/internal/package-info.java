/**
 * What charts are made of. {@link org.apd4j.charts.internal.ChartFrame} puts {@linkplain org.apd4j.charts.internal.Axis axes} around what XChart
 * draws, {@link org.apd4j.charts.internal.Header} sets title and legend, {@link org.apd4j.charts.internal.Palette} has the colours, and
 * {@link org.apd4j.charts.internal.Pen} draws text and lines. The documentation of each says what XChart lacks there.
 */
@NullMarked
package org.apd4j.charts.internal;

import org.jspecify.annotations.NullMarked;
