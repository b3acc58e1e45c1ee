package org.apd4j.tables.internal;

import java.util.List;
import java.util.Locale;
import org.apd4j.training.Run;
import org.apd4j.training.SeedRuns;

/**
 * The finished runs of a group. A run that was stopped has neither succeeded nor failed yet: it takes no part in counts and means, and a table
 * of its group says so.
 *
 * @param runs    those that are finished
 * @param planned how many the group has when all of them are made and trained
 */
public record Finished<R extends Run<?>>(List<R> runs, int planned) {

    public static <R extends Run<?>> Finished<R> of(List<R> runs) {
        return new Finished<>(runs.stream().filter(Run::isFinished).toList(), SeedRuns.planned(runs));
    }

    /** Returns "6 of 10 succeed" of a group that is finished, else "1 succeeds, 2 of 10 runs finished". */
    public String count(long which, String one, String several) {
        return runs.size() == planned ? which + " of " + planned + " " + several
                : which + " " + (which == 1 ? one : several) + ", " + runs.size() + " of " + planned + " runs finished";
    }

    /** Returns "6 of 10" of a group that is finished, else "1 of 2 finished, of 10 planned". */
    public String count(long which) {
        return runs.size() == planned ? which + " of " + planned : which + " of " + runs.size() + " finished, of " + planned + " planned";
    }

    /** Returns what a run has come to: the verdict if it is finished, else how far it is. */
    public static String state(Run<?> run, String verdict) {
        return run.isFinished() ? verdict : String.format(Locale.ROOT, "not yet: %,d of %,d steps", run.step(), run.steps());
    }
}
