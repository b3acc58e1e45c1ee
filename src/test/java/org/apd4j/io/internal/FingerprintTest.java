package org.apd4j.io.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class FingerprintTest {

    private enum Kind { SOFT, HARD }

    private sealed interface Choice {
        record Few(int k) implements Choice {
        }

        record Many(int k) implements Choice {
        }
    }

    /** Settings as they are now. */
    private record Now(int steps, double rate, Kind kind, Choice choice) {
    }

    /** The same at a later day: in another order, and with four settings that did not exist before. */
    private record Later(@Fingerprint.Default("1.5") double scale, double rate, @Fingerprint.Default("SOFT") Kind shape, Kind kind,
                         @Fingerprint.Default("false") boolean normalised, Choice choice, int steps, @Fingerprint.Default("0") int projections) {
    }

    private static String of(Object settings) {
        return Fingerprint.of("test").add("config", settings).digits(16);
    }

    @Test
    void aSettingThatIsAddedWithADefaultChangesNoFingerprint() {
        String now = of(new Now(10, 1e-3, Kind.HARD, new Choice.Few(2)));
        assertEquals(now, of(new Later(1.5, 1e-3, Kind.SOFT, Kind.HARD, false, new Choice.Few(2), 10, 0)));
        List<String> others = Stream.of(new Later(1.25, 1e-3, Kind.SOFT, Kind.HARD, false, new Choice.Few(2), 10, 0),
                new Later(1.5, 1e-3, Kind.HARD, Kind.HARD, false, new Choice.Few(2), 10, 0),
                new Later(1.5, 1e-3, Kind.SOFT, Kind.HARD, true, new Choice.Few(2), 10, 0),
                new Later(1.5, 1e-3, Kind.SOFT, Kind.HARD, false, new Choice.Few(2), 10, 1)).map(FingerprintTest::of).toList();
        assertEquals(4, Set.copyOf(others).size());
        others.forEach(other -> assertNotEquals(now, other));
    }

    @Test
    void everyOtherValueChangesIt() {
        Set<String> all = Stream.of(new Now(10, 1e-3, Kind.HARD, new Choice.Few(2)), new Now(11, 1e-3, Kind.HARD, new Choice.Few(2)),
                new Now(10, 1.0000000001e-3, Kind.HARD, new Choice.Few(2)), new Now(10, 1e-3, Kind.SOFT, new Choice.Few(2)),
                new Now(10, 1e-3, Kind.HARD, new Choice.Few(3)), new Now(10, 1e-3, Kind.HARD, new Choice.Many(2)),
                new Now(10, 1e-3, Kind.HARD, null)).map(FingerprintTest::of).collect(Collectors.toSet());
        assertEquals(7, all.size());
    }

    @Test
    void textsAndListsHaveDifferentFingerprints() {
        Set<String> all = Stream.of("a", "a\"", "a\\", "a\n", List.of("a"), List.of("a", "b"), List.of("a, b"), List.of("a\", \"b"), 1, 1.0, true,
                "true")
                .map(FingerprintTest::of).collect(Collectors.toSet());
        assertEquals(12, all.size());
    }

    @Test
    void everyBitOfAnArrayChangesTheFingerprint() {
        float[] values = new float[40_000];
        String zeros = Fingerprint.of("test").add("w", values).digits(64);
        for (int place : new int[] {0, 16_383, 16_384, 39_999}) {
            values[place] = Float.MIN_VALUE;
            assertNotEquals(zeros, Fingerprint.of("test").add("w", values).digits(64), "place " + place);
            values[place] = 0;
        }
        int[] whole = new int[20_000];
        String none = Fingerprint.of("test").add("w", whole).digits(64);
        whole[19_999] = 1;
        assertNotEquals(none, Fingerprint.of("test").add("w", whole).digits(64));
    }

    @Test
    void theFingerprintIsTheSha256OfTheText() { // Python: hashlib.sha256(b'kind="k"\na=1\n').hexdigest()
        Fingerprint fingerprint = Fingerprint.of("k").add("a", 1);
        assertEquals("65bbe9fd", fingerprint.digits(8));
        assertEquals(fingerprint.digits(64), fingerprint.digits(64));
        assertEquals(fingerprint.digits(12), fingerprint.toString());
    }

    @Test
    void theOrderOfAMapDoesNotCountAndItsEntriesDo() {
        Map<String, Integer> one = new LinkedHashMap<>();
        one.put("b", 2);
        one.put("a", 1);
        assertEquals(of(new TreeMap<>(one)), of(one));
        assertNotEquals(of(Map.of("a", 2, "b", 1)), of(one));
        assertNotEquals(of(Map.of()), of(one));
    }

    @Test
    void anOptionalNumberIsTheNumberOrNothing() {
        assertEquals(of(3), of(OptionalInt.of(3)));
        assertNotEquals(of(0), of(OptionalInt.empty()));
    }

    @Test
    void valuesWithoutATextFormAreRefused() {
        assertEquals("java.lang.Object cannot be part of a fingerprint; numbers, strings, booleans, enums, records, lists and maps can",
                assertThrows(IllegalArgumentException.class, () -> of(new Object())).getMessage());
    }
}
