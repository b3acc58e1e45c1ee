package org.apd4j.decomposition;

/** Something that has a decomposition to show: a decomposition itself, or a run, as far as it has come. */
public interface Decomposed {

    /** The decomposition as it is now; it does not change any more. */
    Decomposition decomposition();
}
