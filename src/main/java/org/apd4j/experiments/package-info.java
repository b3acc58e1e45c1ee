/**
 * The paper's experiments by name, with its settings, in a quick and in the published size or not trained at all (see
 * {@link org.apd4j.experiments.Profile}), the numbers that
 * the paper reports, and the criteria by which a notebook accepts its results. What trains, measures and draws lives in the packages below. Start reading
 * at {@link org.apd4j.experiments.TmsExperiment}.
 */
@NullMarked
package org.apd4j.experiments;

import org.jspecify.annotations.NullMarked;
