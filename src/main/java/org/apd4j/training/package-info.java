/**
 * Training step by step, for targets and decompositions alike: runs that can be stopped, watched, saved and continued, groups of runs with different
 * seeds, learning-rate schedules, and the progress that they report. What is trained, and on which loss, is up to the packages that extend
 * {@link org.apd4j.training.Run}; how progress is displayed is up to its listeners. {@link org.apd4j.training.Results} shows runs without training them.
 *
 * <p>Start with {@link org.apd4j.training.Run}, then {@link org.apd4j.training.SeedRuns} and {@link org.apd4j.training.ProgressListener}.
 */
@NullMarked
package org.apd4j.training;

import org.jspecify.annotations.NullMarked;
