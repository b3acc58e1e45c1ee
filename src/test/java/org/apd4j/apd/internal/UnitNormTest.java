package org.apd4j.apd.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.apd4j.decomposition.Components;
import org.apd4j.decomposition.Factors;
import org.apd4j.math.Matrix;
import org.apd4j.math.internal.Workers;
import org.apd4j.targets.Tms;
import org.apd4j.targets.TmsConfig;
import org.junit.jupiter.api.Test;

class UnitNormTest {

    /** Two components of rank 2: columns (3, 4, 0, 0, 0), tiny, huge, and zeros. */
    @Test
    void columnsGetLengthOneWhateverTheirSizeAndZerosStay() {
        Matrix a = Matrix.zeros(10, 2);
        a.set(0, 0, 3);
        a.set(1, 0, 4);
        a.set(2, 1, 3e-30f);
        a.set(3, 1, -4e-30f);
        a.set(5, 0, 3e30f);
        a.set(6, 0, 4e30f);
        Components components = new Components(Tms.untrained(TmsConfig.paper5to2(), 0).network(),
                List.of(new Factors(Tms.ENCODER, 2, a, Matrix.zeros(4, 2))));
        UnitNorm.normalise(components, Workers.one());
        float[][] expected = {{0.6f, 0}, {0.8f, 0}, {0, 0.6f}, {0, -0.8f}, {0, 0}, {0.6f, 0}, {0.8f, 0}, {0, 0}, {0, 0}, {0, 0}};
        for (int row = 0; row < 10; row++) {
            assertEquals(expected[row][0], a.get(row, 0), 1e-6f, "row " + row);
            assertEquals(expected[row][1], a.get(row, 1), 1e-6f, "row " + row);
        }
    }
}
