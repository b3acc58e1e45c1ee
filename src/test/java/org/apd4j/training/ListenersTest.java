package org.apd4j.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ListenersTest {

    private final List<String> heard = new ArrayList<>();

    private static final class Counting extends Run<Counting> {

        Counting(String name) {
            super(name, 2, List.of());
        }

        @Override
        protected double[] trainStep(int step) {
            return new double[0];
        }

        @Override
        protected Counting self() {
            return this;
        }
    }

    @AfterEach
    void forget() {
        Listeners.reset();
    }

    private ProgressListener listener(String name) {
        return progress -> heard.add(name + " " + progress.run() + " " + progress.phase());
    }

    @Test
    void whatIsMadeInsideOfSomethingThatIsReportedIsHeardThereAndNotAtTheDefault() {
        Listeners.useByDefault(run -> listener("default"));
        ProgressListener outer = listener("outer");
        String result = Listeners.overriding(outer, () -> {
            Listeners.overriding(Listeners.silent(), () -> new Counting("silent").train());
            assertSame(outer, Listeners.forRun("any"), "what was here before is here again");
            new Counting("a").train();
            return "done";
        });
        assertEquals("done", result);
        new Counting("b").train();
        assertEquals(List.of("outer a STARTED", "outer a FINISHED", "default b STARTED", "default b FINISHED"), heard);
    }

    @Test
    void theOverridingListenerIsGivenBack() {
        ProgressListener one = listener("one");
        assertNull(Listeners.override(one));
        assertSame(one, Listeners.override(null));
    }

    @Test
    void theRunsOfAGroupHaveListenersOfTheirOwn() {
        Listeners.useForGroups((title, runs) -> run -> run.equals("quiet") ? null : listener(title + " of " + runs.size()));
        Function<String, ProgressListener> group = Listeners.forGroup("group", List.of("loud", "quiet"));
        for (String run : List.of("loud", "quiet")) {
            group.apply(run).on(new Progress(run, Phase.STARTED, 0, 1, 0, 0, new LossHistory(List.of())));
        }
        assertEquals(List.of("group of 2 loud STARTED"), heard);
    }

    @Test
    void everyRunIsShownOnceBeforeItsFirstStep() {
        Listeners.onFirstStep(run -> heard.add(run.name() + " at step " + run.step()));
        Counting run = new Counting("a");
        assertEquals(List.of(), heard);
        run.train(1);
        run.train(1);
        new Counting("b").train();
        assertEquals(List.of("a at step 0", "b at step 0"), heard);
    }
}
