package org.apd4j.math.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class ErfTest {

    /** Values of Abramowitz and Stegun, table 7.1, and of arbitrary-precision programs. */
    @Test
    void tabulatedValuesAreReproduced() {
        double[][] table = {{0, 0}, {0.1, 0.1124629160182849}, {0.5, 0.5204998778130465}, {1, 0.8427007929497149}, {1.5, 0.9661051464753108},
                {2, 0.9953222650189527}, {2.5, 0.9995930479825550}, {3, 0.9999779095030014}, {4, 0.9999999845827421}, {7, 1}};
        for (double[] row : table) {
            assertEquals(row[1], Erf.erf(row[0]), 4e-16);
            assertEquals(-row[1], Erf.erf(-row[0]), 4e-16);
        }
    }

    @Test
    void valuesAreThoseOfCommonsMathInEveryRange() {
        for (double x = -7; x <= 7; x += 0.0037) {
            assertEquals(org.apache.commons.math3.special.Erf.erf(x), Erf.erf(x), 2e-15, "at " + x);
        }
    }

    @Test
    void theDerivativeIsTheGaussianAcrossBothFormulas() {
        for (double x = -6.5; x < 6.5; x += 0.01) {
            double h = 1e-4;
            assertEquals(2 / Math.sqrt(Math.PI) * Math.exp(-x * x), (Erf.erf(x + h) - Erf.erf(x - h)) / (2 * h), 3e-8);
        }
    }

    @Test
    void valuesIncreaseToOne() {
        double last = -1;
        for (double x = -7; x <= 7; x += 0.001) {
            double value = Erf.erf(x);
            assertTrue(value >= last - 3e-16 && value <= 1, x + ": " + value);
            last = value;
        }
        assertEquals(1, Erf.erf(Double.POSITIVE_INFINITY));
        assertEquals(-1, Erf.erf(Double.NEGATIVE_INFINITY));
        assertTrue(Double.isNaN(Erf.erf(Double.NaN)));
    }
}
