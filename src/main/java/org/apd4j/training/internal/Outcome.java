package org.apd4j.training.internal;

import java.util.Map;
import org.apd4j.io.NpyArray;
import org.apd4j.training.Provenance;

/**
 * What is worth keeping of a run when nobody will train it any further: the trained values without the optimiser's moments, in a form that may be
 * smaller than the run itself.
 *
 * @param provenance the run's provenance
 * @param settings   the settings, for people
 * @param note       what sets the arrays apart from the run's own values, one clause; empty if nothing does
 * @param arrays     the arrays, by names that the kind of run chooses
 */
public record Outcome(Provenance provenance, String settings, String note, Map<String, NpyArray> arrays) {
}
