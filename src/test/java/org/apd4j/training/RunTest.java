package org.apd4j.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RunTest {

    /** A run that only counts. */
    private static final class Counting extends Run<Counting> {

        Counting(int steps) {
            super("counting", steps, List.of("loss"));
        }

        @Override
        protected double[] trainStep(int step) {
            return new double[] {1.0 / (step + 1)};
        }

        @Override
        protected Counting self() {
            return this;
        }

        int seen() {
            return betweenSteps(this::step);
        }
    }

    @Test
    void whoLooksEveryFewStepsSeesThoseAndTheLastOne() {
        List<Integer> seen = new ArrayList<>();
        new Counting(10).every(4, run -> seen.add(run.seen())).train();
        assertEquals(List.of(4, 8, 10), seen);
    }

    @Test
    void stepsThatAreLookedAtDoNotDependOnThePiecesOfTraining() {
        List<Integer> seen = new ArrayList<>();
        Counting run = new Counting(10).every(4, now -> seen.add(now.step()));
        run.train(3);
        run.train(3);
        run.train();
        assertEquals(List.of(4, 8, 10), seen);
    }

    @Test
    void severalMayLook() {
        List<String> seen = new ArrayList<>();
        new Counting(3).every(2, run -> seen.add("a" + run.step())).every(3, run -> seen.add("b" + run.step())).train();
        assertEquals(List.of("a2", "a3", "b3"), seen);
    }

    @Test
    void whatALookThrowsEndsTheCallAndTheRunGoesOnFromThere() {
        Counting run = new Counting(6).every(2, now -> {
            if (now.step() == 4) {
                throw new IllegalStateException("seen enough");
            }
        });
        assertEquals("seen enough", assertThrows(IllegalStateException.class, run::train).getMessage());
        assertEquals(4, run.step());
        assertEquals(6, run.train().step());
    }

    @Test
    void aLookMayStopTheRun() {
        Counting run = new Counting(100).every(5, now -> now.stop());
        assertEquals(5, run.train().step());
    }

    @Test
    void lookingEveryNoStepsIsRefused() {
        assertEquals("steps is 0; it must be at least 1",
                assertThrows(IllegalArgumentException.class, () -> new Counting(1).every(0, run -> { })).getMessage());
    }
}
