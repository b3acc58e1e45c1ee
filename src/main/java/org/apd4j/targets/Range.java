package org.apd4j.targets;

/** The check that a whole number is large enough, shared by the configurations of this package. */
final class Range {

    private Range() {
    }

    /** @throws IllegalArgumentException if the value is below the least one that is allowed */
    static void atLeast(int least, String setting, int value) {
        if (value < least) {
            throw new IllegalArgumentException(setting + " is " + value + "; it must be at least " + least);
        }
    }
}
