package org.apd4j;

/**
 * An object that can say in a few lines what it is: shown as a small table when it ends a notebook cell.
 *
 * <pre>{@code
 * Summarized something = run;
 * System.out.println(something.summary());
 * }</pre>
 */
public interface Summarized {

    /** A title and some named values. */
    Summary summary();
}
