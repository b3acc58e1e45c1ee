package org.apd4j.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.apd4j.training.Schedule.Shape;
import org.junit.jupiter.api.Test;

class ScheduleTest {

    @Test
    void shapesFollowTheirFormulas() {
        assertEquals(1, Schedule.constant().factor(9, 10));
        assertEquals(1, Schedule.linear().factor(0, 10));
        assertEquals(0.1, Schedule.linear().factor(9, 10), 1e-15);
        assertEquals(1, Schedule.cosine().factor(0, 11));
        assertEquals(Math.sqrt(0.5), Schedule.cosine().factor(5, 11), 1e-15);
        assertEquals(0, Schedule.cosine().factor(10, 11), 1e-15);
        assertEquals(1, Schedule.halfCosine().factor(0, 11));
        assertEquals(0.5, Schedule.halfCosine().factor(5, 11), 1e-15);
        assertEquals(0.5 * (1 + Math.cos(Math.PI * 0.2)), Schedule.halfCosine().factor(2, 11), 1e-15);
        assertEquals(0, Schedule.halfCosine().factor(10, 11), 1e-15);
        assertEquals(0.25, Schedule.exponential(3).factor(6, 100), 1e-15);
    }

    @Test
    void theWarmUpRisesFromZeroOverTheFloorOfItsPart() {
        Schedule schedule = Schedule.linear().warmup(0.29);
        assertEquals(0, schedule.factor(0, 10));
        assertEquals(0.5, schedule.factor(1, 10));
        assertEquals(1, schedule.factor(2, 10));
        assertEquals(1 - 7.0 / 8, schedule.factor(9, 10), 1e-15);
        assertEquals(1, Schedule.constant().warmup(0.05).factor(0, 10), "floor(0.5) steps are none");
    }

    @Test
    void aRunOfOneStepAndARunThatIsAllWarmUpHaveRates() {
        for (Schedule schedule : new Schedule[] {Schedule.constant(), Schedule.linear(), Schedule.cosine(), Schedule.halfCosine(), Schedule.exponential(2)}) {
            assertEquals(1, schedule.factor(0, 1), schedule.toString());
            assertEquals(0.9, schedule.warmup(1).factor(9, 10), 1e-15, schedule.toString());
            assertEquals(1, schedule.warmup(0.9).factor(9, 10), schedule.toString());
        }
    }

    @Test
    void everyFactorIsFromZeroToOne() {
        for (Shape shape : Shape.values()) {
            for (double warmup : new double[] {0, 0.1, 0.5, 1}) {
                for (int steps : new int[] {1, 2, 3, 50}) {
                    for (int step = 0; step < steps; step++) {
                        double factor = new Schedule(shape, warmup, 5).factor(step, steps);
                        assertTrue(factor >= 0 && factor <= 1, shape + " at " + step + " of " + steps + ": " + factor);
                    }
                }
            }
        }
    }

    @Test
    void valuesOutOfRangeAreRejectedByName() {
        for (double warmup : new double[] {-0.1, 1.1, Double.NaN}) {
            var refused = assertThrows(IllegalArgumentException.class, () -> Schedule.cosine().warmup(warmup));
            assertEquals("warmup is " + warmup + "; it must be 0 … 1, a fraction of the run", refused.getMessage());
        }
        for (double halfLife : new double[] {0, -1, Double.NaN}) {
            var refused = assertThrows(IllegalArgumentException.class, () -> Schedule.exponential(halfLife));
            assertEquals("halfLife is " + halfLife + "; it must be above 0 steps", refused.getMessage());
        }
    }
}
