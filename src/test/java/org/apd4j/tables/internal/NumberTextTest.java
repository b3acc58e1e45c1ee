package org.apd4j.tables.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class NumberTextTest {

    @Test
    void singleNumbersHaveTheirSignificantDigits() {
        double[] values = {0, -0.0, 1, 20000, 0.998, 0.0123, 4.812e-4, 1.25, 123.456, 1e9, -2.5e-7, Double.NaN, Double.NEGATIVE_INFINITY};
        assertEquals(List.of("0", "0", "1", "20000", "0.998", "0.0123", "4.81e-4", "1.25", "123.5", "1.00e9", "-2.50e-7", "–", "-∞"),
                Arrays.stream(values).mapToObj(NumberText::of).toList());
    }

    @Test
    void theNumbersOfAColumnHaveEqualDecimals() {
        assertEquals(List.of("0.998", "1.000", "0.900"), column(0.998, 1, 0.9));
        assertEquals(List.of("3", "100", "–"), column(3, 100, Double.NaN));
        assertEquals(List.of("0.1506", "4.12e-4", "0.0000"), column(0.15063, 4.1234e-4, 0));
        assertEquals(List.of("4.81e-4", "1.00e-5", "0"), column(4.812e-4, 1e-5, 0));
        assertEquals(List.of("1.32e-3", "1.68e-4"), column(1.32e-3, 1.68e-4), "no column of small numbers mixes both ways of writing");
        assertEquals(List.of("0.0132", "0.0017"), column(1.32e-2, 1.68e-3));
        assertEquals(List.of("–", "∞"), column(Double.NaN, Double.POSITIVE_INFINITY));
        assertEquals(List.of(), column());
    }

    private static List<String> column(double... values) {
        var text = NumberText.column(values);
        return Arrays.stream(values).mapToObj(text::apply).toList();
    }
}
