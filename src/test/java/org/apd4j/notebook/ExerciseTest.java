package org.apd4j.notebook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ExerciseTest {

    @Test
    void aNumberWithinTheToleranceIsRight() {
        assertTrue(Exercise.check(0.994, 0.999, 0.005001, "").right());
        assertEquals("Not yet: 0.9900 is too small. Hint: more", Exercise.check(0.99, 0.999, 0.005, "more").toString());
        assertEquals("Not yet: 2.000 is too large. Hint: less", Exercise.check(2.0, 1, 0.5, "less").toString());
        assertThrows(IllegalArgumentException.class, () -> Exercise.check(1.0, 1, -1, ""));
    }

    @Test
    void whatIsNotAnsweredIsNotWrong() {
        String none = "Not yet: there is no answer. Hint: count";
        assertEquals(none, Exercise.check(Double.NaN, 1, 0.5, "count").toString());
        assertEquals(none, Exercise.check(-1, 3, "count").toString());
        assertEquals(none, Exercise.check(Set.<Integer>of(), Set.of(1), "count").toString());
        assertEquals(none, Exercise.check(null, true, "count").toString());
    }

    @Test
    void aCountMustBeExact() {
        assertTrue(Exercise.check(3, 3, "").right());
        assertEquals("Not yet: 4 is too large. Hint: h", Exercise.check(4, 3, "h").toString());
    }

    @Test
    void setsAreComparedWithoutOrderAndRepetition() {
        assertTrue(Exercise.check(List.of(2, 1, 2), Set.of(1, 2), "").right());
        assertEquals("Not yet: 1 of your 2 belong to it, and 1 is missing. Hint: h", Exercise.check(Set.of(1, 7), Set.of(1, 2), "h").toString());
        assertTrue(Exercise.check(Set.<Integer>of(), Set.<Integer>of(), "").right());
    }

    @Test
    void yesAndNoAreOneOrTheOther() {
        assertTrue(Exercise.check(true, true, "").right());
        assertFalse(Exercise.check(false, true, "").right());
    }

    @Test
    void theElementsOfAListHaveTheirPlaces() {
        assertTrue(Exercise.check(List.of(4, 3), List.of(4, 3), "").right());
        assertEquals("Not yet: 2 of 2 elements are wrong. Hint: h", Exercise.check(List.of(3, 4), List.of(4, 3), "h").toString());
        assertEquals("Not yet: it has 1 elements and not 2. Hint: h", Exercise.check(List.of(4), List.of(4, 3), "h").toString());
        assertFalse(Exercise.check(List.<Integer>of(), List.of(1), "h").right());
    }
}
