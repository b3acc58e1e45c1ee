package org.apd4j.notebook.jupyter;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class NearestTest {

    @Test
    void everyWrongMissingExtraOrSwappedLetterCountsOnce() {
        for (String typed : List.of("decomposa", "decompse", "decomposse", "decopmose")) {
            assertEquals(1, Nearest.distance(typed, "decompose"), typed);
            assertEquals(Optional.of("decompose"), Nearest.to(typed, List.of("train", "decompose", "decomposition")), typed);
        }
        assertEquals(3, Nearest.distance("", "abc"));
    }

    @Test
    void theNearestNameIsFoundUnlessAllAreTooDifferent() {
        assertEquals(Optional.of("print"), Nearest.to("printn", List.of("printf", "println", "print").subList(2, 3)));
        assertEquals(Optional.of("values"), Nearest.to("vlaues", List.of("value", "values")));
        assertEquals(Optional.empty(), Nearest.to("run", List.of("train", "stop")));
        assertEquals(Optional.empty(), Nearest.to("lst", List.of("List")));
        assertEquals(Optional.of("Math"), Nearest.to("math", List.of("Math", "hash")));
    }

    @Test
    void bracketsInStringsAndCommentsDoNotCount() {
        assertEquals(1, Brackets.unclosed("f(\")\" /* ) */ // )").orElse(-1));
        assertEquals(-1, Brackets.unclosed("f('(', \"(\\\"(\")").orElse(-1));
        assertEquals(8, Brackets.unclosed("f(1); g [2").orElse(-1));
    }
}
