package org.apd4j.training.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.apd4j.math.internal.Adam;
import org.junit.jupiter.api.Test;

class ValueBoundsTest {

    private static final double BELOW = Math.nextDown(1e37);

    @Test
    void boundsAfterAnUpdateAreTheLargestThatAnyValueCanReach() {
        ValueBounds after = new ValueBounds(8, 2, 5).after(3, 1, 0.5, 0.25);
        assertEquals((1 - 0.5 * 0.25) * 8 + 0.5 / (1 - 0.9) * 3 / Adam.EPSILON, after.parameter(), 1e-6);
        assertEquals(3, after.mean());
        assertEquals(9, after.square());
        ValueBounds smaller = new ValueBounds(8, 2, 5).after(1, 2, 0.5, 0);
        assertEquals(8 + 0.5 / (1 - 0.81) * 2 / Adam.EPSILON, smaller.parameter(), 1e-6);
        assertEquals(2, smaller.mean());
        assertEquals(5, smaller.square());
    }

    @Test
    void boundsAreSafeBelowAThirtiethOfTheLargestNumberAndUnknownOnesAreNot() {
        assertTrue(new ValueBounds(BELOW, BELOW, BELOW).areSafe(1, 1));
        assertFalse(new ValueBounds(1e37, 0, 0).areSafe(1, 1));
        assertFalse(new ValueBounds(0, 1e37, 0).areSafe(1, 1));
        assertFalse(new ValueBounds(0, 0, 1e37).areSafe(1, 1));
        assertFalse(ValueBounds.UNKNOWN.areSafe(1, 1));
        assertFalse(ValueBounds.UNKNOWN.and(new ValueBounds(0, 0, 0)).areSafe(1, 1));
        assertTrue(new ValueBounds(0, 0, 0).areSafe(1, 0.9e36));
        assertFalse(new ValueBounds(0, 0, 0).areSafe(1, 1.1e36), "an update of step 1 divides the rate by 0.1");
        assertFalse(new ValueBounds(0, 0, 0).areSafe(1, 1e37 * (1 - 0.9)));
    }

    @Test
    void boundsOfTwoArraysHoldForBoth() {
        assertEquals(new ValueBounds(3, 5, 7), new ValueBounds(3, 2, 7).and(new ValueBounds(1, 5, 6)));
    }
}
