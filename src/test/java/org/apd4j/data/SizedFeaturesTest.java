package org.apd4j.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.apd4j.math.SparseRows;
import org.junit.jupiter.api.Test;

class SizedFeaturesTest {

    private static final SparseFeatures PLAIN = new SparseFeatures(3, 0.3, -1, 1);

    @Test
    void valuesAreThoseOfThePlainFeaturesTimesTheirSizes() {
        List<Double> sizes = List.of(1.0, 0.5, 2.0);
        SparseRows plain = PLAIN.sample(5, 200);
        SparseRows sized = new SizedFeatures(PLAIN, sizes).sample(5, 200);
        assertEquals(plain.start(200), sized.start(200));
        for (int i = 0; i < plain.start(200); i++) {
            assertEquals(plain.column(i), sized.column(i));
            assertEquals(plain.value(i) * sizes.get(plain.column(i)), sized.value(i), 1e-6);
        }
    }

    @Test
    void sizesThatFitNoFeaturesAreRefused() {
        assertTrue(assertThrows(IllegalArgumentException.class, () -> new SizedFeatures(PLAIN, List.of(1.0))).getMessage()
                .contains("1 sizes for 3 features"));
        assertThrows(IllegalArgumentException.class, () -> new SizedFeatures(PLAIN, List.of(1.0, 0.0, 1.0)));
        assertThrows(IllegalArgumentException.class, () -> new SizedFeatures(PLAIN, List.of(1.0, Double.NaN, 1.0)));
    }
}
